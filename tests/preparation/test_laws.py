"""Laws that every preparation keeps, whatever the table: no leakage, an exact round trip, finite matrices."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.preparation import (
    CHOICES,
    OUTLIER_ACTIONS,
    ColumnPreparation,
    Preparation,
    PreparationError,
    Split,
)
from ann_tui.data.choices.source import Source
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.prepare import PreparedData, assign_rows, prepare, prepare_rows
from ann_tui.data.preparing.split import Assignment
from ann_tui.data.profile.table_profile import TableProfile

from .conftest import make_table

KINDS = {
    "size": "number", "mass": "number", "few": "number", "city": "category", "member": "boolean",
    "day": "date", "note": "text", "goal": "category",
}  # fmt: skip
EXCEPTIONS = {
    "size": ColumnPreparation(minimum=-5, maximum=50),
    "city": ColumnPreparation(merge={"Rome": "Oslo"}, allowed=("Oslo", "Lima", "oslo ")),
    "few": ColumnPreparation(scaling="none", missing="constant", fill=-1.0),
}


def named(preparation: Preparation) -> str:
    """What differs from the default."""
    differing = [
        f"{field.name}={getattr(preparation, field.name)}"
        for field in fields(Preparation)
        if getattr(preparation, field.name) != getattr(Preparation(), field.name)
    ]
    return " ".join(differing)[:80] or "default"


PREPARATIONS = [
    Preparation(),
    *(
        Preparation(**{name: option})
        for name, known in CHOICES.items()
        for option in known
        if option != getattr(Preparation(), name)
    ),
    *(
        Preparation(outliers=method, outlier_action=action, outlier_limit=0.3)
        for method in ("iqr", "z-score", "isolation forest")
        for action in OUTLIER_ACTIONS
    ),
    Preparation(indicator=True, missing_number="knn", merge_labels=True, rare=0.2),
    Preparation(missing_category="constant", encoding="ordinal", scaling="quantile", text="hashed words"),
    Preparation(columns=EXCEPTIONS, class_weights="balanced", text="hashed letters"),
]

numbers = st.one_of(
    st.none(),
    st.integers(-9, 9).map(float),
    st.floats(-1e3, 1e3),
    st.sampled_from([1e-300, -1e200, 7e29, 1e9]),
)
columns = {
    "size": numbers,
    "mass": st.one_of(numbers, st.floats(allow_nan=False, allow_infinity=False)),
    "few": st.one_of(st.none(), st.sampled_from([0.0, 1.0])),
    "city": st.sampled_from([None, "Oslo", "oslo ", "Rome", "Lima", "[/]", " "]),
    "member": st.sampled_from([None, "yes", "no", "YES"]),
    "day": st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(str)),
    "note": st.sampled_from([None, "one two", "two three three", "!"]),
    "goal": st.sampled_from(["a", "b", "c", "A ", None]),
}  # fmt: skip
wild = {
    **columns,
    "size": st.one_of(numbers, st.sampled_from(["nonsense", "1e308"])),
    "city": st.one_of(columns["city"], st.text(max_size=3)),
    "member": st.one_of(columns["member"], st.just("perhaps")),
    "day": st.one_of(columns["day"], st.just("31/12/1999"), st.just("nonsense")),
    "note": st.text(max_size=5),
    "goal": st.one_of(columns["goal"], st.just("a class that nobody saw")),
}
rows_of = {name: st.fixed_dictionaries(strategy) for name, strategy in (("tame", columns), ("wild", wild))}
quick = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


preparations = st.sampled_from(PREPARATIONS)


def tables(least: int = 8, most: int = 20) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of a table."""
    return st.lists(rows_of["tame"], min_size=least, max_size=most)


def given_of(rows: list[dict[str, Any]], target: str) -> tuple[Table, TableProfile, Source]:
    """The table of these rows."""
    return make_table({name: [row[name] for row in rows] for name in KINDS}, KINDS, target)


def targets() -> st.SearchStrategy[str]:
    """A class target or a number target."""
    return st.sampled_from(["goal", "mass"])


def prepared_of(rows: list[dict[str, Any]], target: str, preparation: Preparation) -> PreparedData:
    """The prepared rows; tables that are refused with a sentence don't count as examples."""
    try:
        return prepare(*given_of(rows, target), preparation)
    except PreparationError as error:
        assert "\n" not in str(error)
        assume(False)
        raise


def fitted_cells(data: PreparedData) -> tuple[Any, ...]:
    """Everything that may depend on training rows alone."""
    part = data.training
    weight = b"" if part.weight is None else part.weight.tobytes()
    return data.fitted.to_dict(), part.rows.tolist(), part.x.tobytes(), part.y.tobytes(), weight


@pytest.mark.parametrize("preparation", PREPARATIONS, ids=named)
@quick
@given(rows=tables(), target=targets(), data=st.data())
def test_other_rows_change_nothing_that_is_fitted(
    preparation: Preparation, rows: list[dict[str, Any]], target: str, data: st.DataObject
) -> None:
    table, profile, source = given_of(rows, target)
    parts = np.array(data.draw(st.lists(st.sampled_from("tttvs"), min_size=len(rows), max_size=len(rows))))
    assigned = Assignment(*(np.flatnonzero(parts == name) for name in "tvs"))
    changed = list(rows)
    for place in {*range(len(rows))} - {*assigned.training.tolist()}:
        changed[place] = data.draw(rows_of["wild"])
    elsewhere = given_of(changed, target)[0]
    try:
        before = prepare_rows(table, profile, source, preparation, assigned)
    except PreparationError as error:
        with pytest.raises(PreparationError) as again:
            prepare_rows(elsewhere, profile, source, preparation, assigned)
        assert str(again.value) == str(error)
        return
    after = prepare_rows(elsewhere, profile, source, preparation, assigned)
    assert fitted_cells(after) == fitted_cells(before)


@settings(quick, max_examples=60)
@given(preparation=preparations, rows=tables(), target=targets(), seed=st.integers(0, 3))
def test_matrices_are_finite_and_every_row_is_somewhere(
    preparation: Preparation, rows: list[dict[str, Any]], target: str, seed: int
) -> None:
    preparation = replace(preparation, split=Split(seed=seed, method="random"))
    data = prepared_of(rows, target, preparation)
    names = data.fitted.feature_names
    assert len(names) == len(set(names)) == len(data.fitted.feature_origins)
    everywhere: list[int] = [row for row, _ in data.set_aside]
    for part in (data.training, data.validation, data.test):
        assert part.x.shape == (len(part.rows), len(names))
        assert part.x.dtype == np.float32
        assert part.x.flags.c_contiguous
        assert np.isfinite(part.x).all()
        assert np.isfinite(part.y).all()
        assert part.y.dtype == (np.float32 if target == "mass" else np.int64)
        assert np.all(np.diff(part.rows) > 0)
        everywhere += part.rows.tolist()
    assert sorted(everywhere) == list(range(len(rows)))
    assert data.fitted.training_rows == len(data.training.rows)


@settings(quick, max_examples=60)
@given(preparation=preparations, rows=tables(), target=targets(), news=st.lists(rows_of["wild"], max_size=8))
def test_saved_as_text_and_loaded_it_transforms_bit_for_bit(
    preparation: Preparation, rows: list[dict[str, Any]], target: str, news: list[dict[str, Any]]
) -> None:
    data = prepared_of(rows, target, preparation)
    text = json.dumps(data.fitted.to_dict(), allow_nan=False)
    loaded = FittedPreparation.from_dict(json.loads(text))
    assert loaded == data.fitted
    assert json.dumps(loaded.to_dict()) == text
    frame = pd.DataFrame(news, columns=list(KINDS))
    before, first = data.fitted.transform(frame)
    after, second = loaded.transform(frame)
    assert before.tobytes() == after.tobytes()
    assert before.shape == (len(news), len(loaded.feature_names))
    assert np.isfinite(before).all()
    assert first == second
    held_out, _ = loaded.transform(data.table.frame.iloc[data.test.rows])
    assert held_out.tobytes() == data.test.x.tobytes()


@quick
@given(
    rows=tables(), target=targets(), news=st.lists(rows_of["tame"], min_size=1, max_size=8), data=st.data()
)
def test_rows_are_transformed_by_themselves_and_columns_found_by_name(
    rows: list[dict[str, Any]], target: str, news: list[dict[str, Any]], data: st.DataObject
) -> None:
    fitted = prepared_of(rows, target, Preparation(missing_number="iterative", text="hashed words")).fitted
    frame = pd.DataFrame(news, columns=list(KINDS))
    x, _ = fitted.transform(frame)
    order = data.draw(st.permutations(range(len(news))))
    turned, _ = fitted.transform(frame.iloc[order])
    assert turned.tobytes() == x[order].tobytes()
    one, _ = fitted.transform(frame.iloc[:1])
    assert one.tobytes() == x[:1].tobytes()
    names = data.draw(st.permutations(list(KINDS)))
    mixed, report = fitted.transform(frame[names].assign(extra=1))
    assert mixed.tobytes() == x.tobytes()
    assert "extra" in report.ignored


@settings(quick, max_examples=20)
@given(rows=tables(least=12), data=st.data())
def test_the_split_itself_looks_at_no_feature(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(["stratified", "random", "time"]))
    preparation = Preparation(split=Split(method))
    table, profile, _ = given_of(rows, "goal")
    try:
        before = assign_rows(table, profile, preparation)
    except PreparationError:
        assume(False)
    changed = [{**data.draw(rows_of["wild"]), "goal": row["goal"]} for row in rows]
    after = assign_rows(given_of(changed, "goal")[0], profile, preparation)
    for one, other in zip(
        (before.training, before.validation, before.test), (after.training, after.validation, after.test), strict=True
    ):  # fmt: skip
        assert one.tolist() == other.tolist()


@pytest.mark.parametrize(
    "preparation",
    [
        Preparation(outliers="iqr"),
        Preparation(outliers="z-score"),
        Preparation(outliers="isolation forest"),
        *(Preparation(missing_number=method) for method in ("mean", "knn", "iterative")),
        *(
            Preparation(scaling=method)
            for method in ("standard", "min-max", "robust", "smooth clip", "quantile")
        ),
        *(Preparation(encoding=method) for method in ("one-hot", "ordinal", "target", "binary")),
        Preparation(target_transform="log"),
        Preparation(class_weights="balanced"),
    ],
    ids=named,
)
@pytest.mark.parametrize("target", ["goal", "mass"])
def test_the_leakage_law_can_fail(preparation: Preparation, target: str) -> None:
    """A training row that changes is noticed, so the law above would notice a statistic fitted on other rows."""
    rng = np.random.default_rng(2)
    rows = [
        {
            "size": float(rng.normal()) if place % 5 else None,
            "mass": float(rng.normal()),
            "few": float(place % 2),
            "city": "OBC"[place % 3],
            "member": "yn"[place % 2],
            "day": f"2020-01-{place + 1:02d}",
            "note": "n",
            "goal": "ab"[place % 2],
        }
        for place in range(20)
    ]
    table, profile, source = given_of(rows, target)
    assigned = Assignment(np.arange(16), np.arange(16, 18), np.arange(18, 20))
    rows[3] = {**rows[3], "size": 99.0, "mass": -50.0, "city": "new", "goal": "a"}
    first = prepare_rows(table, profile, source, preparation, assigned)
    second = prepare_rows(given_of(rows, target)[0], profile, source, preparation, assigned)
    assert first.fitted.to_dict() != second.fitted.to_dict()
    others = np.arange(16) != 3
    assert first.training.x.shape != second.training.x.shape or not np.array_equal(
        first.training.x[others], second.training.x[others]
    )

"""Effects are true sentences: their counts, samples and histograms are those of the table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, PreparationError
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.choices.splits import SPLITS, Draw, split_for
from ann_tui.data.preparing.effects import _histogram
from ann_tui.data.preparing.prepare import prepare
from ann_tui.data.preparing.transform_report import Effect
from ann_tui.data.profile.table_profile import profile_table

from .conftest import Given, TableMaker


def of(effects: tuple[Effect, ...], step: str, column: str | None) -> Effect:
    """The one effect of a step in a column."""
    (found,) = [effect for effect in effects if (effect.step, effect.column) == (step, column)]
    return found


def test_missing_cells_of_all_parts_are_counted_and_the_fill_is_named(mixed: Given) -> None:
    data = prepare(*mixed, Preparation())
    for name in ("age", "pay", "city", "member"):
        assert of(data.effects, "missing", name).cells == data.table.frame[name].isna().sum()
    training = data.table.frame.iloc[data.training.rows]
    effect = of(data.effects, "missing", "age")
    assert f"median {training['age'].median():.6g}" in effect.text
    assert effect.after[0] == f"{training['age'].median():.6g}"
    assert effect.fitted_on == data.fitted.training_rows == len(training)


def test_every_statistic_says_on_how_many_rows_it_was_fitted(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(outliers="iqr", merge_labels=True))
    for effect in data.effects:
        if effect.step in ("scaling", "encoding", "outliers", "target", "missing") and effect.cells:
            assert effect.fitted_on == data.fitted.training_rows
        assert "\n" not in effect.text
        assert len(effect.before) == len(effect.after) <= 3


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([0.0, 5e-324, 5e-324], (3,)),
        ([1.0, 1.0 + 1e-15], (2,)),
        ([0.0, 1e-300], (1, *[0] * 10, 1)),
        ([np.nan], ()),
    ],
)
def test_a_range_too_narrow_for_bins_is_one(values: list[float], counts: tuple[int, ...]) -> None:
    numbers = np.array(values)
    assert _histogram(numbers, numbers) == counts


def test_histograms_are_of_the_training_rows(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(outliers="z-score", outlier_limit=1.0))
    values = data.table.frame["age"].iloc[data.training.rows].dropna()
    effect = of(data.effects, "outliers", "age")
    assert effect.histogram_before == tuple(np.histogram(values, 12)[0].tolist())
    assert sum(effect.histogram_after) == len(values)
    assert effect.histogram_after[0] == 0
    filled = of(data.effects, "missing", "age")
    assert sum(filled.histogram_after) == len(data.training.rows)


def test_the_split_and_rows_left_out_are_told(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(missing_category="drop rows"))
    split = of(data.effects, "split", None)
    assert f"{len(data.training.rows)} training" in split.text
    left_out = [effect for effect in data.effects if effect.column is None and effect.step == "missing"]
    assert sum(effect.rows for effect in left_out) == len(data.set_aside)


def test_a_column_without_a_training_value_is_told_and_gives_no_feature(table: TableMaker) -> None:
    given = table(
        {"x": list(range(30)), "void": [None] * 30, "blank": [None] * 30, "y": ["a", "b"] * 15},
        {"x": "number", "void": "number", "blank": "category", "y": "category"},
        "y",
    )
    data = prepare(*given, Preparation(missing_number="knn"))
    assert data.fitted.feature_names == ("x",)
    told = {effect.column for effect in data.effects if "no training row has a value" in effect.text}
    assert told == {"void", "blank"}


def test_free_text_is_left_out_with_a_note_unless_the_person_keeps_it(mixed: Given) -> None:
    table, profile, source = mixed
    data = prepare(table, profile, source, Preparation())
    assert "left out by choice" in of(data.effects, "encoding", "remark").text
    assert "remark" not in data.fitted.feature_origins
    kept = prepare(table, profile, replace(source, included=("remark",)), Preparation())
    assert "remark" in kept.fitted.feature_origins


def test_a_constant_column_is_told(table: TableMaker) -> None:
    given = table({"x": [3] * 30, "z": list(range(30)), "y": ["a", "b"] * 15},
                  {"x": "number", "z": "number", "y": "category"}, "y")  # fmt: skip
    data = prepare(*given, Preparation())
    assert "tells nothing" in of(data.effects, "scaling", "x").text
    assert not data.training.x[:, 0].any()


def test_weights_follow_the_classes(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(class_weights="balanced"))
    for part in (data.training, data.validation, data.test):
        assert part.weight is not None and part.weight.dtype == np.float32
        np.testing.assert_allclose(part.weight, np.array(data.fitted.target.weights)[part.y], rtol=1e-6)
    assert data.training.weight.mean() == pytest.approx(1, rel=1e-6)
    assert "weights" in of(data.effects, "target", "class").text


def test_a_number_target_keeps_its_own_unit(mixed: Given) -> None:
    table, profile, source = mixed
    columns = tuple(replace(column, used=column.name not in ("pay",)) for column in profile.columns)
    numbers = replace(profile, target="pay", task="regression", columns=columns)
    data = prepare(table, numbers, replace(source, target="pay"), Preparation(target_transform="log"))
    part = data.test
    np.testing.assert_array_equal(part.actual, table.frame["pay"].iloc[part.rows])
    np.testing.assert_allclose(data.fitted.target.decode(part.y), part.actual, rtol=1e-5)
    assert len(data.set_aside) == table.frame["pay"].isna().sum()


def build(table: TableMaker, **columns: list) -> Given:
    """A table of numbers and a category target y."""
    kinds = {name: "category" if name == "y" else "number" for name in columns}
    return table(columns, kinds, "y")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            {"x": [1.0] * 20, "y": ["Adelie"] * 20},
            r"the target 'y' has one class only \(Adelie\): choose another",
        ),
        ({"x": [1.0] * 20, "y": [None] * 20}, "the target 'y' has no value in any row"),
        ({"y": ["a", "b"] * 10}, "no feature is left: include a column or choose another target"),
        ({"x": [None] * 20, "y": ["a", "b"] * 10}, "no feature is left: no column has a value"),
    ],
)
def test_what_cannot_be_prepared_is_refused(table: TableMaker, cells: dict, words: str) -> None:
    with pytest.raises(PreparationError, match=words) as error:
        prepare(*build(table, **cells), Preparation())
    assert "\n" not in str(error.value)


def test_a_constant_number_target_is_refused(table: TableMaker) -> None:
    given = table({"x": list(range(20)), "y": [4.5] * 20}, {"x": "number", "y": "number"}, "y")
    with pytest.raises(PreparationError, match=r"the target 'y' is 4\.5 in every training row"):
        prepare(*given, Preparation())


def test_no_row_left_names_the_reason(table: TableMaker) -> None:
    given = table(
        {"x": list(range(20)), "z": [None] * 20, "y": ["a", "b"] * 10},
        {"x": "number", "z": "number", "y": "category"},
        "y",
    )
    with pytest.raises(PreparationError, match="12 of 12 were left out for: 'z' is missing"):
        prepare(*given, Preparation(missing_number="drop rows"))


def test_a_constant_that_is_no_number_is_refused(table: TableMaker) -> None:
    own = {"x": ColumnPreparation(missing="constant", fill="unknown")}
    given = build(table, x=[1.0, None] * 10, y=["a", "b"] * 10)
    with pytest.raises(PreparationError, match="column 'x' is a number column: fill its gaps with a number"):
        prepare(*given, Preparation(columns=own))


def test_targets_against_a_rule_are_set_aside_and_counted(table: TableMaker) -> None:
    given = table(
        {"x": list(range(30)), "y": [float(row) for row in range(29)] + [-999.0]},
        {"x": "number", "y": "number"},
        "y",
    )
    data = prepare(*given, Preparation(columns={"y": ColumnPreparation(minimum=0)}))
    assert data.set_aside == ((29, "a value against the rule of the target 'y'"),)
    _, missing = data.fitted.encode_target([5, -1, None])
    assert missing.tolist() == [False, True, True]
    labels = build(table, x=list(range(30)), y=["a", "b"] * 14 + ["oops", "a"])
    data = prepare(*labels, Preparation(columns={"y": ColumnPreparation(allowed=("a", "b"))}))
    assert data.set_aside == ((28, "a value against the rule of the target 'y'"),)
    assert data.fitted.target.classes == ("a", "b")


def test_an_exception_for_a_column_that_is_not_there_is_refused(table: TableMaker) -> None:
    given = build(table, x=list(range(20)), y=["a", "b"] * 10)
    with pytest.raises(PreparationError, match="the column 'z', which the table doesn't have"):
        prepare(*given, Preparation(columns={"z": ColumnPreparation(scaling="none")}))


@pytest.mark.parametrize(("task", "called"), [("classification", "stratified"), ("regression", "random")])
def test_the_split_is_told_as_what_it_is_for_the_target(task: str, called: str) -> None:
    frame = pd.DataFrame({"x": np.arange(60.0), "y": np.arange(60) % 3})
    table = Table(frame, np.arange(2, 62), Dialect(), Path("x.csv"))
    source = Source("x.csv", target="y", task=task)
    data = prepare(table, profile_table(table, source), source, Preparation())
    assert of(data.effects, "split", None).text.startswith(f"{called}, seed 0: ")


@pytest.mark.parametrize("method", SPLITS)
def test_a_method_that_comes_to_another_one_for_numbers_splits_as_it_does(method: str) -> None:
    """The same rows with every seed; and the one it comes to is what it says."""
    other = split_for(method, False)
    assert not other.of_numbers and split_for(method, True) is SPLITS[method]
    for seed in range(3):
        draw = Draw(50, 10, 9, (0.2, 0.18), seed, None, None, None)
        for mine, same in zip(SPLITS[method].assign(draw), other.assign(draw), strict=True):
            assert np.array_equal(np.sort(mine), np.sort(same))

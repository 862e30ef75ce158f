"""A column before and after the preparation, against plain loops over its cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from ann_tui.data.choices.encodings import ENCODING
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, Split
from ann_tui.data.choices.scalings import SCALING
from ann_tui.data.preparing.before_after import before_after
from ann_tui.data.preparing.columns import LabelColumn, NumberColumn
from ann_tui.data.preparing.encoding import YesNo
from ann_tui.data.preparing.prepare import PreparedData, prepare

from .conftest import Given, TableMaker


def _parts(data: PreparedData) -> np.ndarray:
    return np.concatenate([part.rows for part in (data.training, data.validation, data.test)])


@pytest.mark.parametrize("scaling", list(SCALING))
def test_numbers_are_those_of_the_table_and_then_those_of_the_matrix(mixed: Given, scaling: str) -> None:
    data = prepare(*mixed, Preparation(scaling=scaling, outliers="iqr"))
    for column, start in data.fitted.starts():
        if not isinstance(column, NumberColumn):
            continue
        found = before_after(data, column.name)
        cells = [cell for cell in mixed[0].frame[column.name].tolist() if cell == cell]
        assert found.before.totals.sum() == len(cells)
        assert found.before.missing.sum() == len(mixed[0].frame) - len(cells)
        assert found.what == scaling and found.after is not None and found.after.edges is not None
        x = np.concatenate([part.x[:, start] for part in (data.training, data.validation, data.test)])
        edges = found.after.edges.tolist()
        counts = Counter(
            next(bar for bar in range(len(edges) - 1) if value < edges[bar + 1] or bar == len(edges) - 2)
            for value in x.astype(float).tolist()
        )
        assert found.after.totals.tolist() == [counts[bar] for bar in range(len(edges) - 1)]
        assert found.after.missing.sum() == 0


@pytest.mark.parametrize("encoding", list(ENCODING))
def test_words_are_filled_merged_and_counted_as_the_encoder_knows_them(
    table: TableMaker, encoding: str
) -> None:
    words = ["Oslo"] * 40 + ["oslo"] * 5 + ["Rome"] * 30 + ["Lima"] * 3 + [None] * 12
    given = table(
        {"city": words, "y": ["a", "b"] * 45}, {"city": "category", "y": "category"}, "y", "classification"
    )
    choices = Preparation(
        encoding=encoding, rare=0.05, columns={"city": ColumnPreparation(merge_labels=True)}
    )
    data = prepare(*given, choices)
    found = before_after(data, "city")
    before = dict(zip(found.before.labels, found.before.totals.tolist(), strict=True))
    assert before == Counter(word for word in words if word) and found.before.missing.tolist() == [12]
    (column,) = data.fitted.columns
    assert isinstance(column, LabelColumn) and found.after is not None and not found.after.missing.any()
    encoder = column.encoder
    known = (*encoder.true, *encoder.false) if isinstance(encoder, YesNo) else encoder.labels
    wanted: Counter[str] = Counter()
    for row in _parts(data).tolist():
        word = words[row] or column.fill
        word = "Oslo" if word == "oslo" else word
        wanted[word if word in known else "other"] += 1
    assert dict(zip(found.after.labels, found.after.totals.tolist(), strict=True)) == wanted


def test_rows_that_are_left_out_are_missing_after_alone(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(missing_number="drop rows"))
    found = before_after(data, "age")
    assert found.after is not None
    assert found.before.rows == len(mixed[0].frame) > found.after.rows == len(_parts(data))


def test_dates_become_their_first_part_and_texts_no_picture(mixed: Given) -> None:
    for column, start in prepare(*mixed, Preparation(text="hashed words")).fitted.starts():
        data = prepare(*mixed, Preparation(text="hashed words"))
        found = before_after(data, column.name)
        assert found.before.rows == len(mixed[0].frame)
        assert (found.after is None) == (column.kind == "text")
        if column.kind == "date":
            assert found.before.dates and found.what == column.feature_names[0]
            assert found.after is not None and found.after.rows == len(_parts(data)), start


@pytest.mark.parametrize("target", ["age", None])
def test_the_target_is_counted_as_it_is_learned(mixed: Given, target: str | None) -> None:
    table, profile, source = mixed
    if target is not None:
        profile = replace(
            profile,
            target=target,
            task="regression",
            columns=tuple(replace(column, used=column.name != target) for column in profile.columns),
        )
        source = replace(source, target=target)
    data = prepare(table, profile, source, Preparation(split=Split(seed=3)))
    name = data.fitted.target.name
    found = before_after(data, name)
    y = np.concatenate([part.y for part in (data.training, data.validation, data.test)])
    assert found.after is not None and found.after.rows == len(y)
    if target is None:
        wanted = Counter(data.fitted.target.classes[code] for code in y.tolist())
        assert dict(zip(found.after.labels, found.after.totals.tolist(), strict=True)) == wanted
    else:
        assert found.after.edges is not None
        assert found.after.edges[0] <= y.min() and y.max() <= found.after.edges[-1]
    with pytest.raises(KeyError):
        before_after(data, "no such column")

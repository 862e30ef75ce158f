"""Inaccurate values, outliers, repeated rows and rows that are left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, PreparationError
from ann_tui.data.preparing.prepare import PreparedData, prepare, prepare_rows
from ann_tui.data.preparing.split import Assignment

from .conftest import TableMaker

ROWS = 40


def one_column(
    table: TableMaker, cells: list[Any], kind: str, preparation: Preparation, training: int = ROWS
) -> PreparedData:
    """Prepares one feature `x` and a class `y`; the first `training` rows train, the others test."""
    given = table({"x": cells, "y": ["a", "b"] * (len(cells) // 2)}, {"x": kind, "y": "category"}, "y")
    rows = np.arange(len(cells))
    return prepare_rows(*given, preparation, Assignment(rows[:training], rows[:0], rows[training:]))


def numbers(*last: float) -> list[float]:
    """40 usual numbers from 0 to 39, then others."""
    return [*map(float, range(ROWS)), *last]


def plain(**choices: Any) -> Preparation:
    """No scaling, so that the matrix shows the cells."""
    return Preparation(scaling="none", rare=0, **choices)


def test_the_iqr_fence_is_tukeys(table: TableMaker) -> None:
    cells = numbers(-100.0, 200.0)
    data = one_column(table, cells, "number", plain(outliers="iqr"))
    low, high = np.percentile(range(ROWS), (25, 75))
    reach = 1.5 * (high - low)
    assert data.test.x[:, 0].tolist() == [low - reach, high + reach]
    (effect,) = [each for each in data.effects if each.step == "outliers"]
    assert (effect.cells, effect.before, effect.after) == (2, ("-100", "200"), ("-19.5", "58.5"))
    assert effect.fitted_on == ROWS


def test_the_z_score_fence_is_the_mean_and_deviations(table: TableMaker) -> None:
    data = one_column(table, numbers(-100.0, 200.0), "number", plain(outliers="z-score", outlier_limit=2.0))
    mean, deviation = np.mean(range(ROWS)), np.std(range(ROWS))
    np.testing.assert_allclose(data.test.x[:, 0], [mean - 2 * deviation, mean + 2 * deviation], rtol=1e-6)


def test_marked_outliers_are_imputed(table: TableMaker) -> None:
    data = one_column(
        table, numbers(-100.0, 200.0), "number", plain(outliers="iqr", outlier_action="mark missing")
    )
    assert data.test.x[:, 0].tolist() == [19.5, 19.5]


@pytest.mark.parametrize("method", ["iqr", "z-score"])
def test_dropping_outliers_leaves_test_rows_as_they_are(table: TableMaker, method: str) -> None:
    cells = [1e6, *numbers(2e6)]
    data = one_column(
        table, cells, "number", plain(outliers=method, outlier_action="drop"), training=ROWS + 1
    )
    assert data.training.rows.tolist() == list(range(1, ROWS + 1))
    assert data.set_aside == ((0, "outlier in 'x' (training rows only)"),)
    assert data.test.x[:, 0].tolist() == [2e6]
    assert data.fitted.training_rows == ROWS
    assert data.fitted.inputs[0].maximum == ROWS - 1


def test_the_forest_clips_to_the_rows_that_it_keeps(table: TableMaker) -> None:
    rng = np.random.default_rng(0)
    cells = [500.0, *rng.normal(0, 1, 99).tolist(), 400.0, 0.5]
    choice = plain(outliers="isolation forest", outlier_limit=0.02)
    data = one_column(table, cells, "number", choice, training=100)
    assert data.training.x.max() < 4
    assert data.test.x[:, 0].tolist() == [data.training.x.max(), 0.5]


def test_a_range_makes_impossible_numbers_missing(table: TableMaker) -> None:
    choice = plain(columns={"x": ColumnPreparation(minimum=0, maximum=39)})
    data = one_column(table, numbers(-1.0, 40.0), "number", choice)
    assert data.test.x[:, 0].tolist() == [19.5, 19.5]
    (effect,) = [each for each in data.effects if each.step == "inaccurate"]
    assert effect.cells == 2
    assert "range 0 to 39" in effect.text


def test_labels_that_are_not_allowed_are_missing(table: TableMaker) -> None:
    cells = ["red", "blue"] * 18 + ["red"] * 4 + ["green", "blue"]
    data = one_column(
        table, cells, "category", plain(columns={"x": ColumnPreparation(allowed=("red", "blue"))})
    )
    assert data.fitted.feature_names == ("x=blue", "x=red")
    assert data.test.x.tolist() == [[0, 1], [1, 0]]


def test_spellings_are_merged_into_the_most_frequent_one(table: TableMaker) -> None:
    cells = ["Male"] * 20 + [" male", "MALE", "female"] + ["Female"] * 17 + ["MaLe ", "new One"]
    data = one_column(table, cells, "category", plain(merge_labels=True))
    assert data.fitted.feature_names == ("x=Female", "x=Male")
    assert data.test.x.tolist() == [[0, 1], [0, 0]]
    (effect,) = [each for each in data.effects if each.step == "inaccurate"]
    assert effect.cells == 4
    assert effect.before[0] == " male" and effect.after[0] == "Male"


def test_labels_are_merged_as_the_person_says(table: TableMaker) -> None:
    cells = ["f", "female"] * 10 + ["m"] * 20 + ["f", "m"]
    data = one_column(
        table, cells, "category", plain(columns={"x": ColumnPreparation(merge={"f": "female"})})
    )
    assert data.fitted.feature_names == ("x=female", "x=m")
    assert data.test.x.tolist() == [[1, 0], [0, 1]]


def test_classes_are_merged_too(table: TableMaker) -> None:
    given = table(
        {"x": list(range(40)), "y": ["Yes", "no", " yes", "no"] * 10}, {"x": "number", "y": "category"}, "y"
    )
    data = prepare(*given, Preparation(merge_labels=True))
    assert len(data.fitted.target.classes) == 2
    codes, missing = data.fitted.encode_target(["YES", "no ", "other", None])
    assert codes[0] == data.fitted.target.classes.index(data.fitted.target.rules.replaced("yes"))
    assert missing.tolist() == [False, False, True, True]


def test_rare_labels_share_a_column_with_unseen_ones(table: TableMaker) -> None:
    cells = ["a"] * 20 + ["b"] * 16 + ["c", "c", "d", "e"] + ["d", "z"]
    data = one_column(table, cells, "category", Preparation(rare=0.1))
    assert data.fitted.feature_names == ("x=a", "x=b", "x=other")
    assert data.test.x.tolist() == [[0, 0, 1], [0, 0, 1]]


def test_a_stated_order_is_kept(table: TableMaker) -> None:
    order = ("low", "middle", "high", "top")
    choice = plain(encoding="ordinal", columns={"x": ColumnPreparation(order=order)})
    data = one_column(table, ["middle", "high", "low", "high"] * 10 + ["top", "low"], "category", choice)
    assert data.test.x[:, 0].tolist() == [3, 0]


def test_a_boolean_is_one_column_whatever_its_words(table: TableMaker) -> None:
    for yes, no in (("yes", "no"), ("1", "0"), ("TRUE", "FALSE"), ("ja", "nein"), ("with", "ohne")):
        data = one_column(table, [yes, no] * 20 + [no, yes.lower()], "boolean", plain())
        assert data.fitted.feature_names == ("x",)
        assert data.test.x[:, 0].tolist() == [0, 1]
        assert data.training.x[:, 0].tolist() == [1, 0] * 20


def test_dropping_rows_with_gaps_spares_other_rows(table: TableMaker) -> None:
    cells = [None, *numbers()[1:], None, 3.0]
    data = one_column(table, cells, "number", plain(missing_number="drop rows"))
    assert data.training.rows.tolist() == list(range(1, ROWS))
    assert data.set_aside == ((0, "'x' is missing (training rows only)"),)
    assert data.test.x[:, 0].tolist() == [20, 3]


def test_cells_that_cannot_be_read(table: TableMaker) -> None:
    cells: list[Any] = ["abc", *map(str, numbers()[1:]), "def", "3"]
    data = one_column(table, cells, "number", plain())
    assert data.training.x[0, 0] == 20
    (effect,) = [each for each in data.effects if each.step == "inaccurate"]
    assert (effect.cells, effect.before) == (2, ("abc", "def"))
    data = one_column(table, cells, "number", plain(unparseable="drop rows"))
    assert data.set_aside == ((0, "'x' can't be read (training rows only)"),)
    with pytest.raises(PreparationError, match="column 'x', line 2: 'abc' can't be read"):
        one_column(table, cells, "number", plain(unparseable="error"))


@pytest.mark.parametrize(
    ("method", "training", "test"),
    [("keep", 6, 3), ("drop", 4, 3), ("drop everywhere", 4, 2), ("once", 4, 2)],
)
def test_repeated_rows(table: TableMaker, method: str, training: int, test: int) -> None:
    cells = {
        "x": [1, 1, 2, 3, 1, 4, 1, 2, 5],
        "z": [None, None, "k", "k", None, None, None, "k", "k"],
        "y": list("aabbabaaa"),
    }
    given = table(cells, {"x": "number", "z": "category", "y": "category"}, "y")
    rows = np.arange(9)
    data = prepare_rows(*given, Preparation(duplicates=method), Assignment(rows[:6], rows[:0], rows[6:]))
    assert (len(data.training.rows), len(data.test.rows)) == (training, test)
    if method == "once":
        assert [row for row, _ in data.set_aside] == [1, 4, 6]
    elif method != "keep":
        assert [row for row, reason in data.set_aside if "earlier" in reason] == [1, 4]
    if method == "drop everywhere":
        assert [row for row, reason in data.set_aside if reason == "repeats a training row"] == [6]


def test_each_row_once_is_split_without_its_copies(table: TableMaker) -> None:
    cells = {"x": list(range(20)) * 3, "y": ["a", "b"] * 30}
    given = table(cells, {"x": "number", "y": "category"}, "y")
    data = prepare(*given, Preparation(duplicates="once"))
    parts = [data.training.rows, data.validation.rows, data.test.rows]
    assert sorted(np.concatenate(parts).tolist()) == list(range(20))
    assert [len(rows) for rows in parts] == [12, 4, 4]
    assert {reason for _, reason in data.set_aside} == {"repeats an earlier row"} and len(
        data.set_aside
    ) == 40

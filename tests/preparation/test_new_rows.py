"""New rows at prediction time: the rule that was set, a report in plain words, and clear refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ann_tui
from ann_tui.data.choices.preparation import Preparation, PreparationError
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.prepare import PreparedData, prepare

from .conftest import Given


@pytest.fixture(scope="module")
def data(mixed: Given) -> PreparedData:
    """The mixed table with defaults."""
    return prepare(*mixed, Preparation())


def usual(data: PreparedData, **cells: object) -> pd.DataFrame:
    """One row of typical values, with some cells replaced."""
    row = {column.name: column.typical for column in data.fitted.inputs}
    return pd.DataFrame([{**row, **cells}], dtype=object)


def test_a_typical_row_needs_no_word(data: PreparedData) -> None:
    x, report = data.fitted.transform(usual(data))
    assert report.sentences() == ()
    assert report.rows == 1
    assert np.abs(x).max() < 2


def test_everything_unusual_is_reported(data: PreparedData) -> None:
    frame = usual(data, age="about forty", pay=1e9, city="Atlantis", height=None, extra=1, remark="x")
    _, report = data.fitted.transform(frame)
    assert report.unparseable["age"].before == ("about forty",)
    assert report.imputed["age"].cells == 1
    assert report.surprising == ("height",)
    assert report.unseen == {"city": {"Atlantis": 1}}
    assert report.outside["pay"].cells == 1
    assert set(report.ignored) == {"extra", "remark"}
    text = "\n".join(report.sentences())
    for words in (
        "age: 1 cell that could not be read",
        "'Atlantis'",
        "although training had none",
        "2 columns that the network doesn't use: extra, remark",
        "pay: 1 cell outside of what training saw (1e+09)",
    ):
        assert words in text


@pytest.mark.parametrize("encoding", ["one-hot", "ordinal", "target", "binary"])
def test_an_unseen_label_has_its_place(mixed: Given, encoding: str) -> None:
    data = prepare(*mixed, Preparation(encoding=encoding))
    places = [place for place, name in enumerate(data.fitted.feature_origins) if name == "city"]
    x, report = data.fitted.transform(usual(data, city="Atlantis"))
    assert report.unseen["city"] == {"Atlantis": 1}
    seen, _ = data.fitted.transform(usual(data))
    assert not np.array_equal(x[:, places], seen[:, places])
    if encoding in ("one-hot", "binary"):
        assert not x[:, places].any()


@pytest.mark.parametrize(
    ("names", "words"),
    [(["age"], "column 'age' is missing"), (["age", "city"], "columns 'age', 'city' are missing")],
)
def test_a_missing_column_is_refused(data: PreparedData, names: list[str], words: str) -> None:
    with pytest.raises(PreparationError, match=words):
        data.fitted.transform(usual(data).drop(columns=names))


def test_the_target_may_be_there_and_is_not_called_extra(data: PreparedData) -> None:
    _, report = data.fitted.transform(usual(data).assign(**{"class": "low"}))
    assert report.ignored == ()


def test_typed_and_written_cells_give_the_same(mixed: Given) -> None:
    data = prepare(*mixed, Preparation(missing_number="knn", indicator=True))
    typed = data.table.frame
    written = typed.map(
        lambda cell: None if pd.isna(cell) else repr(cell) if isinstance(cell, float) else cell
    )
    first, _ = data.fitted.transform(typed)
    second, _ = data.fitted.transform(written.astype(object))
    assert first.tobytes() == second.tobytes()


def test_predicting_needs_no_scikit_learn(data: PreparedData, tmp_path: Path) -> None:
    (tmp_path / "fitted.json").write_text(json.dumps(data.fitted.to_dict()))
    usual(data).to_csv(tmp_path / "new.csv", index=False)
    code = (
        "import json, sys; import pandas as pd; from ann_tui.data.preparing.fitted import FittedPreparation; "
        "fitted = FittedPreparation.from_dict(json.load(open('fitted.json'))); "
        "print(fitted.transform(pd.read_csv('new.csv', dtype=object))[0].tobytes().hex()); "
        "print(sorted({'sklearn', 'scipy'} & set(sys.modules)))"
    )
    root = str(Path(ann_tui.__file__).parents[1])
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": root},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    cells, modules = shown.stdout.split("\n")[:2]
    assert modules == "[]"
    assert cells == data.fitted.transform(usual(data))[0].tobytes().hex()


def test_no_rows_give_no_rows(data: PreparedData) -> None:
    x, report = data.fitted.transform(usual(data).iloc[:0])
    assert x.shape == (0, len(data.fitted.feature_names))
    assert report.sentences() == ()


def test_inputs_describe_the_raw_columns(data: PreparedData) -> None:
    inputs = {column.name: column for column in data.fitted.inputs}
    frame = data.table.frame.iloc[data.training.rows]
    assert inputs["age"].minimum == frame["age"].min()
    assert inputs["age"].maximum == frame["age"].max()
    assert float(inputs["height"].typical) in frame["height"].tolist()
    assert inputs["height"].step == 1
    assert inputs["city"].categories[0] == inputs["city"].typical == frame["city"].mode()[0]
    assert set(inputs["city"].categories) == set(frame["city"].dropna())
    assert inputs["joined"].typical in set(frame["joined"])


def test_targets_of_new_rows(data: PreparedData, mixed: Given) -> None:
    codes, missing = data.fitted.encode_target(["low", "high", None, "never seen"])
    assert [data.fitted.target.classes[code] for code in codes[:2]] == ["low", "high"]
    assert missing.tolist() == [False, False, True, True]


def test_class_labels_that_are_numbers_are_found_however_they_are_typed(table) -> None:
    given = table({"x": list(range(30)), "y": [1.0, 2.0, 10.0] * 10}, {"x": "number", "y": "number"}, "y",
                  task="classification")  # fmt: skip
    fitted = prepare(*given, Preparation()).fitted
    assert fitted.target.classes == ("1", "2", "10")
    for cells in ([1, 10], ["1", "10"], [1.0, 10.0]):
        codes, missing = fitted.encode_target(cells)
        assert codes.tolist() == [0, 2]
        assert not missing.any()


def broken(plain: dict, *path: object, value: object) -> dict:
    """A copy of a saved preparation with one entry replaced."""
    copy = json.loads(json.dumps(plain))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("task",), "guessing"),
        (("classes",), ["only one"]),
        (("columns", 0, "type"), "unheard of"),
        (("columns", 0, "scaler", "scale"), 0.0),
        (("columns", 0, "scaler", "center"), float("nan")),
        (("columns", 0, "fill"), "text"),
        (("columns", 0, "scaler", "method"), "cubic"),
        (("training_rows",), None),
        (("class_weights",), [1.0]),
        (("neighbours", "donors", 0), [1.0]),
        (("neighbours", "columns", 0), "nowhere"),
    ],
)
def test_a_saved_preparation_that_was_tampered_with_is_refused(
    mixed: Given, path: tuple, value: object
) -> None:
    plain = prepare(*mixed, Preparation(missing_number="knn")).fitted.to_dict()
    with pytest.raises(PreparationError, match="no fitted preparation"):
        FittedPreparation.from_dict(broken(plain, *path, value=value))


def test_what_is_no_saved_preparation_is_refused() -> None:
    with pytest.raises(PreparationError):
        FittedPreparation.from_dict({"anything": 1})

"""`ann_tui.load`: the answers for a frame are those of `ann-tui predict` for the file, bit for bit."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import Run

import ann_tui
from ann_tui.model.storage import save_model

ROOT = Path(__file__).resolve().parents[2] / "sample_data"


def of_file(run: Run, model: Path, table: Path, folder: Path) -> pd.DataFrame:
    out = folder / "answers.csv"
    assert run("predict", str(model), str(table), "-o", str(out)).code == 0
    return pd.read_csv(out, dtype=str)


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("sample", ["penguins", "cars", "churn"])
def test_a_frame_gets_the_answers_of_its_file(
    sample: str, as_text: bool, train: object, run: Run, tmp_path: Path
) -> None:
    """Whether pandas types the columns or leaves them as text, in whatever order they stand."""
    table = ROOT / f"{sample}.csv"
    path = tmp_path / "m.ann"
    save_model(train(table, "8 relu")[0], path)  # type: ignore[operator]
    frame = pd.read_csv(table, dtype=str if as_text else None)
    expected, model = of_file(run, path, table, tmp_path), ann_tui.load(path)
    answers = model.predict(frame[frame.columns[::-1]])
    if not model.classes:
        assert np.array_equal(answers, expected["prediction"].to_numpy(object).astype(float))
        with pytest.raises(ValueError, match="no probabilities"):
            model.predict_proba(frame)
        return
    assert list(answers) == list(expected["prediction"])
    columns = [f"probability_{label}" for label in model.classes]
    assert np.array_equal(model.predict_proba(frame), expected[columns].to_numpy(object).astype(np.float32))


def test_the_threshold_decides_and_can_be_replaced(train: object, tmp_path: Path) -> None:
    """The model's own, or the one that is given."""
    model = train(ROOT / "churn.csv", "8 relu")[0]  # type: ignore[operator]
    save_model(model.at(0.1), tmp_path / "m.ann")
    loaded, frame = ann_tui.load(tmp_path / "m.ann"), pd.read_csv(ROOT / "churn.csv")
    second = loaded.predict_proba(frame)[:, 1]
    assert loaded.threshold == 0.1
    for threshold in (None, 0.3, 0.9):
        expected = second > (0.1 if threshold is None else threshold)
        assert np.array_equal(loaded.predict(frame, threshold=threshold) == loaded.classes[1], expected)


def test_a_missing_column_is_one_line(penguins_file: Path) -> None:
    """And so is what is no model."""
    with pytest.raises(ValueError, match="'island' is missing"):
        ann_tui.load(penguins_file).predict(pd.read_csv(ROOT / "penguins.csv").drop(columns="island"))
    with pytest.raises(ValueError, match="there is no such file"):
        ann_tui.load("nowhere.ann")


def test_what_can_not_be_read_is_told(penguins_file: Path) -> None:
    """Once, with counts and examples, as `ann-tui predict` tells it; a mark of a missing value is none of it."""
    frame = pd.read_csv(ROOT / "penguins.csv", dtype=str)
    model = ann_tui.load(penguins_file)
    frame.loc[:2, "bill_length_mm"], frame.loc[5, "bill_length_mm"] = "long", "?"
    with pytest.warns(UserWarning, match=r"taken as missing: bill_length_mm: 3 \(long, long, long\)") as told:
        answers = model.predict(frame)
    assert len(told) == 1
    frame.loc[:2, "bill_length_mm"] = None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(model.predict(frame)) == list(answers)


def test_texts_with_a_decimal_comma(penguins_file: Path) -> None:
    """Where it is said; another sign is refused."""
    frame = pd.read_csv(ROOT / "penguins.csv", dtype=str)
    german = frame.apply(lambda column: column.str.replace(".", ",", regex=False))
    expected = ann_tui.load(penguins_file).predict_proba(frame)
    assert np.array_equal(ann_tui.load(penguins_file, decimal=",").predict_proba(german), expected)
    with pytest.raises(ValueError, match="decimal sign"):
        ann_tui.load(penguins_file, decimal=";")


@pytest.mark.parametrize("given", [np.zeros((3, 7)), {"island": ["Dream"]}, "penguins.csv", None, [1, 2]])
def test_what_is_no_frame_is_one_line(given: object, penguins_file: Path) -> None:
    """And names the columns."""
    for asked in (ann_tui.load(penguins_file).predict, ann_tui.load(penguins_file).predict_proba):
        with pytest.raises(TypeError, match=r"give a pandas DataFrame .*island"):
            asked(given)  # type: ignore[operator]


def test_columns_that_are_there_twice_are_one_line(penguins_file: Path) -> None:
    """Those that the model needs; others don't matter."""
    frame = pd.read_csv(ROOT / "penguins.csv")
    model = ann_tui.load(penguins_file)
    with pytest.raises(ValueError, match="'island' is there more than once"):
        model.predict(pd.concat([frame, frame["island"]], axis=1))
    twice = pd.concat([frame.assign(note="a"), pd.Series("b", frame.index, name="note")], axis=1)
    assert list(model.predict(twice)) == list(model.predict(frame))


@pytest.mark.parametrize("threshold", [0, 1, -0.2, 1.5, float("nan"), float("inf"), "0.5", True, [0.5]])
def test_a_threshold_that_can_not_be_is_one_line(threshold: object, train: object, tmp_path: Path) -> None:
    """It lies between 0 and 1."""
    save_model(train(ROOT / "churn.csv", "4 relu")[0], tmp_path / "m.ann")  # type: ignore[operator]
    with pytest.raises((TypeError, ValueError), match="between 0 and 1"):
        ann_tui.load(tmp_path / "m.ann").predict(pd.read_csv(ROOT / "churn.csv"), threshold=threshold)  # type: ignore[arg-type]


@pytest.mark.parametrize("own", [True, False])
def test_marks_that_are_numbers_are_gaps_of_new_rows_too(
    own: bool, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file, a frame of numbers and one of texts, as they were in training."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 50, 90).astype(object), rng.integers(0, 50, 90)
    kind = np.where(a + b > 50, "up", "down")
    a[::9] = -999
    pd.DataFrame({"a": a, "b": b, "kind": kind}).to_csv("t.csv", index=False)
    source = 'path = "t.csv"\ntarget = "kind"\n'
    marks = '[source.column_marks]\na = ["-999"]\n' if own else 'missing_marks = ["-999"]\n'
    Path("e.toml").write_text(f"[source]\n{source}{marks}[training]\nepochs = 3\n")
    assert run("train", "e.toml", "--save", "m.ann", "--no-baselines").code == 0
    model = ann_tui.load("m.ann")
    pd.DataFrame({"a": ["-999", "-999.0", ""], "b": [7, 7, 7]}).to_csv("n.csv", index=False)
    answers = of_file(run, Path("m.ann"), Path("n.csv"), tmp_path)
    wanted = model.predict_proba(pd.DataFrame({"a": [np.nan], "b": [7.0]}))[0]
    assert np.array_equal(
        answers[[f"probability_{label}" for label in model.classes]].to_numpy(object).astype(np.float32),
        np.tile(wanted, (3, 1)),
    )
    for cells in ([-999], [-999.0], ["-999"], [" -999.0"], pd.array([-999], "Int64")):
        frame = pd.DataFrame({"a": cells, "b": [7]})
        assert np.array_equal(model.predict_proba(frame)[0], wanted), cells

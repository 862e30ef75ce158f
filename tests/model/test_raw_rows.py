"""`ann_tui.load`: the answers for a frame are those of `ann-tui predict` for the file, bit for bit."""

from __future__ import annotations

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

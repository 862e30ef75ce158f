"""One row, many doors: form, file, another process, estimator and judgement say the same to the last bit."""

from __future__ import annotations

import copy
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ann_tui import ANNClassifier, ANNRegressor
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import run_experiment
from ann_tui.experiments.run_result import RunResult
from ann_tui.model.file_answers import FileAnswers, open_rows
from ann_tui.model.storage import save_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign

pytestmark = pytest.mark.bits

SAMPLES = ("penguins", "churn", "cars", "digits", "spirals", "penguins in bins", "cars in bins")


@pytest.fixture(scope="module", params=SAMPLES)
def trained(request: pytest.FixtureRequest) -> tuple[RunResult, TrainedModel, pd.DataFrame]:
    """A sample's network after two epochs, its model, and the cells of its file."""
    sample, _, bins = request.param.partition(" in ")
    path = Path(__file__).resolve().parents[2] / "sample_data" / f"{sample}.csv"
    preparation = Preparation(number_encoding="piecewise linear" if bins else "as they are")
    design = NetworkDesign.from_text("24 relu, batch norm, 9 gelu")
    experiment = Experiment(Source(str(path)), preparation, design)
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=2))
    result = run_experiment(experiment, baselines=False)
    assert bool(result.fitted.bin_counts) == bool(bins)
    return result, TrainedModel.from_result(result), load(experiment.source).table.frame


def said(model: TrainedModel, frame: pd.DataFrame) -> np.ndarray:
    """The answers for some rows: probabilities, or numbers."""
    found = model.predict(frame)
    return found.values if found.probabilities is None else found.probabilities


def test_any_order(trained: tuple[RunResult, TrainedModel, pd.DataFrame]) -> None:
    """A permutation of the rows permutes the answers."""
    _, model, frame = trained
    order = np.random.default_rng(0).permutation(len(frame))
    assert (said(model, frame.iloc[order]) == said(model, frame)[order]).all()


def test_the_form(trained: tuple[RunResult, TrainedModel, pd.DataFrame]) -> None:
    """One row at a time."""
    _, model, frame = trained
    whole = said(model, frame)
    for row in range(0, len(frame), len(frame) // 25):
        assert (said(model, frame.iloc[[row]])[0] == whole[row]).all()


def test_the_judgement(trained: tuple[RunResult, TrainedModel, pd.DataFrame]) -> None:
    """The test rows, scored together, say what each says alone; the last validation outputs of a run as well."""
    result, model, frame = trained
    judged = result.judged
    assert (said(model, frame.iloc[judged.rows]) == judged.outputs).all()


def test_a_file(trained: tuple[RunResult, TrainedModel, pd.DataFrame]) -> None:
    """Read in pieces."""
    result, model, frame = trained
    with open_rows(model, result.experiment.source.path) as table:
        pieces = [answers.predictions for answers in FileAnswers(model, table)]
    found = [piece.values if piece.probabilities is None else piece.probabilities for piece in pieces]
    assert (np.concatenate(found) == said(model, frame)).all()


def test_another_process(trained: tuple[RunResult, TrainedModel, pd.DataFrame], tmp_path: Path) -> None:
    """The file of predictions that the command line writes, of the rows backwards."""
    _, model, frame = trained
    save_model(model, tmp_path / "m.ann")
    frame[::-1].to_csv(tmp_path / "backwards.csv", index=False)
    words = [
        sys.executable,
        "-m",
        "ann_tui",
        "predict",
        str(tmp_path / "m.ann"),
        str(tmp_path / "backwards.csv"),
    ]
    written = subprocess.run(words, check=True, capture_output=True).stdout
    found = pd.read_csv(io.BytesIO(written), keep_default_na=False)
    whole = said(model, pd.read_csv(tmp_path / "backwards.csv", dtype=str, keep_default_na=False))
    if model.task == "regression":
        assert found["prediction"].to_numpy(np.float64).tobytes() == whole.tobytes()
    else:
        shares = found[[f"probability_{label}" for label in model.classes]].to_numpy(np.float32)
        assert shares.tobytes() == whole.tobytes()
        labels = np.array(model.classes, dtype=str)[whole.argmax(axis=1)]
        assert found["prediction"].astype(str).tolist() == labels.tolist()


def test_an_estimator_with_the_same_weights(trained: tuple[RunResult, TrainedModel, pd.DataFrame]) -> None:
    """Its door gives what the model's gives for the same matrix."""
    _, model, frame = trained
    x, _ = model.fitted.transform(frame)
    y = np.arange(len(x)) % max(len(model.classes), 2)
    kind: Callable[..., ANNClassifier | ANNRegressor] = partial(ANNClassifier, epochs=1)
    if model.task == "regression":
        kind = partial(ANNRegressor, epochs=1)
    estimator = kind("2 relu").fit(x, y)
    estimator.network_ = copy.deepcopy(model.network)
    if isinstance(estimator, ANNClassifier):
        assert (estimator.predict_proba(x[5:40]) == said(model, frame)[5:40]).all()
    else:
        estimator._shift, estimator._scale = 0.0, 1.0
        decoded = model.fitted.target.decode(estimator.predict(x[5:40]))
        assert (decoded == said(model, frame)[5:40]).all()

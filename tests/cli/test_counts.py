"""Counts with the cost `poisson`, from the table to predictions: all in the unit of the file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from command_line import Run
from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import mean_absolute_error, mean_poisson_deviance, r2_score

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import experiment_of
from ann_tui.model.storage import load_model


def counts_file(folder: Path, mean: float, rows: int = 800) -> Path:
    """Counts whose logarithm is linear in three numbers."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(rows, 3)).round(4)
    visits = rng.poisson(np.exp(np.log(mean) - 0.3 + x @ [0.5, -0.4, 0.2]))
    path = folder / "visits.csv"
    lines = [f"{a},{b},{c},{count}" for (a, b, c), count in zip(x.tolist(), visits, strict=True)]
    path.write_text("a,b,c,visits\n" + "\n".join(lines) + "\n")
    return path


def words(file: Path, *more: object) -> tuple[object, ...]:
    """Train a linear network on the counts of a file."""
    return ("train", file, "--target", "visits", "--task", "regression", "--cost", "poisson", *more)


@pytest.mark.parametrize(("mean", "worse"), [(3, 1.1), (200, 1.1), (20_000, 4)])
def test_counts_of_any_size_are_learned(run: Run, tmp_path: Path, mean: float, worse: float) -> None:
    """With the default plan nearly as well as scikit-learn's solver does it, where a constant is hopeless."""
    file, model = counts_file(tmp_path, mean), tmp_path / "m.ann"
    ended = run(*words(file, "--layers", "", "--json", "--save", model))
    assert (ended.code, ended.err) == (0, "")
    record = json.loads(ended.out)
    loaded = load_model(model)
    experiment = experiment_of(loaded)
    data = prepare_experiment(experiment, load(Source(str(file), target="visits", task="regression")))
    true, rows = data.test.actual, data.test.rows
    assert data.fitted == loaded.fitted
    own = loaded.predict(data.table.frame.iloc[rows]).values
    linear = PoissonRegressor(alpha=0, max_iter=1000).fit(data.training.x, data.training.actual)
    best = mean_poisson_deviance(true, linear.predict(data.test.x))
    constant = mean_poisson_deviance(true, np.full(len(true), data.training.actual.mean()))
    assert mean_poisson_deviance(true, own) < worse * best < constant
    assert record["metrics"]["test"]["r2"] == pytest.approx(r2_score(true, own), abs=1e-4)
    assert record["metrics"]["test"]["mae"] == pytest.approx(mean_absolute_error(true, own), rel=1e-3)
    guess = np.full(len(true), data.training.actual.mean())
    assert record["baselines"]["mean"]["mae"] == pytest.approx(mean_absolute_error(true, guess), rel=1e-5)
    baselines = {name: figures["r2"] for name, figures in record["baselines"].items()}
    assert (
        abs(baselines["mean"])
        < 0.05
        < 0.3
        < min(baselines["ridge regression"], baselines["gradient boosting"])
    )


def test_a_saved_model_of_counts(run: Run, tmp_path: Path) -> None:
    """Evaluated as it was trained, and never below 0, however far a new row lies out."""
    file, model = counts_file(tmp_path, 3, 300), tmp_path / "m.ann"
    record = json.loads(run(*words(file, "--epochs", 5, "--json", "--save", model)).out)
    scored = json.loads(run("evaluate", model, file, "--json").out)
    assert scored["metrics"] == record["metrics"] and scored["baselines"] == record["baselines"]
    text = run(*words(file, "--epochs", 5))
    assert (text.code == 0 and "The network" in text.out) or "No clear winner" in text.out
    new = tmp_path / "new.csv"
    new.write_text("a,b,c\n0,0,0\n1e9,-1e9,1e9\n-1e9,1e9,-1e9\n9,9,9\n,,\n")
    predicted = run("predict", model, new)
    values = [float(row["prediction"]) for row in csv.DictReader(io.StringIO(predicted.out))]
    assert predicted.code == 0 and len(values) == 5
    assert np.isfinite(values).all() and min(values) >= 0 and 0 < values[0] < 30


def test_what_is_no_count_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    file = counts_file(tmp_path, 3, 60)
    lines = file.read_text().splitlines()
    lines[20] = "0,0,0,-7"
    file.write_text("\n".join(lines) + "\n")
    ended = run(*words(file))
    assert ended.code == 2 and len(ended.err.splitlines()) == 1
    assert "the target 'visits' is -7 in line 21" in ended.err and "choose another cost" in ended.err
    lines[20] = "0,0,0,2.5"
    file.write_text("\n".join(lines) + "\n")
    assert run(*words(file, "--epochs", 1)).code == 0
    ended = run(*words(file, "--set", "preparation.target_transform=log"))
    assert ended.code == 2 and len(ended.err.splitlines()) == 1 and "choose 'none'" in ended.err


def test_few_different_counts_are_no_classes_for_a_cost_of_numbers(run: Run, tmp_path: Path) -> None:
    """Nobody has to state the task; who states classes is told that the cost can't judge them."""
    file, model = counts_file(tmp_path, 3, rows=300), tmp_path / "m.ann"
    few = ("train", file, "--target", "visits", "--epochs", 2)
    assert json.loads(run(*few, "--json").out)["task"] == "classification"
    ended = run(*few, "--cost", "poisson", "--json", "--save", model)
    assert (ended.code, ended.err) == (0, "") and json.loads(ended.out)["task"] == "regression"
    scored = json.loads(run("evaluate", model, file, "--json").out)
    assert scored["metrics"] == json.loads(ended.out)["metrics"]
    stated = run(*few, "--cost", "poisson", "--task", "classification")
    assert stated.code == 2 and "can't judge classes" in stated.err

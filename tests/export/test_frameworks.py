"""Scripts run by their frameworks: PyTorch and Keras, each where it is installed.

A training script's score lies within the spread of five seeds of the app. `pip install torch keras` and
`KERAS_BACKEND=torch pytest tests/export/test_frameworks.py` run them all; nothing else needs a framework.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from export.cases import environment, experiment, trained

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, suggested_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.presets import with_preset
from ann_tui.export.writing import write_experiment, write_model
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
INSTALLED = [name for name, module in (("pytorch", "torch"), ("keras", "keras")) if find_spec(module)]
if not INSTALLED:
    pytest.skip("neither PyTorch nor Keras is installed", allow_module_level=True)

ALL_KINDS = "input scale, 6 relu, batch norm, residual 4 prelu, layer norm, dropout 0.2, 5 linear, tanh"
SPREAD = 3.0
"""How many standard deviations of five seeds a script's score may be away, and a little besides."""


def run(script: Path, *arguments: str) -> str:
    """What a script prints that is run by itself."""
    found = subprocess.run(
        [sys.executable, str(script), *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert found.returncode == 0, found.stderr[-2000:]
    return found.stdout


def checked(framework: str, found: Experiment, folder: Path) -> None:
    """The script of a trained model starts, which compares its answers for the stored rows within 1e-5."""
    model, _ = trained(found)
    write_model(framework, model, folder / "model.ann", folder / "script.py")
    run(folder / "script.py")


@pytest.mark.parametrize("framework", INSTALLED)
@pytest.mark.parametrize("kind", ["number", "binary", "multiclass"])
@pytest.mark.parametrize("members", [1, 2])
def test_each_layer(framework: str, kind: str, members: int, table: Path, tmp_path: Path) -> None:
    """All in one network, for each kind of target."""
    found = experiment(table, kind, layers=ALL_KINDS, design={"members": members})
    checked(framework, found, tmp_path)


@pytest.mark.parametrize("framework", INSTALLED)
def test_each_activation(framework: str, table: Path, tmp_path: Path) -> None:
    """All of them, one layer above the other."""
    checked(framework, experiment(table, layers=", ".join(f"5 {name}" for name in ACTIVATIONS)), tmp_path)


@pytest.mark.parametrize("framework", INSTALLED)
@pytest.mark.parametrize("cost", list(COSTS))
def test_each_cost(framework: str, cost: str, table: Path, tmp_path: Path) -> None:
    """As a model; and the script that trains anew runs."""
    kinds = COSTS[cost].kinds
    for kind in kinds:
        found = experiment(table, kind, design={"cost": cost, "members": 2}, plan={"optimizer": "adam"})
        folder = tmp_path / kind
        folder.mkdir()
        checked(framework, found, folder)
        write_experiment(framework, found, folder / "train.py")
        run(folder / "train.py")


def score(printed: str, name: str) -> float:
    return float(next(line for line in printed.split("\n") if line.startswith(f"{name}:")).split(":")[1])


@pytest.mark.parametrize("framework", INSTALLED)
@pytest.mark.parametrize("sample", ["penguins", "cars", "churn", "digits", "spirals"])
@pytest.mark.parametrize("preset", ["plain", "good"])
def test_training_anew_gives_the_score(framework: str, preset: str, sample: str, tmp_path: Path) -> None:
    """Within the spread of five seeds of the weights, on the same rows."""
    source = Source(str(SAMPLES / f"{sample}.csv"))
    data = load(source)
    found = with_preset(suggested_experiment(source, data), preset, len(data.table.frame))
    found = replace(found, plan=replace(found.plan, epochs=min(found.plan.epochs, 60), patience=20))
    name, metric = ("R²", "r2") if sample == "cars" else ("accuracy", "accuracy")
    scores = []
    for seed in range(5):
        _, result = trained(replace(found, plan=replace(found.plan, seed=seed)))
        assert result.evaluation is not None
        value = result.evaluation.scores["test"].metrics[metric]
        assert value is not None
        scores.append(value)
    write_experiment(framework, found, tmp_path / "train.py")
    mean = sum(scores) / 5
    deviation = (sum((each - mean) ** 2 for each in scores) / 4) ** 0.5
    assert abs(score(run(tmp_path / "train.py"), name) - mean) <= SPREAD * deviation + 0.015

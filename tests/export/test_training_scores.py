"""A script that trains a sample anew scores what the app does, within the spread of five seeds of its weights.

Those of scikit-learn and of the app's own estimators are run by the ordinary tests, with a plan that they can say;
PyTorch's and Keras's where these are installed.
"""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from export.cases import INSTALLED, run_script

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, prepare_experiment, suggested_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.presets import with_preset
from ann_tui.experiments.run import Run
from ann_tui.export.export_error import ExportError
from ann_tui.export.writing import write_experiment
from ann_tui.training.plan import TrainingPlan

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Keras's own

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
EPOCHS = {"penguins": 60, "cars": 60, "spirals": 60, "digits": 12, "churn": 8}
"""So many at most: the larger a table, the more steps an epoch has."""

SEEDS = 5
SPREAD = 5.04
"""A sixth draw of a normal distribution is at most so many deviations from the mean of five, 99 times in 100."""

PRINTED = {"accuracy": "accuracy", "log loss": "log_loss", "R²": "r2", "RMSE": "rmse"}
"""What a script prints, and what the app calls it."""


@cache
def chosen(sample: str, preset: str) -> Experiment:
    """The preset for the sample; "simple" is the plain one with a plan that all frameworks have the words for."""
    source = Source(str(SAMPLES / f"{sample}.csv"))
    data = load(source)
    simple = preset == "simple"
    found = with_preset(
        suggested_experiment(source, data), "plain" if simple else preset, len(data.table.frame)
    )
    plan = TrainingPlan(optimizer="adam", schedule="constant") if simple else found.plan
    return replace(found, plan=replace(plan, epochs=EPOCHS[sample]))


@cache
def of_the_app(sample: str, preset: str) -> dict[str, list[float]]:
    """Each metric of the test rows by five seeds of the weights, and how many rows these are."""
    found = chosen(sample, preset)
    prepared = prepare_experiment(found, load(found.source))
    scores: dict[str, list[float]] = {}
    for seed in range(SEEDS):
        run = Run(replace(found, plan=replace(found.plan, seed=seed)), prepared)
        run.train()
        run.judge()
        score = run.scores["test"]
        for name, known in PRINTED.items():
            if (value := score.metrics.get(known)) is not None:
                scores.setdefault(name, []).append(value)
        scores.setdefault("rows", []).append(score.rows)
    return scores


def of_the_script(framework: str, sample: str, preset: str, folder: Path) -> dict[str, float]:
    """What it prints."""
    write_experiment(framework, chosen(sample, preset), folder / "train.py")
    with redirect_stdout(StringIO()) as printed:
        run_script(folder / "train.py")
    lines = (line.partition(": ") for line in printed.getvalue().split("\n"))
    return {name: float(value) for name, _, value in lines if name in PRINTED}


def check(framework: str, sample: str, preset: str, folder: Path) -> None:
    """One row more or less is no matter; what a row costs is compared by its logarithm, as errors are multiplied."""
    expected = of_the_app(sample, preset)
    found = of_the_script(framework, sample, preset, folder)
    assert set(found) == set(expected) - {"rows"} and len(found) == 2
    for name, value in found.items():
        own = np.array(expected[name])
        print(
            f"{sample} {preset} {framework} {name}: {value:.4f}, the app {own.mean():.4f} ± {own.std(ddof=1):.4f}"
        )
    for name, value in found.items():
        own = np.array(expected[name])
        if name in ("log loss", "RMSE"):
            own, value = np.log(own), np.log(value)
        row = 1 / expected["rows"][0] if name == "accuracy" else 0.01
        assert abs(value - own.mean()) <= SPREAD * own.std(ddof=1) + row, name


CASES = [*((sample, preset) for sample in EPOCHS for preset in ("plain", "good")), ("penguins", "strong")]


@pytest.mark.parametrize("framework", INSTALLED)
@pytest.mark.parametrize(
    ("sample", "preset"),
    [pytest.param(*case, marks=pytest.mark.xdist_group(" ".join(case))) for case in CASES],
)
def test_each_sample(sample: str, preset: str, framework: str, tmp_path: Path) -> None:
    """As the lesson has it, as everybody begins, and six networks that answer together.

    A group of xdist has the same five seeds, which one process tries then.
    """
    check(framework, sample, preset, tmp_path)


@pytest.mark.parametrize(
    ("framework", "named"),
    [("sklearn", ("adamw", "cosine", "input scale")), ("ann", ("numbers in bins", "refit"))],
)
@pytest.mark.parametrize("sample", list(EPOCHS))
def test_each_sample_without_a_framework(
    sample: str, framework: str, named: tuple[str, ...], tmp_path: Path
) -> None:
    """By scikit-learn and the app's own estimators; what they can't say is named in one line."""
    with pytest.raises(ExportError) as refused:
        of_the_script(framework, sample, "good", tmp_path)
    assert "\n" not in str(refused.value)
    assert all(name in str(refused.value) for name in named)
    check(framework, sample, "simple", tmp_path)

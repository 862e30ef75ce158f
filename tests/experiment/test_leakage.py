"""From the file to the weights: what stands in test rows changes nothing that was trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.choices.preparation import Preparation, Split
from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

PREPARATIONS: dict[str, dict[str, Any]] = {
    "iqr": {"outliers": "iqr"},
    "z-score": {"outliers": "z-score", "outlier_action": "mark missing", "scaling": "min-max"},
    "forest": {"outliers": "isolation forest", "outlier_action": "drop", "scaling": "robust"},
    "knn": {"missing_number": "knn", "indicator": True, "scaling": "smooth clip", "encoding": "ordinal"},
    "iterative": {"missing_number": "iterative", "scaling": "quantile", "encoding": "target"},
    "rows": {"missing_number": "drop rows", "missing_category": "drop rows", "duplicates": "drop"},
    "labels": {"missing_category": "constant", "encoding": "binary", "merge_labels": True, "rare": 0.3},
    "bins": {"number_encoding": "piecewise linear", "missing_number": "knn", "indicator": True},
    "weights": {"missing_number": "mean", "class_weights": "balanced"},
}


def _experiment(path: Path, preparation: str = "iqr", *, validation_chooses: bool) -> Experiment:
    plan = TrainingPlan(epochs=5)
    if not validation_chooses:
        plan = replace(plan, early_stopping=False, monitor="training cost")
    return Experiment(
        Source(str(path), target="species"),
        Preparation(split=Split(method="random", seed=3), **PREPARATIONS[preparation]),
        NetworkDesign.from_text("8 relu"),
        plan,
    )


def _train(experiment: Experiment) -> Run:
    run = Run(experiment, prepare_experiment(experiment, load(experiment.source)))
    run.train()
    return run


def _spoiled(path: Path, rows: np.ndarray, folder: Path) -> Path:
    """The file with other features in some rows: huge numbers, other words, gaps."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for position, row in enumerate(rows):
        frame.loc[row, "bill_length_mm"] = "" if position % 5 == 0 else str(30 + 7 * position % 900)
        frame.loc[row, "body_mass_g"] = str(9_000 + position)
        frame.loc[row, "island"] = ["Biscoe", "Dream", "Torgersen"][position % 3]
        frame.loc[row, "sex"] = ["male", "female", ""][position % 3]
    spoiled = folder / "spoiled.csv"
    frame.to_csv(spoiled, index=False)
    return spoiled


@pytest.mark.parametrize("preparation", PREPARATIONS)
@pytest.mark.parametrize("part", ["test", "validation"])
def test_other_rows_change_no_fitted_number_and_no_weight(
    part: str, preparation: str, sample_data: Path, tmp_path: Path
) -> None:
    path = sample_data / "penguins.csv"
    choosing = part == "test"
    run = _train(_experiment(path, preparation, validation_chooses=choosing))
    spoiled = _spoiled(path, getattr(run.prepared, part).rows, tmp_path)
    other = _train(_experiment(spoiled, preparation, validation_chooses=choosing))
    assert not np.array_equal(getattr(other.prepared, part).x, getattr(run.prepared, part).x)
    assert other.prepared.fitted.to_dict() == run.prepared.fitted.to_dict()
    np.testing.assert_array_equal(other.prepared.training.x, run.prepared.training.x)
    np.testing.assert_array_equal(other.network.weights, run.network.weights)


def test_other_training_rows_do_change_the_weights(sample_data: Path, tmp_path: Path) -> None:
    path = sample_data / "penguins.csv"
    run = _train(_experiment(path, validation_chooses=True))
    other = _train(
        _experiment(_spoiled(path, run.prepared.training.rows[:40], tmp_path), validation_chooses=True)
    )
    assert not np.array_equal(other.network.weights, run.network.weights)

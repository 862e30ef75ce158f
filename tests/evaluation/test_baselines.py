"""The baselines count each training row as often as it weighs, like the network that has to beat them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment.small import prepared_anew, shells, small_experiment
from sklearn.dummy import DummyClassifier, DummyRegressor
from threadpoolctl import threadpool_info, threadpool_limits

from ann_tui.data.choices.preparation import Preparation
from ann_tui.evaluation.baselines import classification_baselines, regression_baselines
from ann_tui.evaluation.evaluation import judge, with_baselines

ROWS = 400
X = (np.arange(ROWS) % 2).astype(np.float32).reshape(-1, 1)
Y = np.arange(ROWS) // 2 % 2
WEIGHT = np.where(X[:, 0] == 0, np.where(Y == 1, 9, 1), np.where(Y == 1, 1, 4)).astype(np.float32)
"""As many rows of each y at each x; by weight the mean of y is 9/10 at 0, 1/5 at 1, and 2/3 over all."""
BOTH = np.array([[0], [1]], np.float32)


def test_class_baselines_count_rows_by_their_weight() -> None:
    found = classification_baselines(X, Y, WEIGHT, BOTH, 2)
    shares = {baseline.name: baseline.outputs[:, 1] for baseline in found}
    assert shares["majority class"] == pytest.approx([2 / 3, 2 / 3])
    assert shares["logistic regression"] == pytest.approx([0.9, 0.2], abs=0.02)
    assert shares["gradient boosting"] == pytest.approx([0.9, 0.2], abs=0.02)


def test_number_baselines_count_rows_by_their_weight() -> None:
    found = regression_baselines(X, Y.astype(np.float32), WEIGHT, BOTH)
    numbers = {baseline.name: baseline.outputs for baseline in found}
    assert numbers["mean"] == pytest.approx([2 / 3, 2 / 3])
    assert numbers["ridge regression"] == pytest.approx([0.9, 0.2], abs=0.02)
    assert numbers["gradient boosting"] == pytest.approx([0.9, 0.2], abs=0.02)


@pytest.mark.parametrize(("choice", "share"), [("none", 0.75), ("balanced", 0.5)])
def test_the_weights_are_those_of_the_training_rows(choice: str, share: float, tmp_path: Path) -> None:
    """Balanced classes weigh the same, and the best constant answer to them is a half."""
    path = shells(tmp_path, 80)
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([head, *(line for row, line in enumerate(lines) if row % 6 not in (1, 3))]))
    experiment = small_experiment(path, preparation=Preparation(class_weights=choice))
    prepared = prepared_anew(experiment)
    constant = with_baselines(
        judge(lambda x: np.tile(np.float32([1, 0]), (len(x), 1)), prepared), prepared
    ).baselines[0]
    first = np.mean(prepared.test.y == 0)
    expected = -first * np.log(share) - (1 - first) * np.log(1 - share)
    assert constant.metrics["log_loss"] == pytest.approx(expected, abs=0.02)


def test_a_number_is_judged_beside_the_weighted_mean(tmp_path: Path) -> None:
    experiment = small_experiment(shells(tmp_path))
    experiment = replace(experiment, source=replace(experiment.source, target="width", task="regression"))
    prepared = prepared_anew(experiment)
    training = prepared.training
    weight = np.where(training.actual > 0, 9, 1).astype(np.float32)
    prepared = replace(prepared, training=replace(training, weight=weight))
    mean = with_baselines(judge(lambda x: np.zeros(len(x)), prepared), prepared).baselines[0]
    guess = np.average(training.actual, weights=weight)
    assert mean.metrics["mae"] == pytest.approx(np.abs(prepared.test.actual - guess).mean(), rel=1e-5)


@pytest.mark.parametrize("fit", [classification_baselines, regression_baselines])
def test_few_rows_are_fitted_and_answered_in_one_thread(
    fit: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that wait for each other on few rows cost many times what they give."""
    found: set[tuple[str, int]] = set()

    def noted(name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            found.update((name, pool["num_threads"]) for pool in threadpool_info())
            return plain(*given, **more)

        return call

    for kind in (DummyClassifier, DummyRegressor):
        for name in ("fit", "predict"):
            monkeypatch.setattr(kind, name, noted(name, getattr(kind, name)))
    monkeypatch.setattr(DummyClassifier, "predict_proba", noted("predict", DummyClassifier.predict_proba))
    with threadpool_limits(2):
        fit(X, Y, WEIGHT, BOTH, *([2] if fit is classification_baselines else []))
    assert found == {("fit", 1), ("predict", 1)}

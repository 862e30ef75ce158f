"""The baselines count each training row as often as it weighs, like the network that has to beat them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment.small import prepared_anew, shells, small_experiment
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_info, threadpool_limits

from ann_tui.data.choices.preparation import Preparation
from ann_tui.evaluation import baselines
from ann_tui.evaluation.baselines import Baseline, Rows, classification_baselines, regression_baselines
from ann_tui.evaluation.evaluation import judge, with_baselines
from ann_tui.evaluation.metrics import row_costs
from ann_tui.left_behind import something_runs_on

ROWS = 400
X = (np.arange(ROWS) % 2).astype(np.float32).reshape(-1, 1)
Y = np.arange(ROWS) // 2 % 2
WEIGHT = np.where(X[:, 0] == 0, np.where(Y == 1, 9, 1), np.where(Y == 1, 1, 4)).astype(np.float32)
"""As many rows of each y at each x; by weight the mean of y is 9/10 at 0, 1/5 at 1, and 2/3 over all."""
BOTH = np.array([[0], [1]], np.float32)
NONE = Rows(X[:0], Y[:0])


def outputs(found: tuple[Baseline, ...]) -> dict[str, NDArray[Any]]:
    """The answers by name; none of the baselines failed."""
    assert all(baseline.outputs is not None and baseline.problem == "" for baseline in found)
    return {baseline.name: baseline.outputs for baseline in found if baseline.outputs is not None}


def test_class_baselines_count_rows_by_their_weight() -> None:
    found = outputs(classification_baselines(Rows(X, Y, WEIGHT), Rows(X, Y, WEIGHT), BOTH, 2))
    shares = {name: answers[:, 1] for name, answers in found.items()}
    assert shares["majority class"] == pytest.approx([2 / 3, 2 / 3])
    assert shares["logistic regression"] == pytest.approx([0.9, 0.2], abs=0.02)
    assert shares["gradient boosting"] == pytest.approx([0.9, 0.2], abs=0.02)


def test_number_baselines_count_rows_by_their_weight() -> None:
    rows = Rows(X, Y.astype(np.float32), WEIGHT)
    numbers = outputs(regression_baselines(rows, rows, BOTH))
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
def test_they_are_fitted_and_answered_in_one_thread(
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
        fit(Rows(X, Y, WEIGHT), NONE, BOTH, *([2] if fit is classification_baselines else []))
    assert found == {("fit", 1), ("predict", 1)}


def classes_with_a_rare_one(rows: int, rare: int, generator: np.random.Generator) -> Rows:
    x = generator.normal(size=(rows, 4)).astype(np.float32)
    y = (x[:, 0] + generator.normal(size=rows) / 2 > 0).astype(np.int64)
    y[:rare] = 2
    return Rows(x, y)


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("rare", [1, 2])
def test_a_class_of_few_rows_does_not_lead_the_trees_astray(rare: int, held: bool) -> None:
    """Trees that are grown on and on are ever surer of it, and their cost exceeds that of knowing nothing."""
    generator = np.random.default_rng(0)
    training, chooser, judged = (classes_with_a_rare_one(rows, rare, generator) for rows in (300, 100, 300))
    found = outputs(classification_baselines(training, chooser if held else NONE, judged.x, 3))
    costs = {name: row_costs(judged.y, answers).mean() for name, answers in found.items()}
    assert costs["gradient boosting"] < 0.7 < costs["majority class"] and costs["logistic regression"] < 0.6


def test_of_many_rows_a_sample_is_fitted_that_has_each_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "MOST_ROWS", 60)
    generator = np.random.default_rng(1)
    training = classes_with_a_rare_one(3000, 3, generator)
    found = classification_baselines(training, NONE, training.x[:50], 3)
    assert [baseline.rows for baseline in found] == [3000, 62, 62]
    assert all((answers[:, 2] > 0).all() for answers in outputs(found).values())
    numbers = Rows(training.x, training.x[:, 0])
    assert [each.rows for each in regression_baselines(numbers, NONE, training.x)] == [3000, 60, 60]


def test_wide_rows_of_many_classes_are_sampled_as_well() -> None:
    x = np.zeros((6000, 1000), np.float32)
    training = Rows(x, np.arange(6000) % 3)
    assert len(baselines._sample(training, 1)) == 4000
    assert len(baselines._sample(training, 3)) == baselines.FEWEST_ROWS


def test_a_baseline_that_fails_says_so_and_the_others_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **more: object) -> None:
        raise ValueError("no such\nluck")

    monkeypatch.setattr(LogisticRegression, "fit", fail)
    dummy, linear, trees = classification_baselines(Rows(X, Y), NONE, BOTH, 2)
    assert (linear.outputs, linear.problem) == (None, "no such luck")
    assert dummy.outputs is not None and trees.outputs is not None


def test_a_fit_is_left_behind_when_it_is_no_longer_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that never ends would hold up the end of the app."""
    began, wanted = threading.Event(), threading.Event()
    fit = LogisticRegression.fit

    def wait(model: LogisticRegression, *given: Any, **more: Any) -> LogisticRegression:
        began.set()
        wanted.wait(60)
        return fit(model, *given, **more)

    monkeypatch.setattr(LogisticRegression, "fit", wait)
    try:
        found = classification_baselines(Rows(X, Y), NONE, BOTH, 2, cancelled=began.is_set)
        assert [baseline.name for baseline in found] == ["majority class"] and something_runs_on()
    finally:
        wanted.set()

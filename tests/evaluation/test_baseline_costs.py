"""What baselines cost by a network's own cost function, against plain formulas of one row at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experiment.small import prepared_anew, shells, small_experiment

from ann_tui.evaluation.baseline_costs import constant_answer, cost_of_answers, cost_of_constant
from ann_tui.evaluation.baselines import Rows
from ann_tui.experiments.baseline_lines import constant_cost, linear_cost
from ann_tui.experiments.run import Run
from ann_tui.experiments.runs import Runs
from ann_tui.network.costs import COSTS, Cost
from ann_tui.network.design import NetworkDesign
from ann_tui.network.outputs import Outputs

DESIGN = replace(
    NetworkDesign.from_text("4 relu"), label_smoothing=0.1, focal_gamma=2.0, huber_delta=0.5, quantile=0.8
)
X = np.zeros((6, 1), np.float32)


def made(name: str, outputs: Outputs) -> Cost:
    return COSTS[name].classes[outputs.kind](outputs, DESIGN, np.dtype(np.float64))


def entropy(shares: list[float], code: int) -> float:
    """Cross-entropy with smoothed labels, written out."""
    classes = len(shares)
    labels = [0.9 * (each == code) + 0.1 / classes for each in range(classes)]
    return -sum(label * math.log(share) for label, share in zip(labels, shares, strict=True))


def focal(shares: list[float], code: int) -> float:
    return -((1 - shares[code]) ** 2) * math.log(shares[code])


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(("name", "plain"), [("cross-entropy", entropy), ("focal", focal)])
def test_probabilities_cost_what_the_formula_says(
    name: str, plain: Callable[[list[float], int], float], classes: int
) -> None:
    generator = np.random.default_rng(0)
    answers = generator.dirichlet(np.ones(classes), 6)
    codes, weight = np.arange(6) % classes, np.float32([1, 2, 3, 1, 2, 3])
    found = cost_of_answers(made(name, Outputs.telling(classes)), answers, Rows(X, codes, weight))
    costs = [plain(row, code) for row, code in zip(answers.tolist(), codes.tolist(), strict=True)]
    assert found == pytest.approx(np.average(costs, weights=weight), rel=1e-6)


def absolute(error: float) -> float:
    return abs(error)


def huber(error: float) -> float:
    return error**2 / 2 if abs(error) <= 0.5 else 0.5 * (abs(error) - 0.25)


def quantile(error: float) -> float:
    return 0.2 * error if error > 0 else -0.8 * error


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("squared error", lambda error: error**2),
        ("absolute error", absolute),
        ("huber", huber),
        ("log-cosh", lambda error: math.log(math.cosh(error))),
        ("quantile", quantile),
    ],
)
def test_numbers_cost_what_the_formula_says(name: str, plain: Callable[[float], float]) -> None:
    answers, actual = np.array([0.1, -2.0, 3.0, 0.0]), np.array([0.3, 1.0, 1.0, 0.0])
    found = cost_of_answers(made(name, Outputs("number")), answers, Rows(X[:4], actual))
    expected = np.mean([plain(one - other) for one, other in zip(answers, actual, strict=True)])
    assert found == pytest.approx(expected, rel=1e-6)


def test_counts_cost_half_their_poisson_deviance() -> None:
    answers, actual = np.array([0.5, 2.0, 7.0]), np.array([0.0, 3.0, 7.0])
    cost = made("poisson", Outputs("number"))
    expected = np.mean([0.5, 2 - 3 + 3 * math.log(3 / 2), 0.0])
    assert cost_of_answers(cost, answers, Rows(X[:3], actual)) == pytest.approx(expected, rel=1e-6)
    assert cost_of_answers(cost, np.array([0.0, 1.0, 1.0]), Rows(X[:3], actual)) is None


@pytest.mark.parametrize("classes", [2, 3])
def test_margins_tell_nothing_of_probabilities(classes: int) -> None:
    cost, codes = made("hinge", Outputs.telling(classes)), np.arange(6) % classes
    assert cost_of_answers(cost, np.full((6, classes), 1 / classes), Rows(X, codes)) is None
    assert cost_of_constant(cost, Rows(X, codes), Rows(X, codes)) is None


@pytest.mark.parametrize("name", sorted(COSTS))
def test_raw_sums_are_those_that_make_the_predictions(name: str) -> None:
    generator = np.random.default_rng(1)
    for kind, outputs in (("binary", Outputs("binary")), ("multiclass", Outputs("multiclass", 4))):
        if kind in COSTS[name].kinds and name != "hinge":
            answers = generator.dirichlet(np.ones(outputs.classes), 50)
            cost = made(name, outputs)
            sums = cost.raw_sums(answers)
            assert sums is not None
            np.testing.assert_allclose(cost.predictions(sums), answers, rtol=1e-9)
    if "number" in COSTS[name].kinds:
        numbers = generator.uniform(0.1, 9, 50)
        cost = made(name, Outputs("number"))
        sums = cost.raw_sums(numbers)
        assert sums is not None
        np.testing.assert_allclose(cost.predictions(sums), numbers, rtol=1e-9)


def test_a_class_without_a_chance_costs_much_and_not_infinitely_much() -> None:
    cost = made("focal", Outputs.telling(3))
    found = cost_of_answers(cost, np.array([[0.5, 0.5, 0.0]]), Rows(X[:1], np.array([2])))
    assert found == pytest.approx(-math.log(np.finfo(np.float64).eps), rel=1e-3)


def test_the_constant_answer_counts_rows_by_their_weight() -> None:
    weight = np.float32([3, 1, 2])
    shares = constant_answer(Rows(X[:3], np.array([0, 1, 1]), weight), 3)
    assert shares.tolist() == [[0.5, 0.5, 0.0]]
    assert constant_answer(Rows(X[:3], np.float32([1, 2, 5]), weight), 0) == pytest.approx([2.5])
    assert (
        cost_of_constant(made("focal", Outputs.telling(3)), Rows(X[:0], np.array([], int)), Rows(X, X[:, 0]))
        is None
    )


def small_run(folder: Path, runs: Runs, **design: object) -> Run:
    """A run on the shells, trained and judged."""
    if runs.front is None:
        experiment = small_experiment(shells(folder))
        prepared = prepared_anew(experiment)
    else:
        experiment, prepared = runs[1].experiment, runs[1].prepared
    run = runs.begin(replace(experiment, design=replace(experiment.design, **design)), prepared)
    run.train()
    runs.end(run)
    return run


def test_lines_are_known_when_they_can_be(tmp_path: Path, few_trees: None) -> None:
    """The constant at once; the linear model after a comparison, also for a run on the same data with the same cost."""
    runs = Runs()
    first = small_run(tmp_path, runs)
    constant = constant_cost(first)
    training, validation = first.prepared.training, first.prepared.validation
    shares = np.bincount(training.y, minlength=2) / len(training.y)
    assert constant == pytest.approx(np.mean([-math.log(shares[code]) for code in validation.y]), rel=1e-5)
    assert linear_cost(first, runs.all) is None
    baselines = first.compare().baselines
    assert [score.validation_cost is None for score in baselines] == [False, False, False]
    assert baselines[0].validation_cost == pytest.approx(constant, rel=1e-5)
    linear = linear_cost(first, runs.all)
    assert linear == baselines[1].validation_cost
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=500).fit(training.x, training.y, training.weight)
    own = model.predict_proba(validation.x)[np.arange(len(validation.y)), validation.y]
    assert linear == pytest.approx(-np.log(own).mean(), rel=1e-5)
    same = small_run(tmp_path, runs)
    assert linear_cost(same, runs.all) == linear
    assert linear_cost(small_run(tmp_path, runs, focal_gamma=3.0), runs.all) == linear, (
        "the cost does not use it"
    )
    assert linear_cost(small_run(tmp_path, runs, cost="focal"), runs.all) is None
    assert linear_cost(small_run(tmp_path, runs, label_smoothing=0.2), runs.all) is None
    other = replace(same.prepared)
    again = runs.begin(same.experiment, other)
    assert linear_cost(again, runs.all) is None

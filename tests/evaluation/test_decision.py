"""Thresholds, rows behind a cell, curves, baselines and the verdict, on evaluations made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.preparing.target_scale import fit_target_scale
from ann_tui.data.preparing.targets import ClassTarget, NumberTarget
from ann_tui.evaluation.aimed import aim_text, difference_of, figure_of
from ann_tui.evaluation.baselines import Rows, classification_baselines, regression_baselines
from ann_tui.evaluation.bootstrap import Interval, accuracy_difference
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.curves import calibration, precision_recall, roc
from ann_tui.evaluation.decision import (
    answers_at,
    at_threshold,
    chosen_threshold,
    matrix_at,
    rows_behind,
    rows_by_error,
)
from ann_tui.evaluation.evaluation import Answered, BaselineScore, Evaluation, SplitScore
from ann_tui.evaluation.metrics import classification_metrics, regression_metrics
from ann_tui.evaluation.running_score import RunningNumberScore
from ann_tui.evaluation.threshold import Aim, best_threshold
from ann_tui.evaluation.verdict import verdict


def of_classes(rows: int = 60, classes: int = 2, seed: int = 0) -> Evaluation:
    generator = np.random.default_rng(seed)
    codes = generator.integers(0, classes, rows)
    outputs = generator.dirichlet(np.ones(classes), rows) + (codes[:, np.newaxis] == np.arange(classes)) * 0.3
    outputs = (outputs / outputs.sum(axis=1, keepdims=True)).astype(np.float32)
    labels = tuple("abcdef"[:classes])
    matrix = ConfusionMatrix.from_codes(labels, codes, outputs.argmax(axis=1))
    scores = {"test": SplitScore(rows, classification_metrics(codes, outputs))}
    target = ClassTarget("y", labels)
    return Evaluation(target, scores, "test", np.arange(rows), codes, outputs, matrix, ())


def of_numbers(rows: int = 60) -> Evaluation:
    generator = np.random.default_rng(0)
    true = generator.normal(size=rows)
    outputs = true + generator.normal(size=rows) * 0.3
    target = NumberTarget("y", fit_target_scale("y", "none", true))
    scores = {"test": SplitScore(rows, regression_metrics(true, outputs))}
    return Evaluation(target, scores, "test", np.arange(rows), true, outputs, None, ())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_gives_no_more_answers_of_the_second_class(
    seed: int, one: float, other: float
) -> None:
    evaluation = of_classes(seed=seed)
    low, high = sorted((one, other))
    assert (answers_at(evaluation, high) <= answers_at(evaluation, low)).all()


def test_at_a_half_the_answers_are_the_most_probable_classes() -> None:
    for classes in (2, 4):
        evaluation = of_classes(classes=classes)
        assert evaluation.confusion is not None
        np.testing.assert_array_equal(matrix_at(evaluation, 0.5).counts, evaluation.confusion.counts)


def test_an_evaluation_at_another_threshold_has_its_figures_on_every_part_and_comes_back() -> None:
    usual, other = of_classes(), of_classes(seed=1)
    assert usual.confusion is not None
    rival = np.zeros(60, np.int64)
    usual = replace(
        usual,
        scores={"validation": other.scores["test"], **usual.scores},
        answered={
            "validation": Answered(other.actual, other.outputs),
            "test": Answered(usual.actual, usual.outputs),
        },
        baselines=(
            BaselineScore(
                "none", {}, accuracy_difference(usual.actual, answers_at(usual), rival), answers=rival
            ),
        ),
    )
    moved = at_threshold(usual, 0.8)
    assert moved.threshold == 0.8 and moved.confusion is not None
    for name, one in usual.answered.items():
        found = ConfusionMatrix.from_codes("ab", one.actual, (one.outputs[:, 1] > 0.8).astype(int))
        assert moved.scores[name].metrics["accuracy"] == found.accuracy
        assert moved.scores[name].metrics["roc_auc"] == usual.scores[name].metrics["roc_auc"]
    accuracy, interval = moved.scores["test"].metrics["accuracy"], moved.intervals["accuracy"]
    assert accuracy is not None and interval.low <= accuracy <= interval.high
    assert moved.confusion.accuracy == accuracy < usual.confusion.accuracy
    answers = answers_at(usual, 0.8)
    assert moved.baselines[0].difference == accuracy_difference(usual.actual, answers, rival)
    back = at_threshold(moved, 0.5)
    assert back.scores["test"].metrics == pytest.approx(usual.scores["test"].metrics)
    np.testing.assert_array_equal(back.confusion.counts, usual.confusion.counts)  # type: ignore[union-attr]
    assert at_threshold(of_numbers(), 0.8).threshold == 0.5


def with_rival(aim: Aim, seed: int) -> Evaluation:
    """An evaluation with a baseline, each with answers on validation rows, at its best threshold for an aim."""
    usual, validation, rival, held = (of_classes(seed=seed + place) for place in range(4))
    rival = replace(
        rival, outputs=rival.outputs[np.argsort(rival.actual)][np.argsort(np.argsort(usual.actual))]
    )
    usual = replace(
        usual,
        scores={"validation": validation.scores["test"], **usual.scores},
        answered={
            "validation": Answered(validation.actual, validation.outputs),
            "test": Answered(usual.actual, usual.outputs),
        },
        baselines=(
            BaselineScore(
                "rival",
                classification_metrics(usual.actual, rival.outputs),
                accuracy_difference(usual.actual, answers_at(usual), rival.outputs.argmax(axis=1)),
                answers=rival.outputs.argmax(axis=1),
                outputs=rival.outputs,
                held=Answered(held.actual, held.outputs),
            ),
        ),
    )
    return at_threshold(usual, chosen_threshold(usual, aim), aim)


def plain_figure(aim: Aim, actual: list[int], answers: list[int]) -> float:
    """The mean cost, or the F1 of the second class, counted row by row."""
    pairs = list(zip(actual, answers, strict=True))
    alarms, misses, found = (pairs.count(each) for each in ((0, 1), (1, 0), (1, 1)))
    if aim.costs is None:
        return 2 * found / (2 * found + alarms + misses)
    return (alarms * aim.costs[0] + misses * aim.costs[1]) / len(pairs)


@pytest.mark.parametrize("aim", [Aim(), Aim((1.0, 5.0)), Aim((3.0, 1.0))])
@pytest.mark.parametrize("seed", [0, 40])
def test_a_threshold_for_an_aim_is_judged_by_the_aim_beside_baselines_that_have_one_too(
    aim: Aim, seed: int
) -> None:
    found = with_rival(aim, seed)
    (rival,) = found.baselines
    assert rival.held is not None and rival.outputs is not None and rival.answers is not None
    assert rival.threshold == best_threshold(aim, rival.held.actual, rival.held.outputs)
    answers = (rival.outputs[:, 1] > rival.threshold).astype(int)
    np.testing.assert_array_equal(rival.answers, answers)
    matrix = ConfusionMatrix.from_codes("ab", found.actual, answers)
    assert rival.metrics["accuracy"] == matrix.accuracy
    own = answers_at(found, found.threshold).tolist()
    mine, theirs = (plain_figure(aim, found.actual.tolist(), each) for each in (own, answers.tolist()))
    assert figure_of(aim, found.actual, np.array(own)) == pytest.approx(mine)
    interval = difference_of(aim, found.actual, np.array(own), answers)
    assert interval.low <= mine - theirs <= interval.high
    swapped = difference_of(aim, found.actual, answers, np.array(own))
    assert swapped.low == pytest.approx(-interval.high, abs=0.06 * (1 + mine + theirs))
    said = verdict(found)
    assert aim.text_of(found.classes) in said and "accuracy was not the aim" in said
    assert f"{aim_text(aim, mine)} against {aim_text(aim, theirs)}" in said
    better = mine > theirs if aim.costs is None else mine < theirs
    if not interval.low <= 0 <= interval.high:
        assert ("beats" in said) == better
    else:
        assert ("ahead of" in said) == better
    back = at_threshold(found, 0.5)
    assert back.aim is None and back.baselines[0].threshold == 0.5
    assert back.baselines[0].metrics == pytest.approx(classification_metrics(found.actual, rival.outputs))


def test_a_threshold_that_a_person_set_is_compared_where_all_can_be() -> None:
    usual = at_threshold(with_rival(Aim(), 3), 0.5)
    said = verdict(at_threshold(usual, 0.9))
    assert said.startswith("At the usual threshold of 0.5") and verdict(usual) in said and "0.9" in said


def test_metrics_of_some_rows_are_those_at_the_threshold() -> None:
    """Whoever measures a group of rows measures what the network decides."""
    found = at_threshold(with_rival(Aim(), 5), 0.8)
    metrics = found.measures.metrics(found.actual, found.outputs)
    assert metrics == pytest.approx(found.scores["test"].metrics)
    matrix = found.measures.confusion(found.actual, found.outputs)
    np.testing.assert_array_equal(matrix.counts, found.confusion.counts)  # type: ignore[union-attr]


def test_rows_behind_the_cells_are_all_rows_once_and_sorted() -> None:
    evaluation = of_classes(classes=3)
    seen = []
    for true in range(3):
        for predicted in range(3):
            places = rows_behind(evaluation, true, predicted)
            assert (evaluation.actual[places] == true).all()
            assert (np.diff(evaluation.outputs[places, predicted]) <= 0).all()
            assert len(places) == matrix_at(evaluation, 0.5).counts[true, predicted]
            seen += places.tolist()
    assert sorted(seen) == list(range(60))
    numbers = of_numbers()
    places = rows_by_error(numbers)
    assert (np.diff(np.abs(numbers.outputs - numbers.actual)[places]) <= 0).all()


@pytest.mark.parametrize("classes", [2, 3])
def test_curves_end_where_they_must_and_sum_up_to_the_metrics(classes: int) -> None:
    evaluation = of_classes(classes=classes)
    metrics = evaluation.scores["test"].metrics
    curves = [roc(evaluation, index) for index in ([1] if classes == 2 else range(classes))]
    areas = [precision_recall(evaluation, index) for index in ([1] if classes == 2 else range(classes))]
    assert np.mean([curve.figure for curve in curves if curve]) == pytest.approx(metrics["roc_auc"])
    assert np.mean([curve.figure for curve in areas if curve]) == pytest.approx(metrics["average_precision"])
    for index in (None, 0, 1):
        curve = roc(evaluation, index)
        assert curve is not None
        assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)
        reliability = calibration(evaluation, index)
        assert reliability is not None and 0 <= reliability.figure <= 1


def test_a_class_without_rows_has_no_curve() -> None:
    evaluation = of_classes(classes=3)
    absent = replace(evaluation, actual=np.zeros_like(evaluation.actual))
    assert roc(absent, 1) is None and precision_recall(absent, 0) is None
    assert roc(absent, None) is not None


def test_honest_probabilities_are_at_no_distance() -> None:
    evaluation = of_classes(rows=4000)
    shares = np.repeat([0.1, 0.3, 0.7, 0.9], 1000)
    codes = (np.arange(4000) % 1000 < shares * 1000).astype(int)
    honest = replace(evaluation, actual=codes, outputs=np.column_stack([1 - shares, shares]))
    curve = calibration(honest, 1)
    assert curve is not None and curve.figure < 1e-9
    lying = calibration(replace(honest, actual=1 - codes), 1)
    assert lying is not None and lying.figure > 0.3


def test_baselines_answer_every_row_and_stop_when_asked() -> None:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(120, 3)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int) * 2
    found = classification_baselines(Rows(x, y), Rows(x, y), x[:7], 3)
    assert [baseline.name for baseline in found] == [
        "majority class",
        "logistic regression",
        "gradient boosting",
    ]
    for baseline in found:
        assert baseline.outputs is not None and baseline.outputs.shape == (7, 3)
        np.testing.assert_allclose(baseline.outputs.sum(axis=1), 1)
        assert (baseline.outputs[:, 1] == 0).all()
    assert classification_baselines(Rows(x, y), Rows(x, y), x[:7], 3, cancelled=lambda: True) == ()
    numbers = regression_baselines(Rows(x, x[:, 0]), Rows(x, x[:, 0]), x[:7])
    assert [None if each.outputs is None else len(each.outputs) for each in numbers] == [7, 7, 7]


def test_as_many_trees_answer_as_are_best_for_the_held_rows() -> None:
    from sklearn.ensemble import HistGradientBoostingRegressor

    generator = np.random.default_rng(0)
    x = generator.normal(size=(300, 3)).astype(np.float32)
    y = np.sin(x[:, 0]) + x[:, 1] + generator.normal(size=300)
    tree = HistGradientBoostingRegressor(random_state=0).fit(x[:200], y[:200])
    costs = [np.square(answers - y[200:]).mean() for answers in tree.staged_predict(x[200:])]
    best = int(np.argmin(costs))
    assert 5 < best < 90
    found = regression_baselines(Rows(x[:200], y[:200]), Rows(x[200:], y[200:]), x)[-1].outputs
    np.testing.assert_allclose(found, list(tree.staged_predict(x))[best])


@pytest.mark.parametrize(
    ("rival", "low", "high", "said"),
    [
        (0.5, 0.1, 0.4, "beats the linear model"),
        (0.7, -0.02, 0.1, "ahead of the linear model, but within the margin of chance"),
        (0.9, -0.3, 0.02, "behind the linear model, but within the margin of chance"),
        (0.95, -0.3, -0.1, "does not win, the linear model is better"),
    ],
)
def test_the_verdict_takes_chance_into_account(rival: float, low: float, high: float, said: str) -> None:
    evaluation = replace(
        of_classes(),
        scores={"test": SplitScore(60, {"accuracy": 0.75})},
        baselines=(BaselineScore("linear model", {"accuracy": rival}, Interval(low, high)),),
    )
    assert said in verdict(evaluation)
    assert verdict(replace(evaluation, pending=True)) == "The baselines are being computed."
    assert "too few rows" in verdict(replace(evaluation, baselines=()))


def test_a_handful_of_rows_is_no_win() -> None:
    few = replace(
        of_classes(),
        scores={"test": SplitScore(1, {"accuracy": 1.0})},
        baselines=(BaselineScore("majority class", {"accuracy": 0.0}, Interval(1.0, 1.0)),),
    )
    said = verdict(few)
    assert said.startswith("Too few rows to tell the network from the majority class")
    assert said.endswith("100.0 % against 0.0 %, on 1 test row.")


def test_rows_that_are_all_alike_get_no_verdict() -> None:
    """Nobody beats a baseline on rows of one class, or where a number does not vary."""
    rival = (BaselineScore("majority class", {"accuracy": 0.0, "r2": 0.1}, Interval(0.4, 0.6)),)
    one_class = replace(of_classes(), actual=np.zeros(60, np.int64), baselines=rival)
    said = verdict(one_class)
    assert said.startswith("No verdict: the 60 test rows are all of the class ") and "beats" not in said
    numbers = of_numbers()
    still = np.full(len(numbers.actual), 0.1)
    metrics = regression_metrics(still, numbers.outputs)
    assert metrics["r2"] is None and metrics["rmse"] is not None
    rows = len(still)
    same = replace(
        numbers, actual=still, scores={"test": SplitScore(rows, {**metrics, "r2": 0.2})}, baselines=rival
    )
    assert verdict(same).startswith(f"No verdict: {numbers.target.name} is 0.1000 in all {rows} test rows")


def test_the_score_of_pieces_has_no_r2_where_the_numbers_are_the_same() -> None:
    """Although the mean of many 0.1 is not 0.1."""
    score = RunningNumberScore()
    for _ in range(3):
        score.add(np.full(30, 0.1), np.linspace(0, 1, 30))
    assert score.metrics()["r2"] is None
    score.add(np.array([0.2]), np.array([0.2]))
    assert score.metrics()["r2"] is not None

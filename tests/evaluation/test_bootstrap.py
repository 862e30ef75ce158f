"""Laws of the intervals: they hold the figure, narrow with rows, repeat, and cover about 95 of 100 truths."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ann_tui.evaluation.bootstrap import (
    MOST_ROWS,
    accuracy_difference,
    classification_intervals,
    r2_difference,
    regression_intervals,
)
from ann_tui.evaluation.metrics import classification_metrics, regression_metrics


def _classes(rows: int, classes: int, seed: int = 0) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    generator = np.random.default_rng(seed)
    codes = generator.integers(0, classes, rows)
    scores = generator.normal(size=(rows, classes))
    scores[np.arange(rows), codes] += 1.5
    shares = np.exp(scores)
    return codes, (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)


def _numbers(rows: int, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    generator = np.random.default_rng(seed)
    true = generator.normal(10, 3, rows)
    return true, true + generator.normal(0, 1, rows)


@pytest.mark.parametrize("rows", [2, 3, 40, 3 * MOST_ROWS])
@pytest.mark.parametrize("classes", [2, 4])
def test_class_intervals_hold_the_figure(rows: int, classes: int) -> None:
    codes, probabilities = _classes(rows, classes)
    figures = classification_metrics(codes, probabilities)
    intervals = classification_intervals(codes, probabilities, figures)
    assert {"accuracy", "balanced_accuracy", "f1_macro", "matthews", "log_loss"} <= set(intervals)
    for name, interval in intervals.items():
        figure = figures[name]
        assert figure is not None and interval.low <= figure <= interval.high, name


@pytest.mark.parametrize("rows", [2, 3, 40, 3 * MOST_ROWS])
def test_number_intervals_hold_the_figure(rows: int) -> None:
    true, answers = _numbers(rows)
    figures = regression_metrics(true, answers)
    intervals = regression_intervals(true, answers, figures)
    assert set(intervals) == set(figures)
    for name, interval in intervals.items():
        figure = figures[name]
        assert figure is not None and interval.low <= figure <= interval.high, name


def test_four_times_the_rows_halve_the_interval_beyond_the_bound_as_well() -> None:
    """The width goes with one over the square root of the rows, on both sides of MOST_ROWS."""
    widths: dict[str, list[float]] = {}
    for rows in (MOST_ROWS // 4, MOST_ROWS, 4 * MOST_ROWS):
        codes, probabilities = _classes(rows, 2)
        figures = classification_metrics(codes, probabilities)
        found = classification_intervals(codes, probabilities, figures)
        true, answers = _numbers(rows)
        found |= regression_intervals(true, answers, regression_metrics(true, answers))
        for name, interval in found.items():
            widths.setdefault(name, []).append(interval.high - interval.low)
    for name, (few, more, many) in widths.items():
        assert few / more == pytest.approx(2, rel=0.35), name
        assert more / many == pytest.approx(2, rel=0.35), name


def test_the_same_seed_gives_the_same_intervals() -> None:
    codes, probabilities = _classes(200, 3)
    figures = classification_metrics(codes, probabilities)
    first = classification_intervals(codes, probabilities, figures)
    assert first == classification_intervals(codes, probabilities, figures)
    assert first != classification_intervals(codes, probabilities, figures, seed=1)


def test_intervals_cover_the_truth_about_95_times_in_100() -> None:
    covered = {"accuracy": 0, "rmse": 0}
    tries = 200
    for seed in range(tries):
        generator = np.random.default_rng(seed)
        codes = generator.integers(0, 2, 150)
        right = generator.random(150) < 0.8
        probabilities = np.where((codes == 1) == right, 0.9, 0.1)[:, np.newaxis] * [-1, 1] + [1, 0]
        figures = classification_metrics(codes, probabilities)
        interval = classification_intervals(codes, probabilities, figures)["accuracy"]
        covered["accuracy"] += interval.low <= 0.8 <= interval.high
        errors = generator.normal(0, 2, 150)
        numbers = regression_metrics(errors * 0, errors)
        covered["rmse"] += (
            (own := regression_intervals(errors * 0, errors, numbers)["rmse"]).low <= 2 <= own.high
        )
    for name, times in covered.items():
        assert 0.88 <= times / tries <= 0.99, name


def test_an_absent_class_and_a_constant_target_do_no_harm() -> None:
    codes, probabilities = np.zeros(30, int), np.tile([0.6, 0.3, 0.1], (30, 1))
    figures = classification_metrics(codes, probabilities)
    intervals = classification_intervals(codes, probabilities, figures)
    assert "roc_auc" not in intervals and intervals["accuracy"].low == 1.0
    true = np.full(20, 4.0)
    found = regression_intervals(true, true + 1, regression_metrics(true, true + 1))
    assert found["rmse"].low == found["rmse"].high == 1.0
    assert r2_difference(true, true, true + 1) is None


def test_a_difference_is_drawn_from_the_rows_that_differ() -> None:
    true = np.zeros(1000, int)
    own, other = true.copy(), true.copy()
    assert accuracy_difference(true, own, other).low == accuracy_difference(true, own, other).high == 0
    other[:100] = 1
    better = accuracy_difference(true, own, other)
    assert 0.08 < better.low < 0.1 < better.high < 0.12
    worse = accuracy_difference(true, other, own)
    assert worse.low == pytest.approx(-better.high, abs=0.005)
    own[100:201] = 1
    assert accuracy_difference(true, own, other).low < 0 < accuracy_difference(true, own, other).high


@pytest.mark.parametrize("rows", [300, 3 * MOST_ROWS])
def test_a_difference_of_r2_is_of_the_same_rows(rows: int) -> None:
    true, own = _numbers(rows)
    other = own + np.random.default_rng(1).normal(0, 1.5, rows)
    gain = regression_metrics(true, own)["r2"] - regression_metrics(true, other)["r2"]  # type: ignore[operator]
    interval = r2_difference(true, own, other)
    assert interval is not None and 0 < interval.low < gain < interval.high


def test_equal_scores_count_half_in_every_resample() -> None:
    codes, probabilities = np.arange(40) % 2, np.full((40, 2), 0.5)
    figures = classification_metrics(codes, probabilities)
    interval = classification_intervals(codes, probabilities, figures)["roc_auc"]
    assert figures["roc_auc"] == pytest.approx(0.5)
    assert (interval.low, interval.high) == pytest.approx((0.5, 0.5))

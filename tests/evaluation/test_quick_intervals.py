"""Intervals in one formula, against exact sums, scikit-learn's score and the bootstrap."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.evaluation.bootstrap import regression_intervals
from ann_tui.evaluation.metrics import regression_metrics
from ann_tui.evaluation.quick_intervals import Z, accuracy_interval, mean_interval, r2_interval


@given(st.integers(1, 5000), st.data())
def test_wilson_ends_are_where_the_score_test_just_rejects(rows: int, data: st.DataObject) -> None:
    """Each end p solves |share - p| = z √(p (1 - p) / n), which is how the interval is defined."""
    right = data.draw(st.integers(0, rows))
    interval = accuracy_interval(right, rows)
    assert interval is not None and 0 <= interval.low <= right / rows + 1e-9
    assert right / rows - 1e-9 <= interval.high <= 1
    for end in (interval.low, interval.high):
        assert abs(right / rows - end) == pytest.approx(Z * math.sqrt(end * (1 - end) / rows), abs=1e-7)


def test_it_is_honest_where_a_bootstrap_is_not() -> None:
    assert accuracy_interval(0, 0) is None
    one, all_right = accuracy_interval(1, 1), accuracy_interval(55, 55)
    assert one is not None and one.low == pytest.approx(0.2065, abs=1e-3) and one.high == 1
    assert all_right is not None and all_right.low == pytest.approx(0.935, abs=1e-3)


@pytest.mark.parametrize("noise", [0.1, 0.5, 1.0])
def test_the_interval_of_r2_is_about_the_bootstraps(noise: float) -> None:
    generator = np.random.default_rng(3)
    actual = generator.normal(size=2_000)
    predicted = actual + noise * generator.normal(size=2_000)
    metrics = regression_metrics(actual, predicted)
    drawn = regression_intervals(actual, predicted, metrics)["r2"]
    found = r2_interval(actual, predicted)
    assert found is not None and found.low < (metrics["r2"] or 0) < found.high
    width = drawn.high - drawn.low
    assert found.low == pytest.approx(drawn.low, abs=0.08 * width)
    assert found.high == pytest.approx(drawn.high, abs=0.08 * width)
    far = r2_interval(actual * 1e160, predicted * 1e160)
    assert far is not None and far.low == pytest.approx(found.low)


def test_r2_has_none_where_nothing_can_be_said() -> None:
    numbers = np.arange(20.0)
    assert r2_interval(numbers[:9], numbers[:9] + 1) is None
    assert r2_interval(np.ones(20), numbers) is None
    assert r2_interval(numbers, numbers) is None


def test_the_interval_of_a_mean() -> None:
    values = np.array([1.0, 0, 0, -1, 1, 1, 0, 1])
    found = mean_interval(values)
    assert found is not None
    assert (found.low + found.high) / 2 == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / math.sqrt(8), rel=1e-4)
    assert mean_interval(values[:0]) is None

"""The corrected resampled t-test beside a plain reference: sums in a loop, Student's t by adding up its density."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.evaluation.resampled import corrected_mean

STEPS = 20_000


def _density(x: float, freedom: int) -> float:
    factor = math.gamma((freedom + 1) / 2) / (math.sqrt(freedom * math.pi) * math.gamma(freedom / 2))
    return factor * (1 + x * x / freedom) ** (-(freedom + 1) / 2)


def _within(reach: float, freedom: int) -> float:
    """The probability of a t between -reach and reach, by the trapezoidal rule."""
    step = reach / STEPS
    inner = sum(_density(step * place, freedom) for place in range(1, STEPS))
    return 2 * step * (inner + (_density(0, freedom) + _density(reach, freedom)) / 2)


@pytest.mark.parametrize("scores", [[0.1, 0.3, 0.2, 0.4, 0.1], [1.0, -1.0, 0.5], [0.02, 0.01]])
@pytest.mark.parametrize("share", [0.25, 1 / 9])
def test_it_is_what_the_formula_says(scores: list[float], share: float) -> None:
    number = len(scores)
    mean = sum(scores) / number
    variance = sum((score - mean) ** 2 for score in scores) / (number - 1)
    error = math.sqrt((1 / number + share) * variance)
    found = corrected_mean(scores, share)
    assert found is not None and found.interval is not None and found.probability is not None
    assert found.mean == pytest.approx(mean) and found.spread == pytest.approx(math.sqrt(variance))
    assert found.error == pytest.approx(error)
    assert 1 - found.probability == pytest.approx(_within(abs(mean) / error, number - 1), abs=1e-6)
    reach = (found.interval.high - found.interval.low) / 2
    assert found.interval.low + reach == pytest.approx(mean)
    assert _within(reach / error, number - 1) == pytest.approx(0.95, abs=1e-4)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=9), st.floats(0.01, 1))
def test_the_interval_leaves_out_0_where_the_probability_is_below_one_in_twenty(
    scores: list[float], share: float
) -> None:
    found = corrected_mean(scores, share)
    assert found is not None and found.interval is not None and found.probability is not None
    if abs(found.probability - 0.05) > 1e-9:
        assert (found.probability < 0.05) == (not found.interval.low <= 0 <= found.interval.high)


def test_one_score_has_no_interval_and_none_has_no_mean() -> None:
    found = corrected_mean([0.5], 0.25)
    assert found is not None and found.mean == 0.5 and found.interval is None and found.spread is None
    assert corrected_mean([], 0.25) is None


def test_scores_that_are_all_alike_are_surely_not_0_unless_they_are() -> None:
    one, none = corrected_mean([0.5] * 3, 0.25), corrected_mean([0.0] * 3, 0.25)
    assert one is not None and none is not None
    assert (one.probability, none.probability) == (0.0, 1.0)

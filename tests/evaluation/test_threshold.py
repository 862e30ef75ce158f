"""The decision threshold: how it is written, and how rows choose it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from ann_tui.data.preparing.deciding import decided
from ann_tui.evaluation.threshold import Aim, best_threshold, read_aim, read_threshold


def _rows(seed: int, rows: int, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes and probabilities, of which many are the same with few digits."""
    generator = np.random.default_rng(seed)
    codes = generator.integers(0, 2, rows)
    second = np.clip(generator.normal(0.4 + 0.2 * codes, 0.2), 0, 1).round(digits).astype(np.float32)
    return codes, np.column_stack([1 - second, second])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 40), st.sampled_from([1, 2, 7]))
def test_no_other_threshold_serves_the_aim_better(seed: int, rows: int, digits: int) -> None:
    codes, outputs = _rows(seed, rows, digits)
    others = [decided(outputs, threshold) for threshold in (0.0, *np.unique(outputs[:, 1]).tolist(), 1.0)]

    def f1(answers: np.ndarray) -> float:
        return float(f1_score(codes, answers, zero_division=0))

    def cost(answers: np.ndarray) -> float:
        return float((answers > codes).sum() * 2 + (answers < codes).sum() * 7)

    best = decided(outputs, best_threshold(Aim(), codes, outputs))
    assert f1(best) == pytest.approx(max(map(f1, others)))
    cheapest = decided(outputs, best_threshold(Aim((2, 7)), codes, outputs))
    assert cost(cheapest) == min(map(cost, others))


def test_a_chosen_threshold_is_a_short_number_between_the_rows() -> None:
    codes = np.array([0, 0, 1, 1])
    second = np.array([0.1, 0.311, 0.3342, 0.9], np.float32)
    assert best_threshold(Aim(), codes, np.column_stack([1 - second, second])) == 0.32


@pytest.mark.parametrize(
    ("text", "found"), [("0.3", 0.3), (" 1 ", 1.0), ("F1", Aim()), ("1:5", Aim((1.0, 5.0)))]
)
def test_a_threshold_is_a_number_or_what_it_is_chosen_for(text: str, found: float | Aim) -> None:
    assert read_threshold(text) == found


@pytest.mark.parametrize("text", ["", "1.5", "-0.1", "nan", "inf", "f2", "1:0", "1:2:3", ":", "a:b", "1:inf"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_threshold(text)


COST = st.floats(min_value=0, exclude_min=True, allow_infinity=False)


@given(st.none() | st.tuples(COST, COST))
def test_what_is_written_of_an_aim_is_read_again(costs: tuple[float, float] | None) -> None:
    assert read_aim(Aim(costs).written) == Aim(costs)


def test_an_aim_may_be_none_but_no_number() -> None:
    assert read_aim("") is None and Aim((1, 5)).written == "1:5"
    for text in ("0.3", "1:0", "f2"):
        with pytest.raises(ValueError):
            read_aim(text)

"""Axes: ticks stand at round numbers, and never on neighbouring lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.tui.widgets.plots import PowerAxis


@given(st.floats(-9, 3), st.floats(0.02, 9), st.integers(2, 8))
def test_ticks_of_a_logarithmic_axis_are_inside_and_apart(low: float, span: float, most: int) -> None:
    ticks = PowerAxis(lambda: most).get_ticks(low, low + span)
    assert all(low <= tick <= low + span for tick in ticks)
    assert all(after - before >= span / most - 1e-9 for before, after in pairwise(ticks))
    assert span < 2 or ticks, "two decades hold a power of ten"


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (-3, 0, 8, ["0.001", "0.01", "0.1", "1"]),
        (-1, 0, 8, ["0.1", "0.2", "0.5", "1"]),
        (-0.55, -0.4, 8, ["0.3", "0.35"]),
        (-6, 0, 2, ["1e-06", "0.001", "1"]),
    ],
)
def test_labels(low: float, high: float, most: int, labels: list[str]) -> None:
    axis = PowerAxis(lambda: most)
    assert axis.get_labels_for_ticks(axis.get_ticks(low, high)) == labels

"""Axes: labels stand at their numbers, tell them exactly, are all there, and never collide."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ann_tui.tui.charts.axis import Axis, Label, horizontal_labels, vertical_labels, widest

SIZES = st.builds(lambda power, digits: digits * 10.0**power, st.integers(-12, 12), st.floats(1, 9.99))
NUMBERS = st.one_of(SIZES, SIZES.map(lambda size: -size), st.just(0.0))
HUGE_WITH_TINY_SPREAD = st.builds(
    lambda size, share: [size, size * (1 + share)], SIZES, st.floats(1e-9, 1e-6)
)
DATA = st.one_of(st.lists(NUMBERS, min_size=1, max_size=5), HUGE_WITH_TINY_SPREAD)
POSITIVE = st.one_of(st.lists(SIZES, min_size=1, max_size=5), HUGE_WITH_TINY_SPREAD)


def read(text: str) -> float:
    return float(text.replace(",", ""))


def share_of(axis: Axis, value: float) -> float:
    """Where a value lies, told anew in the plainest way."""
    low, high, at = (math.log10(each) if axis.log else each for each in (axis.low, axis.high, value))
    return (at - low) / (high - low)


def check(axis: Axis, labels: tuple[Label, ...], length: int, dots: int, *, up: bool) -> None:
    """Each text is the number in the middle of its cell, give or take half a cell; no two are the same."""
    assert len({label.text for label in labels}) == len(labels)
    for label in labels:
        assert axis.low <= read(label.text) <= axis.high
        share = share_of(axis, read(label.text))
        place = (1 - share if up else share) * (length * dots - 1)
        assert abs(place - (label.cell * dots + (dots - 1) / 2)) <= dots / 2 + 1e-4


def check_vertical(axis: Axis, rows: int) -> None:
    labels = vertical_labels(axis, rows)
    check(axis, labels, rows, 4, up=True)
    cells = [label.cell for label in labels]
    assert all(0 <= cell < rows for cell in cells)
    assert all(below - above >= 2 for below, above in pairwise(cells))
    assert len(labels) >= 2 or (axis.whole and math.floor(axis.high) - math.ceil(axis.low) < 1)


def check_horizontal(axis: Axis, columns: int, before: int) -> None:
    labels = horizontal_labels(axis, columns, before)
    check(axis, labels, columns, 2, up=False)
    for label in labels:
        assert -before <= label.start <= label.cell < label.start + len(label.text) <= columns
    assert all(one.start + len(one.text) < other.start for one, other in pairwise(labels))
    if not axis.whole and columns >= 50:
        assert len(labels) >= 2


@settings(max_examples=300, deadline=None)
@given(DATA, st.integers(3, 60))
@example([1e6, 1e6 + 1e-3], 3)
@example([0.0], 3)
@example([-5.0], 3)
@example([0.4, 1.6], 3)
def test_labels_of_a_linear_vertical_axis(data: list[float], rows: int) -> None:
    check_vertical(Axis.around(data), rows)


@settings(max_examples=300, deadline=None)
@given(POSITIVE, st.integers(3, 60))
@example([1e-12, 1e12], 3)
@example([0.3, 0.4], 12)
@example([1.0], 5)
def test_labels_of_a_logarithmic_vertical_axis(data: list[float], rows: int) -> None:
    check_vertical(Axis.around(data, log=True), rows)


@settings(max_examples=300, deadline=None)
@given(DATA, st.integers(20, 200), st.integers(0, 12))
@example([1e6, 1e6 + 1e-3], 200, 0)
def test_labels_of_a_horizontal_axis(data: list[float], columns: int, before: int) -> None:
    check_horizontal(Axis.around(data), columns, before)


@settings(max_examples=300, deadline=None)
@given(POSITIVE, st.integers(20, 200))
def test_labels_of_a_logarithmic_horizontal_axis(data: list[float], columns: int) -> None:
    check_horizontal(Axis.around(data, log=True), columns, 0)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(1, 1_000_000), st.integers(20, 200))
@example(0, 2, 200)
def test_epochs_are_whole_numbers(first: int, more: int, columns: int) -> None:
    axis = Axis(float(first), float(first + more), whole=True)
    check_horizontal(axis, columns, 7)
    labels = horizontal_labels(axis, columns, 7)
    assert len(labels) >= 2
    assert all("." not in label.text and "e" not in label.text for label in labels)


@given(st.floats(0.5, 1.9), st.integers(3, 60))
def test_an_axis_of_whole_numbers_may_hold_a_single_one(low: float, rows: int) -> None:
    check_vertical(Axis(low, 2.2, whole=True), rows)


@pytest.mark.parametrize(
    ("data", "rows", "texts"),
    [
        ([0.001, 1.0], 16, ["0.001", "0.01", "0.1", "1"]),
        ([0.1, 1.0], 16, ["0.1", "0.2", "0.5", "1"]),
        ([0.3, 0.42], 10, ["0.30", "0.35", "0.40"]),
        ([1e-6, 1.0], 7, ["1e-6", "0.001", "1"]),
        ([1e-12, 1e12], 8, ["1e-10", "1", "1e10"]),
    ],
)
def test_texts_of_a_logarithmic_axis(data: list[float], rows: int, texts: list[str]) -> None:
    assert [label.text for label in vertical_labels(Axis.around(data, log=True), rows)] == texts


@pytest.mark.parametrize(
    ("data", "rows", "texts"),
    [
        ([0.0, 1.0], 12, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([-3.0, 3.0], 8, ["-2", "0", "2"]),
        ([5e9, 2e10], 8, ["5e9", "1e10", "1.5e10", "2e10"]),
        ([2.5], 8, ["2.4", "2.6"]),
    ],
)
def test_texts_of_a_linear_axis(data: list[float], rows: int, texts: list[str]) -> None:
    axis = Axis.around(data)
    assert [label.text for label in vertical_labels(axis, rows)] == texts
    assert widest(vertical_labels(axis, rows)) == max(map(len, texts))


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=6), st.booleans())
def test_limits_hold_all_that_can_be_drawn(values: list[float], log: bool) -> None:
    axis = Axis.around(values, log=log)
    drawn = [value for value in values if math.isfinite(value) and abs(value) <= 1e150]
    drawn = [value for value in drawn if value > 1e-149] if log else drawn
    shares = axis.shares(drawn)
    assert ((shares >= 0) & (shares <= 1)).all()


@given(st.lists(SIZES, min_size=1, max_size=6), st.booleans())
def test_shares_of_the_ends_are_0_and_1(values: list[float], log: bool) -> None:
    axis = Axis.around(values, log=log)
    assert axis.shares([axis.low, axis.high]).tolist() == [0.0, 1.0]
    middle = math.sqrt(axis.low) * math.sqrt(axis.high) if log else (axis.low + axis.high) / 2
    assert axis.shares([middle])[0] == pytest.approx(0.5, abs=1e-3)


def test_an_axis_of_costs_does_not_begin_below_0() -> None:
    assert Axis.around([0.01, 5.0], least=0.0).low == 0.0
    assert Axis.around([4.0, 5.0], least=0.0).low == pytest.approx(3.95)


def test_what_has_no_logarithm_has_no_place() -> None:
    shares = Axis(0.1, 1.0, log=True).shares([0.0, -1.0, np.nan])
    assert not np.isfinite(shares).any()


@pytest.mark.parametrize(
    ("low", "high", "log"),
    [(1.0, 1.0, False), (2.0, 1.0, False), (0.0, 1.0, True), (-math.inf, 0.0, False), (math.nan, 1.0, False)],
)
def test_limits_that_are_none_are_refused(low: float, high: float, log: bool) -> None:
    with pytest.raises(ValueError, match="axis can't"):
        Axis(low, high, log=log)

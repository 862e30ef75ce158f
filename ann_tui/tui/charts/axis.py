"""Axes: limits around data, ticks at round numbers, and labels that neither collide nor are cut.

Ticks stand at multiples of 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice numbers for graph labels").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ann_tui.tui.charts.grid import Floats, columns_of, rows_of

FARTHEST = 1e150
"""Numbers that lie farther from 0 are taken for this one: a difference of two of them is finite."""
ALIKE = 1e-10
"""Data whose spread is a smaller share of their size count as constant: digits of a float64 would run out."""
ENDS = 1e-6
POWERS = (100, 50, 20, 10, 5, 3, 2, 1)
"""Every so many powers of ten a logarithmic axis has a tick."""
USUAL_LABELS, COLUMNS_A_LABEL, CROWDED = 8, 8, 60


@dataclass(frozen=True)
class Axis:
    """The range of an axis, `low` below `high`; both above 0 where it is logarithmic.

    With `whole` ticks stand at whole numbers only. Raises ValueError for limits that are none.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        """Check the limits."""
        if not -math.inf < self.low < self.high < math.inf:
            raise ValueError(f"an axis can't go from {self.low} to {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic axis can't begin at {self.low}")

    @classmethod
    def around(
        cls, values: ArrayLike, *, log: bool = False, room: float = 0.05, least: float = -math.inf
    ) -> Axis:
        """An axis that holds all finite values, with a share of their spread as `room` at both ends.

        It does not begin below `least` where no value does. A logarithmic axis holds those above 0. Constant data
        stand in the middle; without any data it is that of 0, or of 1 where it is logarithmic.
        """
        data = np.asarray(values, np.float64).ravel()
        data = np.clip(data[np.isfinite(data) & ((data > 1 / FARTHEST) | (not log))], -FARTHEST, FARTHEST)
        if not len(data):
            data = np.array([1.0 if log else 0.0])
        if log:
            low, high = (math.log10(float(end)) for end in (data.min(), data.max()))
            around = max((high - low) * room, 1e-9) if high - low > ALIKE * 10 else 0.045
            return cls(10 ** (low - around), 10 ** (high + around), log=True)
        low, high = float(data.min()), float(data.max())
        size = max(abs(low), abs(high))
        around = (high - low) * max(room, 1e-6) if high - low > ALIKE * size else size * 0.1
        around = around if around > 1 / FARTHEST else 0.1
        begin = low - around
        return cls(least if begin < least <= low else begin, high + around)

    def shares(self, values: ArrayLike) -> Floats:
        """Where values lie, 0 at `low` and 1 at `high`, float64 of the same shape; NaN or -inf for what has no log."""
        data = np.asarray(values, np.float64)
        if not self.log:
            return (data - self.low) / (self.high - self.low)
        low, high = math.log10(self.low), math.log10(self.high)
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = (np.log10(data) - low) / (high - low)
        # One logarithm may round in another way than that of a whole array; both ends are on the axis.
        found[np.abs(found) < ENDS], found[np.abs(found - 1) < ENDS] = 0, 1
        return found


@dataclass(frozen=True)
class Label:
    """A tick and its text: the `cell` of the axis in which the `value` lies, and the cell where the text begins.

    Cells of a horizontal axis count from the left, those of a vertical one from the top; there the text begins at 0.
    """

    cell: int
    start: int
    text: str
    value: float


@dataclass(frozen=True)
class _Tick:
    value: float
    text: str


@lru_cache(maxsize=64)
def vertical_labels(axis: Axis, rows: int) -> tuple[Label, ...]:
    """Labels of a vertical axis of so many rows, from low to high: each on a line of its own, one free between two.

    With 3 rows or more there are at least two, unless the axis is one of whole numbers and holds only one.
    """

    def place(ticks: Sequence[_Tick], gap: int) -> tuple[Label, ...] | None:
        cells = rows_of(axis.shares([tick.value for tick in ticks]), rows).tolist()
        if any(below - above < gap for below, above in pairwise(cells)):
            return None
        return tuple(Label(cell, 0, tick.text, tick.value) for cell, tick in zip(cells, ticks, strict=True))

    most = max(2, min(rows // 2, max(USUAL_LABELS, rows // 4)))
    return _chosen(axis, lambda ticks: place(ticks, 2), lambda ticks: place(ticks, min(2, rows - 1)), most)


@lru_cache(maxsize=64)
def horizontal_labels(axis: Axis, columns: int, before: int = 0) -> tuple[Label, ...]:
    """Labels of a horizontal axis of so many columns, from low to high, some cells free between two.

    Each is centred on its cell, or moved inwards so that it ends within the axis, and begins at most `before` cells
    left of it. There are at least two where two have room beside each other.
    """

    def place(ticks: Sequence[_Tick], gap: int) -> tuple[Label, ...] | None:
        cells = columns_of(axis.shares([tick.value for tick in ticks]), columns).tolist()
        labels, free = [], -before
        for cell, tick in zip(cells, ticks, strict=True):
            length = len(tick.text)
            start = max(-before, min(columns - length, cell - length // 2))
            if start < free or start + length > columns:
                return None
            labels.append(Label(cell, start, tick.text, tick.value))
            free = start + length + gap
        return tuple(labels)

    most = max(2, columns // COLUMNS_A_LABEL)
    return _chosen(axis, lambda ticks: place(ticks, 3), lambda ticks: place(ticks, 1), most)


Place = Callable[[Sequence[_Tick]], tuple[Label, ...] | None]


def _chosen(axis: Axis, place: Place, close: Place, most: int) -> tuple[Label, ...]:
    """The labels of the finest ticks that can be placed, `most` of them at most.

    Where no ticks give two of them, the outermost ones of the coarsest that do, placed `close`.
    """
    best: tuple[Label, ...] = ()
    pair: tuple[Label, ...] = ()
    for ticks in _finer_and_finer(axis):
        labels = place(ticks) if len(ticks) <= CROWDED else None
        if labels is not None and len(best) < len(labels) <= most:
            best = labels
        elif len(best) > 1 and (labels is None or len(labels) > most):
            return best
        if len(ticks) > 1 and len(pair) < 2:
            pair = close([ticks[0], ticks[-1]]) or ()
    return best if len(best) > 1 else pair or best


def _finer_and_finer(axis: Axis) -> Iterator[list[_Tick]]:
    """Ticks inside the axis, ever more of them."""
    if axis.log:
        first, last = math.floor(math.log10(axis.low)), math.ceil(math.log10(axis.high))
        for step in POWERS:
            powers = [power for power in range(first, last + 1) if power % step == 0]
            yield _inside(axis, [Decimal(1).scaleb(power) for power in powers])
        for digits in ((1, 2, 5), range(1, 10)):
            values = [Decimal(digit).scaleb(power) for power in range(first, last + 1) for digit in digits]
            yield _inside(axis, values)
    exponent = math.floor(math.log10(axis.high - axis.low)) + 1
    for power in range(exponent, exponent - 4, -1):
        for digit in (5, 2, 1):
            if axis.whole and power < 0:
                return
            yield _multiples(axis, Decimal(digit).scaleb(power))


def _inside(axis: Axis, values: Sequence[Decimal]) -> list[_Tick]:
    return [
        _Tick(float(value), _written(value, 0 if value >= 1 else -value.adjusted(), value.adjusted()))
        for value in values
        if axis.low <= float(value) <= axis.high
    ]


def _multiples(axis: Axis, step: Decimal) -> list[_Tick]:
    first = int((Decimal(axis.low) / step).to_integral_value(ROUND_CEILING))
    last = int((Decimal(axis.high) / step).to_integral_value(ROUND_FLOOR))
    if last - first > 10 * CROWDED:
        values = [first * step, last * step]
    else:
        values = [place * step for place in range(first, last + 1)]
    size = max((value.adjusted() for value in values if value), default=0)
    return [_Tick(float(value), _written(value, max(0, -step.adjusted()), size)) for value in values]


def _written(value: Decimal, decimals: int, size: int) -> str:
    """A tick's number with so many decimals, exactly; with an exponent where the `size` of numbers asks for it."""
    if not value:
        return "0"
    if -5 < size < 9:
        return f"{value:,.{decimals}f}"
    return f"{value.normalize():e}".replace("e+", "e")


def widest(labels: Sequence[Label]) -> int:
    """The length of the longest text; 0 without labels."""
    return max((len(label.text) for label in labels), default=0)


def finite(*values: Any) -> Floats:
    """All finite numbers of some arrays in one, float64 (n,)."""
    found = np.concatenate([np.asarray(each, np.float64).ravel() for each in values] or [np.empty(0)])
    fine: Floats = found[np.isfinite(found)]
    return fine

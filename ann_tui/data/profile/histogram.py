"""Histograms: how many rows fall into each bar of a column, by group, and what the mean of a target is there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

MOST_BARS, FEWEST_BARS = 60, 5
ALIKE = 1e-9
"""Numbers whose spread is a smaller share of their size stand in one bar: edges between them would run together."""
LAST_WHOLE = 1e15
"""Beyond it whole numbers have no halves between them."""
FARTHEST_POWER = 300
_TRIED = 10_000


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many rows stand in each bar, by group.

    `groups` names the groups, one of them "" where rows are not split; `counts` int64 (groups, bars) are their rows by
    bar, `missing` int64 (groups,) their rows without a value. Of numbers, and of dates as seconds, `edges` float64
    (bars + 1,) are the ends of the bars: each begins with its lower edge and ends below its upper one, but the last one
    holds that too; `labels` is (). `single` means that each bar stands for one whole number, in its middle. Of
    words `edges` is None, `labels` names the bars, and the last one holds all of `rest` further words, 0 where
    each has a bar. `means` float64 (bars,) is the mean of a number target in each bar, NaN where nothing is known of
    it, None where there is no such target.
    """

    groups: tuple[str, ...]
    counts: Counts
    missing: Counts
    edges: Floats | None = None
    labels: tuple[str, ...] = ()
    single: bool = False
    rest: int = 0
    dates: bool = False
    means: Floats | None = None

    @property
    def bars(self) -> int:
        """How many bars there are."""
        return int(self.counts.shape[1])

    @property
    def totals(self) -> Counts:
        """The rows of each bar, int64 (bars,)."""
        found: Counts = self.counts.sum(axis=0)
        return found

    @property
    def rows(self) -> int:
        """How many rows were counted, those without a value too."""
        return int(self.counts.sum() + self.missing.sum())

    def at_most(self, bars: int) -> Histogram:
        """The same with so many bars at most, at least 1: neighbours of numbers are joined, of words the last ones."""
        if self.bars <= max(bars, 1):
            return self
        if self.edges is None:
            starts = np.arange(max(bars, 1))
            rest = self.rest + self.bars - len(starts) + (0 if self.rest else 1)
            return replace(self._joined(starts), labels=self.labels[: len(starts)], rest=rest)
        step = -(-self.bars // max(bars, 1))
        starts = np.arange(0, self.bars, step)
        return replace(
            self._joined(starts), edges=np.append(self.edges[starts], self.edges[-1]), single=False
        )

    def _joined(self, starts: npt.NDArray[np.int64]) -> Histogram:
        """The bars from each start to the next one as one."""
        counts = np.add.reduceat(self.counts, starts, axis=1)
        means = self.means
        if means is not None:
            weights = np.where(np.isnan(means), 0, self.totals).astype(np.float64)
            sums = np.add.reduceat(np.nan_to_num(means) * weights, starts)
            known = np.add.reduceat(weights, starts)
            means = np.full(len(starts), np.nan)
            np.divide(sums, known, out=means, where=known > 0)
        return replace(self, counts=counts, means=means)


@dataclass(frozen=True, eq=False)
class Grouping:
    """What rows are split by: `codes` int64 (n,) are places in `names`.

    `target` float64 (n,), NaN where missing, is the number target, where there is one.
    """

    names: tuple[str, ...]
    codes: npt.NDArray[np.int64]
    target: Floats | None = None

    @classmethod
    def none(cls, rows: int) -> Grouping:
        """All rows in one group without a name."""
        return cls(("",), np.zeros(rows, dtype=np.int64))


def usual_bars(values: int) -> int:
    """How many bars suit so many values: twice their cube root (Rice's rule), from 5 to 60."""
    return max(FEWEST_BARS, min(MOST_BARS, round(2 * math.cbrt(values))))


def round_edges(low: float, high: float, most: int, *, whole: bool = False) -> tuple[Floats, bool]:
    """The edges of at most `most` bars from `low` to `high`, and whether each bar stands for one whole number.

    They are multiples of 1, 2 or 5 times a power of ten. Of `whole` numbers a bar is at least 1 wide, and where it is 1
    its number is in its middle. Numbers that are all alike get one bar; its two edges may be equal.
    """
    most = max(most, 1)
    if whole and max(abs(low), abs(high)) < LAST_WHOLE and high - low < most:
        return np.arange(low, high + 2) - 0.5, True
    if not high / 2 - low / 2 > ALIKE * max(abs(low), abs(high)):
        return np.array([low, high], dtype=np.float64), False
    # Halves: the spread of the largest numbers overflows.
    exponent = math.floor(math.log10(high / 2 - low / 2) + math.log10(2 / most)) - 1
    exponent = max(-FARTHEST_POWER, min(exponent, FARTHEST_POWER))
    for factor in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if whole and factor * 10.0**exponent < 1:
            continue
        first = math.floor(low / (factor * 10.0**exponent)) - 1
        edges = _multiples(first, min(most, _TRIED) + 4, factor, exponent)
        edges = edges[np.searchsorted(edges, low, side="right") - 1 :]
        end = int(np.searchsorted(edges, high, side="left"))
        if 0 < end <= most and end < len(edges):
            return edges[: end + 1], False
    return np.array([low, high], dtype=np.float64), False


def _multiples(first: int, count: int, factor: int, exponent: int) -> Floats:
    """So many multiples of factor · 10^exponent, each as a file would write it, where powers of ten are exact."""
    whole = (first + np.arange(count, dtype=np.float64)) * factor
    return np.divide(whole, 10.0**-exponent) if exponent < 0 else np.multiply(whole, 10.0**exponent)


def equal_edges(low: float, high: float, most: int) -> Floats:
    """The edges of `most` equal bars from `low` to `high`, or of one where these are alike."""
    if not high / 2 - low / 2 > ALIKE * max(abs(low), abs(high)):
        return np.array([low, high], dtype=np.float64)
    return np.linspace(low, high, most + 1)


def count_numbers(
    numbers: Floats, edges: Floats, by: Grouping, *, single: bool = False, dates: bool = False
) -> Histogram:
    """The histogram of numbers (n,), NaN where missing, between these edges; all others lie within them."""
    bars = len(edges) - 1
    places = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, bars - 1)
    places[np.isnan(numbers)] = -1
    return Histogram(
        *_counted(places, bars, by), edges=edges, single=single, dates=dates, means=_means(places, bars, by)
    )


def count_labels(codes: npt.NDArray[np.int64], labels: Sequence[str], by: Grouping, most: int) -> Histogram:
    """The histogram of `codes` (n,), places in `labels` or -1 for missing, the most frequent labels first.

    Those equally frequent stand in their order. Of more than `most` that occur, the last bar is that of all others.
    """
    places = np.asarray(codes, dtype=np.int64)
    counts = np.bincount(places[places >= 0], minlength=len(labels))
    order = [int(code) for code in np.argsort(-counts, kind="stable") if counts[code]]
    rest = len(order) - most + 1 if len(order) > most else 0
    bars = min(len(order), most)
    place = np.full(len(labels) + 1, -1, dtype=np.int64)
    place[order] = np.minimum(np.arange(len(order)), bars - 1)
    named = tuple(labels[code] for code in order[:bars])
    moved = place[places]
    return Histogram(*_counted(moved, bars, by), labels=named, rest=rest, means=_means(moved, bars, by))


def _counted(
    places: npt.NDArray[np.int64], bars: int, by: Grouping
) -> tuple[tuple[str, ...], Counts, Counts]:
    """The names of the groups, their rows by bar and those at no place (-1)."""
    groups = len(by.names)
    cells = by.codes * (bars + 1) + places + 1
    counts = np.bincount(cells, minlength=groups * (bars + 1)).reshape(groups, bars + 1).astype(np.int64)
    return by.names, counts[:, 1:], counts[:, 0]


def _means(places: npt.NDArray[np.int64], bars: int, by: Grouping) -> Floats | None:
    if by.target is None:
        return None
    known = ~np.isnan(by.target) & (places >= 0)
    at = places[known]
    with np.errstate(over="ignore"):
        sums: Floats = np.bincount(at, by.target[known], minlength=bars).astype(np.float64)
    counts = np.bincount(at, minlength=bars)
    means: Floats = np.full(bars, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means

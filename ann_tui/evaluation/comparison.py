"""Two networks on the same rows: is one better, by how much, and where do they differ?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.answers import Answers
from ann_tui.evaluation.bootstrap import Interval, accuracy_difference, r2_difference
from ann_tui.evaluation.metrics import PERCENT_METRICS, metric_text, regression_metrics
from ann_tui.figures import counted

FEWEST_ROWS = 10
"""On fewer rows, drawing them anew says too little."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Network B beside network A on the n rows that judged both.

    `metric` is accuracy or r2, of which `of_a` and `of_b` are the figures on these rows, None where one can't be
    computed, and `difference` is B's less A's as a 95 % interval of the paired bootstrap; None on fewer than 10 rows.
    `a` and `b` are their answers in the same order of rows and the same codes.
    """

    metric: str
    of_a: float | None
    of_b: float | None
    difference: Interval | None
    a: Answers
    b: Answers

    @property
    def rows(self) -> int:
        """How many rows judged both."""
        return len(self.a)

    @property
    def gain(self) -> float | None:
        """How much better B is: above 0 it is."""
        return None if self.of_a is None or self.of_b is None else self.of_b - self.of_a

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0, so that chance alone does not explain the difference."""
        return self.difference is not None and not self.difference.low <= 0 <= self.difference.high

    @property
    def only_a(self) -> NDArray[np.int64]:
        """Places of the rows that A gets right and B wrong; for numbers where A is nearer, the clearest first."""
        return self._only(self.a, self.b)

    @property
    def only_b(self) -> NDArray[np.int64]:
        """The same of B."""
        return self._only(self.b, self.a)

    @property
    def both(self) -> int:
        """How many rows of classes both get right."""
        return int(((self.a.given == self.a.actual) & (self.b.given == self.b.actual)).sum())

    def _only(self, one: Answers, other: Answers) -> NDArray[np.int64]:
        order = np.arange(len(one))
        if one.classes:
            found = (one.given == one.actual) & (other.given != other.actual)
        else:
            nearer = np.abs(other.given - other.actual) - np.abs(one.given - one.actual)
            order, found = np.argsort(-nearer, kind="stable"), nearer > 0
        places: NDArray[np.int64] = order[found[order]].astype(np.int64)
        return places


def compare(a: Answers, b: Answers) -> Comparison | None:
    """The comparison on the rows that both answered; None where there is no such row, or their targets differ."""
    if bool(a.classes) != bool(b.classes):
        return None
    _, in_a, in_b = np.intersect1d(a.lines, b.lines, return_indices=True)
    if not len(in_a):
        return None
    classes = tuple(dict.fromkeys((*a.classes, *b.classes)))
    a, b = a.at(in_a).coded_as(classes), b.at(in_b).coded_as(classes)
    if not _same(a.actual, b.actual):
        return None
    difference: Interval | None
    if classes:
        of_a, of_b = (float((each.given == each.actual).mean()) for each in (a, b))
        difference = accuracy_difference(a.actual, b.given, a.given)
        metric, figures = "accuracy", (of_a, of_b)
    else:
        metric = "r2"
        figures = _r2(a), _r2(b)  # type: ignore[assignment]
        difference = r2_difference(a.actual, b.given, a.given)
    return Comparison(metric, *figures, difference if len(a) >= FEWEST_ROWS else None, a, b)


def _r2(answers: Answers) -> float | None:
    return regression_metrics(answers.actual, answers.given)["r2"]


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))


def said(comparison: Comparison, name_a: str, name_b: str, rows: str) -> str:
    """Which of the two is better, by how much and how surely, in one sentence; `rows` is what they are called.

    "B is better by 1.2 points on 55 validation rows, 95 %: +0.3 … +2.1". The interval is that of the better one less
    the other. Where it holds 0, chance alone explains the difference.
    """
    gain, on = comparison.gain, f"on the {counted(comparison.rows, rows)} that judged both"
    if gain is None:
        return f"{on[:1].upper()}{on[1:]} no figure can be computed."
    if comparison.metric in PERCENT_METRICS:
        size, ends = f"{abs(gain) * 100:.1f} points", _ends(comparison, 100, 1)
    else:
        size, ends = f"{abs(gain):.3f} of R²", _ends(comparison, 1, 3)
    figures = f"{metric_text(comparison.metric, comparison.of_a)} and {metric_text(comparison.metric, comparison.of_b)}"
    if comparison.difference is None:
        return f"{name_a} and {name_b} have {figures} {on}: too few rows to tell which is better."
    better = name_b if gain > 0 else name_a
    if size.startswith(("0.0 ", "0.000 ")):
        return f"{name_a} and {name_b} are as good as each other {on} ({figures}; 95 %: {ends})."
    if not comparison.clear:
        return (
            f"No clear difference: {better} is ahead by {size} {on}, within the margin of chance "
            f"({figures}; 95 %: {ends})."
        )
    return f"{better} is better by {size} {on} ({figures}; 95 %: {ends})."


def _ends(comparison: Comparison, unit: float, digits: int) -> str:
    interval = comparison.difference
    if interval is None:
        return ""
    low, high = interval.low * unit, interval.high * unit
    if (comparison.gain or 0) < 0:
        low, high = -high, -low
    return f"{low:+.{digits}f} … {high:+.{digits}f}"

"""Figures of a cross-validation: a metric over the folds, a row that judged, one score beside another."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ann_tui.evaluation.bootstrap import Interval
from ann_tui.evaluation.metrics import LOWER_IS_BETTER, PERCENT_METRICS, UNIT_METRICS
from ann_tui.evaluation.resampled import Mean


@dataclass(frozen=True)
class Score:
    """One metric over the folds.

    `folds` has it by repeat and fold, in the mean over the seeds, None where it can't be told or was not run. `mean`
    and `std` are those of the known ones, `low` and `high` the corrected 95 % interval of the mean, kept to what the
    metric can be; each is None where there are too few.
    """

    metric: str
    folds: tuple[float | None, ...]
    mean: float | None = None
    std: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, eq=False)
class JudgedRow:
    """What the folds said of one row: of `answers` answers `wrong` ones, which are None for numbers.

    `position` is its place in the table. `actual` is the true class or number, `given` the answer: the class that was
    given most often, or the mean. `sureness` is the mean probability of the true class, or the mean of the errors'
    sizes.
    """

    position: int
    answers: int
    wrong: int | None
    actual: str | float
    given: str | float
    sureness: float


@dataclass(frozen=True)
class Paired:
    """Two experiments on the same folds: the first less the second, by the first metric.

    `difference` is that of pairs of the same repeat and fold, in the mean over the seeds; None without a pair.
    """

    metric: str
    first: float | None
    second: float | None
    difference: Mean | None
    pairs: int

    @property
    def gain(self) -> float | None:
        """How much better the first one is: above 0 it is."""
        if self.difference is None:
            return None
        return -self.difference.mean if self.metric in LOWER_IS_BETTER else self.difference.mean

    @property
    def clear(self) -> bool:
        """Whether the 95 % interval leaves out 0, so that chance alone does not explain the difference."""
        interval = None if self.difference is None else self.difference.interval
        return interval is not None and not interval.low <= 0 <= interval.high


def possible(metric: str, interval: Interval) -> tuple[float, float]:
    """The ends of an interval, within what a metric can be."""
    least = 0.0 if metric in PERCENT_METRICS or metric in LOWER_IS_BETTER else -math.inf
    least = {"matthews": -1.0, "roc_auc": 0.0, "average_precision": 0.0}.get(metric, least)
    most = 1.0 if metric in PERCENT_METRICS or metric in UNIT_METRICS else math.inf
    return max(interval.low, least), min(interval.high, most)

"""95 % intervals in one formula: cheap enough to be told after each epoch while a network trains."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.cells.magnitude import safe_unit
from ann_tui.evaluation.bootstrap import Interval

Z = 1.959964
"""The normal distribution has 95 % within so many standard deviations of its mean."""
FEWEST_NUMBERS = 10
"""With fewer rows the spread of single errors is not known well enough."""


def accuracy_interval(right: int, rows: int) -> Interval | None:
    """The Wilson score interval (Wilson 1927) of a share: `right` of `rows` answers; None without rows.

    It lies in 0..1 and is honest with few rows and at shares near 0 and 1, where a bootstrap gives an interval
    without width.
    """
    if not rows:
        return None
    share, spread = right / rows, Z * Z / rows
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(share * (1 - share) / rows + spread / (4 * rows))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def r2_interval(actual: NDArray[Any], predicted: NDArray[Any]) -> Interval | None:
    """The normal interval of R², by the delta method on the logarithm of 1 - R².

    Both arrays have shape (n,). The logarithm of squared error over variance has the standard error of the mean of
    e_i²/mean(e²) - d_i²/mean(d²), where e_i is an error and d_i the distance from the mean. None with fewer than 10
    rows, for rows that are all alike, and where each answer is exact.
    """
    if len(actual) < FEWEST_NUMBERS:
        return None
    unit = safe_unit(np.asarray(actual), np.asarray(predicted))
    true = np.asarray(actual, np.float64) / unit
    errors = np.square(np.asarray(predicted, np.float64) / unit - true)
    spread = np.square(true - true.mean())
    mean_error, variance = float(errors.mean()), float(spread.mean())
    if not (variance > 0 and 0 < mean_error < math.inf):
        return None
    deviation = float(np.std(errors / mean_error - spread / variance)) / math.sqrt(len(true))
    low, high = (1 - mean_error / variance * math.exp(sign * Z * deviation) for sign in (1, -1))
    return Interval(low, high)


def mean_interval(values: NDArray[Any]) -> Interval | None:
    """The normal interval of a mean, for values of shape (n,); None for none.

    Of the differences of two models row by row it says which one is better, as McNemar's test does for answers that
    are right (1) or wrong (0).
    """
    if not len(values):
        return None
    exact = np.asarray(values, np.float64)
    middle, half = float(exact.mean()), Z * float(exact.std()) / math.sqrt(len(exact))
    return Interval(middle - half, middle + half)

"""What scores of folds say of the mean: its interval, and whether one experiment is better than another.

Folds share training rows, so that their scores are not independent and their spread, taken as such, flatters. The
variance of the mean is corrected for that (Nadeau and Bengio 2003, "Inference for the generalization error").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ann_tui.evaluation.bootstrap import Interval

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Mean:
    """The mean of J scores of folds.

    `error` is its corrected standard error, and `interval` the 95 % interval by Student's t with J - 1 degrees of
    freedom; `spread` is the standard deviation of the scores (by J - 1). All are None for fewer than two scores.
    `probability` is that of a mean as far from 0 as this one where the true one is 0, in 0..1.
    """

    mean: float
    spread: float | None = None
    error: float | None = None
    interval: Interval | None = None
    probability: float | None = None


def corrected_mean(scores: Sequence[float], judged_share: float) -> Mean | None:
    """The mean of the scores of folds; None for no score.

    `judged_share` is the number of rows that judge in a fold over that of the rows that are trained on.
    """
    if not scores:
        return None
    mean, number = float(np.mean(scores)), len(scores)
    if number < 2:
        return Mean(mean)
    from scipy.stats import t

    spread = float(np.std(scores, ddof=1))
    error = spread * math.sqrt(1 / number + judged_share)
    reach = float(t.ppf((1 + CONFIDENCE) / 2, number - 1)) * error
    probability = float(2 * t.sf(abs(mean) / error, number - 1)) if error else float(mean == 0)
    return Mean(mean, spread, error, Interval(mean - reach, mean + reach), probability)

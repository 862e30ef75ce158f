"""Which trial of a sweep wins: the one with the lowest cost, where it is better than the choices as they are.

The best of many trials is partly the luckiest on the validation rows. It takes the place of the experiment as it is
only where it is better row by row, by so many standard errors of the mean difference that the luckiest of all trials
reaches them by chance in one sweep of twenty (Bonferroni), and by more than a hundredth of what a guess from the shares
of the classes (or the mean) costs, below which hardly an answer changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ann_tui.experiments.sweeps.trial import Trial

CHANCE = 0.05
LEAST = 0.01
"""A gain is worth something from this share of a guess's cost on."""


def is_better(trial: Trial, start: Trial, tried: int) -> bool:
    """Whether the best of `tried` trials gains, on the same validation rows, on the experiment as it is."""
    if trial.last is None or start.last is None:
        return False
    own, other = (
        np.frombuffer(each.last.row_costs, np.float32).astype(np.float64)
        for each in (trial, start)
        if each.last
    )
    if len(own) != len(other) or len(own) < 2:
        return trial.cost < start.cost
    gains = other - own
    # Of more rows than are kept the mean is known better than of these.
    error = float(np.std(gains, ddof=1)) / math.sqrt(max(trial.last.rows, len(gains)))
    return float(gains.mean()) > max(errors_wanted(tried) * error, LEAST)


def errors_wanted(tried: int) -> float:
    """How many standard errors the luckiest of so many trials that gain nothing exceeds with a chance of `CHANCE`."""
    return NormalDist().inv_cdf(1 - CHANCE / max(tried, 1))


def best_of(trials: Sequence[Trial]) -> Trial | None:
    """The trial that wins, of those that were trained to the end; None where none was."""
    finished = [trial for trial in trials if trial.fate == "finished"]
    best = min(finished, key=lambda trial: (trial.cost, trial.number), default=None)
    start = next((trial for trial in finished if trial.number == 0), None)
    others = sum(trial.number != 0 and trial.last is not None for trial in trials)
    if best is None or start is None or best is start or is_better(best, start, others):
        return best
    return start

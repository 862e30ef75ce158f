"""Which trial of a sweep wins: the one with the lowest cost, where it is better than the choices as they are.

The best of many trials is partly the luckiest on the validation rows. It takes the place of the experiment as it is
only where it is better row by row, by so many standard errors of the mean difference that the luckiest of all trials
reaches them by chance in one sweep of twenty (Bonferroni), and by more than a hundredth of what a guess from the shares
of the classes (or the mean) costs, below which hardly an answer changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ann_tui.experiments.sweeps.trial import Trial

CHANCE = 0.05
LEAST = 0.01
"""A gain is worth something from this share of a guess's cost on."""


@dataclass(frozen=True)
class Gain:
    """What a trial gains on the experiment as it is, by row, and more than what is `wanted` of the best of many.

    Both are shares of what a guess costs.
    """

    gained: float
    wanted: float


def gain_of(trial: Trial, start: Trial, tried: int) -> Gain | None:
    """The gain of the best of `tried` trials on the experiment as it is; None where not the same rows judged them."""
    if trial.last is None or start.last is None:
        return None
    own, other = (
        np.frombuffer(each.row_costs, np.float32).astype(np.float64) for each in (trial.last, start.last)
    )
    if len(own) != len(other) or len(own) < 2:
        return None
    gains = other - own
    # Of more rows than are kept the mean is known better than of these.
    error = float(np.std(gains, ddof=1)) / math.sqrt(max(trial.last.rows, len(gains)))
    return Gain(float(gains.mean()), max(errors_wanted(tried) * error, LEAST))


def is_better(trial: Trial, start: Trial, tried: int) -> bool:
    """Whether the best of `tried` trials gains, on the same rows, on the experiment as it is."""
    if trial.last is None or start.last is None:
        return False
    gain = gain_of(trial, start, tried)
    return trial.cost < start.cost if gain is None else gain.gained > gain.wanted


def errors_wanted(tried: int) -> float:
    """How many standard errors the luckiest of so many trials that gain nothing exceeds with a chance of `CHANCE`."""
    return NormalDist().inv_cdf(1 - CHANCE / max(tried, 1))


def best_of(trials: Sequence[Trial]) -> Trial | None:
    """The trial that wins, of those that were trained to the end; None where none was."""
    finished = [trial for trial in trials if trial.fate == "finished"]
    best = min(finished, key=lambda trial: (trial.cost, trial.number), default=None)
    start = next((trial for trial in finished if trial.number == 0), None)
    if best is None or start is None or best is start or is_better(best, start, others_of(trials)):
        return best
    return start


def others_of(trials: Sequence[Trial]) -> int:
    """How many trials are compared with the experiment as it is."""
    return sum(trial.number != 0 and trial.last is not None for trial in trials)

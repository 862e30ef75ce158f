"""Which trial of a sweep wins: the one with the lowest cost, where it is better than the choices as they are.

The best of many trials is partly the luckiest on the validation rows. It takes the place of the experiment as it is
only where it is better row by row, by more than one standard error of the mean difference, and by more than a hundredth
of what a guess from the shares of the classes (or the mean) costs, below which hardly an answer changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ann_tui.experiments.trial import Trial

LEAST = 0.01
"""A gain is worth something from this share of a guess's cost on."""


def is_better(trial: Trial, start: Trial) -> bool:
    """Whether a trial's gain over the experiment as it is, on the same validation rows, is more than chance."""
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
    return float(gains.mean()) > max(error, LEAST)


def best_of(trials: Sequence[Trial]) -> Trial | None:
    """The trial that wins, of those that were trained to the end; None where none was."""
    finished = [trial for trial in trials if trial.fate == "finished"]
    best = min(finished, key=lambda trial: (trial.cost, trial.number), default=None)
    start = next((trial for trial in finished if trial.number == 0), None)
    if best is None or start is None or best is start or is_better(best, start):
        return best
    return start

"""The best weights so far, and when to stop waiting for better ones."""

from __future__ import annotations

import math

from ann_tui.network.arrays import Array
from ann_tui.training.history import EpochRow
from ann_tui.training.plan import TrainingPlan


class Best:
    """Keeps the weights of the best epoch by what the plan monitors."""

    def __init__(self, weights: Array, statistics: Array, plan: TrainingPlan) -> None:
        """Before the first epoch, the best weights are the ones at the start."""
        self.plan = plan
        self.weights, self.statistics = weights.copy(), statistics.copy()
        self.epoch: int | None = None
        self.value = math.inf
        self.mark = math.inf
        self.waited = 0

    def consider(self, row: EpochRow, weights: Array, statistics: Array) -> None:
        """Keep the epoch's weights if they are the best, and count how long nothing has improved enough."""
        value = monitored(row, self.plan.monitor)
        if value < self.value:
            self.value, self.epoch = value, row.epoch
            self.weights[:], self.statistics[:] = weights, statistics
        if value < self.mark - self.plan.smallest_change:
            self.mark, self.waited = value, 0
        else:
            self.waited += 1

    @property
    def enough(self) -> bool:
        """Whether early stopping ends the training."""
        return self.plan.early_stopping and self.waited >= self.plan.patience


def monitored(row: EpochRow, monitor: str) -> float:
    """The figure of the row that the monitor looks at, turned so that less is better."""
    where, what = monitor.split()
    if where == "validation" and row.validation_cost is None:
        where = "training"
    value = float(getattr(row, f"{where}_{what}"))
    return value if what == "cost" else -value

"""Ending a training that gets no better."""

from __future__ import annotations

from ann_tui.training.history import EpochRow
from ann_tui.training.observer import Observer, View
from ann_tui.training.observers.patience import Patience
from ann_tui.training.plan import TrainingPlan


class EarlyStopping(Observer, Patience):
    """Has enough when the monitored figure has not improved for the plan's patience, if the plan stops early."""

    def __init__(self, plan: TrainingPlan) -> None:
        """Nothing has been seen yet."""
        super().__init__("early_stopping", plan)

    def epoch_ended(self, view: View, row: EpochRow) -> None:
        """Count."""
        self.look(row)

    def enough(self) -> str | None:
        """In words, where it is."""
        if not self.plan.early_stopping or self.waited < self.plan.patience:
            return None
        return f"stopped early: the {self.plan.monitor} got no better for {self.waited} epochs"

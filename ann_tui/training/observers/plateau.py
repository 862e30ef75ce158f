"""Halving the learning rate where the epochs bring nothing better."""

from __future__ import annotations

from ann_tui.training.history import EpochRow
from ann_tui.training.observer import Observer, Request, View
from ann_tui.training.observers.patience import Patience
from ann_tui.training.plan import TrainingPlan

FACTOR = 0.5


class Plateau(Observer, Patience):
    """For the schedule of that name: asks for half the rate each time the plateau patience has passed again."""

    begins_anew_with = (*Patience.begins_anew_with, "schedule")

    def __init__(self, plan: TrainingPlan) -> None:
        """Nothing has been seen yet."""
        super().__init__("plateau", plan)

    def epoch_ended(self, view: View, row: EpochRow) -> Request | None:
        """Count, and ask."""
        self.look(row)
        if not self.waited or self.waited % self.plan.plateau_patience:
            return None
        return Request(rate_factor=FACTOR, note="plateau: learning rate halved to {rate:g}")

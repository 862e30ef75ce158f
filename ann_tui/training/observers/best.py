"""The best weights so far."""

from __future__ import annotations

import math

from ann_tui.training.history import EpochRow
from ann_tui.training.monitors import MONITORS
from ann_tui.training.observer import Observer, View
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking, filling


class BestWeights(Observer, Part):
    """Keeps the weights of the first epoch with the best monitored figure; before any epoch, those at the start."""

    name = "best"
    begins_anew_with = ("monitor",)

    def __init__(self, view: View, plan: TrainingPlan) -> None:
        """`epoch` is None until one has ended."""
        self.plan, self._view = plan, view
        self.weights, self.statistics = (vector.copy() for vector in view.kept)
        self.epoch: int | None = None
        self.value = math.inf

    def begin_anew(self) -> None:
        """The weights as they are now are the ones to beat."""
        self.weights[:], self.statistics[:] = self._view.kept
        self.epoch, self.value = None, math.inf

    def epoch_ended(self, view: View, row: EpochRow) -> None:
        """Keep the epoch's weights if they are the best."""
        value = MONITORS[self.plan.monitor].figure(row)
        if value < self.value:
            self.value, self.epoch = value, row.epoch
            self.weights[:], self.statistics[:] = view.kept

    def state(self) -> State:
        """The weights, their epoch (0 for none) and its figure."""
        return {
            "weights": self.weights,
            "statistics": self.statistics,
            "epoch": self.epoch or 0,
            "value": self.value,
        }

    def check(self, found: Section) -> Taking:
        """Take all of it."""
        fill = filling(found, {"weights": self.weights, "statistics": self.statistics})
        epoch, value = found.count("epoch"), found.number("value")

        def taking() -> None:
            fill()
            self.epoch, self.value = epoch or None, value

        return taking

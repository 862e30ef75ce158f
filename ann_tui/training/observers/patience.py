"""Counting for how long nothing has got better."""

from __future__ import annotations

import math

from ann_tui.training.history import EpochRow
from ann_tui.training.monitors import MONITORS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking


class Patience(Part):
    """`waited` counts the epochs since the monitored figure last got better by more than the smallest change."""

    begins_anew_with: tuple[str, ...] = ("monitor",)

    def __init__(self, name: str, plan: TrainingPlan) -> None:
        """Nothing has been seen yet."""
        self.name, self.plan = name, plan
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what was seen."""
        self.mark, self.waited = math.inf, 0

    def look(self, row: EpochRow) -> None:
        """Compare the epoch with the best that counted."""
        value = MONITORS[self.plan.monitor].figure(row)
        if value < self.mark - self.plan.smallest_change:
            self.mark, self.waited = value, 0
        else:
            self.waited += 1

    def state(self) -> State:
        """The figure to beat, and the epochs waited."""
        return {"mark": self.mark, "waited": self.waited}

    def check(self, found: Section) -> Taking:
        """Take both."""
        mark, waited = found.number("mark"), found.count("waited")

        def taking() -> None:
            self.mark, self.waited = mark, waited

        return taking

"""Counting for how long nothing has got better."""

from __future__ import annotations

import math
from typing import ClassVar

from ann_tui.training.history import EpochRow
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking


def monitored(row: EpochRow, monitor: str) -> float:
    """The figure of the row that the plan's monitor looks at, turned so that less is better.

    Where there are no validation rows the training figure stands in.
    """
    where, what = monitor.split()
    if where == "validation" and row.validation_cost is None:
        where = "training"
    value = float(getattr(row, f"{where}_{what}"))
    return value if what == "cost" else -value


class Patience(Part):
    """`waited` counts the epochs since the monitored figure last got better by more than the smallest change."""

    begins_anew_with: ClassVar[tuple[str, ...]] = ("monitor",)

    def __init__(self, name: str, plan: TrainingPlan) -> None:
        """Nothing has been seen yet."""
        self.name, self.plan = name, plan
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what was seen."""
        self.mark, self.waited = math.inf, 0

    def look(self, row: EpochRow) -> None:
        """Compare the epoch with the best that counted."""
        value = monitored(row, self.plan.monitor)
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

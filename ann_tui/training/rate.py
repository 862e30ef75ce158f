"""The learning rate as a function of the step: a base, which may be steered, times the plan's schedule."""

from __future__ import annotations

import numpy as np

from ann_tui.training.plan import TrainingPlan
from ann_tui.training.schedules import SCHEDULES, constant, with_warm_up
from ann_tui.training.state import Part, Section, State, Taking


class LearningRate(Part):
    """`base` is the rate where the schedule's factor is 1."""

    name = "rate"
    begins_anew_with = ("learning_rate",)

    def __init__(self, plan: TrainingPlan, batches: int) -> None:
        """The plan's rate, over epochs of `batches` batches."""
        self.plan, self.batches = plan, batches
        self._factor = with_warm_up(SCHEDULES[plan.schedule].factor, plan.warm_up)
        self.begin_anew()

    def begin_anew(self) -> None:
        """The plan's own rate."""
        self.base = self.plan.learning_rate

    def at(self, epoch: int, batch: int) -> float:
        """The rate of a batch, counted from 0 within its epoch, which is counted from 0 too."""
        return self.base * self._factor((epoch + batch / self.batches) / self.plan.epochs)

    def of_batches(self, epoch: int, first: int, count: int) -> list[float]:
        """The rates of some batches of an epoch."""
        if self._factor is constant:
            return [self.base] * count
        return [self.at(epoch, batch) for batch in range(first, first + count)]

    def set_to(self, rate: float, epoch: int, batch: int) -> None:
        """Steer so that the highest rate from this batch on is `rate`; where nothing is left, the base is."""
        now = (epoch + batch / self.batches) / self.plan.epochs
        top = max(self._factor(float(share)) for share in np.linspace(min(now, 1.0), 1.0, 101))
        self.base = rate / top if top > 0 else rate

    def state(self) -> State:
        """The base."""
        return {"base": self.base}

    def check(self, found: Section) -> Taking:
        """Take it."""
        base = found.number("base")
        if not 0 <= base < np.inf:
            raise found.refuse("base", f"is {base:g}: it must be a number, 0 or more")

        def taking() -> None:
            self.base = base

        return taking

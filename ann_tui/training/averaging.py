"""Averaged weights: a running mean of where the training has been is often better than where it is."""

from __future__ import annotations

import numpy as np

from ann_tui.network.arrays import Array, constant
from ann_tui.network.network import Network
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking, filling
from ann_tui.training.step import Step

LAST_SHARE = 0.25
"""The share of the epochs whose weights SWA averages."""


class Averages(Part):
    """The weights and statistics that are measured and kept: averaged ones, or the network's own."""

    name = "average"

    def __init__(self, network: Network, plan: TrainingPlan) -> None:
        """The averages start as the network's own weights."""
        self.plan, self.network = plan, network
        self.active = plan.average != "none"
        self.weights: Array = network.weights.copy() if self.active else network.weights
        self.statistics: Array = network.statistics.copy() if self.active else network.statistics
        self.count = 0

    def state(self) -> State:
        """The averages, where there are any, and how many epochs SWA has taken in."""
        return {**self._vectors(), "count": self.count}

    def _vectors(self) -> dict[str, Array]:
        return {"weights": self.weights, "statistics": self.statistics} if self.active else {}

    def check(self, found: Section) -> Taking:
        """Take all of it."""
        fill, count = filling(found, self._vectors()), found.count("count")

        def taking() -> None:
            fill()
            self.count = count

        return taking

    def follow(self, step: Step) -> Step:
        """The step, after which the EMA follows the weights; it follows faster while it is young."""
        if self.plan.average != "ema":
            return step
        difference = np.empty_like(self.weights)
        share = constant(0.0, self.weights)

        def followed(rate: float, count: int) -> None:
            step(rate, count)
            share[()] = 1 - min(self.plan.ema_decay, count / (count + 9))
            np.subtract(self.network.weights, self.weights, difference)
            np.multiply(difference, share, difference)
            np.add(self.weights, difference, self.weights)

        return followed

    def end_epoch(self, epoch: int) -> None:
        """Take the epoch's weights into the SWA mean, and what batch norm measures into any mean."""
        if self.plan.average == "swa":
            late = epoch > (1 - LAST_SHARE) * self.plan.epochs
            self.count += late
            share = constant(1 / max(self.count, 1), self.weights)
            self.weights += share * (self.network.weights - self.weights)
            self.statistics += share * (self.network.statistics - self.statistics)
        elif self.active:
            self.statistics[:] = self.network.statistics

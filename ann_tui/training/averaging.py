"""Averaged weights: a running mean of where the training has been is often better than where it is."""

from __future__ import annotations

from ann_tui.network.arrays import Array, constant
from ann_tui.network.network import Network
from ann_tui.training.averages import AVERAGES
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking, filling
from ann_tui.training.step import WHOLE, Step


class Averages(Part):
    """The weights and statistics that are measured and kept: averaged ones, or the network's own.

    Where the optimizer averages by itself, nothing else does, and its mean begins with it.
    """

    name = "average"

    def __init__(self, network: Network, plan: TrainingPlan) -> None:
        """The averages start as the network's own weights."""
        self.plan, self.network = plan, network
        own = OPTIMIZERS[plan.optimizer].averages
        self.kind = AVERAGES["none" if own else plan.average]
        self.active = own or self.kind.each_batch is not None or self.kind.each_epoch is not None
        self.begins_anew_with = ("optimizer",) if own else ()
        self.weights: Array = network.weights.copy() if self.active else network.weights
        self.statistics: Array = network.statistics.copy() if self.active else network.statistics
        self.count = 0

    def begin_anew(self) -> None:
        """Begin with the weights and statistics as they are now."""
        self.weights[:], self.statistics[:] = self.network.weights, self.network.statistics
        self.count = 0

    def state(self) -> State:
        """The averages, where there are any, and how many epochs a mean over epochs has taken in."""
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

    def follow(self, step: Step, place: slice = WHOLE) -> Step:
        """The step, after which the mean of the weights at this place follows them where it does so by batches."""
        if self.kind.each_batch is None:
            return step
        follow = self.kind.each_batch(self.weights[place], self.network.weights[place], self.plan)

        def followed(rate: float, count: int) -> None:
            step(rate, count)
            follow(count)

        return followed

    def end_epoch(self, epoch: int) -> None:
        """Take the epoch's weights into a mean over epochs, and what batch norm measures into any mean."""
        if self.kind.each_epoch is not None:
            self.count += self.kind.each_epoch(epoch, self.plan)
            share = constant(1 / max(self.count, 1), self.weights)
            self.weights += share * (self.network.weights - self.weights)
            self.statistics += share * (self.network.statistics - self.statistics)
        elif self.active:
            self.statistics[:] = self.network.statistics

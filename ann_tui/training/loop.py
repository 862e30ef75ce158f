"""The loop over batches: what a step changes, where it stands, and one epoch of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.training.averaging import Averages
from ann_tui.training.batch_costs import BatchCosts
from ann_tui.training.batches import Batches, count_batches
from ann_tui.training.binding import bind_training
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.gradient_probe import GradientProbe
from ann_tui.training.helper import Helper
from ann_tui.training.observer import Request, View
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.position import Position
from ann_tui.training.rate import LearningRate
from ann_tui.training.state import Part, Section, State, Taking, filling
from ann_tui.training.step import Step


@dataclass
class Bound:
    """What one run needs: the batches, the step after each, and what it asks between them.

    `attend` does what the control asks for, and says whether to go on; `replay` does what is to be done again before
    this batch, and says the same; `next_batch` is before which later batch of the epoch that is due again. `progressed`
    is told now and then that batches are done.
    """

    batches: Batches
    step: Step
    control: TrainingControl
    attend: Callable[[], bool]
    replay: Callable[[], bool]
    next_batch: Callable[[], int | None]
    progressed: Callable[[], None]


class Weights(Part):
    """What the network learns and measures, as the newest step left it."""

    name = "network"

    def __init__(self, weights: Array, statistics: Array) -> None:
        """These vectors."""
        self.vectors = {"weights": weights, "statistics": statistics}

    def state(self) -> State:
        """Both vectors."""
        return dict(self.vectors)

    def check(self, found: Section) -> Taking:
        """Take both."""
        return filling(found, self.vectors)


class Memory(Part):
    """What the optimizer remembers: its `moments`, and how many steps they come from."""

    name = "optimizer"
    begins_anew_with = ("optimizer",)

    def __init__(self, network: Network, plan: TrainingPlan) -> None:
        """Nothing yet."""
        shape = OPTIMIZERS[plan.optimizer].moments, network.weights.size
        self.moments: Array = np.zeros(shape, network.dtype)
        self.count = 0

    def begin_anew(self) -> None:
        """Forget."""
        self.moments[...] = 0.0
        self.count = 0

    def state(self) -> State:
        """Both."""
        return {"moments": self.moments, "count": self.count}

    def check(self, found: Section) -> Taking:
        """Take both."""
        fill, count = filling(found, {"moments": self.moments}), found.count("count")

        def taking() -> None:
            fill()
            self.count = count

        return taking


def batch_rows(plan: TrainingPlan, rows: int) -> int:
    """How many of so many rows a batch holds by a plan."""
    return rows if OPTIMIZERS[plan.optimizer].whole else min(plan.batch, rows)


class Loop:
    """Trains one network on one set of rows, epoch by epoch."""

    def __init__(self, network: Network, examples: Examples, plan: TrainingPlan) -> None:
        """Room for all that a training changes; the rows are as `checked` gives them."""
        self.network, self.examples, self.plan = network, examples, plan
        rows = len(examples)
        self.batch = batch_rows(plan, rows)
        self.batches = count_batches(rows, self.batch, mixes_rows=network.mixes_rows)
        self.position = Position(plan, rows, self.batches)
        self.rate = LearningRate(plan, self.batches)
        self.memory = Memory(network, plan)
        self.averages = Averages(network, plan)
        self.costs = BatchCosts(rows, self.batch, self.batches)
        self.probe = GradientProbe(network, plan)
        kept = self.averages.weights, self.averages.statistics
        self._moving = [network.weights, network.statistics, self.memory.moments]
        self._moving += kept if self.averages.active else ()
        self.view = View(self._moving, kept)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What has a state of its own."""
        weights = Weights(self.network.weights, self.network.statistics)
        return weights, self.position, self.rate, self.memory, self.averages, self.costs

    def bind(
        self,
        control: TrainingControl,
        helper: Helper,
        attend: Callable[[], bool],
        replay: Callable[[], bool],
        next_batch: Callable[[], int | None],
        progressed: Callable[[], None],
    ) -> Bound:
        """The batches and the step for one run."""
        batches, step = bind_training(
            self.network, self.examples, self.plan, self.batch, self.memory.moments, self.averages,
            self.position.generators, self.probe, helper,
        )  # fmt: skip
        return Bound(batches, step, control, attend, replay, next_batch, progressed)

    @property
    def current_rate(self) -> float:
        """The learning rate of the next batch."""
        return self.rate.at(self.position.epoch, self.position.done)

    def begin_epoch(self) -> None:
        """Draw the order of the rows."""
        self.position.begin_epoch()

    def train_epoch(self, bound: Bound) -> bool:
        """Train on the epoch's remaining batches; False where the training shall end before that."""
        position, memory, batches, control = self.position, self.memory, bound.batches, bound.control
        self.probe.due = memory.count - position.done + self.batches
        while position.done < self.batches:
            begin = position.done - position.done % batches.count
            loaded = batches.load(position.order, begin)
            done = position.done - begin
            while done < loaded:
                if (control.attention and not bound.attend()) or not bound.replay():
                    return False
                stop, alone = bound.next_batch(), control.one_batch
                end = loaded if stop is None else min(loaded, stop - begin)
                end = done + 1 if alone else end
                rates = self.rate.of_batches(position.epoch, begin, end)
                first, done = done, batches.train(done, rates, memory.count, bound.step, control)
                if done > first:
                    self.costs.figures[:, begin + first : begin + done] = batches.results(first, done)
                    memory.count += done - first
                    position.done = begin + done
                    if alone:
                        control.pause()
            bound.progressed()
        position.end_epoch()
        return True

    def epoch_costs(self) -> tuple[float, float]:
        """The mean cost of the epoch's first batch, and of all its rows."""
        costs = self.costs.figures[0]
        return float(costs[0]) / float(self.costs.sizes[0]), float(np.add.reduce(costs)) / len(self.examples)

    def count_epoch(self) -> None:
        """The epoch counts: averages take it in."""
        self.position.epoch += 1
        self.position.attempt = 0
        self.averages.end_epoch(self.position.epoch)
        self.costs.end_epoch()

    def go_back(self, request: Request) -> None:
        """Stand again where the vectors of the request were."""
        assert request.go_back is not None
        for own, vector in zip(self._moving, request.go_back, strict=True):
            np.copyto(own, vector)
        self.memory.count = request.count
        self.position.attempt += 1

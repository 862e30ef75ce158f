"""An epoch in large batches: two threads share the rows of each, and their gradients are added up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network, Passes
from ann_tui.training.batches import Batches
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.helper import Helper, Job, Pair
from ann_tui.training.step import Step

PART_ROWS = 512
"""A thread works on so many rows at a time: their matrices stay in its cache."""

SUMMED_ROWS = 16_384
"""Costs and metrics are worked out for so many rows at a time."""

SHARED_WEIGHTS = 65_536
"""From so many weights the threads share the optimizer's step too."""

SHARED_WORK = 8e6
"""From so many weights times rows in a batch, two threads are worth their meeting."""


def is_large(network: Network, batch: int) -> bool:
    """Whether a batch is worth sharing, and may be split at all."""
    if network.mixes_rows or batch < 2:
        return False
    return batch > 2 * PART_ROWS or batch * network.weights.size >= SHARED_WORK


class Share:
    """One thread's half of a batch: its own passes, arrays and gradient; it only reads the weights."""

    def __init__(self, network: Network, generator: np.random.Generator) -> None:
        """No passes yet: they are bound when their number of rows is first met."""
        self.network, self.generator = network, generator
        self.gradient = np.zeros(network.weights.size, network.dtype)
        self.part_gradient = np.empty_like(self.gradient)
        self._bound: dict[tuple[int, bool], tuple[Array, Array, Passes]] = {}

    def work(self, x: Array, order: Array | None, scores: Array, targets: Array, scale: Array) -> None:
        """The gradient of the rows of `order` (None: all), and their scores.

        They are taken part by part, so that a part's matrices stay in the cache.
        """
        count = scores.shape[-1]
        if count == 0:
            self.gradient[:] = 0.0
        for start in range(0, count, PART_ROWS):
            place = slice(start, min(start + PART_ROWS, count))
            gathered, inputs, passes = self._bind(place.stop - start, first=start == 0)
            rows = x[place] if order is None else x.take(order[place], 0, gathered, "clip")
            if rows is not inputs:
                self.network.put_inputs(rows, inputs)
            a = inputs.T
            for forward in passes.forwards:
                a = forward(a)
            scores[..., place] = a
            part_scale = scale if scale.size == 1 else scale[:, place]
            delta = passes.cost_gradient(a, targets[:, place], part_scale)
            for backward in passes.backwards:
                delta = backward(delta)
            if start:
                np.add(self.gradient, self.part_gradient, self.gradient)

    def _bind(self, rows: int, first: bool) -> tuple[Array, Array, Passes]:
        """Room and passes for a part; the first part's gradient needs no adding."""
        if (rows, first) not in self._bound:
            network = self.network
            inputs = network.input_columns(rows)
            wider = inputs.shape[1] > network.features
            gathered = np.empty((rows, network.features), network.dtype) if wider else inputs
            passes = network.bind(rows, self.gradient if first else self.part_gradient, self.generator)
            self._bound[rows, first] = gathered, inputs, passes
        return self._bound[rows, first]


class SharedBatches(Batches):
    """Batches of which each is shared between two threads; always in the same halves, whoever computes them."""

    def __init__(
        self,
        network: Network,
        examples: Examples,
        batch: int,
        gradient: Array,
        generators: Sequence[np.random.Generator],
        helper: Helper,
    ) -> None:
        """Room for one batch; `generators` are the two shares' sources of chance."""
        super().__init__(network, examples, batch, 1)
        factor = network.cost.factor
        self.even_scale = {
            rows: np.full((1, 1), factor / rows, network.dtype)
            for rows in (batch, self.rows % batch or batch)
        }
        self.scores = network.score_room(self.room)
        self.gradient = gradient
        self.order: Array | None = None
        self.shares = [Share(network, generator) for generator in generators]
        self.pair = Pair(helper, self._half(0), self._half(1))

    def load(self, order: Array, first: int) -> int:
        """Take the next batch; its rows are gathered when it is their part's turn.

        A batch of all rows stays loaded, in the order of the data.
        """
        whole = self.total == 1
        if not (whole and self.loaded):
            super().load(order, first)
        self.order = None if whole else order[first * self.batch : first * self.batch + self.loaded]
        return 1

    def train(self, first: int, rates: list[float], count: int, step: Step, control: TrainingControl) -> int:
        """One batch: both halves' gradients, their sum, a step."""
        if control.attention:
            return first
        self.fill_gradient()
        step(rates[first], count + 1)
        return first + 1

    def fill_gradient(self) -> None:
        """The loaded batch's gradient with the weights as they are."""
        self.pair.do()
        np.add(self.shares[0].gradient, self.shares[1].gradient, self.gradient)

    def _half(self, number: int) -> Job:
        """One thread's half of whatever batch is loaded."""
        share = self.shares[number]

        def work() -> None:
            middle = self.loaded // 2
            half = slice(middle, self.loaded) if number else slice(0, middle)
            scale = self.even_scale[self.loaded] if self.weight is None else self.scale[:, half]
            x, order = self.examples.x, self.order
            x, order = (x[half], None) if order is None else (x, order[half])
            share.work(x, order, self.scores[..., half], self.targets[:, half], scale)

        return work

    def results(self, first: int, last: int) -> Array:
        """The batch's sums, over rows enough to be worth a call and few enough to need little room."""
        total = np.zeros((2, 1))
        for start in range(0, self.loaded, SUMMED_ROWS):
            place = slice(start, min(start + SUMMED_ROWS, self.loaded))
            total[:, 0] += self.figures(self.scores[..., place], place).sum(axis=1)
        return total

    def mean_cost(self) -> float:
        """The loaded batch's cost at the weights of the last `fill_gradient`."""
        return float(self.results(0, 1)[0, 0]) / self.loaded


def share_step(steps: Sequence[Step], helper: Helper) -> Step:
    """A step of the whole vectors from the steps of their halves."""
    now: tuple[float, int] = (0.0, 0)
    pair = Pair(helper, lambda: steps[0](*now), lambda: steps[1](*now))

    def step(rate: float, count: int) -> None:
        nonlocal now
        now = (rate, count)
        pair.do()

    return step

"""An epoch in large batches: two threads share the rows of each, and their gradients are added up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network, Passes
from ann_tui.training.batches import Batches
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.helper import Helper, Pair
from ann_tui.training.shared_step import Run, SharedStep
from ann_tui.training.step import Step

PART_ROWS = 512
"""A thread works on so many rows at a time: their matrices stay in its cache."""

SUMMED_ROWS = 16_384
"""Costs and metrics are worked out for so many rows at a time."""

SHARED_WEIGHTS = 65_536
"""From so many weights the threads share the optimizer's step too."""

CHUNK_ROWS = 4096
"""The costs of batches of so many rows together are worked out at once."""

CHUNK_WORK = 1e9
"""So many weights times rows, at most, are trained on between two looks at their costs: some 50 ms."""

RUN_BATCHES = 8
"""So many batches two threads train on before the one is done with the other: a start costs a tenth of a batch."""

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
        """Room for one chunk; `generators` are the two shares' sources of chance."""
        count = min(CHUNK_ROWS // batch, int(CHUNK_WORK / (batch * max(1, network.weights.size))))
        super().__init__(network, examples, batch, max(1, count))
        factor = network.cost.factor
        self.even_scale = {
            rows: np.full((1, 1), factor / rows, network.dtype)
            for rows in (batch, self.rows % batch or batch)
        }
        self.scores = network.score_room(self.room)
        self.gradient = gradient
        self.order: Array | None = None
        first, second = (Share(network, generator) for generator in generators)
        self.shares, self.gradients = (first, second), (first.gradient, second.gradient)
        self.number = 0
        self.pair = Pair(helper, lambda: self._work(0, self.number), lambda: self._work(1, self.number))
        self.run: Run
        self.runs = Pair(
            helper, lambda: self.run.share(0), lambda: self.run.share(1), lambda: self.run.in_turn()
        )

    def load(self, order: Array, first: int) -> int:
        """Take the next batches; their rows are gathered when it is their part's turn.

        A batch of all rows stays loaded, in the order of the data.
        """
        whole = self.total == 1
        if whole and self.loaded:
            return 1
        batches = super().load(order, first)
        begin = first * self.batch
        self.order = None if whole else order[begin : begin + self.loaded]
        return batches

    def train(self, first: int, rates: list[float], count: int, step: Step, control: TrainingControl) -> int:
        """One batch after the other: both halves' gradients, their sum, a step."""
        number = first
        while number < len(rates) and not control.attention:
            if isinstance(step, SharedStep):
                take = partial(self._take_step, step, rates, count - first)
                self.run = Run(self._work, take, number, min(number + RUN_BATCHES, len(rates)), control)
                self.runs.do(self.run.last - number)
                number = self.run.done
            else:
                self.number = number
                self.fill_gradient()
                number += 1
                step(rates[number - 1], count - first + number)
        return number

    def fill_gradient(self) -> None:
        """The gradient of the loaded batch whose turn it is, with the weights as they are."""
        self.pair.do()
        np.add(*self.gradients, self.gradient)

    def _work(self, half: int, number: int) -> None:
        """One half of a loaded batch."""
        begin, end = number * self.batch, min((number + 1) * self.batch, self.loaded)
        middle = begin + (end - begin) // 2
        place = slice(middle, end) if half else slice(begin, middle)
        scale = self.even_scale[end - begin] if self.weight is None else self.scale[:, place]
        x, order = self.examples.x, self.order
        x, order = (x[place], None) if order is None else (x, order[place])
        self.shares[half].work(x, order, self.scores[..., place], self.targets[:, place], scale)

    def _take_step(self, step: SharedStep, rates: list[float], before: int, half: int, number: int) -> None:
        """One half of the weights' step after a loaded batch, along the sum of the two gradients."""
        place = step.places[half]
        np.add(self.gradients[0][place], self.gradients[1][place], self.gradient[place])
        step.halves[half](rates[number], before + number + 1)

    def results(self, first: int, last: int) -> Array:
        """Each batch's sums, over rows enough to be worth a call and few enough to need little room."""
        total = np.zeros((2, last - first))
        end = min(last * self.batch, self.loaded)
        for start in range(first * self.batch, end, SUMMED_ROWS):
            place = slice(start, min(start + SUMMED_ROWS, end))
            figures = self.figures(self.scores[..., place], place)
            for number, row in enumerate(range(0, figures.shape[1], self.batch)):
                total[:, number] += figures[:, row : row + self.batch].sum(axis=1)
        return total

    def mean_cost(self) -> float:
        """The loaded batch's cost at the weights of the last `fill_gradient`."""
        return float(self.results(0, 1)[0, 0]) / self.loaded

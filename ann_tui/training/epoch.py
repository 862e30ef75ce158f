"""An epoch in small batches: every row once, batch by batch, from the matrix to the updated weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ann_tui.network.arrays import Array, constant
from ann_tui.network.costs import Gradient
from ann_tui.network.layers.layer import Backward, Forward
from ann_tui.network.network import Network, Passes
from ann_tui.training.batches import Batches
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.step import Step

CHUNK_BYTES = 1 << 20
"""So much of the shuffled matrix is gathered at once: enough to be worth a call, little enough for the cache."""


class Slot(NamedTuple):
    """One batch's place in a chunk: its passes, its views of the chunk's matrices (a column an example), and its z."""

    forwards: list[Forward]
    score: Forward
    cost_gradient: Gradient
    backwards: list[Backward]
    inputs: Array
    z: Array
    targets: Array
    scale: Array


class SmallBatches(Batches):
    """Batches that are gathered many at a time, and trained on one after the other by one thread."""

    def __init__(
        self,
        network: Network,
        examples: Examples,
        batch: int,
        gradient: Array,
        generator: np.random.Generator,
    ) -> None:
        """Bind the network's passes to the batch size, and each batch of a chunk to its place."""
        row_bytes = network.inputs * network.dtype.itemsize
        super().__init__(network, examples, batch, max(1, CHUNK_BYTES // (batch * row_bytes)))
        self.inputs = network.input_columns(self.room)
        wider = self.inputs.shape[1] > network.features
        self.gathered = np.empty((self.room, network.features), network.dtype) if wider else self.inputs

        passes = network.bind(batch, gradient, generator)
        last_passes = passes if self.last == batch else network.bind(self.last, gradient, generator)
        self.slots = [self._slot(passes, start, batch) for start in range(0, self.room - batch + 1, batch)]
        last = self._slot(last_passes, self.before_last * batch, self.last)
        self.last_slots = [*self.slots[: self.before_last], last]
        self.starts = np.arange(0, self.room, batch)

    def _slot(self, passes: Passes, start: int, rows: int) -> Slot:
        place = slice(start, start + rows)
        scale = (
            constant(self.network.cost.factor / rows, self.scale)
            if self.weight is None
            else self.scale[:, place]
        )
        *forwards, score = passes.forwards
        z, inputs, targets = self.network.score_room(rows), self.inputs[place].T, self.targets[:, place]
        return Slot(forwards, score, passes.cost_gradient, passes.backwards, inputs, z, targets, scale)

    def load(self, order: Array, first: int) -> int:
        """Gather the next chunk's rows."""
        batches = super().load(order, first)
        chosen = order[first * self.batch : first * self.batch + self.loaded]
        self.examples.x.take(chosen, 0, self.gathered[: self.loaded], "clip")
        if self.gathered is not self.inputs:
            self.network.put_inputs(self.gathered[: self.loaded], self.inputs[: self.loaded])
        self.now = self.last_slots if first + batches == self.total else self.slots
        return batches

    def train(self, first: int, rates: list[float], count: int, step: Step, control: TrainingControl) -> int:
        """One batch after the other: forward, cost, backward, step."""
        before = count
        for slot, rate in zip(self.now[first : len(rates)], rates[first:], strict=True):
            if control.attention:
                break
            forwards, score, cost_gradient, backwards, a, z, targets, scale = slot
            for forward in forwards:
                a = forward(a)
            score(a, z)
            delta = cost_gradient(z, targets, scale)
            for backward in backwards:
                delta = backward(delta)
            count += 1
            step(rate, count)
        return first + count - before

    def results(self, first: int, last: int) -> Array:
        """Each batch's sums, from what its forward pass left."""
        scores = np.concatenate([slot.z for slot in self.now[first:last]], axis=-1)
        begin = first * self.batch
        figures = self.figures(scores, slice(begin, begin + scores.shape[-1]))
        found: Array = np.add.reduceat(figures, self.starts[: last - first], axis=1)
        return found

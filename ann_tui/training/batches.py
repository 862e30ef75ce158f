"""What every kind of batches has: targets before, costs and metrics after."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.step import Step


def count_batches(rows: int, batch: int, *, mixes_rows: bool) -> int:
    """How many batches of `batch` rows an epoch of `rows` has; the last one takes what is left over.

    Where an example's output depends on its batch, a rest too small to stand for the rows joins the batch before it.
    """
    whole, rest = divmod(rows, batch)
    joins = mixes_rows and whole > 0 and (rest == 1 or 2 * rest < batch)
    return whole if joins or not rest else whole + 1


class Batches(ABC):
    """The batches of an epoch, trained in chunks of `count`; the epoch's last batch has `last` rows.

    Everything is allocated once, for one chunk: the training rows are never copied as a whole.
    """

    def __init__(self, network: Network, examples: Examples, batch: int, count: int) -> None:
        """Room for `count` batches of `batch` rows."""
        self.network, self.examples, self.batch = network, examples, batch
        self.rows = len(examples)
        self.total = count_batches(self.rows, batch, mixes_rows=network.mixes_rows)
        self.last = self.rows - (self.total - 1) * batch
        self.count = min(count, self.total)
        self.before_last = (self.total - 1) % self.count
        whole_chunk = self.count * batch if self.total > self.count else 0
        self.room = max(whole_chunk, self.before_last * batch + self.last)
        self.y = np.empty(self.room, examples.y.dtype)
        self.weight = None if examples.weight is None else np.empty(self.room, network.dtype)
        self.targets = np.empty((network.outputs.units, self.room), network.dtype)
        self.scale = np.empty((1, 0 if self.weight is None else self.room), network.dtype)
        self.loaded = 0

    def load(self, order: Array, first: int) -> int:
        """Take the next chunk, from the epoch's batch number `first` on; gives how many batches it has."""
        batches = min(self.count, self.total - first)
        is_last = first + batches == self.total
        chosen = order[first * self.batch : None if is_last else (first + batches) * self.batch]
        self.loaded = rows = len(chosen)
        y, weight = self.y[:rows], self.examples.weight
        self.examples.y.take(chosen, 0, y, "clip")
        self.targets[:, :rows] = self.network.cost.targets(y)
        if weight is not None and self.weight is not None:
            weight.take(chosen, 0, self.weight[:rows], "clip")
            # The weights' mean over all rows is 1, so a batch's cost is Σ weight · cost / rows.
            whole = rows - self.last if is_last else rows
            factor = self.network.cost.factor
            np.multiply(self.weight[:whole], factor / self.batch, self.scale[0, :whole])
            np.multiply(self.weight[whole:rows], factor / self.last, self.scale[0, whole:rows])
        return batches

    @abstractmethod
    def train(self, first: int, rates: list[float], count: int, step: Step, control: TrainingControl) -> int:
        """Train on the loaded batches from number `first` on, up to as many as there are `rates`, one for each.

        `count` batches were trained on before. Gives the number of the first batch left over: it ends at once
        where the control asks for attention.
        """

    @abstractmethod
    def results(self, first: int, last: int) -> Array:
        """Of each batch from `first` to before `last`: its summed costs and its summed merits, (2, batches)."""

    def figures(self, scores: Array, place: slice) -> Array:
        """The cost and the merit of each of the loaded rows at `place`, (2, rows), float64.

        `scores` are as `Network.score_room` has them; several members are measured by what they answer together.
        """
        cost, scores = self.network.cost, self.network.joint(scores)
        found = np.empty((2, scores.shape[1]))
        found[0] = cost.values(scores, self.targets[:, place])
        found[1] = cost.merits(scores, self.y[place])
        if self.weight is not None:
            found[0] *= self.weight[place]
        return found

"""What each batch cost."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.training.state import Part, Section, State, Taking

SHOWN_COSTS = 240
"""How many of the newest batches' costs are remembered across epochs."""


class BatchCosts(Part):
    """`figures` (2, batches) holds each batch's summed costs and summed merits in the current epoch.

    Behind the batches done they are those of the epoch before. `past` are the newest mean costs of whole epochs.
    """

    name = "costs"
    begins_anew_with = ("batch", "optimizer")

    def __init__(self, rows: int, batch: int, batches: int) -> None:
        """Room for the `batches` of an epoch of `rows` rows, each of `batch` rows but for the last."""
        self.sizes: Array = np.full(batches, float(batch))
        self.sizes[-1] = rows - (batches - 1) * batch
        self.figures: Array = np.zeros((2, batches))
        self.past: deque[float] = deque(maxlen=SHOWN_COSTS)

    def begin_anew(self) -> None:
        """No batch has been trained on."""
        self.figures[...] = 0.0
        self.past.clear()

    def end_epoch(self) -> None:
        """Count the newest batches among the past ones."""
        self.past.extend(self._means(0, len(self.sizes)))

    def newest(self, done: int) -> tuple[float, ...]:
        """The mean costs of the newest batches, across epochs, `done` of them in this one; those that are finite."""
        costs = (*self.past, *self._means(0, done))
        return tuple(cost for cost in costs if math.isfinite(cost))[-SHOWN_COSTS:]

    def _means(self, first: int, last: int) -> list[float]:
        place = slice(max(first, last - SHOWN_COSTS), last)
        means: list[float] = (self.figures[0, place] / self.sizes[place]).tolist()
        return means

    def state(self) -> State:
        """Both."""
        return {"figures": self.figures, "past": np.array(self.past, np.float64)}

    def check(self, found: Section) -> Taking:
        """Take both."""
        figures, past = found.array("figures", self.figures), found.column("past")

        def taking() -> None:
            self.figures[...] = figures
            self.past.clear()
            self.past.extend(past.tolist())

        return taking

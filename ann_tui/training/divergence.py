"""Noticing that a training diverges, and going back to where it was well."""

from __future__ import annotations

import math

from ann_tui.network.arrays import Array

HALVINGS = 3
"""How often a diverged training goes on with half the learning rate."""

EXPLOSION = 100.0
"""An epoch whose cost is so many times the untrained network's has diverged."""

SMALLEST_FIRST = 1e-2
"""A first cost is taken for at least so much: a lucky start is no measure."""


class Guard:
    """Remembers the state at each epoch's start, and judges the epoch at its end."""

    def __init__(self, *vectors: Array) -> None:
        """Watch over these vectors, the weights first."""
        self.vectors = vectors
        self.good = [vector.copy() for vector in vectors]
        self.count = 0
        self.first_cost = math.nan
        self.halvings = 0

    def remember(self, count: int) -> None:
        """The vectors as they are, after ``count`` batches."""
        for good, vector in zip(self.good, self.vectors, strict=True):
            good[...] = vector
        self.count = count

    def diverged(self, first_cost: float, cost: float) -> bool:
        """Whether the epoch, of this cost and with this cost of its first batch, has gone astray."""
        if math.isnan(self.first_cost):
            self.first_cost = first_cost
        sound = math.isfinite(cost) and cost < EXPLOSION * max(self.first_cost, SMALLEST_FIRST)
        weights = self.vectors[0]
        return not (sound and math.isfinite(weights.dot(weights)))

    def restore(self) -> int:
        """Put the remembered vectors back; gives their count of batches."""
        for good, vector in zip(self.good, self.vectors, strict=True):
            vector[...] = good
        return self.count

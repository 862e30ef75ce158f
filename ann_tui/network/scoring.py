"""The forward pass alone, over any number of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.layers.layer import Forward

if TYPE_CHECKING:
    from ann_tui.network.network import Network

CHUNK_BYTES = 1 << 20
"""So many bytes of the widest layer are worked on at a time: they stay in the processor's cache."""


class Scorer:
    """Scores rows with given weights, as prediction does; the passes are bound once per number of rows.

    For one thread at a time. It reads ``weights`` and ``statistics`` anew in every call.
    """

    def __init__(self, network: Network, weights: Array, statistics: Array) -> None:
        """Nothing is bound yet."""
        self.network, self.weights, self.statistics = network, weights, statistics
        widest = max(network.inputs, *(layer.units for layer in network.layers))
        self.chunk = max(1, CHUNK_BYTES // (widest * network.dtype.itemsize))
        self._bound: dict[int, tuple[Array, list[Forward]]] = {}

    def scores(self, x: Array) -> Array:
        """The output layer's raw sums, (units, n), for the rows of x, (n, inputs)."""
        found = np.empty((self.network.outputs.units, len(x)), self.network.dtype)
        for start in range(0, len(x), self.chunk):
            part = x[start : start + self.chunk]
            inputs, forwards = self._bind(len(part))
            inputs[:, : self.network.inputs] = part
            a = inputs.T
            for forward in forwards:
                a = forward(a)
            found[:, start : start + self.chunk] = a
        return found

    def _bind(self, rows: int) -> tuple[Array, list[Forward]]:
        if rows not in self._bound:
            passes = self.network.bind(rows, weights=self.weights, statistics=self.statistics)
            self._bound[rows] = self.network.input_columns(rows), passes.forwards
        return self._bound[rows]

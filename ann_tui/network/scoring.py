"""The one way from rows to a network's answers; training, judging, forms, files and estimators all come here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.arrays import Array
from ann_tui.network.design import DesignError
from ann_tui.network.layers.layer import Forward
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread

BLOCK_ROWS = 16
"""A matrix product takes so many rows at a time, the last ones filled up.

With 16, a row's sums are the same to the last bit at every place in the block, by each of OpenBLAS's kernels that were
tried (Haswell, Zen, SkylakeX, Sandybridge, Nehalem); with 12, or 24 to 384, they are not.
"""

CHUNK_BYTES = 1 << 20
"""So many bytes of the widest layer are worked on at a time: they stay in the processor's cache."""

MOST_BOUND = 4
"""Passes for so many numbers of rows are kept."""


class Scorer:
    """Answers rows with a network's weights; a row's answer does not depend on the rows beside it.

    The passes are bound to a number of rows when it is first met. For one caller at a time, whose matrix products have
    one thread each (see `one_thread`). It reads `weights` and `statistics`, the network's own if none are given,
    anew in every call.
    """

    def __init__(
        self, network: Network, weights: Array | None = None, statistics: Array | None = None
    ) -> None:
        """Nothing is bound yet."""
        self.network = network
        self.weights = network.weights if weights is None else weights
        self.statistics = network.statistics if statistics is None else statistics
        widest = max(network.inputs, *(network.members * layer.units for layer in network.layers))
        rows = max(BLOCK_ROWS, CHUNK_BYTES // (widest * network.dtype.itemsize))
        self.chunk = 1 << (rows.bit_length() - 1)
        self._bound: dict[int, tuple[Array, list[Forward]]] = {}

    def scores(self, x: NDArray[Any]) -> Array:
        """The output layer's raw sums, (units, n), for the rows of x, (n, features); of several members the joint ones.

        Raises `DesignError`.
        """
        features = self.network.features
        if x.ndim != 2 or x.shape[1] != features:
            raise DesignError(f"the network takes {features} features, but the rows have shape {x.shape}")
        found = np.empty((self.network.outputs.units, len(x)), self.network.dtype)
        for start in range(0, len(x), self.chunk):
            part = x[start : start + self.chunk]
            room, forwards = self._bind(-(-len(part) // BLOCK_ROWS) * BLOCK_ROWS)
            self.network.put_inputs(part, room[: len(part)])
            a = room.T
            for forward in forwards:
                a = forward(a)
            found[:, start : start + len(part)] = self.network.joint(a)[:, : len(part)]
        return found

    def predictions(self, scores: Array) -> Array:
        """Probabilities (n, classes), or numbers (n,), of what `scores` gave."""
        missing = BLOCK_ROWS - scores.shape[1]
        if missing <= 0:
            return self.network.cost.predictions(scores)
        # NumPy adds up a matrix of a single column in another order.
        filled = np.pad(scores, ((0, 0), (0, missing)))
        return self.network.cost.predictions(filled)[: scores.shape[1]]

    def _bind(self, rows: int) -> tuple[Array, list[Forward]]:
        if rows not in self._bound:
            if len(self._bound) == MOST_BOUND:
                self._bound.clear()
            network = self.network
            passes = network.bind(
                rows, weights=self.weights, statistics=self.statistics, block_rows=BLOCK_ROWS
            )
            self._bound[rows] = network.input_columns(rows), passes.forwards
        return self._bound[rows]


def predict(network: Network, x: NDArray[Any]) -> Array:
    """Probabilities (n, classes), or numbers (n,), for the rows of x, (n, features), with the weights as they are.

    While a trainer changes the weights in another thread, take the snapshot's `validation_outputs` instead. Several
    threads may ask at once. Raises `DesignError` where the rows don't fit.
    """
    scorer = Scorer(network)
    with one_thread():
        return scorer.predictions(scorer.scores(np.asarray(x)))

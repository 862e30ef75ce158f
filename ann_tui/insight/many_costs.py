"""The cost of some rows for many vectors of a network's weights, several at a time."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.passes import input_room
from ann_tui.insight.precise import check_rows, in_float64
from ann_tui.network.arrays import Array
from ann_tui.network.design import MEMBER_LIMIT
from ann_tui.network.network import Network

BLOCK_NUMBERS = 1 << 16
"""So many numbers of the widest layer are worked on at a time, which stay in the cache, or those of one vector."""


class ManyCosts:
    """The mean cost of rows, weighted and without penalties, as in prediction; all in float64.

    Vectors that are asked for together are those of the members of one network, so that each layer is one product. What
    batch norm has measured is the network's throughout.
    """

    def __init__(
        self, network: Network, x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None
    ) -> None:
        """For a single network; take `network.member` of several.

        Raises what `check_rows` does, and ValueError where no row counts.
        """
        assert network.members == 1
        x, y = np.asarray(x), np.asarray(y)
        counts = np.ones(len(x)) if weight is None else np.asarray(weight, np.float64)
        check_rows(network, x, y, counts)
        if not counts.sum() > 0:
            raise ValueError("the rows have no weight: all are 0")
        self.network = in_float64(network)
        self._shares = counts / counts.sum()
        self._inputs = input_room(self.network, x).T
        self._targets = self.network.cost.targets(y)
        widest = max(network.inputs, *(layer.units for layer in network.layers))
        self.at_once = min(MEMBER_LIMIT, max(1, BLOCK_NUMBERS // (widest * len(x))))
        self._several = _members(self.network, self.at_once)
        self._forwards = self._several.bind(len(x)).forwards
        self._tiled = np.tile(self._targets, self.at_once)

    def of(self, vectors: Array) -> Array:
        """The cost for each of `at_once` vectors at most, (n, weights): (n,)."""
        self._several.weights.reshape(self.at_once, -1)[: len(vectors)] = vectors
        flowing = self._inputs
        for forward in self._forwards:
            flowing = forward(flowing)
        units, rows = self._targets.shape
        sums = np.moveaxis(flowing.reshape(self.at_once, units, rows), 0, 1)
        values = self.network.cost.values(sums.reshape(units, -1), self._tiled)
        found: Array = values.reshape(self.at_once, rows) @ self._shares
        return found[: len(vectors)].copy()

    def gradient(self, vector: Array) -> Array:
        """The cost's derivative by all weights where they are this vector, (weights,)."""
        found = np.zeros_like(self.network.weights)
        passes = self.network.bind(len(self._shares), found, weights=vector.astype(np.float64))
        flowing = self._inputs
        for forward in passes.forwards:
            flowing = forward(flowing)
        delta = passes.cost_gradient(flowing, self._targets, self.network.cost.factor * self._shares[None])
        for backward in passes.backwards:
            delta = backward(delta)
        return found


def _members(network: Network, members: int) -> Network:
    """As many networks as one, with vectors of their own and the statistics of this one."""
    found = copy.copy(network)
    found.design = replace(network.design, members=members)
    found.weights = np.tile(network.weights, members)
    found.statistics = np.tile(network.statistics, members)
    return found

"""Answers where some of the numbers on their way up are others: only what lies above is worked out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ann_tui.insight.bends import SHARED, bound
from ann_tui.insight.passes import bind_layer, bind_sums
from ann_tui.network.arrays import Array
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.batch_norm import BatchNorm
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.dropout import Dropout
from ann_tui.network.layers.input_scale import InputScale
from ann_tui.network.layers.layer import Forward, Layer
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network

BLOCK_NUMBERS = 1 << 18
"""So many numbers of the widest layer are worked on at a time, or those of all rows once where these are more."""


class Change(NamedTuple):
    """Lines of a layer's outputs, `places`, and what stands there instead, (places, rows)."""

    places: Sequence[int]
    values: Array


Put = Callable[[int, Change], None]
"""Writes a change, by its number in the block."""


def lifted(network: Network, place: int, outputs: Array) -> tuple[int, Array]:
    """What outputs (units, rows) are below the next layer that mixes units, and the place of this layer.

    `place` is that of the layer above the outputs. In prediction, a unit of the layers between hears one unit alone.
    """
    while _keeps_units_apart(layer := network.layers[place]):
        outputs = bind_layer(network, place, outputs.shape[1])(outputs)[: layer.units]
        place += 1
    return place, outputs


def _keeps_units_apart(layer: Layer) -> bool:
    if isinstance(layer, ActivationLayer):
        return layer.activation_name != SHARED
    return isinstance(layer, BatchNorm | Dropout | InputScale)


class Rerun:
    """The layers from `place` on, for changes of what lies below them, `outputs` (units, rows)."""

    def __init__(self, network: Network, place: int, outputs: Array, most: int) -> None:
        """Room for as many changes at a time as fit into a block, `most` at most."""
        self._network, self._place, self._outputs = network, place, outputs
        self._rows = outputs.shape[1]
        fitting = max(1, BLOCK_NUMBERS // max(1, self._rows * self._widest))
        self.at_once = max(1, -(-most // max(1, -(-most // fitting))))
        put = self._put_into_sums if isinstance(network.layers[place], Dense) else self._put_into_outputs
        columns = self.at_once * self._rows
        self._put, self._room, self._forwards = put(columns)
        self._forwards += [
            bind_layer(network, above, columns) for above in range(place + 1, len(network.layers))
        ]

    @property
    def _widest(self) -> int:
        """The most lines of the matrices that are worked on."""
        layers = self._network.layers[self._place :]
        inside = (layer.inner.units for layer in layers if isinstance(layer, Residual))
        below = 0 if isinstance(layers[0], Dense) else layers[0].inputs
        return max(below, *(layer.units for layer in layers), *inside)

    def sums(self, changes: Sequence[Change]) -> Array:
        """The output layer's raw sums for each of `at_once` changes at most, (units, changes · rows).

        They hold until the next call.
        """
        for number, change in enumerate(changes):
            self._put(number, change)
        found = self._room
        for forward in self._forwards:
            found = forward(found)
        return found[:, : len(changes) * self._rows]

    def _put_into_sums(self, columns: int) -> tuple[Put, Array, list[Forward]]:
        """A dense layer's sums move by the product of what has changed alone."""
        network, place, outputs = self._network, self._place, self._outputs
        layer = network.layers[place]
        weights = layer.views(network.parts(network.weights)[place])["weights"]
        below = np.ones((layer.inputs + layer.constant, self._rows), network.dtype)
        below[: layer.inputs] = outputs
        sums = bind_sums(network, place, self._rows)(below)
        room = np.ones((len(sums), columns), network.dtype)
        sums, bent = sums[: layer.units], room[: layer.units]
        moved = bent.reshape(layer.units, self.at_once, self._rows)
        activate = bound(network, place, bent)[0]

        def put(number: int, change: Change) -> None:
            own, difference = moved[:, number], change.values - outputs[change.places]
            np.matmul(weights[change.places].T, difference, own)
            np.add(own, sums, own)

        def bend(filled: Array) -> Array:
            activate()
            return filled

        return put, room, [bend]

    def _put_into_outputs(self, columns: int) -> tuple[Put, Array, list[Forward]]:
        """Any layer hears all its inputs again."""
        layer, outputs = self._network.layers[self._place], self._outputs
        room = np.ones((layer.inputs + layer.constant, columns), self._network.dtype)
        changed = room[: layer.inputs].reshape(layer.inputs, self.at_once, self._rows)

        def put(number: int, change: Change) -> None:
            changed[:, number] = outputs
            changed[change.places, number] = change.values

        return put, room, [bind_layer(self._network, self._place, columns)]

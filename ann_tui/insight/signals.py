"""What every layer makes of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.bends import activation_name, bound
from ann_tui.insight.passes import bind_layer, bind_sums, input_room, site
from ann_tui.network.arrays import Array
from ann_tui.network.layers.dense import Dense
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread


@dataclass(frozen=True, eq=False)
class LayerSignals:
    """What a layer gives for n rows: `outputs` (n, units).

    `sums` (n, units) are the values before the activation of dense and activation layers, None elsewhere. Those of the
    output layer are its outputs: what the cost makes of them, such as probabilities, is no part of the layer.
    """

    name: str
    kind: str
    units: int
    sums: Array | None
    outputs: Array


def inputs(network: Network, x: NDArray[Any]) -> Array:
    """What the first layer sees of rows x, (n, features): the features and their bins, (n, network.inputs).

    Raises `DesignError` where the rows don't fit.
    """
    return input_room(network, x)[:, : network.inputs]


def signals(network: Network, x: NDArray[Any]) -> tuple[LayerSignals, ...]:
    """What each layer gives for the rows of x, (n, features), as in prediction; the output layer is the last.

    For a single network; take `network.member` of several. Raises `DesignError` where the rows don't fit.
    """
    found = []
    with one_thread(), np.errstate(all="ignore"):
        below = input_room(network, x).T
        for place, layer in enumerate(network.layers):
            sums, below = _through(network, place, below)
            outputs = below[: layer.units].T
            found.append(LayerSignals(layer.name, layer.kind, layer.units, sums, outputs))
    return tuple(found)


def _through(network: Network, place: int, below: Array) -> tuple[Array | None, Array]:
    """A layer's sums (n, units), if it has some, and its outputs, with a row of ones where the next layer wants it."""
    layer, rows = network.layers[place], below.shape[1]
    activation = activation_name(network, place)
    if activation is None:
        return None, bind_layer(network, place, rows)(below)
    summed = bind_sums(network, place, rows)(below) if isinstance(layer, Dense) else below
    sums = summed[: layer.units]
    if activation == "linear" and isinstance(layer, Dense):
        return sums.T, summed
    bent, outputs = site(network, place, rows).outputs(layer.units)
    np.copyto(bent, sums)
    bound(network, place, bent)[0]()
    return sums.T, outputs

"""A network's layers bound one by one, as they are in prediction: nothing is dropped, statistics are the running ones.

All is for a single network; `network.member` gives that of several.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from ann_tui.network.arrays import Array
from ann_tui.network.design import DesignError
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.layer import Forward, Site
from ann_tui.network.network import Network


def input_room(network: Network, x: NDArray[Any]) -> Array:
    """What the first layer sees of rows x, (n, features): (n, inputs), and a column of ones where it wants one.

    Raises `DesignError` where the rows don't fit.
    """
    if x.ndim != 2 or x.shape[1] != network.features:
        raise DesignError(f"the network takes {network.features} features, but the rows have shape {x.shape}")
    room = network.input_columns(len(x))
    network.put_inputs(x, room)
    return room


def site(network: Network, layer: int, rows: int) -> Site:
    """Where a layer works, for so many rows."""
    assert network.members == 1
    weights = network.parts(network.weights)[layer]
    statistics = network.statistic_parts(network.statistics)[layer]
    above = network.layers[layer + 1 : layer + 2]
    return Site(weights, statistics, None, rows, constant=any(each.constant for each in above))


def bind_layer(network: Network, layer: int, rows: int) -> Forward:
    """A layer's forward pass: inputs (inputs, rows) -> outputs (units, rows), each with the ones that are wanted."""
    return network.layers[layer].bind(site(network, layer, rows))[0]


def bind_sums(network: Network, layer: int, rows: int) -> Forward:
    """The forward pass of a dense layer without its activation."""
    found = network.layers[layer]
    assert isinstance(found, Dense)
    return Dense(found.name, found.inputs, found.units, "linear").bind(site(network, layer, rows))[0]

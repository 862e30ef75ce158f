"""What a layer's activation makes of sums: its value at rest, its slope, and how steep it can be."""

from __future__ import annotations

from functools import cache

import numpy as np

from ann_tui.network.activations import ACTIVATIONS, Bound
from ann_tui.network.arrays import Array
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.dense import Dense
from ann_tui.network.network import Network

SHARED = "softmax"
"""The activation whose value at one unit depends on the sums of the others."""

FAR, FARTHER = 1e3, 1e4
"""What is the same at both is bounded."""


def activation_name(network: Network, layer: int) -> str | None:
    """The name of the activation that a dense or an activation layer applies to its sums; None for the others."""
    found = network.layers[layer]
    return found.activation_name if isinstance(found, Dense | ActivationLayer) else None


def bound(network: Network, layer: int, sums: Array) -> Bound:
    """The activation of a layer that has one, bound to sums (units, rows), which it bends in place."""
    found = network.layers[layer]
    assert isinstance(found, Dense | ActivationLayer)
    slope = found.views(network.parts(network.weights)[layer]).get("slope")
    return found.activation.bind(sums, *(() if slope is None else (slope, np.empty_like(slope))))


def at_rest(network: Network, layer: int) -> Array:
    """What each unit of a layer gives for a sum of 0, (units,); 0 for a layer without activation."""
    found = np.zeros((network.layers[layer].units, 1), network.dtype)
    if activation_name(network, layer) is not None:
        bound(network, layer, found)[0]()
    return found[:, 0]


def slopes(network: Network, layer: int, sums: Array) -> Array:
    """The derivative of each output by its own sum, (n, units), at a layer's sums, (n, units).

    It is the one that the layer learns with: that of `step` is the straight-through gradient.
    """
    bent = sums.T.copy()
    forward, backward = bound(network, layer, bent)
    forward()
    if activation_name(network, layer) == SHARED:
        found: Array = bent * (1 - bent)
    else:
        found = np.ones_like(bent)
        backward(found)
    return found.T


@cache
def steepest(activation: str) -> float | None:
    """The largest slope of an activation that is bounded above and below; None for the others."""
    entry = ACTIVATIONS[activation]
    near = np.linspace(-20, 20, 4001)
    sums = np.zeros((2, len(near) + 4))
    sums[0] = [*near, -FARTHER, -FAR, FAR, FARTHER]
    forward, backward = entry.bind(
        sums, *(() if entry.slope is None else (np.full(2, entry.slope), np.zeros(2)))
    )
    forward()
    ends = sums[0, -4:].copy()
    if not np.allclose(ends[::3], ends[1:3]):
        return None
    # The sums of the second unit are 0 throughout, so that `softmax` has a slope too.
    delta = np.zeros_like(sums)
    delta[0] = 1
    backward(delta)
    return float(delta[0].max())

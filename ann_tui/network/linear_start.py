"""Where a network begins: at weights that chance has drawn, or as a linear model that its layers pass on.

Of an activation f with f(z) - f(-z) = c·z, as ReLU with c = 1, two units pass a line z on whole: one takes z, the other
-z, and the layer above takes their difference over c. Units beside them are as chance has drawn them, but nothing above
listens to them yet.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ann_tui.choice_fields import Option
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.arrays import Array
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.dropout import Dropout
from ann_tui.network.layers.input_scale import InputScale
from ann_tui.network.layers.layer import Layer
from ann_tui.network.layers.residual import Residual

LINEAR = "linear model"

STARTS: dict[str, Option] = {
    each.name: each
    for each in (
        Option("random", "all weights as their layer's initializer draws them"),
        Option(LINEAR, "answers like a linear model of the training rows; what that misses is learned"),
    )
}
"""Where the weights may begin."""

PROBES = np.array([0.01, 0.3, 1.0, 2.5, 9.0])


def passed_share(activation: str) -> float | None:
    """The c of f(z) - f(-z) = c·z; None for an activation that bends this difference, too."""
    entry = ACTIVATIONS[activation]
    shares = (entry.at(PROBES) - entry.at(-PROBES)) / PROBES
    share = float(shares[0])
    return share if share > 0 and np.allclose(shares, share, rtol=1e-6) else None


def obstacle(hidden: list[Layer], lines: int) -> str | None:
    """Why these hidden layers can't pass so many lines on; None where they can."""
    for layer in hidden:
        if isinstance(layer, Dropout | InputScale | Residual):
            continue
        if not isinstance(layer, Dense):
            return f"{layer.name.replace('_', ' ')} would bend it"
        if passed_share(layer.activation_name) is None:
            return f"{layer.activation_name} would bend it"
        if layer.units < 2 * lines:
            return f"{layer.units} units are too few to pass {lines} lines: it takes two for each"
    return None


def begin_as_lines(layers: list[Layer], parameters: Mapping[str, Array], weights: Array, bias: Array) -> None:
    """Let fresh layers, of which none is an obstacle, give the lines weightsᵀx + bias: (features, lines), (lines,).

    `parameters` are the network's views by name. Inputs behind the features stay silent.
    """
    lines = len(bias)
    taken, shift = weights, bias
    *hidden, last = layers
    for layer in hidden:
        if isinstance(layer, Residual):
            # What it adds to the lines is nothing at first.
            parameters[f"{layer.name}.weights_outer"][...] = 0.0
        elif isinstance(layer, Dense):
            share = passed_share(layer.activation_name)
            assert share is not None
            own, own_bias = parameters[f"{layer.name}.weights"], parameters[f"{layer.name}.bias"]
            own[..., : 2 * lines] = 0.0
            own[..., : len(taken), 0 : 2 * lines : 2] = taken
            own[..., : len(taken), 1 : 2 * lines : 2] = -taken
            own_bias[..., 0 : 2 * lines : 2] = shift
            own_bias[..., 1 : 2 * lines : 2] = -shift
            taken = np.zeros((2 * lines, lines))
            at = np.arange(lines)
            taken[2 * at, at], taken[2 * at + 1, at] = 1 / share, -1 / share
            shift = np.zeros(lines)
    own, own_bias = parameters[f"{last.name}.weights"], parameters[f"{last.name}.bias"]
    own[...] = 0.0
    own[..., : len(taken), :] = taken
    own_bias[...] = shift

"""Whether layers can learn: how large weights, outputs and gradients are, and which units have stopped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.neurons import stopped
from ann_tui.insight.passes import input_room
from ann_tui.insight.sampling import evenly_spaced, some_entries
from ann_tui.insight.signals import LayerSignals, signals
from ann_tui.network.arrays import Array, length
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread

PERCENTILES = (5, 25, 50, 75, 95)
MOST_ROWS = 500
"""So many rows are looked at."""

MOST_WEIGHTS = 20_000
"""So many weights of a layer give its percentiles."""


@dataclass(frozen=True, eq=False)
class LayerHealth:
    """The state of a layer that learns weights.

    `weights`, `activations` and `gradients` (5,) are the percentiles 5, 25, 50, 75 and 95: of its weights without
    biases; of its outputs over rows and units; and of the size of the mean cost's derivative by each of these weights.
    `update` is how far the weights have moved an epoch, as a share of their length before; None where that is not
    known. `dead` and `saturated` are the shares of its units, from 0 to 1, that `neuron_answers` marks; of a linear
    layer, those of the activation layer that bends what it gives, if there is one.
    """

    name: str
    weights: Array
    activations: Array
    gradients: Array
    update: float | None
    dead: float
    saturated: float


def health(
    network: Network,
    x: NDArray[Any],
    y: NDArray[Any],
    weight: NDArray[Any] | None = None,
    *,
    before: tuple[Array, float] | None = None,
) -> tuple[LayerHealth, ...]:
    """The state of each dense and residual layer of a single network, the output layer last, as in prediction.

    Outputs and gradients are those of x (n, features), y (n,), class codes or numbers as they are learned, with n at
    least 1, and `weight` (n,), which says how much each row's cost counts: of 500 evenly spaced rows at most. Of a
    layer's weights 20,000 at most, evenly spaced, give the percentiles. `before` is the vector of weights as it was,
    and how many epochs ago. Raises `DesignError` where the rows don't fit.
    """
    rows = evenly_spaced(len(x), MOST_ROWS)
    x, y, weight = x[rows], np.asarray(y)[rows], None if weight is None else np.asarray(weight)[rows]
    with one_thread(), np.errstate(all="ignore"):
        given = signals(network, x)
        now = network.parts(network.weights)
        slopes = network.parts(_gradient(network, x, y, weight))
        past = None if before is None else network.parts(before[0])
        found = []
        for place, layer in enumerate(network.layers):
            if not isinstance(layer, Dense | Residual):
                continue
            own, update = _matrices(layer, now[place]), None
            if past is not None and before is not None:
                update = _update(own, _matrices(layer, past[place]), before[1])
            weights, activations, gradients = (
                np.percentile(values, PERCENTILES)
                for values in (
                    some_entries(own, MOST_WEIGHTS),
                    given[place].outputs.T,
                    np.abs(some_entries(_matrices(layer, slopes[place]), MOST_WEIGHTS)),
                )
            )
            stops = _shares(network, place, given)
            found.append(LayerHealth(layer.name, weights, activations, gradients, update, *stops))
    return tuple(found)


def _matrices(layer: Dense | Residual, part: Array) -> list[Array]:
    """The weights without biases in a layer's part of a vector."""
    return [view for name, view in layer.views(part).items() if name.startswith("weights")]


def _gradient(network: Network, x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None) -> Array:
    """The mean cost's derivative by all that the network learns, as long as `weights`."""
    gradient = np.zeros_like(network.weights)
    counts = np.ones(len(x)) if weight is None else weight.astype(np.float64)
    scale = (network.cost.factor * counts / counts.sum()).astype(network.dtype)[None]
    passes = network.bind(len(x), gradient)
    flowing = input_room(network, x).T
    for forward in passes.forwards:
        flowing = forward(flowing)
    flowing = passes.cost_gradient(flowing, network.cost.targets(y), scale)
    for backward in passes.backwards:
        flowing = backward(flowing)
    return gradient


def _update(now: Sequence[Array], past: Sequence[Array], epochs: float) -> float | None:
    """How far weights have moved an epoch, as a share of their length; None of none."""
    size = math.hypot(*(length(matrix.reshape(-1)) for matrix in past))
    if not size or not epochs:
        return None
    moved = (length((new - old).reshape(-1)) for new, old in zip(now, past, strict=True))
    return math.hypot(*moved) / size / epochs


def _shares(network: Network, place: int, given: Sequence[LayerSignals]) -> tuple[float, float]:
    """Which shares of a layer's units are dead, and saturated."""
    layer = network.layers[place]
    if isinstance(layer, Dense) and layer.activation_name == "linear":
        for above, other in enumerate(network.layers[place + 1 :], place + 1):
            if isinstance(other, Dense | Residual):
                break
            if isinstance(other, ActivationLayer):
                place = above
                break
    dead, saturated = stopped(network, place, given[place])
    return float(dead.mean()), float(saturated.mean())

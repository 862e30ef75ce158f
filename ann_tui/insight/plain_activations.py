"""Activations and their derivatives as their definitions have them, for numbers that are looked at one by one.

They stand beside the engine's, which work in place and share what the passes leave behind, so that each is a check on
the other. One that is entered there alone is taken from there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ann_tui.network.activations import ACTIVATIONS, Bound
from ann_tui.network.arrays import Array

LEAK = 0.01
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
GELU_CUBIC, GELU_ROOT = 0.044715, math.sqrt(2 / math.pi)
Function = Callable[[Array], Array]


class Bend(NamedTuple):
    """f(z) and f'(z) of an activation that bends each sum by itself."""

    value: Function
    slope: Function


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), which can't overflow."""
    found: Array = np.exp(-softplus(-z))
    return found


def softplus(z: Array) -> Array:
    """ln(1 + exp(z)), which can't overflow."""
    found: Array = np.logaddexp(0.0, z)
    return found


def softmax(z: Array) -> Array:
    """exp(z) over its sum, of each row of (rows, units)."""
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    found: Array = shares / shares.sum(axis=1, keepdims=True)
    return found


def _exponential(scale: float, alpha: float) -> Bend:
    def value(z: Array) -> Array:
        return scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))

    def slope(z: Array) -> Array:
        return scale * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))

    return Bend(value, slope)


def _gelu_tanh(z: Array) -> Array:
    return np.tanh(GELU_ROOT * (z + GELU_CUBIC * z**3))


def _gelu_slope(z: Array) -> Array:
    t = _gelu_tanh(z)
    found: Array = (1 + t) / 2 + z / 2 * (1 - t**2) * GELU_ROOT * (1 + 3 * GELU_CUBIC * z**2)
    return found


def _mish_slope(z: Array) -> Array:
    t = np.tanh(softplus(z))
    found: Array = t + z * (1 - t**2) * sigmoid(z)
    return found


BENDS: dict[str, Bend] = {
    "relu": Bend(lambda z: np.maximum(z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "linear": Bend(lambda z: z.copy(), np.ones_like),
    "sigmoid": Bend(sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "hard sigmoid": Bend(
        lambda z: np.clip(z / 6 + 0.5, 0.0, 1.0), lambda z: np.where(np.abs(z) < 3, 1 / 6, 0.0)
    ),
    "tanh": Bend(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "leaky relu": Bend(lambda z: np.where(z > 0, z, LEAK * z), lambda z: np.where(z > 0, 1.0, LEAK)),
    "elu": _exponential(1.0, 1.0),
    "selu": _exponential(SELU_SCALE, SELU_ALPHA),
    "gelu": Bend(lambda z: z * (1 + _gelu_tanh(z)) / 2, _gelu_slope),
    "silu": Bend(lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * sigmoid(z) * sigmoid(-z)),
    "mish": Bend(lambda z: z * np.tanh(softplus(z)), _mish_slope),
    "softplus": Bend(softplus, sigmoid),
    "step": Bend(lambda z: np.where(z > 0, 1.0, 0.0), lambda z: np.where(np.abs(z) <= 1, 1.0, 0.0)),
}
"""By name; that of `step` has the straight-through gradient for its slope."""

PRELU, SOFTMAX = "prelu", "softmax"
"""The ones beside them: with a learnt slope a unit, and with outputs that depend on all sums of their row."""


def bent(name: str, sums: Array, slope: Array | None = None) -> Array:
    """What an activation makes of sums, (rows, units), with the learnt slopes (units,) where it has some."""
    if name in BENDS:
        return BENDS[name].value(sums)
    if name == PRELU:
        return np.where(sums >= 0, sums, slope * sums)
    if name == SOFTMAX:
        return softmax(sums)
    return _by_engine(name, sums, slope)[1].T


def differentiated(
    name: str, sums: Array, outputs_delta: Array, slope: Array | None = None
) -> tuple[Array, Array | None]:
    """The cost's derivative by the sums from that by the outputs, both (rows, units), and by the learnt slopes."""
    if name in BENDS:
        return outputs_delta * BENDS[name].slope(sums), None
    if name == PRELU:
        slopes = (outputs_delta * np.minimum(sums, 0)).sum(axis=0)
        return np.where(sums >= 0, outputs_delta, slope * outputs_delta), slopes
    if name == SOFTMAX:
        shares = softmax(sums)
        return shares * (outputs_delta - (outputs_delta * shares).sum(axis=1, keepdims=True)), None
    (_, backward), _, slopes_gradient = _by_engine(name, sums, slope)
    delta = outputs_delta.T.copy()
    backward(delta)
    return delta.T, slopes_gradient


def _by_engine(name: str, sums: Array, slope: Array | None) -> tuple[Bound, Array, Array | None]:
    """The engine's activation after its forward pass, its outputs (units, rows), and room for the slopes' gradient."""
    outputs = sums.T.copy()
    gradient = None if slope is None else np.zeros_like(slope)
    bound = ACTIVATIONS[name].bind(outputs, *(() if slope is None else (slope, gradient)))
    bound[0]()
    return bound, outputs, gradient

"""The dense layer: every unit sees every input."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np

from ann_tui.network.activations import ACTIVATIONS, Activation, Bound
from ann_tui.network.arrays import Array
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.layers.layer import Backward, Forward, Layer, Site

WIDE = 256
"""From so many inputs a bias of its own costs less than a matrix of odd size."""


class Dense(Layer):
    """h = f(Wᵀx + b), with W of (inputs, units)."""

    kind: ClassVar[str] = "dense"

    def __init__(
        self, name: str, inputs: int, units: int, activation: str, initializer: str | None = None
    ) -> None:
        """A layer of `units` with the activation and initializer of these names."""
        super().__init__(name, inputs, units)
        self.activation_name, self.initializer_name = activation, initializer
        self.constant = inputs < WIDE
        self.silent_inputs = 0

    @property
    def activation(self) -> Activation:
        """The entry of that name; layers keep names alone, so that they can be copied and pickled."""
        return ACTIVATIONS[self.activation_name]

    @property
    def size(self) -> int:
        """Weights, biases, and the slopes that PReLU learns."""
        slopes = 0 if self.activation.slope is None else self.units
        return (self.inputs + 1) * self.units + slopes

    def views(self, weights: Array) -> dict[str, Array]:
        """`weights` (inputs, units), `bias` (units,), and `slope` (units,) for PReLU."""
        used = (self.inputs + 1) * self.units
        matrix = weights[..., :used].reshape(*weights.shape[:-1], self.inputs + 1, self.units)
        found = {"weights": matrix[..., :-1, :], "bias": matrix[..., -1, :]}
        if self.activation.slope is not None:
            found["slope"] = weights[..., used:]
        return found

    def initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:
        """Weights from the initializer, biases 0; the last `silent_inputs` inputs begin with weights 0."""
        views = self.views(weights)
        initializer = INITIALIZERS[self.initializer_name or self.activation.initializer]
        heard = self.inputs - self.silent_inputs
        views["weights"][:heard] = initializer.fill(generator, heard, self.units)
        views["weights"][heard:] = 0.0
        views["bias"][:] = 0.0
        if self.activation.slope is not None:
            views["slope"][:] = self.activation.slope

    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """The layer for one batch size.

        In a narrow layer the bias is the last row of the weights, and meets the inputs' row of ones: one product does
        all. In a wide one it is added on its own.
        """
        z, outputs = site.outputs(self.units)
        slopes = site.slopes()
        activate, differentiate = self._bind_activation(z, site.weights, slopes)
        views = self.views(site.weights)
        weights, bias = views["weights"], views["bias"][..., None]
        used = (self.inputs + self.constant) * self.units
        matrix = site.weights[..., :used].reshape(*site.members, -1, self.units).swapaxes(-1, -2)
        own_bias = not self.constant
        x: Array = z
        multiply: Callable[[Array, Array], Any]
        if site.block_rows:
            multiply = _by_blocks(matrix, site.block_rows, site.rows)
        else:
            multiply = partial(np.matmul, matrix) if site.members else matrix.dot

        def forward(inputs: Array, z: Array = z) -> Array:
            nonlocal x
            x = inputs
            multiply(x, z)
            if own_bias:
                np.add(z, bias, z)
            activate()
            return outputs

        gradient = slopes[..., :used].reshape(*site.members, -1, self.units)
        bias_gradient = self.views(slopes)["bias"]
        ones = np.ones(site.rows, z.dtype)
        upwards = site.lowest or site.gradient is None
        below = None if upwards else np.empty((*site.members, self.inputs, site.rows), z.dtype)

        def backward(delta: Array) -> Array:
            differentiate(delta)
            x.dot(delta.T, gradient)
            if own_bias:
                delta.dot(ones, bias_gradient)
            return delta if below is None else weights.dot(delta, below)

        def backward_members(delta: Array) -> Array:
            differentiate(delta)
            np.matmul(x, delta.swapaxes(-1, -2), gradient)
            if own_bias:
                np.matmul(delta, ones, bias_gradient)
            return delta if below is None else np.matmul(weights, delta, below)

        # For one member `dot` asks for less than `matmul` does.
        return forward, backward_members if site.members else backward

    def _bind_activation(self, z: Array, weights: Array, gradient: Array) -> Bound:
        if self.activation.slope is None:
            return self.activation.bind(z)
        return self.activation.bind(z, self.views(weights)["slope"], self.views(gradient)["slope"])


def _by_blocks(matrix: Array, block_rows: int, rows: int) -> Callable[[Array, Array], None]:
    """A product of the matrix with one of `rows` columns, which takes so many of them at a time."""
    *members, units, inputs = matrix.shape

    def blocks(of: Array) -> Array:
        return of.reshape(*of.shape[:-1], -1, block_rows).swapaxes(-3, -2)

    def multiply(x: Array, z: Array) -> None:
        np.matmul(matrix[..., None, :, :], blocks(x), out=blocks(z))

    if units > 1:
        return multiply

    # A single row would be multiplied by another routine, whose sums depend on the place in the block.
    pair = np.zeros((*members, 2, inputs), matrix.dtype)
    results = np.empty((*members, 2, rows), matrix.dtype)

    def multiply_pair(x: Array, z: Array) -> None:
        pair[..., 0, :] = matrix[..., 0, :]
        np.matmul(pair[..., None, :, :], blocks(x), out=blocks(results))
        z[..., 0, :] = results[..., 0, :]

    return multiply_pair

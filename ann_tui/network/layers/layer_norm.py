"""Layer normalization (Ba, Kiros & Hinton 2016)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.layers.layer import Backward, Forward, Layer, Site, scale_and_shift

EPSILON = 1e-5


class LayerNorm(Layer):
    """Each example's values get mean 0 and variance 1 over the units, then a learnt scale and shift."""

    kind: ClassVar[str] = "layer norm"

    def __init__(self, name: str, inputs: int) -> None:
        """As many units as inputs."""
        super().__init__(name, inputs, inputs)

    @property
    def size(self) -> int:
        """Scale and shift."""
        return 2 * self.units

    def views(self, weights: Array) -> dict[str, Array]:
        """`scale` and `shift`, (units,) each."""
        return scale_and_shift(self.units, weights)

    def initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:
        """Scale 1, shift 0."""
        weights[: self.units], weights[self.units :] = 1.0, 0.0

    def obstacle(self, rows: int) -> str | None:
        """A unit alone has no variance."""
        if self.units > 1:
            return None
        return "layer norm over one unit gives the same for every row: give it two units or more, or leave it out"

    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """The layer for one batch size."""
        units = self.units
        result, outputs = site.outputs(units)
        scale, shift = (view[..., None] for view in self.views(site.weights).values())
        scale_gradient, shift_gradient = self.views(site.slopes()).values()
        normal, scratch = np.empty_like(result), np.empty_like(result)
        inverse = np.empty((*site.members, 1, site.rows), result.dtype)

        def forward(inputs: Array) -> Array:
            x = inputs[..., :units, :]
            np.subtract(x, x.mean(axis=-2, keepdims=True), normal)
            np.multiply(normal, normal, scratch)
            inverse[...] = 1 / np.sqrt(scratch.mean(axis=-2, keepdims=True) + EPSILON)
            np.multiply(normal, inverse, normal)
            np.multiply(normal, scale, result)
            np.add(result, shift, result)
            return outputs

        def backward(delta: Array) -> Array:
            np.multiply(delta, normal, scratch)
            np.add.reduce(scratch, axis=-1, out=scale_gradient)
            np.add.reduce(delta, axis=-1, out=shift_gradient)
            np.multiply(delta, scale, delta)
            np.multiply(delta, normal, scratch)
            np.multiply(normal, scratch.mean(axis=-2, keepdims=True), scratch)
            np.subtract(delta, delta.mean(axis=-2, keepdims=True), delta)
            np.subtract(delta, scratch, delta)
            np.multiply(delta, inverse, delta)
            return delta

        return forward, backward

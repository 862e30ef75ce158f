"""A learnt scale for each input."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.layers.layer import Backward, Forward, Layer, Site


class InputScale(Layer):
    """h = s·x, one learnt number a feature: what is useless can fade out (RealMLP, Holzmüller et al. 2024)."""

    kind: ClassVar[str] = "input scale"

    def __init__(self, name: str, inputs: int) -> None:
        """As many units as inputs."""
        super().__init__(name, inputs, inputs)

    @property
    def size(self) -> int:
        """One number an input."""
        return self.units

    def views(self, weights: Array) -> dict[str, Array]:
        """`scale` (units,)."""
        return {"scale": weights}

    def initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:
        """All 1."""
        weights[:] = 1.0

    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """The layer for one batch size."""
        units = self.units
        result, outputs = site.outputs(units)
        scale, gradient, scratch = site.weights[..., None], site.slopes(), np.empty_like(result)
        x = result

        def forward(inputs: Array) -> Array:
            nonlocal x
            x = inputs[..., :units, :]
            np.multiply(x, scale, result)
            return outputs

        def backward(delta: Array) -> Array:
            np.multiply(delta, x, scratch)
            np.add.reduce(scratch, axis=-1, out=gradient)
            np.multiply(delta, scale, delta)
            return delta

        return forward, backward

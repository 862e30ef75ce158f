"""A residual block (He et al. 2016)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.layer import Backward, Forward, Layer, Site


class Residual(Layer):
    """h = x + V·f(Wx + b) + c: two dense layers learn only what to change, and x skips over them."""

    kind: ClassVar[str] = "residual"

    def __init__(
        self, name: str, inputs: int, units: int, activation: str, initializer: str | None = None
    ) -> None:
        """A block with `units` inside and as many outputs as inputs."""
        super().__init__(name, inputs, inputs)
        self.inner = Dense(f"{name}.inner", inputs, units, activation, initializer)
        self.outer = Dense(f"{name}.outer", units, inputs, "linear")
        self.constant = self.inner.constant

    @property
    def size(self) -> int:
        """Both dense layers."""
        return self.inner.size + self.outer.size

    def views(self, weights: Array) -> dict[str, Array]:
        """`weights_inner`, `bias_inner` (and `slope_inner`), `weights_outer`, `bias_outer`."""
        inner, outer = self._split(weights)
        return {
            **{f"{name}_inner": view for name, view in self.inner.views(inner).items()},
            **{f"{name}_outer": view for name, view in self.outer.views(outer).items()},
        }

    def _split(self, vector: Array) -> tuple[Array, Array]:
        return vector[..., : self.inner.size], vector[..., self.inner.size :]

    def initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:
        """Both dense layers."""
        for layer, part in zip((self.inner, self.outer), self._split(weights), strict=True):
            layer.initialize(part, statistics, generator)

    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """The block for one batch size."""
        units = self.units
        result, outputs = site.outputs(units)
        inner_weights, outer_weights = self._split(site.weights)
        gradients = (None, None) if site.gradient is None else self._split(site.gradient)
        inner = replace(site, weights=inner_weights, gradient=gradients[0], constant=self.outer.constant)
        outer = replace(site, weights=outer_weights, gradient=gradients[1], constant=False, lowest=False)
        inner_forward, inner_backward = self.inner.bind(inner)
        outer_forward, outer_backward = self.outer.bind(outer)

        def forward(inputs: Array) -> Array:
            change = outer_forward(inner_forward(inputs))
            np.add(inputs[..., :units, :], change, result)
            return outputs

        def backward(delta: Array) -> Array:
            below = inner_backward(outer_backward(delta))
            return below if site.lowest else np.add(delta, below, below)

        return forward, backward

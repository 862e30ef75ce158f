"""An activation of its own, for designs such as `64 linear, batch norm, relu`."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ann_tui.network.activations import ACTIVATIONS, Activation
from ann_tui.network.arrays import Array
from ann_tui.network.layers.layer import Backward, Forward, Layer, Site


class ActivationLayer(Layer):
    """h = f(x)."""

    kind: ClassVar[str] = "activation"

    def __init__(self, name: str, inputs: int, activation: str) -> None:
        """As many units as inputs."""
        super().__init__(name, inputs, inputs)
        self.activation_name = activation

    @property
    def activation(self) -> Activation:
        """The entry of that name."""
        return ACTIVATIONS[self.activation_name]

    @property
    def size(self) -> int:
        """The slopes that PReLU learns."""
        return 0 if self.activation.slope is None else self.units

    def views(self, weights: Array) -> dict[str, Array]:
        """`slope` (units,) for PReLU."""
        return {} if self.activation.slope is None else {"slope": weights}

    def initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:
        """PReLU's slopes."""
        if self.activation.slope is not None:
            weights[:] = self.activation.slope

    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """The layer for one batch size."""
        units = self.units
        h, outputs = site.outputs(units)
        learnt = () if self.activation.slope is None else (site.weights, site.slopes())
        activate, differentiate = self.activation.bind(h, *learnt)

        def forward(inputs: Array) -> Array:
            np.copyto(h, inputs[..., :units, :])
            activate()
            return outputs

        def backward(delta: Array) -> Array:
            differentiate(delta)
            return delta

        return forward, backward

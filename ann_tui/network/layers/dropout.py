"""Dropout (Srivastava et al. 2014)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ann_tui.network.arrays import Array, constant
from ann_tui.network.layers.layer import Backward, Forward, Layer, Site


class Dropout(Layer):
    """In training each input is put to 0 with a probability; the others grow by 1 / (1 - it).

    It is `rate`, unless `rate_now` says otherwise when the layer is bound.
    """

    kind: ClassVar[str] = "dropout"
    draws: ClassVar[bool] = True

    def __init__(self, name: str, inputs: int, rate: float) -> None:
        """`rate` from 0 to below 1."""
        super().__init__(name, inputs, inputs)
        self.rate = rate
        self.rate_now: float | None = None

    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """The layer for one batch size; without a generator nothing is dropped."""
        units, generator = self.units, site.generator
        kept, outputs = site.outputs(units)
        draws, mask = np.empty(kept.shape, np.float32), np.empty_like(kept)
        chance = self.rate if self.rate_now is None else self.rate_now
        rate, growth = np.array(chance, np.float32), constant(1 / (1 - chance), kept)

        def forward(inputs: Array) -> Array:
            if generator is None:
                np.copyto(kept, inputs[..., :units, :])
                return outputs
            generator.random(dtype=np.float32, out=draws)
            np.copyto(mask, draws >= rate)
            np.multiply(mask, growth, mask)
            np.multiply(inputs[..., :units, :], mask, kept)
            return outputs

        def backward(delta: Array) -> Array:
            if generator is not None:
                np.multiply(delta, mask, delta)
            return delta

        return forward, backward

"""Batch normalization (Ioffe & Szegedy 2015)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.layers.layer import Backward, Forward, Layer, Site, scale_and_shift

EPSILON = 1e-5
MOMENTUM = 0.1
"""The share of the newest batch in the running mean and variance."""


class BatchNorm(Layer):
    """Each unit's values get mean 0 and variance 1 over the batch, then a learnt scale and shift.

    Prediction uses the running mean and variance of training.
    """

    kind: ClassVar[str] = "batch norm"
    mixes_rows: ClassVar[bool] = True

    def __init__(self, name: str, inputs: int) -> None:
        """As many units as inputs."""
        super().__init__(name, inputs, inputs)

    @property
    def size(self) -> int:
        """Scale and shift."""
        return 2 * self.units

    @property
    def statistic_size(self) -> int:
        """Running mean and variance."""
        return 2 * self.units

    def views(self, weights: Array) -> dict[str, Array]:
        """`scale` and `shift`, (units,) each."""
        return scale_and_shift(self.units, weights)

    def statistic_views(self, statistics: Array) -> dict[str, Array]:
        """`mean` and `variance`, (units,) each."""
        return {"mean": statistics[..., : self.units], "variance": statistics[..., self.units :]}

    def initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:
        """Nothing changes at first."""
        weights[: self.units], weights[self.units :] = 1.0, 0.0
        statistics[: self.units], statistics[self.units :] = 0.0, 1.0

    def obstacle(self, rows: int) -> str | None:
        """A row alone has no variance."""
        if rows > 1:
            return None
        return "batch norm needs two rows or more in each batch: make the batches larger, or leave out batch norm"

    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """The layer for one batch size; without a generator it uses the running mean and variance."""
        units, rows, training = self.units, site.rows, site.generator is not None
        result, outputs = site.outputs(units)
        scale, shift = (view[..., None] for view in self.views(site.weights).values())
        scale_gradient, shift_gradient = self.views(site.slopes()).values()
        running_mean, running_variance = self.statistic_views(site.statistics).values()
        normal, scratch = np.empty_like(result), np.empty_like(result)
        inverse = np.empty((*site.members, units, 1), result.dtype)

        def forward(inputs: Array) -> Array:
            x = inputs[..., :units, :]
            if training:
                mean = x.mean(axis=-1)
                np.subtract(x, mean[..., None], normal)
                np.multiply(normal, normal, scratch)
                variance = scratch.mean(axis=-1)
                running_mean[:] += MOMENTUM * (mean - running_mean)
                running_variance[:] += MOMENTUM * (variance * (rows / max(rows - 1, 1)) - running_variance)
            else:
                variance = running_variance
                np.subtract(x, running_mean[..., None], normal)
            inverse[..., 0] = 1 / np.sqrt(variance + EPSILON)
            np.multiply(normal, inverse, normal)
            np.multiply(normal, scale, result)
            np.add(result, shift, result)
            return outputs

        def backward(delta: Array) -> Array:
            np.multiply(delta, normal, scratch)
            np.add.reduce(scratch, axis=-1, out=scale_gradient)
            np.add.reduce(delta, axis=-1, out=shift_gradient)
            if training:
                # The batch's mean and variance depend on x too.
                np.multiply(normal, scale_gradient[..., None] / rows, scratch)
                np.subtract(delta, shift_gradient[..., None] / rows, delta)
                np.subtract(delta, scratch, delta)
            np.multiply(delta, scale * inverse, delta)
            return delta

        return forward, backward

"""Cost functions for a number, each with its gradient beside it.

To add one, write such a class here under `@cost`: the app, the command line and the docs list it by themselves.
"""

from __future__ import annotations

import numpy as np

from ann_tui.network.arrays import Array, lines_log_mean
from ann_tui.network.cost import Cost, Gradient, cost

FARTHEST = 88.0
"""exp of more is too large for float32."""


class NumberCost(Cost):
    """A cost for a number, written as two functions of the error e = z - t: the value and its derivative."""

    def targets(self, y: Array) -> Array:
        """The numbers themselves, (1, rows)."""
        return y[None, :].astype(self.dtype)

    def merits(self, z: Array, y: Array) -> Array:
        """The squared error."""
        found: Array = np.square(self.predictions(z) - y, dtype=np.float64)
        return found

    def predictions(self, z: Array) -> Array:
        """The numbers, (rows,)."""
        found: Array = z[0].copy()
        return found

    def raw_sums(self, predictions: Array) -> Array | None:
        """The numbers themselves."""
        return np.asarray(predictions)[None, :].astype(self.dtype)

    def value(self, e: Array) -> Array:
        """The cost of an error."""
        raise NotImplementedError

    def slope(self, e: Array) -> Array:
        """Its derivative."""
        raise NotImplementedError

    def values(self, z: Array, targets: Array) -> Array:
        """The cost of each error."""
        return self.value(z[0] - targets[0])

    def bind(self, rows: int) -> Gradient:
        """The derivative at each error."""

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            return self.slope(z - targets) * scale

        return gradient


@cost(
    "squared error",
    "number",
    "the square of the difference: large errors count most; the usual one for a number",
)
class SquaredError(NumberCost):
    """e²."""

    factor = 2.0

    def value(self, e: Array) -> Array:
        """e²."""
        return e * e

    def bind(self, rows: int) -> Gradient:
        """2e, of which 2 is the factor."""
        delta = np.empty((1, rows), self.dtype)
        subtract, multiply = np.subtract, np.multiply

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            subtract(z, targets, delta)
            multiply(delta, scale, delta)
            return delta

        return gradient


@cost(
    "absolute error",
    "number",
    "the difference's size: outliers count no more than others; aims at the median",
)
class AbsoluteError(NumberCost):
    """|e|."""

    def value(self, e: Array) -> Array:
        """|e|."""
        return np.abs(e)

    def slope(self, e: Array) -> Array:
        """The sign of e."""
        return np.sign(e)


@cost(
    "huber",
    "number",
    "squared for small errors, straight for large ones (Huber 1964)",
    asks=("huber_delta",),
)
class Huber(NumberCost):
    """e²/2 up to δ, then δ·(|e| - δ/2)."""

    def value(self, e: Array) -> Array:
        """e²/2 up to δ, then δ·(|e| - δ/2)."""
        size, bend = np.abs(e), self.design.huber_delta
        return np.where(size <= bend, e * e * 0.5, bend * (size - bend * 0.5))

    def slope(self, e: Array) -> Array:
        """E, held between -δ and δ."""
        return np.clip(e, -self.design.huber_delta, self.design.huber_delta)


@cost("log-cosh", "number", "a smooth Huber: the logarithm of the hyperbolic cosine of the error")
class LogCosh(NumberCost):
    """log cosh e."""

    def value(self, e: Array) -> Array:
        """|e| + log(1 + exp(-2|e|)) - log 2, which can't overflow."""
        size = np.abs(e)
        found: Array = size + np.log1p(np.exp(-2 * size)) - self.dtype.type(np.log(2))
        return found

    def slope(self, e: Array) -> Array:
        """tanh e."""
        return np.tanh(e)


@cost(
    "quantile",
    "number",
    "too high and too low cost differently: aims at the quantile (Koenker & Bassett 1978)",
    asks=("quantile",),
)
class Quantile(NumberCost):
    """q·|e| where the prediction is too low, (1 - q)·|e| where it is too high."""

    def value(self, e: Array) -> Array:
        """q·|e| where the prediction is too low, (1 - q)·|e| where it is too high."""
        return np.maximum((1 - self.design.quantile) * e, -self.design.quantile * e)

    def slope(self, e: Array) -> Array:
        """-q below, 1 - q above."""
        found: Array = np.where(e > 0, 1 - self.design.quantile, -self.design.quantile)
        return found.astype(self.dtype)


@cost(
    "poisson",
    "number",
    "for counts: half the Poisson deviance of exp(z), which is never negative",
    raw_target=True,
    lowest_target=0.0,
)
class Poisson(NumberCost):
    """exp(z) - t·z - t + t·log t; the prediction is exp(z)."""

    def first_bias(self, y: Array, weight: Array | None = None) -> Array | None:
        """The logarithm of the mean, from which counts of any size are near; None where all are 0."""
        shares = np.ones(len(y)) if weight is None else np.asarray(weight, np.float64)
        total = float(shares.dot(y))
        return np.log([total / shares.sum()]) if total > 0 else None

    def predictions(self, z: Array) -> Array:
        """exp(z), (rows,), which stays finite."""
        found: Array = np.exp(np.minimum(z[0], FARTHEST))
        return found

    def joint(self, z: Array) -> Array:
        """The logarithms of the members' mean answers."""
        return lines_log_mean(np.minimum(z, FARTHEST))

    def raw_sums(self, predictions: Array) -> Array | None:
        """The logarithms; None where a number is not above 0."""
        numbers = np.asarray(predictions, np.float64)
        return np.log(numbers)[None, :].astype(self.dtype) if (numbers > 0).all() else None

    def values(self, z: Array, targets: Array) -> Array:
        """t·(exp(d) - 1 - d) with d = z - log t: near 0, where the usual sum of large numbers would lose it."""
        z, t = z[0], targets[0]
        d = z - np.log(np.where(t > 0, t, 1))
        near = t * (np.expm1(np.minimum(d, 1)) - d)
        found: Array = np.where((t > 0) & (d < 1), near, np.exp(z) - t * (d + 1))
        return found

    def bind(self, rows: int) -> Gradient:
        """exp(z) - t."""

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            return (np.exp(z) - targets) * scale

        return gradient

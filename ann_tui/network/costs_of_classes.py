"""Cost functions for classes, each with its gradient beside it.

To add one, write such a class here under `@cost`: the app, the command line and the docs list it by themselves.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from ann_tui.network.arrays import Array, column_sums, constant, lines_log_mean, lines_mean, softplus
from ann_tui.network.cost import Cost, Gradient, cost


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) without overflow."""
    return np.tanh(z * 0.5) * 0.5 + 0.5


def log_of(probabilities: Array) -> Array:
    """The logarithm; 0 counts as the smallest step of a float64, as in `row_costs` of the evaluation."""
    return np.log(np.maximum(np.asarray(probabilities, np.float64), np.finfo(np.float64).eps))


def softmax(z: Array) -> Array:
    """exp(z) over its sum, for each column."""
    shares = np.exp(z - z.max(axis=0))
    found: Array = shares / shares.sum(axis=0)
    return found


def surprise(z: Array, targets: Array) -> Array:
    """Σ -t·log softmax(z) = log Σ exp(z) - Σ t·z, (rows,), for targets that add up to 1."""
    shifted = z - np.maximum.reduce(z)
    found = column_sums(np.exp(shifted))
    np.log(found, found)
    np.multiply(shifted, targets, shifted)
    np.subtract(found, column_sums(shifted), found)
    return found


class BinaryCost(Cost):
    """A cost for two classes told apart by the sign of one unit; targets are -1 and 1."""

    def targets(self, y: Array) -> Array:
        """-1 for the first class and 1 for the second, (1, rows)."""
        return self._table.take(y, 0)[None, :]

    @cached_property
    def _table(self) -> Array:
        return self.softened()

    def softened(self) -> Array:
        """The targets of both classes, (2,)."""
        return np.array([-1.0, 1.0], self.dtype)

    def merits(self, z: Array, y: Array) -> Array:
        """1 where z has the sign of the class."""
        found: Array = (z[0] > 0) == y
        return found

    def predictions(self, z: Array) -> Array:
        """The sigmoid's probabilities, (rows, 2)."""
        second = sigmoid(z[0])
        return np.stack([1 - second, second], axis=1)

    def joint(self, z: Array) -> Array:
        """The logarithm of the odds of the members' mean probabilities."""
        found = lines_log_mean(-softplus(-z))
        np.subtract(found, lines_log_mean(-softplus(z)), found)
        return found

    def raw_sums(self, predictions: Array) -> Array | None:
        """The logarithm of the odds of the second class."""
        logs = log_of(predictions)
        return (logs[:, 1] - logs[:, 0])[None, :].astype(self.dtype)


class MulticlassCost(Cost):
    """A cost for one class out of several, one unit each; targets are 1 for the true class and 0 for the others."""

    def targets(self, y: Array) -> Array:
        """A column of the identity for each example, (classes, rows)."""
        return self._table.take(y, 1)

    @cached_property
    def _table(self) -> Array:
        return self.softened()

    def softened(self) -> Array:
        """The targets of all classes, (classes, classes), a class a column."""
        return np.eye(self.outputs.units, dtype=self.dtype)

    def merits(self, z: Array, y: Array) -> Array:
        """1 where the true class has the largest z."""
        found: Array = z.argmax(axis=0) == y
        return found

    def predictions(self, z: Array) -> Array:
        """The softmax's probabilities, (rows, classes)."""
        return np.ascontiguousarray(softmax(z).T)

    def joint(self, z: Array) -> Array:
        """The logarithms of the members' mean probabilities."""
        by_unit = z - np.maximum.reduce(z, axis=1, keepdims=True)
        sums = column_sums(np.exp(by_unit).swapaxes(0, 1))
        np.subtract(by_unit, np.log(sums)[:, None], by_unit)
        return lines_log_mean(by_unit)

    def raw_sums(self, predictions: Array) -> Array | None:
        """The logarithms of the probabilities."""
        return np.ascontiguousarray(log_of(predictions).T.astype(self.dtype))


@cost(
    "cross-entropy",
    "multiclass",
    "minus the logarithm of the probability given to the true class; the usual one",
    asks=("label_smoothing",),
)
class CrossEntropy(MulticlassCost):
    """-log of the probability that softmax gives to the true class."""

    def softened(self) -> Array:
        """The identity, of which label smoothing spreads a share evenly (Szegedy et al. 2015)."""
        smoothing = self.design.label_smoothing
        found: Array = super().softened() * (1 - smoothing) + self.dtype.type(smoothing / self.outputs.units)
        return found

    def values(self, z: Array, targets: Array) -> Array:
        """log Σ exp(z) - Σ t·z."""
        return surprise(z, targets)

    def bind(self, rows: int) -> Gradient:
        """softmax(z) - t."""
        delta, line = np.empty((self.outputs.units, rows), self.dtype), np.empty(rows, self.dtype)
        ones = np.ones(self.outputs.units, self.dtype)
        highest: Any = np.maximum.reduce
        exp, subtract, divide, multiply = np.exp, np.subtract, np.divide, np.multiply

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            highest(z, 0, None, line)
            subtract(z, line, delta)
            exp(delta, delta)
            ones.dot(delta, line)
            divide(delta, line, delta)
            subtract(delta, targets, delta)
            multiply(delta, scale, delta)
            return delta

        return gradient


@cost("cross-entropy", "binary")
class BinaryCrossEntropy(BinaryCost):
    """-log of the probability that the sigmoid gives to the true one of two classes."""

    factor = 0.5

    def softened(self) -> Array:
        """-1 and 1, brought nearer to 0 by the label smoothing."""
        found: Array = super().softened() * self.dtype.type(1 - self.design.label_smoothing)
        return found

    def values(self, z: Array, targets: Array) -> Array:
        """log(1 + exp(z)) - z·(1 + t)/2."""
        found: Array = softplus(z[0]) - z[0] * (targets[0] + 1) * 0.5
        return found

    def bind(self, rows: int) -> Gradient:
        """sigmoid(z) - (1 + t)/2 = (tanh(z/2) - t)/2, of which the last half is the factor."""
        delta = np.empty((1, rows), self.dtype)
        half = constant(0.5, delta)
        multiply, subtract, tanh = np.multiply, np.subtract, np.tanh

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            multiply(z, half, delta)
            tanh(delta, delta)
            subtract(delta, targets, delta)
            multiply(delta, scale, delta)
            return delta

        return gradient


@cost(
    "focal",
    "multiclass",
    "cross-entropy that cares less for what is already told well (Lin et al. 2017)",
    asks=("focal_gamma",),
)
class Focal(MulticlassCost):
    """(1 - p)^γ · -log p, with p the probability of the true class."""

    def values(self, z: Array, targets: Array) -> Array:
        """(1 - p)^γ · -log p."""
        log = self._surprise(z, targets)
        found: Array = (-np.expm1(-log)) ** self.design.focal_gamma * log
        return found

    def _surprise(self, z: Array, targets: Array) -> Array:
        """-log p, (rows,)."""
        found: Array = np.maximum(surprise(z, targets), np.finfo(self.dtype).tiny)
        return found

    def bind(self, rows: int) -> Gradient:
        """((1 - p)^γ - γ (1 - p)^(γ - 1) · p · log p) · (softmax(z) - t)."""
        gamma = self.design.focal_gamma

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            log = self._surprise(z, targets)
            missing = -np.expm1(-log)
            slope = missing**gamma + gamma * missing ** (gamma - 1) * np.exp(-log) * log
            return (softmax(z) - targets) * slope * scale

        return gradient


@cost("focal", "binary")
class BinaryFocal(BinaryCost):
    """(1 - p)^γ · -log p, with p = sigmoid(t·z)."""

    def values(self, z: Array, targets: Array) -> Array:
        """(1 - p)^γ · -log p."""
        u = z[0] * targets[0]
        found: Array = sigmoid(-u) ** self.design.focal_gamma * softplus(-u)
        return found

    def bind(self, rows: int) -> Gradient:
        """-t · (1 - p)^γ · (γ·p·(-log p) + 1 - p)."""
        gamma = self.design.focal_gamma

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            u = z * targets
            missing = sigmoid(-u)
            slope = missing**gamma * (gamma * sigmoid(u) * softplus(-u) + missing)
            found: Array = -targets * slope * scale
            return found

        return gradient


@cost(
    "hinge",
    "multiclass",
    "asks the true class to lead by a margin of 1, and is content beyond (Cortes & Vapnik 1995)",
)
class Hinge(MulticlassCost):
    """The mean over all classes of max(0, 1 - z_true + z_other) (Weston & Watkins 1999)."""

    def joint(self, z: Array) -> Array:
        """The members' mean margins."""
        return lines_mean(z)

    def raw_sums(self, predictions: Array) -> Array | None:
        """None: its z are margins, which tell nothing of probabilities."""
        return None

    def _margins(self, z: Array, targets: Array) -> Array:
        """1 - z_true + z_other, and 0 at the true class, (classes, rows)."""
        found: Array = (1 - column_sums(z * targets) + z) * (1 - targets)
        return found

    def values(self, z: Array, targets: Array) -> Array:
        """Σ max(0, margin) / classes."""
        found: Array = column_sums(np.maximum(self._margins(z, targets), 0)) / self.dtype.type(len(z))
        return found

    def bind(self, rows: int) -> Gradient:
        """1/classes for each class too near; minus their sum for the true one."""

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            near = (self._margins(z, targets) > 0).astype(self.dtype)
            found: Array = (near - targets * near.sum(axis=0)) * (scale / self.dtype.type(len(z)))
            return found

        return gradient


@cost("hinge", "binary")
class BinaryHinge(BinaryCost):
    """max(0, 1 - t·z)."""

    def joint(self, z: Array) -> Array:
        """The members' mean margins."""
        return lines_mean(z)

    def raw_sums(self, predictions: Array) -> Array | None:
        """None: its z are margins, which tell nothing of probabilities."""
        return None

    def values(self, z: Array, targets: Array) -> Array:
        """max(0, 1 - t·z)."""
        found: Array = np.maximum(1 - z[0] * targets[0], 0)
        return found

    def bind(self, rows: int) -> Gradient:
        """-t where t·z < 1."""

        def gradient(z: Array, targets: Array, scale: Array) -> Array:
            return -targets * (z * targets < 1) * scale

        return gradient

"""Costs and their derivatives as their definitions have them, for numbers that are looked at one by one.

They stand beside the engine's, so that each is a check on the other. One that is entered there alone is taken from
there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ann_tui.insight.plain_activations import sigmoid, softmax, softplus
from ann_tui.network.arrays import Array
from ann_tui.network.cost import CostOptions
from ann_tui.network.network import Network

Formula = Callable[[Array, Array, CostOptions], tuple[Array, Array]]
"""Raw sums (rows, units) and targets (rows,) -> each row's cost (rows,), and its derivative by the sums."""


def _one_hot(z: Array, y: Array) -> Array:
    return np.eye(z.shape[1])[y.astype(np.intp)]


def _surprise(z: Array, target: Array) -> Array:
    """Σ -t · log softmax(z), (rows,)."""
    highest = z.max(axis=1, keepdims=True)
    logs = z - highest - np.log(np.exp(z - highest).sum(axis=1, keepdims=True))
    found: Array = -(target * logs).sum(axis=1)
    return found


def _sides(y: Array) -> Array:
    """-1 for the first of two classes, 1 for the second, (rows, 1)."""
    return np.where(y > 0, 1.0, -1.0)[:, None]


def _cross_entropy(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    smoothing = options.label_smoothing
    target = (1 - smoothing) * _one_hot(z, y) + smoothing / z.shape[1]
    return _surprise(z, target), softmax(z) - target


def _binary_cross_entropy(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    target = (1 + _sides(y) * (1 - options.label_smoothing)) / 2
    return (target * softplus(-z) + (1 - target) * softplus(z))[:, 0], sigmoid(z) - target


def _focal(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    gamma, target = options.focal_gamma, _one_hot(z, y)
    log = _surprise(z, target)[:, None]
    share, missing = np.exp(-log), -np.expm1(-log)
    # -log p / (1 - p), which is 1 where p is.
    ratio = np.divide(log, missing, out=np.ones_like(log), where=missing > 0)
    slope = missing**gamma * (1 + gamma * share * ratio)
    return (missing**gamma * log)[:, 0], slope * (softmax(z) - target)


def _binary_focal(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    gamma, side = options.focal_gamma, _sides(y)
    share, missing, log = sigmoid(side * z), sigmoid(-side * z), softplus(-side * z)
    return (missing**gamma * log)[:, 0], -side * missing**gamma * (gamma * share * log + missing)


def _hinge(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    target = _one_hot(z, y)
    margins = (1 - (z * target).sum(axis=1, keepdims=True) + z) * (1 - target)
    near = np.where(margins > 0, 1.0, 0.0)
    slopes = near - target * near.sum(axis=1, keepdims=True)
    return np.maximum(margins, 0).sum(axis=1) / z.shape[1], slopes / z.shape[1]


def _binary_hinge(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    side = _sides(y)
    return np.maximum(1 - side * z, 0)[:, 0], np.where(side * z < 1, -side, 0.0)


def _squared_error(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    error = z - y[:, None]
    return error[:, 0] ** 2, 2 * error


def _absolute_error(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    error = z - y[:, None]
    return np.abs(error)[:, 0], np.sign(error)


def _huber(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    error, bend = z - y[:, None], options.huber_delta
    size = np.abs(error)
    values = np.where(size <= bend, error**2 / 2, bend * (size - bend / 2))
    return values[:, 0], np.clip(error, -bend, bend)


def _log_cosh(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    error = z - y[:, None]
    return (np.logaddexp(error, -error) - np.log(2))[:, 0], np.tanh(error)


def _quantile(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    error, share = z - y[:, None], options.quantile
    slope = np.where(error > 0, 1 - share, -share)
    return (error * slope)[:, 0], slope


def _poisson(z: Array, y: Array, options: CostOptions) -> tuple[Array, Array]:
    counts, mean = y[:, None], np.exp(z)
    above = z - np.log(np.where(counts > 0, counts, 1.0))
    values = np.where(counts > 0, counts * (np.expm1(above) - above), mean)
    return values[:, 0], mean - counts


FORMULAS: dict[tuple[str, str], Formula] = {
    ("cross-entropy", "multiclass"): _cross_entropy,
    ("cross-entropy", "binary"): _binary_cross_entropy,
    ("focal", "multiclass"): _focal,
    ("focal", "binary"): _binary_focal,
    ("hinge", "multiclass"): _hinge,
    ("hinge", "binary"): _binary_hinge,
    ("squared error", "number"): _squared_error,
    ("absolute error", "number"): _absolute_error,
    ("huber", "number"): _huber,
    ("log-cosh", "number"): _log_cosh,
    ("quantile", "number"): _quantile,
    ("poisson", "number"): _poisson,
}
"""By the cost's name and the kind of outputs."""


def row_costs(network: Network, sums: Array, y: Array) -> tuple[Array, Array]:
    """Each row's cost, (rows,), and its derivative by the output layer's sums, (rows, units).

    `sums` (rows, units) are float64, and y (rows,) class codes or numbers as they are learned.
    """
    name = network.design.cost_for(network.outputs)
    formula = FORMULAS.get((name, network.outputs.kind))
    if formula is not None:
        return formula(sums, y, network.design)
    cost, z = network.cost, np.ascontiguousarray(sums.T)
    targets = cost.targets(y)
    slopes = cost.bind(len(y))(z, targets, np.full((1, len(y)), cost.factor))
    return cost.values(z, targets), slopes.T.copy()

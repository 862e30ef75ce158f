"""Which rows and classes each unit of a layer answers to, and which units have stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.bends import activation_name, at_rest, slopes, steepest
from ann_tui.insight.signals import LayerSignals
from ann_tui.network.arrays import Array
from ann_tui.network.network import Network

FLAT = 0.05
"""A slope below this share of the largest one is flat."""

MOSTLY = 95
"""A unit is saturated that is flat for so many rows out of 100."""


@dataclass(frozen=True, eq=False)
class NeuronAnswers:
    """How the units of a layer answer to n rows.

    `active` (units,) is the share of rows, from 0 to 1, for which the output lies above what the activation gives for
    a sum of 0: 0 itself for most, the middle of the range for the sigmoids, ln 2 for softplus, an even share for
    softmax. `active_by_class` and `mean_by_class`, (classes, units), are that share and the mean output over the rows
    of each class. A share or a mean of no rows is NaN.
    `dead` (units,) marks the units whose slope is 0 for every row, so that no row can teach them; in layers without
    activation of their own, those that give the same for all of two or more rows. `saturated` (units,) marks those
    of a bounded activation whose slope is below 5 % of its largest for at least 95 % of the rows.
    """

    active: Array
    active_by_class: Array
    mean_by_class: Array
    dead: NDArray[np.bool_]
    saturated: NDArray[np.bool_]


def neuron_answers(
    network: Network, layer: int, found: LayerSignals, codes: NDArray[Any] | None, classes: int
) -> NeuronAnswers:
    """How the units of the layer at this place answer to the rows of what `signals` found there.

    `codes` (n,) are the classes of the rows, from 0; for a number target there are none, and `classes` is 0.
    """
    with np.errstate(all="ignore"):
        outputs = found.outputs.T
        active = outputs > at_rest(network, layer)[:, None]
        dead, saturated = stopped(network, layer, found)
        return NeuronAnswers(
            _mean(active),
            _by_class(active, codes, classes),
            _by_class(outputs, codes, classes),
            dead,
            saturated,
        )


def stopped(network: Network, layer: int, found: LayerSignals) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which units are dead and which are saturated, bool (units,) each; see `NeuronAnswers`."""
    rows, none = len(found.outputs), np.zeros(found.units, bool)
    name = activation_name(network, layer)
    if rows == 0:
        return none, none
    if name is None or found.sums is None:
        same = (found.outputs == found.outputs[0]).all(axis=0)
        return same if rows > 1 else none, none
    with np.errstate(all="ignore"):
        slope = slopes(network, layer, found.sums)
        dead, largest = (slope == 0).all(axis=0), steepest(name)
        if largest is None:
            return dead, none
        flat = np.count_nonzero(np.abs(slope) < FLAT * largest, axis=0)
    return dead, 100 * flat >= MOSTLY * rows


def _mean(values: Array) -> Array:
    """The mean of each line of (units, rows), (units,); NaN of no rows."""
    found: Array = np.add.reduce(values, axis=1, dtype=np.float64) / np.float64(values.shape[1])
    return found


def _by_class(values: Array, codes: NDArray[Any] | None, classes: int) -> Array:
    """The mean of each line of (units, rows) over the rows of each class, (classes, units); NaN of no rows."""
    means = np.full((classes, len(values)), np.nan)
    if codes is not None and classes:
        counts = np.bincount(codes, minlength=classes)
        there = np.flatnonzero(counts)
        if len(there):
            sorted_rows = values.take(np.argsort(codes, kind="stable"), axis=1)
            first = np.cumsum(counts)[there] - counts[there]
            sums = np.add.reduceat(sorted_rows, first, axis=1, dtype=np.float64)
            means[there] = (sums / counts[there]).T
    return means

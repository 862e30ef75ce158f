"""How much the cost rises without a neuron, or without what a column tells."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.passes import input_room
from ann_tui.insight.rerun import Change, Rerun, lifted
from ann_tui.insight.signals import LayerSignals, signals
from ann_tui.network.arrays import Array
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread
from ann_tui.network.scoring import Scorer

Cancelled = Callable[[], bool]
"""Whether nobody waits for the answer any more; it is asked often."""


@dataclass(frozen=True, eq=False)
class LayerRelevance:
    """`rises` (units,): by how much the cost rises from `cost` when each unit is silenced; below 0 where it falls.

    `layer` is the place of the layer among the network's.
    """

    layer: int
    name: str
    cost: float
    rises: Array


@dataclass(frozen=True)
class InputRelevance:
    """By how much the cost rises when a column is shuffled: mean and standard deviation over the repeats."""

    name: str
    rise: float
    spread: float


class _MeanCost:
    """The weighted mean cost of raw sums, of as many times the rows as there are."""

    def __init__(self, network: Network, y: NDArray[Any], weight: NDArray[Any] | None) -> None:
        self._cost, self._targets = network.cost, network.cost.targets(np.asarray(y))
        counts = np.ones(len(y)) if weight is None else np.asarray(weight, np.float64)
        self._shares = counts / counts.sum()
        self._tiled = self._targets

    def of(self, sums: Array) -> Array:
        """Float64 (times,), of sums (units, times · rows)."""
        rows = len(self._shares)
        times = sums.shape[1] // max(1, rows)
        if self._tiled.shape[1] < sums.shape[1]:
            self._tiled = np.tile(self._targets, times)
        values = self._cost.values(sums, self._tiled[:, : sums.shape[1]])
        found: Array = values.reshape(times, rows).astype(np.float64) @ self._shares
        return found


def silenced(
    network: Network,
    x: NDArray[Any],
    y: NDArray[Any],
    weight: NDArray[Any] | None = None,
    *,
    layers: Sequence[int] | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[LayerRelevance, ...]:
    """How much the mean cost of rows rises when a unit gives its mean over these rows, whatever the row.

    `x` (n, features) and `y` (n,), class codes or numbers as they are learned, with n at least 1; `weight` (n,) says
    how much each row's cost counts, but does not enter a unit's mean. For a single network, and those of its hidden
    layers that have an activation: dense, residual and activation layers, or `layers`, places among all of them. A unit
    that gives the same for all rows has a rise of exactly 0. When `cancelled` says yes, the layers that are done come.
    Raises `DesignError` where the rows don't fit.
    """
    hidden = network.layers[:-1]
    if layers is None:
        bent = (Dense, Residual, ActivationLayer)
        layers = [place for place, layer in enumerate(hidden) if isinstance(layer, bent)]
    found = []
    with one_thread(), np.errstate(all="ignore"):
        given, mean_cost = signals(network, x), _MeanCost(network, y, weight)
        cost = float(mean_cost.of(given[-1].outputs.T)[0])
        for place in layers:
            costs = _without_units(network, place, given[place], mean_cost, cancelled)
            if costs is None:
                break
            same = (given[place].outputs == given[place].outputs[:1]).all(axis=0)
            rises = np.where(same, 0.0, costs - cost)
            found.append(LayerRelevance(place, hidden[place].name, cost, rises))
    return tuple(found)


def _without_units(
    network: Network, layer: int, given: LayerSignals, mean_cost: _MeanCost, cancelled: Cancelled | None
) -> Array | None:
    """The cost without each unit of a layer, float64 (units,); None where nobody waits for it any more."""
    outputs = given.outputs.T
    means = outputs.mean(axis=1, dtype=np.float64, keepdims=True).astype(network.dtype)
    above, both = lifted(network, layer + 1, np.concatenate([outputs, means], axis=1))
    outputs, means = both[:, :-1], both[:, -1:]
    rerun = Rerun(network, above, outputs, given.units)
    costs = np.empty(given.units)
    for first in range(0, given.units, rerun.at_once):
        if cancelled is not None and cancelled():
            return None
        units = range(first, min(first + rerun.at_once, given.units))
        sums = rerun.sums([Change([unit], means[unit : unit + 1]) for unit in units])
        costs[units.start : units.stop] = mean_cost.of(sums)
    return costs


def permuted(
    network: Network,
    x: NDArray[Any],
    y: NDArray[Any],
    groups: Mapping[str, Sequence[int]],
    weight: NDArray[Any] | None = None,
    *,
    repeats: int = 5,
    seed: int = 0,
    cancelled: Cancelled | None = None,
) -> tuple[InputRelevance, ...]:
    """How much the mean cost of rows rises when the rows of some features are shuffled, the most relevant first.

    `x` (n, features) and `y` (n,), class codes or numbers as they are learned, with n at least 1; `weight` (n,) says
    how much each row's cost counts. Each group is a name with the places in x of the features that are shuffled
    together; their bins go with them. Of several members the joint answer is judged. The permutation of a repeat
    follows from `seed`, and is the same for all groups: what one group gets does not depend on the others. When
    `cancelled` says yes, the groups that are done come. Raises `DesignError` where the rows don't fit.
    """
    members = [network.member(number) for number in range(network.members)]
    places = {name: _with_bins(network, group) for name, group in groups.items()}
    orders = [np.random.default_rng([seed, repeat]).permutation(len(x)) for repeat in range(repeats)]
    wanted = [(name, order) for name in groups for order in orders]
    costs: list[float] = []
    with one_thread(), np.errstate(all="ignore"):
        mean_cost = _MeanCost(network, y, weight)
        cost = float(mean_cost.of(Scorer(network).scores(x))[0])
        below = input_room(network, x).T[: network.inputs]
        bases = [lifted(member, 0, below) for member in members]
        reruns = [Rerun(member, *base, len(wanted)) for member, base in zip(members, bases, strict=True)]
        while len(costs) < len(wanted) and not (cancelled is not None and cancelled()):
            block = wanted[len(costs) : len(costs) + reruns[0].at_once]
            sums = [
                rerun.sums([_shuffled(outputs, places[name], order) for name, order in block])
                for rerun, (_, outputs) in zip(reruns, bases, strict=True)
            ]
            joint = sums[0] if len(sums) == 1 else network.joint(np.stack(sums))
            costs += mean_cost.of(joint).tolist()
        done = len(costs) // repeats
        rises = np.reshape(costs[: done * repeats], (done, repeats)) - cost
        figures = zip(groups, rises.mean(axis=1), rises.std(axis=1), strict=False)
    found = [InputRelevance(name, float(rise), float(spread)) for name, rise, spread in figures]
    return tuple(sorted(found, key=lambda each: (math.isnan(each.rise), -each.rise)))


def _with_bins(network: Network, group: Sequence[int]) -> list[int]:
    """The places of features and of their bins among the network's inputs."""
    found = set(group)
    bins = () if network.bins is None else enumerate(network.bins.features.tolist(), network.features)
    return sorted(found.union(place for place, feature in bins if feature in found))


def _shuffled(outputs: Array, places: list[int], order: NDArray[np.integer]) -> Change:
    return Change(places, outputs[places][:, order])

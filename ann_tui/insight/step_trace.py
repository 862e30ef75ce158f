"""One step of a training as numbers: what goes up through the network, what comes back, and how its weights move.

All is worked out in float64, on copies. Sums, activations, costs, deltas, gradients, penalties, clipping and decay are
written here from their definitions, and not taken from the engine's bound passes: they are a check on these. What an
optimizer makes of a gradient is its formula itself, so that this part is the engine's own step, made with the traced
gradient on copies of weights and memory; so are the bounds behind it, and the mean that follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.layer_trace import LayerTrace, trace_layers
from ann_tui.insight.plain_costs import row_costs
from ann_tui.insight.precise import check_rows, in_float64
from ann_tui.insight.step_update import Move, StepMemory, move
from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.update import penalized_mask


@dataclass(frozen=True, eq=False)
class StepTrace:
    """A step of one network on n rows; all numbers are float64.

    `layers` from the first hidden layer to the output layer. `row_costs` (n,) are those of the rows by themselves,
    `cost` is Σ weight · row cost / n, and `penalty` what L1 and L2 add to it; `…_after` are the same with the weights
    after the step. `answers`, before and after, are probabilities (n, classes), or numbers (n,) as they are learned.
    `parameters` has all that is learned, by the names of `Network.parameters`. The step was made at `rate`, as the one
    of number `count`, from 1.
    """

    layers: tuple[LayerTrace, ...]
    row_costs: Array
    cost: float
    penalty: float
    answers: Array
    parameters: Mapping[str, Move]
    rate: float
    count: int
    row_costs_after: Array
    cost_after: float
    penalty_after: float
    answers_after: Array

    def dense(self, weights: str) -> LayerTrace:
        """The dense layer, one within a residual block too, whose weights have this name. Raises KeyError."""
        for layer in self.layers:
            for each in (layer, *layer.inside):
                if each.weights == weights:
                    return each
        raise KeyError(weights)


class Term(NamedTuple):
    """A part of a unit's sum: `value` · `weight`, of the input at `place`."""

    place: int
    value: float
    weight: float

    @property
    def product(self) -> float:
        """What it adds."""
        return self.value * self.weight


class UnitTerms(NamedTuple):
    """A unit's sum in parts: the largest terms, the largest first, `rest` of `others` more terms, and the bias."""

    terms: tuple[Term, ...]
    rest: float
    others: int
    bias: float
    sum: float


def trace_step(
    network: Network,
    x: NDArray[Any],
    y: NDArray[Any],
    weight: NDArray[Any] | None,
    plan: TrainingPlan,
    memory: StepMemory,
    rate: float,
    *,
    member: int = 0,
) -> StepTrace:
    """What a step by the plan would be on a batch of rows x, (n, features), from the network and memory as they are.

    y (n,) are class codes or numbers as they are learned; `weight` (n,) is as in training, where the mean over all
    training rows is 1. `rate` is the learning rate of this batch. Neither network nor memory change. Of several members
    the step of `member` is traced, which does not depend on the others. Layers behave as in prediction: nothing is
    dropped, and batch norm uses its running statistics and leaves them as they are. An optimizer that searches along
    the cost searches along that of these rows. Raises `DesignError` where the rows don't fit, and ValueError where
    there are none, or where the memory is another optimizer's.
    """
    x, y = np.asarray(x), np.asarray(y)
    weight = None if weight is None else np.asarray(weight)
    check_rows(network, x, y, weight)
    with one_thread(), np.errstate(all="ignore"):
        whole = in_float64(network)
        rows = _Rows(whole.member(member), x, y, weight, plan)
        before, (layers, gradient) = rows.judged(), rows.traced_back()
        step = move(whole, member, gradient, plan, memory, rate, rows.objective)
        after = rows.judged()
    parameters = step.by_parameter(rows.network)
    return StepTrace(layers, *before, parameters, rate, memory.count + 1, *after)


class _Rows:
    """The rows of a step, and one network in float64 whose weights may move between two questions."""

    def __init__(
        self, network: Network, x: Array, y: Array, weight: Array | None, plan: TrainingPlan
    ) -> None:
        self.network, self.plan = network, plan
        self.inputs = _inputs(network, x.astype(np.float64))
        self.y = y.astype(np.float64) if network.outputs.kind == "number" else y
        self.shares = (np.ones(len(x)) if weight is None else weight.astype(np.float64)) / len(x)
        self.penalized = penalized_mask(network)

    def judged(self) -> tuple[Array, float, float, Array]:
        """Row costs, cost, penalty and answers with the weights as they are."""
        sums, _ = trace_layers(self.network, self.inputs)
        costs, _ = row_costs(self.network, sums, self.y)
        answers = self.network.cost.predictions(np.ascontiguousarray(sums.T))
        return costs, float(self.shares @ costs), self._penalty(), answers

    def traced_back(self) -> tuple[tuple[LayerTrace, ...], Array]:
        """Each layer's numbers, and the cost's derivative by all that is learned, as long as `weights`."""
        sums, backs = trace_layers(self.network, self.inputs)
        _, slopes = row_costs(self.network, sums, self.y)
        delta, layers = slopes * self.shares[:, None], list[LayerTrace]()
        gradient = np.zeros_like(self.network.weights)
        views = self.network.views(gradient)
        for layer, back in zip(reversed(self.network.layers), reversed(backs), strict=True):
            trace, gradients = back(delta)
            for name, values in gradients.items():
                views[f"{layer.name}.{name}"][...] = values
            layers.insert(0, trace)
            delta = trace.inputs_delta
        return tuple(layers), gradient

    def objective(self) -> tuple[float, Array]:
        """Cost and penalty, and the gradient of the cost alone, with the weights as they are."""
        _, cost, penalty, _ = self.judged()
        return cost + penalty, self.traced_back()[1]

    def _penalty(self) -> float:
        """l1·Σ|w| + l2/2·Σw², over weights without biases."""
        weights = self.network.weights * self.penalized
        return float(self.plan.l1 * np.abs(weights).sum() + self.plan.l2 / 2 * (weights**2).sum())


def _inputs(network: Network, x: Array) -> Array:
    """What the first layer sees of rows, (n, inputs): the features, and how far through each of their bins they are."""
    bins = network.bins
    if bins is None:
        return x
    low, high = bins.low.astype(np.float64), bins.high.astype(np.float64)
    return np.concatenate([x, np.clip((x[:, bins.features] - low) / (high - low), 0.0, 1.0)], axis=1)


def largest_terms(trace: StepTrace, weights: str, unit: int, row: int, most: int) -> UnitTerms:
    """The sum of a dense layer's unit for a row, before the step, as its `most` largest terms by size and the rest.

    `weights` names the layer's weights, such as `dense_1.weights` or `residual_1.weights_inner`. Raises KeyError for
    another name.
    """
    layer = trace.dense(weights)
    values, own = layer.inputs[row], trace.parameters[weights].before[:, unit]
    bias = float(trace.parameters[weights.replace(".weights", ".bias")].before[unit])
    assert layer.sums is not None
    products = values * own
    order = np.argsort(-np.abs(products), kind="stable")
    shown, others = order[:most], order[most:]
    terms = tuple(Term(int(place), float(values[place]), float(own[place])) for place in shown)
    return UnitTerms(terms, float(products[others].sum()), len(others), bias, float(layer.sums[row, unit]))

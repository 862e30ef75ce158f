"""One update of the weights: penalties and clipping before the optimizer's step, bounds after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ann_tui.network.arrays import Array, constant, length
from ann_tui.network.network import Network
from ann_tui.training.matrices import HiddenMatrices, weight_matrices
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.step import WHOLE, Step

Adjustment = Callable[[float], None]
"""Something done in every batch, given the learning rate."""


class Vectors(NamedTuple):
    """All that an update works on, number by number.

    `workspace` holds the gradient and room for scratch; `penalized` is 1 for weights and 0 for biases, scales and
    slopes; `learning` is 0 for the numbers of frozen layers and 1 for all others. The gradients of `members` networks
    are bounded apart. `hidden` tells an optimizer of matrices where they lie; parts of the numbers have none. `mean` is
    what is measured and kept, for an optimizer that averages by itself.
    """

    weights: Array
    workspace: Array
    moments: Array
    penalized: Array
    learning: Array
    members: int = 1
    hidden: HiddenMatrices | None = None
    mean: Array | None = None

    def part(self, place: slice) -> Vectors:
        """Views of some of the numbers."""
        vectors = self.weights, self.workspace, self.moments, self.penalized, self.learning
        weights, workspace, moments, penalized, learning = (vector[..., place] for vector in vectors)
        mean = None if self.mean is None else self.mean[place]
        return Vectors(weights, workspace, moments, penalized, learning, mean=mean)


def penalized_mask(network: Network) -> Array:
    """1 where a number of the network's vector is a weight, 0 where it is a bias, a scale or a slope."""
    mask = np.zeros_like(network.weights)
    for view in weight_matrices(network, mask).values():
        view[...] = 1.0
    return mask


def learning_mask(network: Network, plan: TrainingPlan) -> Array:
    """0 where a number belongs to a frozen layer of the plan, 1 elsewhere."""
    mask = np.ones_like(network.weights)
    for part in network.parts(mask)[: plan.frozen_layers]:
        part[...] = 0.0
    return mask


def penalty(vectors: Vectors, plan: TrainingPlan) -> float:
    """l1·Σ|w| + l2/2·Σw², over weights without biases."""
    if not plan.l1 and not plan.l2:
        return 0.0
    weights = (vectors.weights * vectors.penalized).astype(np.float64)
    return float(plan.l1 * np.abs(weights).sum() + 0.5 * plan.l2 * weights @ weights)


def bind_update(vectors: Vectors, plan: TrainingPlan, *objective: Callable[[], float]) -> Step:
    """The optimizer's step with all that concerns each number by itself; `objective` for those that search."""
    entry = OPTIMIZERS[plan.optimizer]
    own = [vectors.hidden] * entry.matrices + [vectors.mean] * entry.averages
    step = entry.bind(vectors.weights, vectors.workspace, vectors.moments, plan, *own, *objective)
    return surround(step, [*gradient_adjustments(vectors, plan), *_decay(vectors, plan)], [])


def is_by_number(plan: TrainingPlan) -> bool:
    """Whether an update treats each number by itself, so that it can be made in parts."""
    entry = OPTIMIZERS[plan.optimizer]
    return plan.clip_norm is None and plan.max_norm is None and not entry.searches and not entry.matrices


def surround(step: Step, before: list[Adjustment], after: list[Adjustment]) -> Step:
    """The step with adjustments around it; the bare step where there are none."""
    if not before and not after:
        return step

    def surrounded(rate: float, count: int) -> None:
        for adjust in before:
            adjust(rate)
        step(rate, count)
        for adjust in after:
            adjust(rate)

    return surrounded


def gradient_adjustments(vectors: Vectors, plan: TrainingPlan) -> list[Adjustment]:
    """What changes the gradient, in this order: L1, L2, freezing, clipping of each number, clipping of the length."""
    weights, penalized = vectors.weights, vectors.penalized
    gradient, scratch = vectors.workspace
    found: list[Adjustment] = []

    if plan.l1:
        strength = penalized * constant(plan.l1, weights)

        def add_l1(rate: float) -> None:
            np.sign(weights, scratch)
            np.multiply(scratch, strength, scratch)
            np.add(gradient, scratch, gradient)

        found.append(add_l1)
    if plan.l2:
        strengths = penalized * constant(plan.l2, weights)

        def add_l2(rate: float) -> None:
            np.multiply(weights, strengths, scratch)
            np.add(gradient, scratch, gradient)

        found.append(add_l2)
    if plan.frozen_layers:
        learning = vectors.learning

        def freeze(rate: float) -> None:
            np.multiply(gradient, learning, gradient)

        found.append(freeze)
    if plan.clip_value is not None:
        high, low = constant(plan.clip_value, weights), constant(-plan.clip_value, weights)

        def clip_value(rate: float) -> None:
            np.clip(gradient, low, high, out=gradient)

        found.append(clip_value)
    if plan.clip_norm is not None:
        limit, gradients = plan.clip_norm, np.split(gradient, vectors.members)

        def clip_norm(rate: float) -> None:
            for own in gradients:
                size = length(own)
                if size > limit:
                    np.multiply(own, limit / size, own)

        found.append(clip_norm)
    return found


def _decay(vectors: Vectors, plan: TrainingPlan) -> list[Adjustment]:
    """Decoupled weight decay: w -= rate · decay · w, before the optimizer's own step."""
    decay = plan.weight_decay or OPTIMIZERS[plan.optimizer].weight_decay
    if not decay:
        return []
    weights, scratch = vectors.weights, vectors.workspace[1]
    decaying = vectors.penalized * vectors.learning
    strengths, size = decaying * constant(decay, weights), constant(0.0, weights)

    def shrink(rate: float) -> None:
        size[()] = rate
        np.multiply(weights, strengths, scratch)
        np.multiply(scratch, size, scratch)
        np.subtract(weights, scratch, weights)

    return [shrink]


def bounds(network: Network, plan: TrainingPlan, place: slice = WHOLE) -> list[Adjustment]:
    """What holds for the weights after each step: the longest of a unit, and those that are frozen.

    The frozen ones are held at this place of the vector; the length of a unit concerns the whole.
    """
    return [*_max_norm(network, plan), *_frozen(network, plan, place)]


def _frozen(network: Network, plan: TrainingPlan, place: slice) -> list[Adjustment]:
    """Frozen layers keep the weights that they have now, whatever decay or momentum would do."""
    frozen = learning_mask(network, plan)[place] == 0
    if not frozen.any():
        return []
    own = network.weights[place]
    held = own.copy()

    def put_back(rate: float) -> None:
        np.copyto(own, held, where=frozen)

    return [put_back]


def _max_norm(network: Network, plan: TrainingPlan) -> list[Adjustment]:
    """No unit's weights are longer than the bound (Srebro & Shraibman 2005)."""
    limit = plan.max_norm
    if limit is None:
        return []
    matrices = weight_matrices(network, network.weights).values()

    def shorten(rate: float) -> None:
        for matrix in matrices:
            sizes = np.sqrt(np.einsum("...ij,...ij->...j", matrix, matrix))
            np.multiply(matrix, (limit / np.maximum(sizes, limit))[..., None, :], matrix)

    return [shorten]

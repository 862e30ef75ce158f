"""How the weights move in a step, in its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ann_tui.network.arrays import Array, length
from ann_tui.network.network import Network
from ann_tui.training.averaging import Averages
from ann_tui.training.matrices import HiddenMatrices
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.update import (
    Vectors,
    bind_update,
    bounds,
    gradient_adjustments,
    learning_mask,
    penalized_mask,
)

Objective = Callable[[], tuple[float, Array]]
"""What is minimized at the weights as they are, and the gradient of the cost without penalties, (weights,)."""


@dataclass(frozen=True, eq=False)
class StepMemory:
    """What a training remembers between two steps: `moments` (k, weights) of the optimizer and its `count` of steps.

    `mean` (weights,) is what is measured and kept where weights are averaged; None where they aren't, or where the mean
    is the weights themselves so far. Vectors are those of all members, as in the training.
    """

    moments: Array
    count: int = 0
    mean: Array | None = None

    @classmethod
    def fresh(cls, network: Network, plan: TrainingPlan) -> StepMemory:
        """That of a training that begins."""
        return cls(np.zeros((OPTIMIZERS[plan.optimizer].moments, network.weights.size), network.dtype))

    @classmethod
    def of_state(cls, state: Mapping[str, Any]) -> StepMemory:
        """That of a training's state; see `Trainer.state` and `KeyState`."""
        return cls(state["optimizer.moments"], int(state["optimizer.count"]), state.get("average.weights"))


@dataclass(frozen=True, eq=False)
class Move:
    """How numbers move in a step: those of one parameter, in its shape, or of a whole network, (weights,).

    `before` + `decay` + `step` + `bound` = `after`: weight decay, the optimizer's own step, and what max-norm and
    freezing put right behind it. `gradient` is the cost's, `penalty` what L1 and L2 add to it, and `given` what the
    optimizer gets: their sum, 0 where layers are frozen, and clipped; a search gets others behind it. `moments_before`
    and `moments_after`, (k, …), are what the optimizer remembers. `mean_before` and `mean_after` are the averaged
    weights, which some averages move between epochs alone; None where nothing is averaged.
    """

    before: Array
    gradient: Array
    penalty: Array
    given: Array
    decay: Array
    step: Array
    bound: Array
    after: Array
    moments_before: Array
    moments_after: Array
    mean_before: Array | None
    mean_after: Array | None

    @property
    def change(self) -> Array:
        """How far the numbers have moved."""
        found: Array = self.after - self.before
        return found

    def by_parameter(self, network: Network) -> dict[str, Move]:
        """The move of each parameter, of that of all numbers of a single network, by the parameter's name."""
        names = tuple(network.views(network.weights))
        columns = []
        for field in fields(self):
            vector = getattr(self, field.name)
            columns.append([None] * len(names) if vector is None else list(network.views(vector).values()))
        return {name: Move(*views) for name, *views in zip(names, *columns, strict=True)}


def move(
    network: Network,
    member: int,
    gradient: Array,
    plan: TrainingPlan,
    memory: StepMemory,
    rate: float,
    objective: Objective,
) -> Move:
    """Move a float64 network by a step along the cost's gradient by one member, (weights,), and tell that one's move.

    The other members get a gradient of 0, and what becomes of them is nobody's concern. `objective` is asked by
    optimizers that search, with the weights where they stand then. Raises ValueError for another optimizer's memory.
    """
    entry, weights, members = OPTIMIZERS[plan.optimizer], network.weights, network.members
    shape = entry.moments, weights.size
    if memory.moments.shape != shape:
        raise ValueError(
            f"{plan.optimizer} remembers vectors of shape {shape}, the memory has {memory.moments.shape}"
        )

    def own(vectors: Array) -> Array:
        found: Array = vectors.reshape(*vectors.shape[:-1], members, weights.size // members)
        return found[..., member, :].copy()

    averages = Averages(network, plan)
    averaged = averages.weights is not weights
    if averaged and memory.mean is not None:
        averages.weights[...] = memory.mean
    vectors = Vectors(
        weights,
        np.zeros((2, weights.size)),
        memory.moments.astype(np.float64),
        penalized_mask(network),
        learning_mask(network, plan),
        members,
        HiddenMatrices(network),
        averages.weights,
    )
    vectors.workspace[0].reshape(members, -1)[member] = gradient
    before, penalized, learning = own(weights), own(vectors.penalized), own(vectors.learning)
    moments_before, mean_before = own(vectors.moments), own(averages.weights)
    penalty = penalized * (plan.l1 * np.sign(before) + plan.l2 * before)
    given = _clipped((gradient + penalty) * learning, plan)
    decay = -rate * (plan.weight_decay or entry.weight_decay) * before * penalized * learning

    searching = [_searched(vectors, plan, objective)] if entry.searches else []
    step, held = bind_update(vectors, plan, *searching), bounds(network, plan)
    step(rate, memory.count + 1)
    unbound = own(weights)
    for hold in held:
        hold(rate)
    averages.follow(_nothing)(rate, memory.count + 1)
    after = own(weights)
    return Move(
        before,
        gradient,
        penalty,
        given,
        decay,
        unbound - before - decay,
        after - unbound,
        after,
        moments_before,
        own(vectors.moments),
        mean_before if averaged else None,
        own(averages.weights) if averaged else None,
    )


def _nothing(rate: float, count: int) -> None:
    """The step has been made already."""


def _clipped(gradient: Array, plan: TrainingPlan) -> Array:
    """The gradient within the bounds for each number, and then for its length."""
    if plan.clip_value is not None:
        gradient = np.clip(gradient, -plan.clip_value, plan.clip_value)
    if plan.clip_norm is not None:
        gradient = gradient * (plan.clip_norm / max(length(gradient), plan.clip_norm))
    return gradient


def _searched(vectors: Vectors, plan: TrainingPlan, objective: Objective) -> Callable[[], float]:
    """The objective as a search asks for it, which leaves its gradient in the workspace."""
    adjustments = gradient_adjustments(vectors, plan)

    def searched() -> float:
        value, vectors.workspace[0][...] = objective()
        for adjust in adjustments:
            adjust(0.0)
        return value

    return searched

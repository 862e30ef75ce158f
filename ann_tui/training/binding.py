"""What a plan needs for its batches: their kind, and the update after each of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.training.averaging import Averages
from ann_tui.training.batches import Batches
from ann_tui.training.epoch import SmallBatches
from ann_tui.training.examples import Examples
from ann_tui.training.gradient_probe import GradientProbe
from ann_tui.training.helper import Helper
from ann_tui.training.matrices import HiddenMatrices
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.shared_epoch import SHARED_WEIGHTS, SharedBatches, is_large
from ann_tui.training.shared_step import SharedStep
from ann_tui.training.step import WHOLE, Step
from ann_tui.training.update import (
    Vectors,
    bind_update,
    bounds,
    gradient_adjustments,
    is_by_number,
    learning_mask,
    penalized_mask,
    penalty,
    surround,
)


def bind_training(
    network: Network,
    examples: Examples,
    plan: TrainingPlan,
    batch: int,
    moments: Array,
    averages: Averages,
    generators: list[np.random.Generator],
    probe: GradientProbe,
    helper: Helper,
) -> tuple[Batches, Step]:
    """The batches of `batch` rows and the step that follows each, with all arrays that a run needs."""
    workspace = probe.workspace
    vectors = Vectors(
        network.weights,
        workspace,
        moments,
        penalized_mask(network),
        learning_mask(network, plan),
        network.members,
        HiddenMatrices(network),
        averages.weights,
    )
    searches, large = OPTIMIZERS[plan.optimizer].searches, is_large(network, batch)
    batches: Batches
    if not searches and not large:
        batches = SmallBatches(network, examples, batch, workspace[0], generators[0])
        step = bind_update(vectors, plan)
    else:
        batches = SharedBatches(network, examples, batch, workspace[0], generators, helper)
        if searches:
            step = bind_update(vectors, plan, _objective(batches, vectors, plan, probe))
        elif network.weights.size >= SHARED_WEIGHTS and is_by_number(plan):
            middle = network.weights.size // 2
            first, second = (
                _whole_step(bind_update(vectors.part(place), plan), network, plan, averages, probe, place)
                for place in (slice(0, middle), slice(middle, None))
            )
            return batches, SharedStep(first, second, middle)
        else:
            step = bind_update(vectors, plan)
    return batches, _whole_step(step, network, plan, averages, probe)


def _whole_step(
    step: Step,
    network: Network,
    plan: TrainingPlan,
    averages: Averages,
    probe: GradientProbe,
    place: slice = WHOLE,
) -> Step:
    """An update with what looks at its gradient, holds its weights and follows them, all at one place."""
    return averages.follow(surround(probe.watch(step, place), [], bounds(network, plan, place)), place)


def _objective(
    batches: SharedBatches, vectors: Vectors, plan: TrainingPlan, probe: GradientProbe
) -> Callable[[], float]:
    """What a line search asks for: the loaded batch's cost with penalties, and its gradient in the workspace."""
    adjustments = gradient_adjustments(vectors, plan)

    def objective() -> float:
        batches.fill_gradient()
        probe.look()
        for adjust in adjustments:
            adjust(0.0)
        return batches.mean_cost() + penalty(vectors, plan)

    return objective

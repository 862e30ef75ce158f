"""What experiment goes on from an epoch of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.experiments.on_the_way import check_same, differences
from ann_tui.training.changes import RATE, STOP, Change, plan_after
from ann_tui.training.examples import TrainingError
from ann_tui.training.observers.early_stopping import EarlyStopping

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run
    from ann_tui.training.history import EpochRow
    from ann_tui.training.plan import TrainingPlan


def branch_of(run: Run, epoch: int, wanted: Experiment) -> Experiment:
    """The experiment that goes on from a run's epoch by the plan of `wanted`; its steering holds what led there.

    A run of it alone trains the epochs before as well, to the same bits. Raises TrainingError with one line where the
    two differ in more than may change on the way.
    """
    before = [change for change in run.steering if change.field != STOP and change.epoch < epoch]
    chosen = run.chosen_at(epoch)
    check_same(chosen, wanted)
    steps = [Change(epoch, 0, name, value) for name, value in differences(chosen.plan, wanted.plan)]
    plan = plan_after(run.experiment.plan, (*before, *steps))
    if plan.epochs <= epoch:
        raise TrainingError(f"the plan ends after {plan.epochs} epochs: more of them have to be planned")
    if not steps and _has_enough(plan, run.snapshot.history[:epoch]):
        raise TrainingError(
            f"it stopped early after epoch {epoch:,}, and would again: plan more patience (3 Layers), or begin earlier"
        )
    return replace(run.experiment, steering=(*before, *sorted(steps, key=lambda step: step.field == RATE)))


def _has_enough(plan: TrainingPlan, history: Sequence[EpochRow]) -> bool:
    """Whether a training by this plan ends at once after these epochs."""
    stopping = EarlyStopping(plan)
    for row in history:
        stopping.look(row)
    return stopping.enough() is not None

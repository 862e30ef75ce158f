"""What experiment goes on from an epoch of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.experiments.on_the_way import check_same, differences
from ann_tui.training.changes import RATE, STOP, Change, plan_after
from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run


def branch_of(run: Run, epoch: int, wanted: Experiment) -> Experiment:
    """The experiment that goes on from a run's epoch by the plan of `wanted`; its steering holds what led there.

    A run of it alone trains the epochs before as well, to the same bits. Raises TrainingError with one line where the
    two differ in more than may change on the way.
    """
    before = [change for change in run.steering if change.field != STOP and change.epoch < epoch]
    chosen = run.chosen_at(epoch)
    check_same(chosen, wanted)
    steps = [Change(epoch, 0, name, value) for name, value in differences(chosen.plan, wanted.plan)]
    planned = plan_after(run.experiment.plan, (*before, *steps)).epochs
    if planned <= epoch:
        raise TrainingError(f"the plan ends after {planned} epochs: more of them have to be planned")
    return replace(run.experiment, steering=(*before, *sorted(steps, key=lambda step: step.field == RATE)))

"""What experiment goes on from an epoch of a run."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from ann_tui.choice_fields import described
from ann_tui.training.changes import RATE, STOP, Change, Value, plan_after
from ann_tui.training.examples import TrainingError
from ann_tui.training.plan import TrainingPlan

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
    _check_same(chosen, wanted)
    here = plan_after(run.experiment.plan, before)
    steps = [
        Change(epoch, 0, name, value)
        for name, value in _differences(replace(here, learning_rate=chosen.plan.learning_rate), wanted.plan)
    ]
    if wanted.plan.epochs <= epoch:
        raise TrainingError(
            f"the plan ends after {wanted.plan.epochs} epochs: more of them have to be planned"
        )
    plan_after(here, steps)
    return replace(run.experiment, steering=(*before, *sorted(steps, key=lambda step: step.field == RATE)))


def steps_to(chosen: Experiment, wanted: Experiment) -> list[tuple[str, Value]]:
    """The fields of the plan that a training by `chosen` has to change on the way to go on as `wanted` says.

    Raises TrainingError with one line where the two differ in more than may change on the way.
    """
    _check_same(chosen, wanted)
    steps = _differences(chosen.plan, wanted.plan)
    plan_after(chosen.plan, [Change(0, 0, name, value) for name, value in steps])
    return steps


def _check_same(chosen: Experiment, wanted: Experiment) -> None:
    for name, other in (("source", "the data"), ("preparation", "the preparation"), ("design", "the layers")):
        if getattr(wanted, name) != getattr(chosen, name):
            raise TrainingError(f"{other} can't change on the way: take that back (u), or train anew (t)")


def _differences(before: TrainingPlan, after: TrainingPlan) -> list[tuple[str, Value]]:
    """The fields that differ, with their new values as a change has them."""
    about = described(TrainingPlan)
    return [
        (name, about[name].none or "none" if value is None else value)
        for name, value in asdict(after).items()
        if getattr(before, name) != value
    ]

"""What a training has to change on the way so as to go on as another experiment says."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ann_tui.choice_fields import described
from ann_tui.experiments.choice_texts import choice_texts
from ann_tui.experiments.choice_texts import differences as difference_texts
from ann_tui.training.changes import Change, Value, plan_after
from ann_tui.training.examples import TrainingError
from ann_tui.training.plan import TrainingPlan

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment


def steps_to(chosen: Experiment, wanted: Experiment) -> list[tuple[str, Value]]:
    """The fields of the plan that a training by `chosen` has to change on the way to go on as `wanted` says.

    Raises TrainingError with one line where the two differ in more than may change on the way.
    """
    check_same(chosen, wanted)
    steps = differences(chosen.plan, wanted.plan)
    plan_after(chosen.plan, [Change(0, 0, name, value) for name, value in steps])
    return steps


def check_same(chosen: Experiment, wanted: Experiment) -> None:
    """Raise TrainingError where two experiments differ in the data, the preparation or the network."""
    layers = chosen.design.layers == wanted.design.layers
    network = "the network" if layers else "the layers"
    for name, other in (("source", "the data"), ("preparation", "the preparation"), ("design", network)):
        if getattr(wanted, name) != getattr(chosen, name):
            told = difference_texts(choice_texts(chosen), choice_texts(wanted))
            what = f" ({told[0].title} {told[0].one} → {told[0].other})" if told else ""
            raise TrainingError(
                f"{other} can't change on the way{what}: take that back (u), or train anew (t)"
            )


def differences(before: TrainingPlan, after: TrainingPlan) -> list[tuple[str, Value]]:
    """The fields that differ, with their new values as a change has them."""
    about = described(TrainingPlan)
    return [
        (name, about[name].none or "none" if value is None else value)
        for name, value in asdict(after).items()
        if getattr(before, name) != value
    ]

"""What was changed by hand while a training ran."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ann_tui.choice_fields import MayChange, described
from ann_tui.training.examples import TrainingError
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking

STOP, RATE = "stop", "learning_rate"
Value = float | str | bool
"""A value of a plan's field; none is written as the field's description writes it."""


@dataclass(frozen=True)
class Change:
    """From this batch on, counted from 0 within its epoch (from 0 too), a field of the plan had this value.

    `attempt` counts how often the epoch had been given up as diverged before. For `learning_rate` it is the base that
    the schedule multiplies, and may change before any batch; other fields change before a first batch alone. The field
    `STOP` is no field of the plan: there the training was ended.
    """

    epoch: int
    batch: int
    field: str
    value: Value
    attempt: int = 0

    def __post_init__(self) -> None:
        """A whole number is kept as any other one."""
        if not isinstance(self.value, str | bool):
            object.__setattr__(self, "value", float(self.value))

    @property
    def is_rate(self) -> bool:
        """Whether it sets the learning rate."""
        return self.field == RATE

    @property
    def said(self) -> str:
        """What was changed, in words."""
        match self.value:
            case bool():
                shown = "on" if self.value else "off"
            case float():
                shown = f"{self.value:g}"
            case _:
                shown = self.value
        about = described(TrainingPlan).get(self.field)
        return f"{self.field if about is None else about.title} {shown}"

    @property
    def text(self) -> str:
        """What was changed, and when, in words; epochs are counted from 1."""
        where = f"in epoch {self.epoch + 1}" + (f", batch {self.batch + 1}" if self.batch else "")
        return f"stopped {where}" if self.field == STOP else f"{self.said} {where}"

    def made_to(self, plan: TrainingPlan) -> TrainingPlan:
        """The plan after the change. Raises TrainingError where the field can't have that value, or never changes."""
        about = described(TrainingPlan).get(self.field)
        if about is None:
            raise TrainingError(f"{self.field!r} is no field of a training that can change")
        if about.may_change is MayChange.NEVER:
            raise TrainingError(f"{self.field} can't change on the way")
        value: object = self.value
        if about.none is not None and value == about.none:
            value = None
        elif (
            about.range is not None and about.range.whole and isinstance(value, float) and value.is_integer()
        ):
            value = int(value)
        return replace(plan, **{self.field: value})  # type: ignore[arg-type]


def plan_after(plan: TrainingPlan, changes: Iterable[Change]) -> TrainingPlan:
    """The plan by which a training goes on after these changes, but for its rate. Raises TrainingError."""
    for change in changes:
        if change.field != STOP and not change.is_rate:
            plan = change.made_to(plan)
    return plan


class Changes(Part):
    """All changes, in their order."""

    name = "changes"

    def __init__(self) -> None:
        """None yet."""
        self.made: tuple[Change, ...] = ()

    def add(self, change: Change) -> None:
        """Write a change down."""
        self.made += (change,)

    def state(self) -> State:
        """A column for each of a change's fields; the values as JSON."""
        return {
            "epochs": np.array([change.epoch for change in self.made], np.int64),
            "batches": np.array([change.batch for change in self.made], np.int64),
            "fields": [change.field for change in self.made],
            "values": [json.dumps(change.value) for change in self.made],
            "attempts": np.array([change.attempt for change in self.made], np.int64),
        }

    def check(self, found: Section) -> Taking:
        """Take all of them."""
        epochs = found.column("epochs")
        batches, values = found.column("batches", len(epochs)), found.texts("values", len(epochs))
        attempts = found.column("attempts", len(epochs))
        names = found.texts("fields", len(epochs))
        unknown = set(names) - set(TrainingPlan.__dataclass_fields__)
        if unknown:
            raise found.refuse("fields", f"names {sorted(unknown)[0]!r}, which no plan has")
        made = tuple(
            Change(int(epoch), int(batch), name, _value(found, value), int(attempt))
            for epoch, batch, name, value, attempt in zip(
                epochs, batches, names, values, attempts, strict=True
            )
        )

        def taking() -> None:
            self.made = made

        return taking


def _value(found: Section, text: str) -> Value:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, float | int | str):
        raise found.refuse("values", f"holds {text!r}")
    return value

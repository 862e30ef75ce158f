"""What was changed by hand while a training ran."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking

STOP = "stop"


@dataclass(frozen=True)
class Change:
    """From this batch on, counted from 0 within its epoch (from 0 too), a field of the plan had this value.

    `attempt` counts how often the epoch had been given up as diverged before. For `learning_rate` it is the base that
    the schedule multiplies. The field `STOP` is no field of the plan: there the training was ended.
    """

    epoch: int
    batch: int
    field: str
    value: float
    attempt: int = 0

    @property
    def text(self) -> str:
        """What was changed, and when, in words; epochs are counted from 1."""
        where = f"in epoch {self.epoch + 1}" + (f", batch {self.batch + 1}" if self.batch else "")
        if self.field == STOP:
            return f"stopped {where}"
        return f"{self.field.replace('_', ' ')} {self.value:g} {where}"


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
        """A column for each of a change's fields."""
        return {
            "epochs": np.array([change.epoch for change in self.made], np.int64),
            "batches": np.array([change.batch for change in self.made], np.int64),
            "fields": [change.field for change in self.made],
            "values": np.array([change.value for change in self.made], np.float64),
            "attempts": np.array([change.attempt for change in self.made], np.int64),
        }

    def check(self, found: Section) -> Taking:
        """Take all of them."""
        epochs = found.column("epochs")
        batches, values = found.column("batches", len(epochs)), found.column("values", len(epochs))
        attempts = found.column("attempts", len(epochs))
        names = found.texts("fields", len(epochs))
        unknown = set(names) - set(TrainingPlan.__dataclass_fields__)
        if unknown:
            raise found.refuse("fields", f"names {sorted(unknown)[0]!r}, which no plan has")
        made = tuple(
            Change(int(epoch), int(batch), name, float(value), int(attempt))
            for epoch, batch, name, value, attempt in zip(
                epochs, batches, names, values, attempts, strict=True
            )
        )

        def taking() -> None:
            self.made = made

        return taking

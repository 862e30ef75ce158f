"""Doing again what a person did while an earlier run trained, at the same batches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from ann_tui.training.changes import STOP, Change, Changes
from ann_tui.training.position import Position


class Replay:
    """The steps of a script that are still to be done.

    Each is written into `changes` as it is done, so that they tell how far it is, a resumed training too. Once a person
    changes something else, the rest of the script belongs to another run and is not done.
    """

    def __init__(self, script: Sequence[Change], changes: Changes) -> None:
        """`script` is in the order in which its changes were made; `changes` are those of this training."""
        self.script, self._changes = tuple(script), changes

    @property
    def next(self) -> Change | None:
        """The change that is due next; None where there is none any more."""
        made = self._changes.made
        count = len(made)
        if count >= len(self.script) or made != self.script[:count]:
            return None
        return self.script[count]

    def due(self, position: Position) -> Change | None:
        """The change that is to be made before the next batch; None for none."""
        change = self._next_in(position)
        return change if change is not None and change.batch == position.done else None

    def plan_changes(self, position: Position) -> tuple[Change, ...]:
        """The changes of the plan that are due now, between two epochs, before any other kind of change."""
        made = self._changes.made
        if self.next is None:
            return ()
        due = takewhile(
            lambda change: (
                (change.epoch, change.attempt, change.batch) == (position.epoch, position.attempt, 0)
                and change.field != STOP
                and not change.is_rate
            ),
            self.script[len(made) :],
        )
        return tuple(due)

    def next_batch(self, position: Position) -> int | None:
        """Before which later batch of the epoch the next change is due; None where it is not due in this epoch."""
        change = self._next_in(position)
        return change.batch if change is not None and change.batch > position.done else None

    def _next_in(self, position: Position) -> Change | None:
        change, here = self.next, (position.epoch, position.attempt)
        return change if change is not None and (change.epoch, change.attempt) == here else None

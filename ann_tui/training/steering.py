"""What a person, or the script of an earlier run, changes while a training goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ann_tui.training.changes import RATE, STOP, Change, Changes
from ann_tui.training.checkpoint import Keeping
from ann_tui.training.control import TrainingControl
from ann_tui.training.history import History
from ann_tui.training.loop import Loop
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.position import Position
from ann_tui.training.replay import Replay


class Steering:
    """Makes changes, writes each down with its batch, and says so in the history."""

    def __init__(self, script: Sequence[Change]) -> None:
        """The changes of `script` are made again at the same batches; `keeping` is told of each before it is made."""
        self.changes = Changes()
        self.keeping: Keeping | None = None
        self._replay = Replay(script, self.changes)
        self._past_stop = False

    def resume(self, position: Position, *, stopped: bool) -> None:
        """Pass the place where the script ends the training, if it is there that it was `stopped`."""
        self._past_stop = stopped and self._replay.due(position) is not None

    def before(self, epoch: int) -> tuple[Change, ...]:
        """The changes of the script that were made before so many epochs had ended."""
        return tuple(change for change in self._replay.script if change.epoch < epoch)

    def take_rate(self, control: TrainingControl, loop: Loop, history: History) -> None:
        """Go on at the rate that was asked for, if any; where the schedule rises, that is the rate at its top."""
        asked, factor = control.take_learning_rate()
        if asked is None and factor == 1.0:
            return
        rate, position = loop.rate, loop.position
        if asked is not None:
            rate.set_to(asked, position.epoch, position.done)
        self._set_rate(rate.base * factor, loop, history)

    def replay_rate(self, loop: Loop, history: History) -> bool:
        """Make the changes of the rate that are due before this batch; False where the training ended here then."""
        while (change := self._replay.due(loop.position)) is not None:
            if change.field == STOP:
                return self._past_stop
            if not change.is_rate:
                return True
            self._set_rate(float(change.value), loop, history)
        return True

    def next_batch(self, position: Position) -> int | None:
        """Before which later batch of the epoch the next change is due; None where it is not due in this epoch."""
        return self._replay.next_batch(position)

    def next_plan(
        self,
        control: TrainingControl,
        plan: TrainingPlan,
        position: Position,
        history: History,
        check: Callable[[TrainingPlan], None],
    ) -> TrainingPlan:
        """Between two epochs: the plan by which to go on. What can't be is said instead; `check` raises ValueError."""
        here = position.epoch, position.attempt
        asked = [Change(here[0], 0, name, value, here[1]) for name, value in control.take_plan()]
        for change in (*self._replay.plan_changes(position), *asked):
            try:
                changed = change.made_to(plan)
                check(changed)
            except ValueError as error:
                history.note(str(error))
                continue
            self._write_down(change)
            plan = changed
            history.note(change.said)
        return plan

    def _set_rate(self, base: float, loop: Loop, history: History) -> None:
        position = loop.position
        self._write_down(Change(position.epoch, position.done, RATE, base, position.attempt))
        loop.rate.base = base
        history.note(f"learning rate set to {loop.current_rate:g}")

    def _write_down(self, change: Change) -> None:
        if self.keeping is not None:
            self.keeping.note(change)
        self.changes.add(change)

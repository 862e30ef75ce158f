"""Where a run begins that goes on from an epoch of another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.training.history import EpochRow
    from ann_tui.training.observers.timeline import Timeline
    from ann_tui.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a branch begins: after `epoch` epochs of a training whose `rows` and `timeline` these are.

    Without a timeline the epochs before are trained again, as the branch's own experiment says.
    """

    epoch: int
    rows: tuple[EpochRow, ...]
    timeline: Timeline | None

    def go_to(self, trainer: Trainer) -> bool:
        """Let a fresh trainer of the branch stand there, to the bit; False where it was stopped on the way.

        It goes on from the newest key state before that epoch. Raises `TrainingError`.
        """
        if self.timeline is None:
            return trainer.run(until=self.epoch).epoch == self.epoch
        key = self.timeline.key_before(self.epoch)
        if key is None:
            raise TrainingError(f"what is needed to go on from epoch {self.epoch} was not kept")
        trainer.begin_at(key.state, self.rows[: key.epoch])
        if key.epoch < self.epoch and trainer.run(until=self.epoch).epoch < self.epoch:
            return False
        trainer.history.rows[:] = self.rows[: self.epoch]
        if trainer.timeline is not None:
            trainer.timeline.begin_behind(self.timeline, self.epoch)
        return True

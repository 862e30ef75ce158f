"""Showing a training at a pace that the eye can follow."""

from __future__ import annotations

from collections.abc import Callable

from ann_tui.training.clock import Clock
from ann_tui.training.control import TrainingControl
from ann_tui.training.history import EpochRow
from ann_tui.training.observer import Observer, View


class Pace(Observer):
    """Rests after each epoch until the next one is due, as the control says; the clock leaves the rests out."""

    def __init__(self, control: Callable[[], TrainingControl], clock: Clock) -> None:
        """`control` gives the one in charge."""
        self._control, self._clock = control, clock

    def epoch_ended(self, view: View, row: EpochRow) -> None:
        """Rest."""
        control = self._control()
        if control.pace is not None:
            self._clock.leave_out(control.keep_pace())

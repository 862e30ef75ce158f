"""A control of a training that stops when something outside says so."""

from __future__ import annotations

import time
from collections.abc import Callable

from ann_tui.training.control import TrainingControl

LOOK = 0.05
"""Seconds between two looks at whether to stop, in an epoch."""


class StoppedBy(TrainingControl):
    """Stops where something outside says so: asked at the end of each epoch, and now and then while one goes on."""

    def __init__(self, asked: Callable[[], bool]) -> None:
        self._asked, self._next = asked, 0.0
        super().__init__()

    @property
    def stopping(self) -> bool:
        """Whether to stop, looked up now and then."""
        if not self._stopping and (now := time.monotonic()) >= self._next:
            self._next = now + LOOK
            self._stopping = self._asked()
        return self._stopping

    def epoch_ended(self) -> None:
        """Stop where that is asked for."""
        if self._asked():
            self.stop()
        super().epoch_ended()

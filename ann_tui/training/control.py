"""How another thread steers a training."""

from __future__ import annotations

import math
import threading
import time

WATCHABLE_PACE = 20.0
"""Epochs a second that the eye can follow; small tables would be through in a blink."""


class TrainingControl:
    """Pause, go on, train one epoch, stop, change the learning rate; from any thread.

    ``attention`` is the one flag that the trainer reads in every batch: it is set while anything is asked for.
    """

    def __init__(self) -> None:
        """Nothing asked for yet."""
        self._changed = threading.Condition()
        self._paused = False
        self._stopping = False
        self._one_epoch = False
        self._learning_rate: float | None = None
        self._pace: float | None = None
        self._due = 0.0
        self.attention = False

    @property
    def paused(self) -> bool:
        """Whether the training shall rest."""
        return self._paused

    @property
    def stopping(self) -> bool:
        """Whether the training shall end."""
        return self._stopping

    def pause(self) -> None:
        """Rest after the current batch."""
        with self._changed:
            self._paused, self._one_epoch = True, False
            self._notify()

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            self._paused = self._one_epoch = False
            self._notify()

    def train_one_epoch(self) -> None:
        """Go on to the end of the current epoch, then rest."""
        with self._changed:
            self._paused, self._one_epoch = False, True
            self._notify()

    def stop(self) -> None:
        """End after the current batch."""
        with self._changed:
            self._stopping = True
            self._notify()

    def set_learning_rate(self, value: float) -> None:
        """Use this rate from the next batch on, times the schedule's factor. Raises ``ValueError`` below 0."""
        if not (value >= 0 and math.isfinite(value)):
            raise ValueError(f"learning rate {value:g}: it must be a number, 0 or more")
        with self._changed:
            self._learning_rate = float(value)
            self._notify()

    def take_learning_rate(self) -> float | None:
        """The rate that was asked for, once."""
        with self._changed:
            value, self._learning_rate = self._learning_rate, None
            self._notify()
            return value

    def epoch_ended(self) -> None:
        """Rest now if one epoch was asked for."""
        with self._changed:
            if self._one_epoch:
                self._one_epoch, self._paused = False, True
                self._notify()

    @property
    def pace(self) -> float | None:
        """Epochs a second, at most; None is as fast as can be."""
        return self._pace

    def set_pace(self, epochs_per_second: float | None) -> None:
        """Show the training at this pace, for a person to watch; None is as fast as can be."""
        with self._changed:
            self._pace = epochs_per_second
            self._notify()

    def keep_pace(self) -> float:
        """Rest until the next epoch is due, or something else is asked for; the seconds that it took."""
        now = time.perf_counter()
        with self._changed:
            pace = self._pace
            if pace is not None:
                left = self._due - now
                self._changed.wait_for(lambda: self.attention or self._pace != pace, timeout=max(left, 0.0))
            rested = time.perf_counter() - now
            self._due = now + rested + (1 / pace if pace is not None else 0.0)
        return rested

    def wait_while_paused(self) -> None:
        """Return when the training may go on or shall end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._paused or self._stopping)

    def _notify(self) -> None:
        self.attention = self._paused or self._stopping or self._learning_rate is not None
        self._changed.notify_all()

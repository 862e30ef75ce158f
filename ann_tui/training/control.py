"""How another thread steers a training."""

from __future__ import annotations

import math
import threading
import time

WATCHABLE_PACE = 20.0
"""Epochs a second that the eye can follow; small tables would be through in a blink."""


class TrainingControl:
    """Pause, go on, train one batch or epoch, stop, change the learning rate or the plan; from any thread.

    `attention` is the one flag that the trainer reads in every batch: it is set while anything is asked for.
    """

    def __init__(self) -> None:
        """Nothing asked for yet."""
        self._changed = threading.Condition()
        self._paused = False
        self._stopping = False
        self._one_epoch = self._one_batch = False
        self._learning_rate: float | None = None
        self._rate_factor = 1.0
        self._plan: dict[str, float | str | bool] = {}
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

    @property
    def one_batch(self) -> bool:
        """Whether the training shall rest after one batch more."""
        return self._one_batch

    def pause(self) -> None:
        """Rest after the current batch."""
        with self._changed:
            self._paused, self._one_epoch, self._one_batch = True, False, False
            self._notify()

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            self._paused = self._one_epoch = self._one_batch = False
            self._notify()

    def train_one_epoch(self) -> None:
        """Go on to the end of the current epoch, then rest."""
        with self._changed:
            self._paused, self._one_epoch, self._one_batch = False, True, False
            self._notify()

    def train_one_batch(self) -> None:
        """Train one batch more, then rest."""
        with self._changed:
            self._paused, self._one_epoch, self._one_batch = False, False, True
            self._notify()

    def stop(self) -> None:
        """End after the current batch."""
        with self._changed:
            self._stopping = True
            self._notify()

    def set_learning_rate(self, value: float) -> None:
        """Go on from the next batch at this rate, the highest that the schedule still makes; `ValueError` below 0."""
        if not (value >= 0 and math.isfinite(value)):
            raise ValueError(f"learning rate {value:g}: it must be a number, 0 or more")
        with self._changed:
            self._learning_rate, self._rate_factor = float(value), 1.0
            self._notify()

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the rate from the next batch on; asked for twice, it is multiplied twice."""
        with self._changed:
            self._rate_factor *= factor
            self._notify()

    def take_learning_rate(self) -> tuple[float | None, float]:
        """The rate that was asked for, None for the one that is, and what to multiply it by; once."""
        with self._changed:
            asked = self._learning_rate, self._rate_factor
            self._learning_rate, self._rate_factor = None, 1.0
            self._notify()
            return asked

    def change_plan(self, field: str, value: float | str | bool) -> None:
        """Go on with another value of a field of the plan from the next epoch on; the newest one asked for counts."""
        with self._changed:
            self._plan[field] = value

    def take_plan(self) -> tuple[tuple[str, float | str | bool], ...]:
        """The fields of the plan that are to have another value, in the order in which that was asked for; once."""
        if not self._plan:
            return ()
        with self._changed:
            asked, self._plan = tuple(self._plan.items()), {}
            return asked

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

    def wait_while_paused(self) -> bool:
        """Return False when the training may go on or shall end, True when only another rate is asked for."""
        with self._changed:
            self._changed.wait_for(lambda: not self._paused or self._stopping or self._other_rate)
            return self._paused and not self._stopping

    @property
    def _other_rate(self) -> bool:
        return self._learning_rate is not None or self._rate_factor != 1.0

    def _notify(self) -> None:
        self.attention = self._paused or self._stopping or self._other_rate
        self._changed.notify_all()

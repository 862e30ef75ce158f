"""Batches and steps that two threads share: each takes its half of every batch and of every step."""

from __future__ import annotations

from collections.abc import Callable

from ann_tui.training.control import TrainingControl
from ann_tui.training.helper import Meeting
from ann_tui.training.step import Step

Part = Callable[[int, int], None]
"""Does one half, 0 or 1, of what belongs to the batch of this number."""


class SharedStep:
    """The steps of the first `middle` numbers and of the others: each needs its own half of the gradient alone.

    Together they are the step of the whole vectors, bit for bit.
    """

    def __init__(self, first: Step, second: Step, middle: int) -> None:
        """Two steps, bound to the halves."""
        self.halves = first, second
        self.places = slice(0, middle), slice(middle, None)

    def __call__(self, rate: float, count: int) -> None:
        """The whole step by one thread."""
        for half in self.halves:
            half(rate, count)


class Run:
    """Some batches, one after the other: `work` on both halves of each, then both halves of its `step`.

    Either one thread does all, or two do a half each; these meet twice a batch, and never return between batches.
    """

    def __init__(self, work: Part, step: Part, first: int, last: int, control: TrainingControl) -> None:
        """The batch `first`, and those up to before `last` while the control asks for no attention."""
        self.work, self.step, self.control = work, step, control
        self.done, self.last = first, last
        self._meeting = Meeting()

    def in_turn(self) -> None:
        """All of it."""
        goes_on = True
        while goes_on:
            for part in (self.work, self.step):
                part(0, self.done)
                part(1, self.done)
            self.done += 1
            goes_on = self._goes_on()

    def share(self, half: int) -> None:
        """One thread's half; the first thread says whether there is another batch, and either ends if one fails."""
        meet, number, goes_on = self._meeting.meet, self.done, True
        try:
            while goes_on:
                self.work(half, number)
                if not meet(half):
                    return
                self.step(half, number)
                number += 1
                if half == 0:
                    self.done = number
                    goes_on = self._goes_on()
                goes_on = meet(half, goes_on=goes_on)
        except BaseException:
            self._meeting.leave(half)
            raise

    def _goes_on(self) -> bool:
        return self.done < self.last and not self.control.attention

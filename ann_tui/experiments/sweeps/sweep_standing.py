"""How a sweep stands while it goes on: its trials in order, how far it is, and how long it still takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from ann_tui.experiments.sweeps.chosen_trial import best_of
from ann_tui.experiments.sweeps.mattered import Mattered, mattered
from ann_tui.experiments.sweeps.sweep import SweepError

if TYPE_CHECKING:
    from ann_tui.experiments.sweeps.sweep import Sweep
    from ann_tui.experiments.sweeps.trial import Trial


End = Literal["", "complete", "used up", "time", "stopped"]
"""How a sweep ended: all trials done, all designs of its space tried, its time up, or stopped; "" while it goes on."""


class SweepStanding:
    """Takes the trials of a sweep up as they come; `end` is how it ended."""

    def __init__(self, sweep: Sweep, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.sweep = sweep
        self.end: End = ""
        self._clock, self._began = clock, clock()
        self._trials: dict[int, Trial] = {}
        self._here = 0

    def take(self, trial: Trial, *, trained: bool) -> None:
        """A trial as it stands by now; `trained` says that it was trained to there just now."""
        before = self._trials.get(trial.number)
        if trained and trial.last is not None:
            since = 0 if before is None or before.last is None else before.last.until
            self._here += trial.last.until - since
        # Another thread may be reading: what it has got does not change.
        self._trials = {**self._trials, trial.number: trial}

    @property
    def trials(self) -> list[Trial]:
        """All trials so far, in their order."""
        return [self._trials[number] for number in sorted(self._trials)]

    @property
    def ranked(self) -> list[Trial]:
        """The best first: those that were trained to the end by their cost, then those that are or were not."""
        return sorted(
            self._trials.values(),
            key=lambda trial: (trial.fate == "failed", -len(trial.reached), trial.cost, trial.number),
        )

    @property
    def best(self) -> Trial | None:
        """The trial that wins as it stands; see `best_of`."""
        return best_of(self.trials)

    def numbered(self, number: int) -> Trial:
        """The trial with this number. Raises SweepError where there is none that can be trained."""
        if number not in self._trials:
            raise SweepError(f"there is no trial {number}: they are 0 to {max(self._trials, default=0)}")
        trial = self._trials[number]
        if trial.problem:
            raise SweepError(f"trial {number} failed: {trial.problem}")
        return trial

    @property
    def ended(self) -> int:
        """How many trials are over, in whatever way."""
        return sum(trial.fate not in ("waiting", "under way") for trial in self._trials.values())

    @property
    def looked_at(self) -> int:
        """How many designs the validation rows have judged, no two of them the same."""
        return sum(any(each.metric for each in trial.reached) for trial in self._trials.values())

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.ended == self.sweep.trials or self.end == "used up"

    @property
    def share(self) -> float:
        """How much of the sweep is done, 0..1, by its epochs."""
        if self.complete:
            return 1.0
        return min(self._done / self.sweep.whole, 1.0)

    @property
    def seconds_left(self) -> float | None:
        """How long it goes on at the pace so far; None before anything is known of that."""
        if not self._here:
            return None
        left = max(self.sweep.whole - self._done, 0)
        return (self._clock() - self._began) / self._here * left

    @property
    def _done(self) -> int:
        failed = sum(self.sweep.rungs[-1] for trial in self._trials.values() if trial.fate == "failed")
        return failed + self.sweep.done([trial for trial in self._trials.values() if trial.fate != "failed"])

    @property
    def best_so_far(self) -> list[float]:
        """The lowest cost by then of trials that were trained to the end, for each of these in their order."""
        costs = [trial.cost for trial in self.trials if trial.fate == "finished"]
        return list(accumulate(costs, min))

    @property
    def mattered(self) -> tuple[Mattered, ...]:
        """Which settings mattered so far; see `mattered`."""
        return mattered(self.sweep.space, self.trials)

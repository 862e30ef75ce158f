"""A sweep under way: its trials trained, kept on disk stage by stage and among the runs, and told how it stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.sweeps.kept_sweep import KeptSweep
from ann_tui.experiments.sweeps.sweep import InMemory, Memory, Sweep, SweepError, trials_of
from ann_tui.experiments.sweeps.sweep_runs import keep_as_runs
from ann_tui.experiments.sweeps.sweep_standing import SweepStanding
from ann_tui.experiments.workers.side_by_side import Workers

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.sweeps.kept_sweep import FoundSweep
    from ann_tui.experiments.sweeps.trial import Reached, Trial
    from ann_tui.experiments.workers.side_by_side import Stop


class _AsKept:
    """The memory of a sweep on disk, in which nothing is changed."""

    def __init__(self, kept: KeptSweep) -> None:
        self._kept = kept

    def found(self, trial: Trial, until: int) -> Reached | None:
        return self._kept.found(trial, until)

    def keep(self, trial: Trial, reached: Reached) -> None:
        return

    def forget(self, trial: Trial) -> None:
        return


class _Stopped:
    def is_set(self) -> bool:
        return True


def standing_of(sweep: Sweep, found: FoundSweep, data: LoadedData) -> SweepStanding:
    """How a sweep stood when it was left, of the number of trials that were asked for; nothing is trained.

    Raises ValueError with one line where its experiment as it is could not be trained.
    """
    standing = SweepStanding(replace(sweep, trials=found.about.trials))
    memory = _AsKept(KeptSweep(found.folder, found.about, None))
    with Workers(data) as workers:
        for trial in trials_of(standing.sweep, workers, memory, stop=_Stopped()):
            standing.take(trial, trained=False)
    standing.end = "complete" if standing.complete else "used up" if found.about.ended else "stopped"
    return standing


class SweepCourse:
    """Carries a sweep out, with or without a place on disk.

    `standing` is how it stands; `problem` says in one line what could not be kept, "" while all could, and `gave_up`
    what older runs made room with.
    """

    def __init__(self, sweep: Sweep, kept: KeptSweep | None = None, store: RunStore | None = None) -> None:
        self.standing = SweepStanding(sweep)
        self.problem = self.gave_up = ""
        self._sweep, self._kept, self._store = sweep, kept, store or RunStore()
        self._memory: Memory = kept or InMemory()
        self._trained: set[tuple[int, int]] = set()
        self._over: list[Trial] = []

    @property
    def is_kept(self) -> bool:
        """Whether it can go on after a stop."""
        return self._kept is not None and not self.problem

    def run(
        self,
        data: LoadedData,
        *,
        jobs: int = 1,
        cluster: str | None = None,
        beside: bool = False,
        stop: Stop | None = None,
        minutes: float | None = None,
    ) -> Iterator[Trial]:
        """Go on with the sweep to its end, until it is stopped, or to the end of the round in which time is up.

        Gives each trial anew whenever something is new of it. `jobs`, `cluster` and `beside` are as in `Workers`.
        Raises ValueError with one line.
        """
        ends = None if minutes is None else time.monotonic() + 60 * minutes

        time_up = False
        self.standing.end = ""

        def enough() -> bool:
            nonlocal time_up
            time_up = ends is not None and time.monotonic() >= ends
            return time_up

        try:
            with Workers(data, jobs=jobs, cluster=cluster, beside=beside) as workers:
                for trial in trials_of(self._sweep, workers, self, stop=stop, enough=enough):
                    last = trial.last
                    trained = last is not None and (trial.number, last.until) in self._trained
                    self.standing.take(trial, trained=trained)
                    if trial.fate in ("finished", "stopped early"):
                        self._over.append(trial)
                        if len(self._over) >= 8:
                            self._keep_runs()
                    yield trial
        except SweepError:
            # What can't be trained as it is would fail again whenever it went on.
            if self._kept is not None:
                self._kept.discard()
            raise
        finally:
            self._keep_runs()
        if self.standing.ended == self._sweep.trials:
            self.standing.end = "complete"
        elif stop is not None and stop.is_set():
            self.standing.end = "stopped"
        else:
            self.standing.end = "time" if time_up else "used up"
        if self._kept is not None and self.standing.complete:
            with suppress(OSError):
                self._kept.end()

    # -- the memory of its trials --------------------------------------------------------------------------

    def found(self, trial: Trial, until: int) -> Reached | None:
        """Where a trial stood after a stage."""
        return self._memory.found(trial, until)

    def keep(self, trial: Trial, reached: Reached) -> None:
        """Keep where a trial stands; what can't be written is said, and the sweep goes on."""
        self._trained.add((reached.number, reached.until))
        try:
            self._memory.keep(trial, reached)
        except OSError as error:
            self._could_not("the sweep can't be put away, and could not go on after a stop", error)

    def forget(self, trial: Trial) -> None:
        """Let go of the states of a trial."""
        self._memory.forget(trial)

    def _keep_runs(self) -> None:
        over, self._over = self._over, []
        if self._kept is None or not over:
            return
        try:
            keep_as_runs(self._store, self._kept, over)
        except OSError as error:
            self._could_not("the trials can't be kept as runs", error)
            return
        self.gave_up = self._store.make_room() or self.gave_up

    def _could_not(self, what: str, error: OSError) -> None:
        self.problem = self.problem or f"{what}: {error.strerror or error}"

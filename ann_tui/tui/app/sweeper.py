"""Sweeping in the app: trials are trained beside all else, in processes of low priority, and told to a panel."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.figures import counted
from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.derived import Derived, LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.sweeps.sweep import Sweep
    from ann_tui.experiments.sweeps.sweep_standing import SweepStanding
    from ann_tui.experiments.sweeps.trial import Trial
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.host import Host

FIRST_TRIALS = 40
TRIALS = (8, 16, 24, 40, 80, 120, 200, 400, 800, 1600)
"""How many trials can be asked for."""
FOLDS = (0, 5, 10)
"""In how many folds each of them can be trained; 0 is once, judged by the validation rows."""


@dataclass
class SweepEnded(PartMessage):
    """The thread of a sweep has ended; `problem` says in one line what went wrong."""

    problem: str


@dataclass
class SweepFound(PartMessage):
    """What was kept of the sweep of `asked`, as it stands; `standing` is None where only another sweep was stopped."""

    asked: Experiment
    standing: SweepStanding | None
    other: str


class Sweeper:
    """Begins a sweep of what is set, stops it and goes on with it; at most one is under way."""

    def __init__(self, workbench: Workbench, host: Host) -> None:
        self.trials, self.folds = FIRST_TRIALS, FOLDS[0]
        self.problem = self.other = ""
        self.standing: SweepStanding | None = None
        self._workbench, self._host = workbench, host
        self._asked: Experiment | None = None
        self._stop: threading.Event | None = None
        self._begun = False

    @property
    def running(self) -> bool:
        """Whether trials are trained."""
        return self._stop is not None

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop, and has not yet."""
        return self._stop is not None and self._stop.is_set()

    @property
    def goes_on(self) -> bool:
        """Whether a sweep that rests would be gone on with, and no other one begun."""
        standing = self.standing
        if self.running or standing is None or not standing.trials:
            return False
        left = not standing.complete or (standing.end == "complete" and self.trials > standing.sweep.trials)
        return left and self._asked == self._workbench.experiment and standing.sweep.folds == self.folds

    @property
    def left(self) -> str:
        """What to know of a sweep that did not come to its end, in a line; "" where there is none."""
        standing = self.standing
        if standing is None or standing.complete or not self._begun:
            return ""
        done = f"{standing.ended} of {counted(standing.sweep.trials, 'trial')}"
        return f"the sweep, after {done}; f3 in the app, or ann-tui sweep --resume, goes on with it"

    def look(self) -> None:
        """Let go of a sweep that rests and is of another table, and look for one that was kept of what is set."""
        now, asked = self._workbench.experiment, self._asked
        if not self.running and (now is None or asked is None or now.source != asked.source):
            self.standing, self.problem, self.other = None, "", ""
        sweep, derived = self.planned() if self.standing is None else None, self._workbench.derived
        if sweep is not None and now is not None and derived is not None and not self.running:
            self._host.in_thread(lambda: self._look_in_thread(sweep, now, derived.data), "sweep")

    def _look_in_thread(self, sweep: Sweep, asked: Experiment, data: LoadedData) -> None:
        from ann_tui.experiments.sweeps.kept_sweep import kept_sweep, last_sweep
        from ann_tui.experiments.sweeps.sweep_course import standing_of

        standing, other = None, ""
        # What can't be read is begun anew.
        with suppress(ValueError, OSError):
            found = kept_sweep(sweep, asked)
            if found is not None:
                standing = standing_of(sweep, found, data)
            elif last := last_sweep(asked.source.path):
                when = last.about.began.partition("T")[0]
                other = f"Another sweep of this table, of {when}, was stopped: ann-tui sweep --resume goes on with it."
        self._host.post_message(SweepFound(asked, standing, other))

    def show_found(self, message: SweepFound) -> None:
        """Show what was kept, unless a sweep began or other choices were made meanwhile."""
        late = message.standing is not None and message.standing.sweep.folds != self.folds
        if self.running or self.standing is not None or late or message.asked != self._workbench.experiment:
            return
        self.other = message.other
        if message.standing is not None and message.standing.looked_at:
            self.standing, self._asked = message.standing, message.asked
            self.trials = message.standing.sweep.trials
        self._host.show_everywhere()

    def planned(self) -> Sweep | None:
        """The sweep that would begin now; None where there can be none, and `problem` says why."""
        from ann_tui.experiments.sweeps.sweep import sweep_of

        experiment, derived = self._workbench.experiment, self._workbench.derived
        self.problem = ""
        if experiment is None or derived is None or not self._workbench.up_to_date:
            self.problem = "the data is not ready yet"
        elif derived.prepared is None:
            self.problem = derived.problem or "the data can't be prepared"
        else:
            try:
                return sweep_of(
                    experiment,
                    derived.prepared,
                    trials=self.trials,
                    seed=experiment.plan.seed,
                    folds=self.folds,
                )
            except ValueError as error:
                self.problem = str(error)
        return None

    def ask_for(self, steps: int) -> None:
        """Ask for more trials, or fewer, by so many steps; not while it is under way."""
        if not self.running:
            # A sweep that was kept may have any number of trials.
            at = bisect_left(TRIALS, self.trials) if steps < 0 else bisect_right(TRIALS, self.trials) - 1
            self.trials = TRIALS[max(0, min(at + steps, len(TRIALS) - 1))]

    def ask_for_folds(self) -> None:
        """Judge trials in the next number of folds; not while it is under way. What was kept of that is looked for."""
        if self.running:
            return
        self.folds = FOLDS[(FOLDS.index(self.folds) + 1) % len(FOLDS)]
        self.standing, self.problem, self.other = None, "", ""
        self.look()

    def begin(self) -> None:
        """Begin a sweep of what is set, or go on with it where it was stopped."""
        sweep = self.planned()
        experiment, derived = self._workbench.experiment, self._workbench.derived
        if self.running or sweep is None or experiment is None or derived is None:
            return
        self._asked, self._stop, self._begun = experiment, threading.Event(), True
        stop = self._stop
        self._host.in_thread(lambda: self._sweep_in_thread(sweep, experiment, derived, stop), "sweep")

    def _sweep_in_thread(
        self, sweep: Sweep, asked: Experiment, derived: Derived, stop: threading.Event
    ) -> None:
        from ann_tui.experiments.sweeps.kept_sweep import keep_sweep
        from ann_tui.experiments.sweeps.sweep import check_folds
        from ann_tui.experiments.sweeps.sweep_course import SweepCourse

        problem = ""
        try:
            check_folds(sweep, derived.data)
            with keep_sweep(sweep, asked, str(derived.profile.target)) as kept:
                course = SweepCourse(sweep, kept)
                self.standing = course.standing
                for _ in course.run(derived.data, beside=True, stop=stop):
                    pass
                problem = course.problem
        except (ValueError, OSError) as error:
            problem = str(error)
        except Exception as error:
            problem = unforeseen(error)
        self._host.post_message(SweepEnded(problem))

    def show_ended(self, message: SweepEnded) -> None:
        """Say what came of it."""
        self._stop, self.problem = None, message.problem
        if message.problem:
            self._host.say(message.problem)
        elif self.standing is not None and self.standing.share == 1.0:
            best = self.standing.best
            found = f": trial {best.number} is the best one" if best is not None else ""
            self._host.call_back(
                f"the sweep of {counted(len(self.standing.trials), 'trial')} has ended{found} (f3)"
            )
        self._host.show_everywhere()

    def stop(self) -> None:
        """Stop it; what is done is kept."""
        if self._stop is not None:
            self._stop.set()

    def take(self, trial: Trial) -> None:
        """Set the choices of a trial: one edit."""
        from ann_tui.experiments.sweeps.sweep import winning

        now, asked, standing = self._workbench.experiment, self._asked, self.standing
        if now is None or asked is None or standing is None or now.source != asked.source:
            self._host.say("these trials are of another table")
            return
        if trial.problem:
            self._host.say(f"this trial failed: {trial.problem}")
            return
        chosen = winning(trial, asked)
        if (chosen.preparation, chosen.design, chosen.plan) != (now.preparation, now.design, now.plan):
            self._host.edit(preparation=chosen.preparation, design=chosen.design, plan=chosen.plan)
        self._host.say(
            f"the choices are those of trial {trial.number}, of {counted(len(standing.trials), 'trial')} that were "
            "looked at (u undoes, t trains)",
            warning=False,
        )

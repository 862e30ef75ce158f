"""Training: a thread trains and compares, its end travels as a message, and quitting waits for it."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakSet

from ann_tui.experiments.workbench import Step
from ann_tui.figures import counted
from ann_tui.training.control import WATCHABLE_PACE
from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.app.reading import SWITCH, SWITCH_WHILE_SMALL
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.data.profile.table_profile import TableProfile
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.unfinished import Unfinished
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.app.keeper import Keeper
    from ann_tui.tui.app.reading import Reading
    from ann_tui.tui.host import Host


LONG = 15.0
"""Seconds of training after which a person may have gone to another window."""


@dataclass
class RunEnded(PartMessage):
    """A run's thread is about to end; `problem` is None when the network was trained and evaluated."""

    run: Run
    problem: str | None


@dataclass
class Compared(PartMessage):
    """The baselines stand beside a run's judgement, unless there was a problem."""

    run: Run
    problem: str | None


@dataclass
class RunKept(PartMessage):
    """A run stands on disk; or `problem` says why not. `gave_up` is what older runs made room with."""

    run: Run
    problem: str | None
    gave_up: str = ""


@dataclass
class Looked(PartMessage):
    """It is known how many networks a run's test rows have judged."""

    run: Run


class Runner:
    """Begins the runs of the workbench and sees them end; `pace` is that of the next one."""

    def __init__(self, workbench: Workbench, host: Host, reading: Reading, keeper: Keeper) -> None:
        self.pace: float | None = WATCHABLE_PACE
        self._workbench, self._host, self._reading, self._keeper = workbench, host, reading, keeper
        self._train_when_ready = False
        self._left_behind: Unfinished | None = None
        self._quit_when_ended = False
        self._looked_at: WeakSet[Run] = WeakSet()

    def train(self) -> None:
        """Train a network with what is set, as soon as what follows from it is worked out."""
        if self._workbench.runs.training is not None:
            self._host.go(Step.TRAIN.value)
            return
        if self._reading.opens_file:
            self._train_when_ready = True
            return
        if self._workbench.experiment is None:
            here = self._host.current_mode == "start"
            self._host.say("choose a file first" if here else "open a table first: o")
            return
        self._train_when_ready = True
        if self._workbench.up_to_date:
            self._host.data_ready()

    def forget(self) -> None:
        """Don't train when the data is ready."""
        self._train_when_ready, self._left_behind = False, None

    def go_on_with(self, found: Unfinished) -> None:
        """Go on with a training that was interrupted, as soon as its data is there."""
        self._train_when_ready, self._left_behind = True, found

    def train_if_asked(self) -> bool:
        """Now that the data is ready: begin the training that was asked for; False where none was."""
        asked, self._train_when_ready = self._train_when_ready, False
        if asked:
            self._begin()
        return asked

    def _ask_target(self, profile: TableProfile) -> None:
        """Ask which column is to be predicted, and train with it."""
        from ann_tui.tui.dialogs.target_question import target_question

        def take(name: str | None) -> None:
            experiment = self._workbench.experiment
            if name is not None and experiment is not None:
                self._train_when_ready = True
                kept = tuple(column for column in experiment.source.excluded if column != name)
                self._host.edit(source=replace(experiment.source, target=name, excluded=kept))

        self._host.ask(target_question(profile), take)

    def _begin(self) -> None:
        experiment, derived = self._workbench.experiment, self._workbench.derived
        assert experiment is not None and derived is not None
        found, self._left_behind = self._left_behind, None
        if found is None and derived.profile.unsure and not self._workbench.runs.all:
            self._ask_target(derived.profile)
            return
        if derived.prepared is None:
            self._host.say(derived.problem or "the data can't be prepared")
            return
        from ann_tui.training.control import TrainingControl

        control = TrainingControl()
        control.set_pace(self.pace)
        try:
            run = self._workbench.runs.begin(experiment, derived.prepared, control)
        except ValueError as error:
            self._host.say(str(error))
            return
        self._set_going(run, found)
        doubt = derived.profile.doubted_target
        if doubt is not None and doubt.remedy is not None:
            self._host.say(f"the target {doubt.column}: {doubt.text} (m on Data to {doubt.remedy.text})")

    def branch(self, parent: Run, epoch: int, epochs: int | None) -> None:
        """Begin a run after an epoch of another one, with the plan as it is set, or so many `epochs` in all."""
        experiment, training = self._workbench.experiment, self._workbench.runs.training
        assert experiment is not None
        if training is not None:
            self._host.say("a network is still training: s stops it, then b begins another run here")
            return
        wanted = (
            experiment
            if epochs is None
            else replace(experiment, plan=replace(experiment.plan, epochs=epochs))
        )
        from ann_tui.training.control import TrainingControl

        control = TrainingControl()
        control.set_pace(self.pace)
        try:
            run = self._workbench.runs.branch(parent, epoch, wanted, control)
        except ValueError as error:
            self._host.say(str(error))
            return
        if epochs is not None:
            self._host.edit(plan=wanted.plan)
        self._set_going(run)

    def _set_going(self, run: Run, found: Unfinished | None = None) -> None:
        from ann_tui.training.shared_epoch import is_large

        # A collection over all that the libraries made would hold up keys for a tenth of a second.
        if not gc.get_freeze_count():
            gc.freeze()
        large = is_large(run.network, run.trainer.loop.batch)
        sys.setswitchinterval(SWITCH if large else SWITCH_WHILE_SMALL)
        self._host.show_mode(Step.TRAIN.value)
        self._host.show_everywhere()
        self._host.in_thread(lambda: self._train_in_thread(run, found), "train")

    def _train_in_thread(self, run: Run, found: Unfinished | None) -> None:
        from ann_tui.experiments.unfinished import put_away

        problem: str | None = None
        try:
            if found is not None:
                found.resume(run)
            else:
                try:
                    put_away(run)
                except OSError as error:
                    why = "the training can't be put away, and could not go on after a power cut"
                    self._host.post_message(RunKept(run, f"{why}: {error.strerror or error}"))
            snapshot = run.train()
            if snapshot.state == "failed":
                problem = snapshot.message
            elif not self._quit_when_ended:
                run.judge()
        except Exception as error:
            problem = unforeseen(error)
        self._host.post_message(RunEnded(run, problem))
        if run.history:
            problem = self._keeper.keep(run)
            gave_up = "" if problem is not None else self._keeper.store.make_room()
            self._host.post_message(RunKept(run, problem, gave_up))
        elif run.under_way is not None:
            run.under_way.done()
        if run.evaluation is not None:
            self._compare_in_thread(run)

    def _compare_in_thread(self, run: Run) -> None:
        """Compute the baselines as long as the app shows this run."""

        def cancelled() -> bool:
            return self._quit_when_ended or self._workbench.runs.front is not run

        problem: str | None = None
        try:
            run.compare(cancelled=cancelled)
            if not cancelled() and (doubts := run.doubts) is not None and doubts.advice:
                self._host.post_message(Compared(run, None))
                run.weigh_splits(cancelled=cancelled)
        except Exception as error:
            problem = unforeseen(error)
        self._host.post_message(Compared(run, problem))

    def show_ended(self, message: RunEnded) -> None:
        """Show the end of the run in front; leave, where that was waited for."""
        self._workbench.runs.end(message.run)
        self._host.over("training")
        if self._quit_when_ended:
            self._host.exit()
            return
        if message.run.snapshot.seconds >= LONG and message.run.state != "stopped":
            self._host.call_back(_ended(message))
        if message.run is not self._workbench.runs.front:
            return
        stands_there = self._host.current_mode == Step.TRAIN.value and message.run.state == "failed"
        if message.problem is not None and not stands_there:
            self._host.say(message.problem)
        self._host.show_everywhere()

    def show_kept(self, message: RunKept) -> None:
        """Take note that a run stands on disk, or say why not."""
        stored = self._keeper.stored(message.run)
        if message.problem is not None:
            self._host.say(message.problem)
        elif stored is not None:
            self._workbench.note_kept(message.run)
            self._workbench.runs.renumber(message.run, stored.record.number)
            self._host.show_everywhere()
        if message.gave_up:
            self._host.say(message.gave_up, warning=False)

    def take_up(self, run: Run, number: int = 0) -> None:
        """Put a run that was trained before in front, by its number, and compare its network anew."""
        self._workbench.runs.take_up(run, number)
        self._workbench.note_kept(run)
        self._host.in_thread(lambda: self._compare_in_thread(run), "compare")

    def put_in_front(self, run: Run) -> None:
        """Let the screens show a run; what was left of its comparison is done while nothing trains."""
        runs = self._workbench.runs
        runs.put_in_front(run)
        evaluation = run.evaluation
        if evaluation is not None and evaluation.pending and run.has_rows and runs.training is None:
            self._host.in_thread(lambda: self._compare_in_thread(run), "compare")
        self._host.show_everywhere()

    def show_compared(self, message: Compared) -> None:
        """Show the run in front beside its baselines."""
        if message.run is not self._workbench.runs.front:
            return
        if message.problem is not None:
            self._host.say(message.problem)
        self._host.show_everywhere()

    def look(self, run: Run, *, again: bool = False) -> None:
        """Note that a run's score on its test rows is shown, and count such looks at its table.

        Nothing is to be done for the run of the last look, unless its table was looked at `again` by other networks.
        """
        if run in self._looked_at and not again:
            return
        self._looked_at.clear()  # The counts of the others are of before this look.
        self._looked_at.add(run)

        def note() -> None:
            self._keeper.look(run)
            self._host.post_message(Looked(run))

        self._host.in_thread(note, "look")

    def show_looked(self, message: Looked) -> None:
        """Show the count beside the score."""
        if message.run is self._workbench.judged:
            self._host.show_everywhere()

    # -- leaving -------------------------------------------------------------------------------------------

    def quit(self) -> None:
        """Leave the app, after asking when a network is training."""
        from ann_tui.tui.prompt import Confirm

        if self._workbench.runs.training is None:
            self._host.exit()
        elif not self._host.asking:
            question = Confirm(
                "A network is training. Stop it and quit?",
                "What it has learned so far is kept: o offers it, and b on Train goes on.",
            )
            self._host.ask(question, self._quit_if)

    def _quit_if(self, yes: bool | None) -> None:
        if not yes:
            return
        if self._workbench.runs.training is None:
            self._host.exit()
        else:
            self.stop()

    def stop(self) -> None:
        """End the threads that train: the app is to end with them."""
        self._quit_when_ended = True
        if (run := self._workbench.runs.training) is not None:
            run.control.stop()


def _ended(message: RunEnded) -> str:
    """One line on what came of a run."""
    run = message.run
    name = run.prepared.fitted.target.name
    if message.problem is not None:
        return f"the training for {name} failed: {message.problem}"
    row = run.history[(run.snapshot.best_epoch or len(run.history)) - 1] if run.history else None
    score = None if row is None else row.validation_metric
    figure = "accuracy" if run.prepared.fitted.target.classes else "R²"
    judged = "" if score is None else f", validation {figure} {score:.3f}"
    return f"the training for {name} has ended after {counted(run.snapshot.epoch, 'epoch')}{judged}"

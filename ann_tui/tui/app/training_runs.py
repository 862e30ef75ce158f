"""Training in the app: a thread trains and compares, its end travels as a message, and quitting waits for it."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from ann_tui.experiments.workbench import Step
from ann_tui.training.control import WATCHABLE_PACE
from ann_tui.tui.app.saving import Saving
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run


class TrainingRuns(Saving):
    """The part of the app that trains; `pace` is that of the next run."""

    @dataclass
    class RunEnded(Message):
        """A run's thread is about to end; `problem` is None when the network was trained and evaluated."""

        run: Run
        problem: str | None

    @dataclass
    class Compared(Message):
        """The baselines stand beside a run's judgement, unless there was a problem."""

        run: Run
        problem: str | None

    def __init__(self, file: str | None) -> None:
        super().__init__(file)
        self.pace: float | None = WATCHABLE_PACE
        self._quit_when_ended = False
        self._go_when_ready: str | None = None

    def action_go(self, step: str) -> None:
        """Show a step."""
        raise NotImplementedError

    def action_train(self) -> None:
        """Train a network with what is set, as soon as what follows from it is worked out."""
        workbench = self.workbench
        if workbench.runs.training is not None:
            self.action_go(Step.TRAIN.value)
            return
        if self.reading is not None and self.reading.edited is None:
            self._train_when_ready = True
            return
        if workbench.experiment is None:
            here = self.current_mode == "start"
            self.say("choose a file first" if here else "open a table first: o")
            return
        self._train_when_ready = True
        if workbench.up_to_date:
            self._train_if_asked()

    def _train_if_asked(self) -> None:
        if self._go_when_ready is not None and not self._train_when_ready:
            self.action_go(self._go_when_ready)
        if not self._train_when_ready:
            return
        self._train_when_ready, self._go_when_ready = False, None
        experiment, derived = self.workbench.experiment, self.workbench.derived
        assert experiment is not None and derived is not None
        if derived.prepared is None:
            self.say(derived.problem or "the data can't be prepared")
            return
        from ann_tui.training.control import TrainingControl

        control = TrainingControl()
        control.set_pace(self.pace)
        try:
            run = self.workbench.runs.begin(experiment, derived.prepared, control)
        except ValueError as error:
            self.say(str(error))
            return
        # A collection over all that the libraries made would hold up keys for a tenth of a second.
        if not gc.get_freeze_count():
            gc.freeze()
        self.switch_mode(Step.TRAIN.value)
        self.show_everywhere()
        self.run_worker(lambda: self._train_in_thread(run), thread=True, exit_on_error=False, group="train")

    def _train_in_thread(self, run: Run) -> None:
        problem: str | None = None
        try:
            snapshot = run.train()
            if snapshot.state == "failed":
                problem = snapshot.message
            elif not self._quit_when_ended:
                run.judge()
        except Exception as error:
            problem = unforeseen(error)
        self.post_message(self.RunEnded(run, problem))
        if run.evaluation is not None:
            self._compare_in_thread(run)

    def _compare_in_thread(self, run: Run) -> None:
        """Compute the baselines as long as the app shows this run."""
        problem: str | None = None
        try:
            run.compare(cancelled=lambda: self._quit_when_ended or self.workbench.runs.front is not run)
        except Exception as error:
            problem = unforeseen(error)
        self.post_message(self.Compared(run, problem))

    @on(Compared)
    def _show_compared(self, message: Compared) -> None:
        if message.run is not self.workbench.runs.front:
            return
        if message.problem is not None:
            self.say(message.problem)
        self.show_everywhere()

    @on(RunEnded)
    def _show_run_ended(self, message: RunEnded) -> None:
        self.workbench.runs.end(message.run)
        if self._quit_when_ended:
            self.exit()
            return
        if message.run is not self.workbench.runs.front:
            return
        stands_there = self.current_mode == Step.TRAIN.value and message.run.state == "failed"
        if message.problem is not None and not stands_there:
            self.say(message.problem)
        self.show_everywhere()

    def on_unmount(self) -> None:
        """However the app ends, the threads that train and read end too: the process waits for them."""
        self._quit_when_ended = True
        if (run := self.workbench.runs.training) is not None:
            run.control.stop()
        if self.reading is not None:
            self.reading.cancel()

    async def action_quit(self) -> None:
        """Leave, after asking when a network is training."""
        from ann_tui.tui.dialogs.prompt import Confirm

        if self.workbench.runs.training is None:
            self.exit()
        elif not isinstance(self.screen, Confirm):
            question = Confirm(
                "A network is training. Stop it and quit?", "What it has learned so far is lost."
            )
            self.push_screen(question, self._quit_if)

    def _quit_if(self, yes: bool | None) -> None:
        if not yes:
            return
        run = self.workbench.runs.training
        if run is None:
            self.exit()
        else:
            self._quit_when_ended = True
            run.control.stop()

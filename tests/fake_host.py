"""The parts of the app without the app: a host that takes down what they ask of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.message import Message
from textual.screen import Screen

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import first_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.workbench import Workbench
from ann_tui.tui.app.editor import DerivedAnew, Editor, NotDerived
from ann_tui.tui.app.keeper import Keeper
from ann_tui.tui.app.lister import Lister, RunRead, RunsFound
from ann_tui.tui.app.opener import NotOpened, Opened, Opener
from ann_tui.tui.app.reading import Previewed, Reading
from ann_tui.tui.app.runner import Compared, RunEnded, RunKept, Runner
from ann_tui.tui.app.saver import SaveEnded, Saver
from ann_tui.tui.app.steps import Steps


class FakeHost:
    """Threads wait in `threads` until `work` runs them, messages in `messages` until `deliver` hands them over."""

    def __init__(self, file: str | None = None) -> None:
        self.busy = ""
        self.current_mode = "start"
        self.asking = False
        self.said: list[str] = []
        self.called_back: list[str] = []
        self.questions: list[tuple[Screen[Any], Callable[[Any], object]]] = []
        self.threads: list[tuple[str, Callable[[], None]]] = []
        self.messages: list[Message] = []
        self.ticking = 0
        self.left = self.ready = self.given_up = 0
        self.workbench = Workbench()
        self.reading = Reading(self)
        self.opener = Opener(self.workbench, self, self.reading, file)
        self.editor = Editor(self.workbench, self, self.reading, self.opener)
        self.keeper = Keeper(self.workbench)
        self.saver = Saver(self.workbench, self, self.keeper)
        self.runner = Runner(self.workbench, self, self.reading, self.keeper)
        self.lister = Lister(self.workbench, self, self.keeper, self.runner)
        self.steps = Steps(self.workbench, self, self.reading)

    # -- what the parts ask --------------------------------------------------------------------------------

    def show_mode(self, mode: str) -> None:
        self.current_mode = mode

    def go(self, step: str) -> None:
        self.steps.go(step)

    def call_back(self, text: str) -> None:
        self.called_back.append(text)

    def show_everywhere(self) -> None:
        """Nothing to show."""

    def show_progress(self) -> None:
        """Nothing to show."""

    def edit(self, **choices: Any) -> None:
        self.editor.edit(**choices)

    def over(self, about: str) -> None:
        """Nothing is shown that could go."""

    def say(self, notice: str, *, warning: bool = True, about: str = "") -> None:
        self.said.append(notice)

    def clear_notifications(self) -> None:
        self.said.clear()

    def take_up(self, run: Any, stored: Any) -> None:
        if stored is not None:
            self.keeper.take_up(run, stored)
        self.runner.take_up(run)

    def ask(self, question: Screen[Any], answered: Callable[[Any], object]) -> None:
        self.questions.append((question, answered))

    def in_thread(self, work: Callable[[], None], group: str) -> None:
        self.threads.append((group, work))

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        self.ticking += 1

        def stop() -> None:
            self.ticking -= 1

        return stop

    def call_after_refresh(self, callback: Callable[[], object], /) -> bool:
        callback()
        return True

    def post_message(self, message: Message, /) -> bool:
        self.messages.append(message)
        return True

    def data_ready(self) -> None:
        self.ready += 1
        if not self.runner.train_if_asked():
            self.steps.go_if_asked()

    def data_given_up(self) -> None:
        self.given_up += 1
        self.runner.forget()

    def exit(self) -> None:
        self.left += 1

    # -- what tests do -------------------------------------------------------------------------------------

    def work(self, index: int = 0) -> list[Message]:
        """Run a waiting thread to its end; what it posted in this order."""
        before = len(self.messages)
        self.threads.pop(index)[1]()
        return self.messages[before:]

    def deliver(self) -> None:
        """Hand all messages to those whom the app hands them to."""
        takers: dict[type[Message], Callable[[Any], None]] = {
            Previewed: self.reading.show_preview,
            Opened: self.opener.show_opened,
            NotOpened: self.opener.show_failure,
            DerivedAnew: self.editor.show_derived,
            NotDerived: self.editor.show_failure,
            SaveEnded: self.saver.show_saved,
            RunRead: self.lister.show_read,
            RunsFound: self.lister.show_found,
            RunEnded: self.runner.show_ended,
            RunKept: self.runner.show_kept,
            Compared: self.runner.show_compared,
        }
        while self.messages:
            message = self.messages.pop(0)
            takers[type(message)](message)

    def work_off(self) -> None:
        """Run every thread and hand over every message, until nothing is left."""
        while self.threads or self.messages:
            if self.threads:
                self.work()
            self.deliver()

    def answer(self, reply: object) -> None:
        """Answer the question that was asked first."""
        self.questions.pop(0)[1](reply)

    def put_open(self, path: Path) -> Experiment:
        """A table on the workbench, without a thread."""
        experiment, derived = first_experiment(Source(str(path)))
        self.workbench.open(experiment, derived)
        self.current_mode = "data"
        return experiment


def write_table(path: Path, rows: int = 60) -> Path:
    """A small table of two numbers and a class."""
    lines = [f"{n % 7}.5,{(n * n) % 11},{'yes' if n % 3 else 'no'}" for n in range(rows)]
    path.write_text("\n".join(["a,b,y", *lines]) + "\n", encoding="utf-8")
    return path

"""What the parts of the app and its screens ask of it, one line each: who of the parts does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.tui.app.bar import bar_state
from ann_tui.tui.app.editor import Editor
from ann_tui.tui.app.furnished import FurnishedApp
from ann_tui.tui.app.keeper import Keeper
from ann_tui.tui.app.lesson_place import LessonPlace
from ann_tui.tui.app.lister import Lister
from ann_tui.tui.app.opener import Opener
from ann_tui.tui.app.reading import Reading
from ann_tui.tui.app.reporter import Reporter
from ann_tui.tui.app.runner import Runner
from ann_tui.tui.app.saver import Saver
from ann_tui.tui.app.steps import Steps
from ann_tui.tui.app.sweeper import Sweeper
from ann_tui.tui.app.teacher import Teacher
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.dialogs.step_panel import StepPanel
from ann_tui.tui.screens.step_screen import StepScreen

if TYPE_CHECKING:
    from ann_tui.experiments.kept.run_list import ListedRun
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.tui.host import Answer
    from ann_tui.tui.lesson.page import PageInView
    from ann_tui.tui.mending import Mend
    from ann_tui.tui.reading_job import ReadingJob
    from ann_tui.tui.widgets.top_bar import TopBarState


class HostingApp(FurnishedApp):
    """The host of the parts and of the screens (`tui/host.py`); what it hands on to stands in `AnnApp`."""

    workbench: Workbench
    opener: Opener
    editor: Editor
    keeper: Keeper
    saver: Saver
    reporter: Reporter
    runner: Runner
    lister: Lister
    sweeper: Sweeper
    steps: Steps
    teacher: Teacher
    busy: str
    _reading: Reading
    _lesson_place: LessonPlace

    # -- what is on the screen -----------------------------------------------------------------------------

    def bar_state(self, here: Step | None) -> TopBarState:
        """What the bar on top says on the screen of a step."""
        parts = self.workbench, self._reading, self.steps
        return bar_state(here, *parts, asked_for=self.opener.file, busy=self.busy)

    def show_everywhere(self) -> None:
        """Bring the screen in front up to date, and the panels that lie over it."""
        for screen in self._screens_in_front():
            screen.bring_up_to_date()
        self.teacher.go_on()

    def show_progress(self) -> None:
        """Say on the screen in front how far the reading of a file is."""
        for screen in self._screens_in_front():
            if isinstance(screen, StepScreen):
                screen.show_progress()

    def show_busy(self, text: str) -> None:
        """Say what goes on in the background, or with no text that nothing does."""
        self.busy = text
        self.show_progress()

    def _screens_in_front(self) -> Iterator[StepScreen | StepPanel]:
        """The uppermost step screen and before it the panels over it; none once the app is closing.

        A closing app removes the widgets of its screens while its own timer and messages still come in.
        """
        if not self.is_running:
            return
        for screen in reversed(self.screen_stack):
            if isinstance(screen, StepPanel):
                yield screen
            if isinstance(screen, StepScreen) and screen.is_mounted:
                yield screen
                return

    def show_mode(self, mode: str) -> None:
        """Show a screen, whether it can be entered or not."""
        if self.current_mode != mode:
            self.clear_notifications()
            self.switch_mode(mode)

    def show_files(self) -> None:
        """Show the list of what can be opened."""
        self.show_mode("start")

    def ask(self, question: Screen[Answer], answered: Callable[[Answer | None], None]) -> None:
        """Lay a question over the screen; `answered` is told the answer."""
        self.push_screen(question, answered)

    def show_lesson(self, page: PageInView | None) -> None:
        """Show a page of the lesson under the screen in front, or none."""
        self._lesson_place.show(page)

    def lead_to(self, step: str, actions: Sequence[str], arrived: Callable[[], None]) -> None:
        """Go to a step, do these actions of its screen, one after the other, and call `arrived`."""
        self.steps.go(step)
        self._lesson_place.lead(step, actions, arrived)

    def close_dialogs(self) -> None:
        """Close what lies over the step's screen."""
        if isinstance(self.screen, Dialog):
            self.screen.dismiss(None)

    @property
    def asking(self) -> bool:
        """Whether a question that wants yes or no lies over the screen."""
        from ann_tui.tui.prompt import Confirm

        return isinstance(self.screen, Confirm)

    # -- threads and time ----------------------------------------------------------------------------------

    def in_thread(self, work: Callable[[], None], group: str) -> None:
        """Do something in a thread."""
        self.run_worker(work, thread=True, exit_on_error=False, group=group)

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call something again and again, until what this gives is called."""
        return self.set_interval(seconds, call).stop

    def data_ready(self) -> None:
        """Do what was asked for before the data was there; training goes before going to a step."""
        if self.runner.train_if_asked():
            self.steps.forget()
        else:
            self.steps.go_if_asked()

    def data_given_up(self) -> None:
        """Forget what was to be done with data that won't come."""
        self.teacher.forget()
        self.runner.forget()
        self.steps.forget()

    # -- what the screens ask for --------------------------------------------------------------------------

    @property
    def reading(self) -> ReadingJob | None:
        """What is being read now."""
        return self._reading.job

    @property
    def trouble(self) -> str:
        """Why the last file could not be opened; empty where it could."""
        return self.opener.trouble

    @property
    def pace(self) -> float | None:
        """Epochs a second of the next run; None as fast as can be."""
        return self.runner.pace

    @pace.setter
    def pace(self, pace: float | None) -> None:
        self.runner.pace = pace

    def open_file(self, path: str) -> None:
        """Open a table, an experiment or a model."""
        self.opener.open(path)

    def train_on(self, path: str) -> None:
        """Take up the run of the model that is open, with its table at a path."""
        self.opener.train_on(path)

    def open_kept(self, stored: StoredRun) -> None:
        """Take up a run from the store, with its table and its choices."""
        self.opener.open_kept(stored)

    def take_up(self, run: Run, stored: StoredRun | None) -> None:
        """Put a run from the store, or of a saved model, in front."""
        if stored is not None:
            self.keeper.take_up(run, stored)
        self.runner.take_up(run, 0 if stored is None else stored.record.number)

    def save_run(self, run: ListedRun) -> None:
        """Save the network or the choices of a run."""
        self.saver.save(run)

    def report(self, run: Run) -> None:
        """Write the report of a run."""
        self.reporter.report(run)

    def train(self) -> None:
        """Train a network with what is set."""
        self.runner.train()

    def branch(self, run: Run, epoch: int, *, epochs: int | None = None) -> None:
        """Begin a run after an epoch of another one, with the plan as it is set, or so many `epochs` in all."""
        self.runner.branch(run, epoch, epochs)

    def keep_threshold(self, run: Run) -> None:
        """Put on disk what a run decides at by now."""
        self.in_thread(lambda: self.keeper.keep_threshold(run), "keep")

    def look(self, run: Run, *, again: bool = False) -> None:
        """Note that a run's score on its test rows is shown, and `again` that others judged by them meanwhile."""
        self.runner.look(run, again=again)

    def cancel_reading(self) -> bool:
        """Stop reading; False when nothing is being read."""
        return self.opener.cancel()

    def edit(self, **choices: Any) -> None:
        """Change some of the four choices of the experiment: source, preparation, design or plan."""
        self.editor.edit(**choices)

    def mend(self, mend: Mend) -> None:
        """Do what a finding suggests."""
        self.editor.mend(mend)

    def go(self, step: str) -> None:
        """Show a step, or say why it can't be entered yet."""
        self.steps.go(step)

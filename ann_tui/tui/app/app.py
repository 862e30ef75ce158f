"""The app itself: what Textual asks of it, and who of its parts opens, edits, saves and trains."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import App
from textual.events import Event, Key
from textual.screen import Screen

from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.tui.app.editor import DerivedAnew, Editor, NotDerived
from ann_tui.tui.app.ending import UNFORESEEN, end_orderly_on_signals
from ann_tui.tui.app.hosting_app import HostingApp
from ann_tui.tui.app.keeper import Keeper
from ann_tui.tui.app.keys import KEYS
from ann_tui.tui.app.lesson_place import LessonPlace
from ann_tui.tui.app.lister import Lister, RunRead, RunsFound, TrainedAgain
from ann_tui.tui.app.opener import NotOpened, Opened, Opener
from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.app.reading import SWITCH, Previewed, Reading
from ann_tui.tui.app.reporter import ReportEnded, Reporter
from ann_tui.tui.app.runner import Compared, Looked, RunEnded, RunKept, Runner
from ann_tui.tui.app.saver import SaveEnded, Saver
from ann_tui.tui.app.step_commands import StepCommands
from ann_tui.tui.app.steps import Steps
from ann_tui.tui.app.sweeper import SweepEnded, Sweeper, SweepFound
from ann_tui.tui.app.teacher import Teacher
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.terminal.input_messages import InputFailed, PastedUnmarked, TerminalGone
from ann_tui.tui.terminal.pasting import put_pasted
from ann_tui.tui.text import plain
from ann_tui.tui.user_settings import MEGABYTE

if TYPE_CHECKING:
    from ann_tui.experiments.unfinished import Unfinished
    from ann_tui.tui.host import ScreenHost

SCREENS = {
    "start": "StartScreen",
    Step.DATA.value: "DataScreen",
    Step.PREPARE.value: "PrepareScreen",
    Step.LAYERS.value: "LayersScreen",
    Step.TRAIN.value: "TrainScreen",
    Step.EVALUATE.value: "EvaluateScreen",
    Step.PREDICT.value: "PredictScreen",
}
"""The class of each mode's screen; its module is named as the mode."""


def _screen(module: str, name: str, host: ScreenHost) -> Screen[Any]:
    """A screen, imported when it is first shown."""
    from importlib import import_module

    screen: Screen[Any] = getattr(import_module(f"ann_tui.tui.screens.{module}"), name)(host)
    return screen


WARM_UP_AFTER = 0.4
"""Seconds until what comes next is imported: a thread that imports would hold up the first frame."""


class AnnApp(HostingApp):
    """Turns a CSV into a trained neural network, step by step: puts its parts together, begins, and ends."""

    TITLE = "ann-tui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar = App.COMMANDS | {StepCommands}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar = [*KEYS]

    def __init__(self, file: str | None = None, *, lesson: bool = False) -> None:
        """`lesson` begins it on the file as soon as that is open."""
        # Textual would first make and paint an empty screen of its own.
        self.DEFAULT_MODE = "start" if file is None else Step.DATA.value  # type: ignore[misc]
        super().__init__()
        for mode, name in SCREENS.items():
            self.add_mode(mode, partial(_screen, mode, name, self))
        self.workbench = Workbench(self.settings.timeline_megabytes * MEGABYTE)
        self.busy = ""
        self._reading = Reading(self)
        self.opener = Opener(self.workbench, self, self._reading, file)
        self.editor = Editor(self.workbench, self, self._reading, self.opener)
        self.keeper = Keeper(self.workbench)
        self.saver = Saver(self.workbench, self, self.keeper)
        self.reporter = Reporter(self)
        self.runner = Runner(self.workbench, self, self._reading, self.keeper)
        self.lister = Lister(self.workbench, self, self.keeper, self.runner)
        self.sweeper = Sweeper(self.workbench, self)
        self.steps = Steps(self.workbench, self, self._reading)
        self._lesson_place = LessonPlace(self)
        self._begins_with_lesson = lesson
        self.teacher = Teacher(self.workbench, self, self.train)
        self._takers: dict[type[PartMessage], Callable[[Any], None]] = {
            Previewed: self._reading.show_preview,
            Opened: self.opener.show_opened,
            NotOpened: self.opener.show_failure,
            DerivedAnew: self.editor.show_derived,
            NotDerived: self.editor.show_failure,
            SaveEnded: self.saver.show_saved,
            ReportEnded: self.reporter.show_ended,
            RunEnded: self.runner.show_ended,
            RunKept: self.runner.show_kept,
            Compared: self.runner.show_compared,
            Looked: self.runner.show_looked,
            RunRead: self.lister.show_read,
            RunsFound: self.lister.show_found,
            TrainedAgain: self.lister.show_trained_again,
            SweepEnded: self.sweeper.show_ended,
            SweepFound: self.sweeper.show_found,
        }
        self.failure: Exception | None = None

    # -- start and end -------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first screen; everything heavy is imported after it."""
        self.furnish()
        self.screen_change_signal.subscribe(self, lambda _: self.call_later(self.teacher.show))
        sys.setswitchinterval(SWITCH)
        end_orderly_on_signals(lambda status: self.exit(return_code=status))
        if self.opener.file is not None:
            self.open_file(self.opener.file)
        if self._begins_with_lesson:
            self.teacher.begin_when_ready()
        self.set_timer(WARM_UP_AFTER, self._warm_up)

    def _warm_up(self) -> None:
        gc.enable()

        def import_what_comes_next() -> None:
            from importlib import import_module

            self._look_for_left_behind()
            for module in ("reading.read_table", "profile.table_profile", "preparing.prepare"):
                import_module(f"ann_tui.data.{module}")

        threading.Thread(target=import_what_comes_next, name="warm-up", daemon=True).start()

    def _look_for_left_behind(self) -> None:
        """In a thread: ask whether to go on with a training that a kill or a power cut interrupted."""
        from ann_tui.experiments.unfinished import left_behind

        found = next((each for each in left_behind() if not each.declined), None)
        if found is not None:
            with suppress(RuntimeError):
                self.call_from_thread(self._offer, found)

    def _offer(self, found: Unfinished) -> None:
        from ann_tui.tui.prompt import Confirm

        if self.workbench.runs.training is not None or self.asking:
            return
        table, target = (plain(text, 40).plain for text in (Path(found.about.table).name, found.about.target))
        question = Confirm(
            f"Go on with the training on {table}?",
            f"It was interrupted, and predicts {target}. Later: ann-tui train --resume.",
        )

        def go_on(yes: bool | None) -> None:
            if yes:
                self.opener.open_unfinished(found)
                self.runner.go_on_with(found)
            else:
                found.decline()

        self.ask(question, go_on)

    def on_unmount(self) -> None:
        """However the app ends, the threads that train and read end too: the process waits for them."""
        self.runner.stop()
        self.lister.stop()
        self.sweeper.stop()
        self._reading.stop()

    @on(TerminalGone)
    def _terminal_gone(self) -> None:
        self.exit(return_code=UNFORESEEN)

    @on(InputFailed)
    def _input_failed(self, message: InputFailed) -> None:
        raise message.error

    @on(PastedUnmarked)
    def _pasted_unmarked(self, message: PastedUnmarked) -> None:
        if not put_pasted(message, self.focused):
            self.say("pasted text is not taken as keys", warning=False)

    def _handle_exception(self, error: Exception) -> None:
        """End for an error that nobody foresaw; what it was is told when the terminal is given back."""
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()

    # -- messages and keys of its own ------------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        """What a key has done may be what the lesson speaks of."""
        await super().on_event(event)
        if isinstance(event, Key) and self.teacher.teaches:
            self.call_after_refresh(self.teacher.show)

    @on(PartMessage)
    def _told(self, message: PartMessage) -> None:
        # A closing app takes its screens away while news still come in.
        if self.is_running and self.screen_stack:
            self._takers[type(message)](message)

    # -- keys ----------------------------------------------------------------------------------------------

    def action_go(self, step: str) -> None:
        """Show a step, or say why it can't be entered yet."""
        self.steps.go(step)

    def action_open(self) -> None:
        """Show the start screen."""
        self.show_files()

    def action_open_any(self) -> None:
        """Look for a table, an experiment or a model in the folders."""
        self.opener.find()

    def action_lesson(self) -> None:
        """Begin the lesson, or leave it."""
        self.teacher.toggle(self.open_file)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Pages are turned while there is a lesson."""
        return self.teacher.teaches if action == "turn_page" else super().check_action(action, parameters)

    def action_turn_page(self, by: int) -> None:
        """Another page of the lesson."""
        self.teacher.turn(by)

    def action_save(self) -> None:
        """Save the trained model or the choices."""
        self.saver.save()

    def action_train(self) -> None:
        """Train a network with what is set."""
        self.runner.train()

    def action_runs(self) -> None:
        """List the runs on this table."""
        from ann_tui.tui.run_list.dialog import RunsScreen

        self.lister.look_again()
        if not self.lister.runs:
            self.say("no run yet: t trains a network", warning=False)
        elif isinstance(self.screen, StepScreen):
            self.screen.ask(RunsScreen(self))

    def action_sweep(self) -> None:
        """Try many designs of what is set."""
        from ann_tui.tui.dialogs.sweep import SweepScreen

        if self.workbench.experiment is None:
            self.say("open a table first: o")
        elif isinstance(self.screen, StepScreen):
            self.screen.ask(SweepScreen(self))

    def action_command_palette(self) -> None:
        """Show the palette of commands."""
        from ann_tui.tui.dialogs.palette import show_palette

        show_palette(self)

    def action_undo(self) -> None:
        """Take back the last change."""
        self.editor.undo()

    def action_redo(self) -> None:
        """Make the change again that was taken back."""
        self.editor.redo()

    async def action_quit(self) -> None:
        """Leave, after asking when a network is training."""
        self.runner.quit()

    def action_help(self) -> None:
        """Show the help of the screen in front."""
        from ann_tui.tui.dialogs.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.of(self.screen, self.current_mode, self.workbench))

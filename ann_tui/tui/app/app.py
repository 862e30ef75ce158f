"""The app: which screen is shown, what its bars say, and the edits that screens make."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.filter import LineFilter
from textual.screen import Screen

from ann_tui.data.profile.findings import apply_remedy
from ann_tui.experiments.workbench import Step
from ann_tui.figures import counted
from ann_tui.tui.app.no_color import EverySegmentStyled
from ann_tui.tui.app.step_commands import StepCommands
from ann_tui.tui.app.theme import DARK, LIGHT
from ann_tui.tui.app.training_runs import TrainingRuns
from ann_tui.tui.screens.step_screen import StepPanel, StepScreen
from ann_tui.tui.widgets.top_bar import TopBarState

if TYPE_CHECKING:
    from ann_tui.tui.mending import Mend


def _screen(module: str, name: str) -> Callable[[], Screen[Any]]:
    """A screen that is imported when it is first shown."""

    def make() -> Screen[Any]:
        from importlib import import_module

        screen: Screen[Any] = getattr(import_module(f"ann_tui.tui.screens.{module}"), name)()
        return screen

    return make


DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space", "": "one column"}


class AnnApp(TrainingRuns):
    """Turns a CSV into a trained neural network, step by step."""

    TITLE = "ann-tui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar = App.COMMANDS | {StepCommands}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = True
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "start": _screen("start", "StartScreen"),
        Step.DATA.value: _screen("data", "DataScreen"),
        Step.PREPARE.value: _screen("prepare", "PrepareScreen"),
        Step.LAYERS.value: _screen("layers", "LayersScreen"),
        Step.TRAIN.value: _screen("train", "TrainScreen"),
        Step.EVALUATE.value: _screen("evaluate", "EvaluateScreen"),
        Step.PREDICT.value: _screen("predict", "PredictScreen"),
    }
    BINDINGS: ClassVar = [
        Binding(
            "t", "train", "train now", show=False, id="train", tooltip="Train a network with what is set"
        ),
        *(
            Binding(
                str(step.number),
                f"go('{step.value}')",
                step.heading,
                show=False,
                id=f"go.{step.value}",
                tooltip=f"Go to step {step.number}, {step.heading}",
            )
            for step in Step
        ),
        Binding("u", "undo", "undo", show=False, id="undo", tooltip="Take back the last change"),
        Binding(
            "U", "redo", "redo", show=False, id="redo", tooltip="Make the change again that was taken back"
        ),
        Binding("ctrl+s", "save", "save", show=False, id="save", tooltip="Save the model or the experiment"),
        Binding(
            "ctrl+o",
            "open_any",
            "open",
            show=False,
            id="open_any",
            tooltip="Open a table, an experiment or a model from the folders",
        ),
        Binding("o", "open", "open", id="open", tooltip="Open a sample, a recent file, or another one"),
        Binding(
            "f1,question_mark",
            "help",
            "help",
            show=False,
            id="help",
            tooltip="What this screen is for, and all its keys",
        ),
        Binding("ctrl+q", "quit", "quit", show=False, id="quit", priority=True, tooltip="Leave ann-tui"),
    ]

    def __init__(self, file: str | None = None) -> None:
        # Textual would first make and paint an empty screen of its own.
        self.DEFAULT_MODE = "start" if file is None else Step.DATA.value  # type: ignore[misc]
        super().__init__(file)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self.animation_level = "none"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The project's own colour names, for themes that don't set them."""
        return {
            "muted": "#8b949e",
            "line-training": "#6cb6ff",
            "line-validation": "#e3b341",
        }

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters of every line that is painted."""
        filters = super().get_line_filters()
        return [EverySegmentStyled(), *filters] if self.no_color else filters

    # -- start ---------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first screen; everything heavy is imported after it."""
        sys.setswitchinterval(0.001)
        if self._file is not None:
            self.open_file(self._file)
        self.call_after_refresh(self._warm_up)

    def _warm_up(self) -> None:
        def import_what_comes_next() -> None:
            from importlib import import_module

            for module in ("reading.read_table", "profile.table_profile", "preparing.prepare"):
                import_module(f"ann_tui.data.{module}")

        threading.Thread(target=import_what_comes_next, name="warm-up", daemon=True).start()

    # -- bars and screens ----------------------------------------------------------------------------------

    def top_bar_state(self, here: Step | None) -> TopBarState:
        """What the bar on top says while `here` is shown."""
        workbench = self.workbench
        derived, experiment = workbench.derived, workbench.experiment
        file = target = about = ""
        if here in (Step.DATA, None) and self.reading is not None and self.reading.edited is None:
            file = self.reading.name
        elif derived is not None and experiment is not None:
            file = Path(experiment.source.path).name
            target = derived.profile.target or ""
            table = derived.table
            about = " · ".join(
                (
                    ("" if experiment.source.sample_rows is None else "sample of ")
                    + counted(len(table.frame), "row"),
                    counted(len(table.frame.columns), "column"),
                    table.dialect.encoding,
                    DELIMITERS.get(table.dialect.delimiter, table.dialect.delimiter),
                    "header" if table.dialect.header else "no header",
                )
            )
        elif workbench.model is not None:
            file, target = Path(workbench.model_file).name, workbench.model.target
            about = "a saved model: it predicts; open a table to train"
        elif self._file is not None:
            file = Path(self._file).name
        blocked = [step for step in Step if self._why_blocked(step) is not None]
        return TopBarState(
            here=here,
            file=file,
            target=target,
            about=about,
            done=frozenset(step for step in Step if workbench.done(step)),
            blocked=frozenset(blocked),
            why=f"{blocked[0].number} {blocked[0].heading}: {self._why_blocked(blocked[0])}"
            if blocked
            else "",
            busy=self.busy,
        )

    def _why_blocked(self, step: Step) -> str | None:
        problem = self.workbench.blocked(step)
        return "as soon as the table is prepared" if problem is not None and self.reading else problem

    def show_everywhere(self) -> None:
        """Bring the screen in front up to date, and the panels that lie over it."""
        for screen in self._screens_in_front():
            screen.bring_up_to_date()

    def show_progress(self) -> None:
        """Say on the screen in front how far the reading of a file is."""
        for screen in self._screens_in_front():
            if isinstance(screen, StepScreen):
                screen.show_progress()

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

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers beside the keys' actions."""
        yield SystemCommand(
            "Colour theme", "Choose the colours: dark, light, and others", self.action_change_theme
        )
        yield SystemCommand(
            "Picture of the screen",
            "Write what is on the screen as an SVG file",
            lambda: self.set_timer(0.1, self.deliver_screenshot),
        )

    def say(self, notice: str, *, warning: bool = True) -> None:
        """Say one line in a corner of the screen, as it is, for a few seconds; the one before makes room."""
        self.clear_notifications()
        self.notify(notice, severity="warning" if warning else "information", markup=False, timeout=6)

    def action_go(self, step: str) -> None:
        """Show a step, or say why it can't be entered yet."""
        self._go_when_ready = None
        if (problem := self._why_blocked(Step(step))) is not None:
            if self.reading is not None:
                self._go_when_ready = step
            self.say(f"{Step(step).number} {Step(step).heading}: {problem}")
            return
        if self.current_mode != step:
            self.switch_mode(step)

    def action_open(self) -> None:
        """Show the start screen."""
        if self.current_mode != "start":
            self.switch_mode("start")

    def action_help(self) -> None:
        """Show the help of the screen in front."""
        from ann_tui.tui.dialogs.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.of(self.screen, self.current_mode))

    # -- edits ---------------------------------------------------------------------------------------------

    def edit(self, **choices: Any) -> None:
        """Change some of the four choices of the experiment: source, preparation, design or plan."""
        experiment = self.workbench.experiment
        if experiment is not None and self.workbench.change(replace(experiment, **choices)):
            self._show_changed()

    def _show_changed(self) -> None:
        """Work out and show what follows from changed choices; what was said of the earlier ones is over."""
        self.clear_notifications()
        self._derive()
        self.show_everywhere()

    def mend(self, mend: Mend) -> None:
        """Do what a finding suggests."""
        experiment, remedy = self.workbench.experiment, mend.finding.remedy
        if experiment is not None and remedy is not None:
            source, preparation = apply_remedy(remedy, experiment.source, experiment.preparation)
            self.edit(source=source, preparation=preparation)
            self.say(f"{mend.finding.text}: {remedy.text} (u undoes)", warning=False)

    def action_undo(self) -> None:
        """Take back the last change."""
        if self.workbench.undo():
            self._show_changed()
        else:
            self.say("nothing to undo", warning=False)

    def action_redo(self) -> None:
        """Make the change again that was taken back."""
        if self.workbench.redo():
            self._show_changed()
        else:
            self.say("nothing to redo", warning=False)


def run_app(file: str | None = None) -> int:
    """Run the app until the person leaves, on a file when one is given; 0, or 1 after an unforeseen end."""
    app = AnnApp(file)
    app.run()
    return app.return_code or 0

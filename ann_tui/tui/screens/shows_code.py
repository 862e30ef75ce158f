"""The code of an experiment beside the choices that make it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message

from ann_tui.export.frameworks import TITLES
from ann_tui.tui.prompt import Confirm, LinePrompt
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.text import plain, unforeseen
from ann_tui.tui.widgets.code_panel import CodeLines, CodePanel

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.export.writing import Scripts
    from ann_tui.tui.host import ScreenHost

PANEL = "code-panel"


class ShowsCode(StepScreen):
    """A screen with a panel of code, which `c` opens and closes."""

    BINDINGS: ClassVar = [
        Binding(
            "c",
            "code",
            "code",
            id="layers.code",
            tooltip="The network as a script, which follows your choices",
        )
    ]

    @dataclass
    class Written(Message):
        """The script that was asked for so many times is there; or `problem` says why not."""

        number: int
        script: str
        lines: list[Text]
        problem: str | None

    @dataclass
    class Saved(Message):
        """The script is in a file; or `problem` says why not."""

        text: str
        problem: bool

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._asked = 0
        self._scripts: Scripts | None = None
        self._shown: tuple[str, object, object] | None = None

    def compose_code(self) -> ComposeResult:
        """The panel, closed."""
        yield CodePanel(TITLES, id=PANEL, classes="panel paged")

    @property
    def code_is_open(self) -> bool:
        """Whether the panel is there."""
        return self.has_class("-code")

    def bring_to_front(self, panel_id: str) -> None:
        """The next panel that is there."""
        hidden = (
            {PANEL} if not self.code_is_open else set() if self.has_class("-narrow") else {"network-panel"}
        )
        while panel_id in hidden:
            panel_id = self.PANELS[(self.PANELS.index(panel_id) + 1) % len(self.PANELS)]
        super().bring_to_front(panel_id)

    def action_code(self) -> None:
        """Open the code, or close it; where it is open behind another panel, it comes to the front."""
        if self.code_is_open and self.has_class("-narrow") and not self._is_in_front(PANEL):
            self.bring_to_front(PANEL)
            return
        self.toggle_class("-code")
        self.bring_to_front(PANEL if self.code_is_open else self.PANELS[0])
        self.show_code(self.workbench)

    def show_code(self, workbench: Workbench) -> None:
        """Bring the code up to date in a thread, where the panel is open."""
        panel, experiment, derived = self.query_one(CodePanel), workbench.experiment, workbench.derived
        if not self.code_is_open or experiment is None or derived is None:
            return
        if derived.prepared is None or derived.experiment != experiment:
            if derived.problem:
                panel.show_problem(derived.problem)
            return
        asked = (panel.framework, experiment, derived.prepared)
        if self._shown is not None and self._shown[:2] == asked[:2] and self._shown[2] is asked[2]:
            return
        self._shown = asked
        self._asked += 1
        self._write_code(self._asked, panel.framework, experiment, derived.prepared)

    def _write_code(
        self, number: int, framework: str, experiment: Experiment, prepared: PreparedData
    ) -> None:
        dark = self.app.current_theme.dark

        def work() -> None:
            try:
                script = self._made().script(framework, experiment, prepared, suggested(prepared))
                found = self.Written(number, script, highlighted(script, dark=dark), None)
            except (ValueError, OSError) as error:
                found = self.Written(number, "", [], str(error))
            except Exception as error:
                found = self.Written(number, "", [], unforeseen(error))
            self.post_message(found)

        self.app.run_worker(work, thread=True, exit_on_error=False, group="code")

    def _made(self) -> Scripts:
        from ann_tui.export.writing import Scripts

        if self._scripts is None:
            self._scripts = Scripts()
        return self._scripts

    @on(Written)
    def _show_written(self, message: Written) -> None:
        if message.number != self._asked:
            return
        panel = self.query_one(CodePanel)
        if message.problem is None:
            panel.show(message.lines, message.script)
        else:
            panel.show_problem(message.problem)

    @on(CodeLines.Framework)
    def _choose_framework(self, message: CodeLines.Framework) -> None:
        self.query_one(CodePanel).choose(message.by)
        self.show_code(self.workbench)

    # -- writing ------------------------------------------------------------------------------------------

    @on(CodeLines.Write)
    def _ask_where(self) -> None:
        derived, experiment = self.workbench.derived, self.workbench.experiment
        framework, prepared = self.query_one(CodePanel).framework, derived.prepared if derived else None
        if not self.query_one(CodePanel).script or experiment is None or prepared is None:
            self.host.say("there is no script to write")
            return

        def write(out: str) -> None:
            self._save_code(framework, experiment, prepared, Path(out).expanduser())

        def confirm(out: str | None) -> None:
            if out is not None and Path(out).expanduser().exists():
                question = f"{plain(Path(out).name, 40).plain} exists. Replace it?"
                self.ask(
                    Confirm(question, "What it holds now is lost."), lambda yes: write(out) if yes else None
                )
            elif out is not None:
                write(out)

        name = suggested(prepared)
        beside = plain(f"{name.stem}.parts.csv", 40).plain
        hint = f"Beside it comes {beside}, which tells the part of each row: training, validation or test."
        self.ask(LinePrompt("Write the script to", str(name), problem_with, hint), confirm)

    def _save_code(self, framework: str, experiment: Experiment, prepared: PreparedData, out: Path) -> None:
        def work() -> None:
            from ann_tui.export.writing import write_prepared

            try:
                said = write_prepared(framework, experiment, prepared, out)
                found = self.Saved(f"{plain(out.name, 40).plain} written; it {'; '.join(said)}", False)
            except (ValueError, OSError) as error:
                found = self.Saved(plain(str(error), 200).plain, True)
            except Exception as error:
                found = self.Saved(unforeseen(error), True)
            self.post_message(found)

        self.app.run_worker(work, thread=True, exit_on_error=False, group="code")

    @on(Saved)
    def _say_saved(self, message: Saved) -> None:
        self.host.say(message.text, warning=message.problem)


def suggested(prepared: PreparedData) -> Path:
    """The script's name by itself: that of the table."""
    stem = prepared.table.path.stem or "network"
    return Path(f"{stem}.py")


def problem_with(text: str) -> str | None:
    """Why a script can't be written to a typed path; None where it can."""
    path = Path(text).expanduser()
    if path.suffix.casefold() != ".py":
        return "choose a name that ends in .py"
    if path.is_dir():
        return "this is a folder"
    return None if path.absolute().parent.is_dir() else "there is no such folder"


def highlighted(script: str, *, dark: bool) -> list[Text]:
    """The lines of a script in the colours of its syntax, on whatever stands behind them."""
    from rich.style import Style
    from rich.syntax import Syntax

    found = Syntax("", "python", theme="ansi_dark" if dark else "ansi_light").highlight(script)
    text = Text(found.plain)
    for span in found.spans:
        style = span.style if isinstance(span.style, Style) else Style.parse(span.style)
        text.stylize(Style(color=style.color, bold=style.bold, italic=style.italic), span.start, span.end)
    return list(text.split("\n", allow_blank=True))

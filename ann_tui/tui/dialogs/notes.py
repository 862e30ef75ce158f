"""All findings of a file, what was done to read it, and every line that was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from ann_tui.figures import count, counted
from ann_tui.tui.dialogs.step_panel import StepPanel
from ann_tui.tui.mending import Mend, State, mends
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from ann_tui.data.cells.table import DroppedRow
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.host import ScreenHost


@dataclass(frozen=True)
class Note:
    """A line of the list: a heading, a finding, or a sentence."""

    text: str
    heading: bool = False
    warning: bool = False
    mend: Mend | None = None


class NotesScreen(StepPanel):
    """A list to read through; m does about a finding what it suggests."""

    CSS_PATH = "notes.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,w,q", "leave", "close", show=False),
        Binding("m,enter", "mend", "mend", show=False),
        Binding("u", "app.undo", "undo", show=False),
        Binding("U", "app.redo", "redo", show=False),
    ]

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._notes: list[Note] = []
        self._dropped: tuple[DroppedRow, ...] = ()

    def compose(self) -> ComposeResult:
        """The list, and the line under the cursor in full."""
        with Vertical(id="notes") as box:
            box.border_title = "Findings, warnings, lines left out"
            box.border_subtitle = "m does what a finding suggests · u undoes · esc closes"
            yield LineList(id="note-lines")
            yield Static("", id="note")

    def on_mount(self) -> None:
        """Fill the list."""
        self.show_workbench(self.workbench)
        lines = self.query_one(LineList)
        lines.cursor = 1
        lines.focus()

    def show_workbench(self, workbench: Workbench) -> None:
        """Show what is known of the file as it stands."""
        experiment, derived = workbench.experiment, workbench.derived
        if experiment is None or derived is None:
            return
        choices = experiment.source, experiment.preparation
        whole = mends(derived.profile.findings, *choices)
        notes = [Note("The whole table", heading=True)]
        if derived.problem:
            notes.append(Note(derived.problem, warning=True))
        notes += [_noted(mend) for mend in whole]
        if len(notes) == 1:
            notes.append(Note("nothing found"))
        single = [
            _noted(mend, f"{plain(column.name, 40).plain}: ")
            for column in derived.profile.columns
            for mend in mends(column.findings, *choices)
        ]
        if single:
            notes += [Note(f"Columns ({counted(len(single), 'finding')})", heading=True), *single]
        table = derived.table
        notes.append(Note("How the file was read", heading=True))
        notes += [Note(warning) for warning in table.warnings] or [Note("as it stands, without a warning")]
        self._dropped = table.dropped
        lines = counted(len(self._dropped), "line")
        notes.append(Note(f"Left out: {lines}" if self._dropped else "Left out: no line", heading=True))
        self._notes = notes
        self.query_one(LineList).show(len(notes) + len(self._dropped), self._line)
        self._show_note()

    def _note(self, index: int) -> Note:
        if index < len(self._notes):
            return self._notes[index]
        row = self._dropped[index - len(self._notes)]
        return Note(f"line {count(row.line)}: {row.reason}", warning=True)

    def _line(self, index: int) -> Text:
        return self._written(self._note(index))

    def _written(self, note: Note) -> Text:
        variables = self.app.theme_variables
        if note.heading:
            return Text(note.text, style="bold")
        text = Text("  ").append(
            plain(note.text, 600).plain, style=variables["warning"] if note.warning else ""
        )
        mend = note.mend
        if mend is not None and mend.finding.remedy is not None:
            done = mend.state is State.DONE
            text.append("  ").append(
                "✓" if done else "m", style="dim" if done else f"bold {variables['accent']}"
            )
            text.append(f" {plain(mend.finding.remedy.text).plain}", style="dim" if done else "")
        return text

    @on(LineList.Moved)
    def _show_note(self) -> None:
        if self._notes:
            note = self._note(self.query_one(LineList).cursor)
            self.query_one("#note", Static).update(Text("") if note.heading else self._written(note))

    def action_mend(self) -> None:
        """Do what the finding under the cursor suggests."""
        mend = self._note(self.query_one(LineList).cursor).mend if self._notes else None
        if mend is None or mend.state is not State.OPEN:
            self.host.say("nothing to mend in this line", warning=False)
        else:
            self.host.mend(mend)


def _noted(mend: Mend, before: str = "") -> Note:
    return Note(before + mend.finding.text, warning=mend.finding.severity == "warning", mend=mend)

"""How the file is read, changed in place; the table behind is read again at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from ann_tui.data.choices.source import DEFAULT_MISSING_MARKS, Dialect, Source
from ann_tui.tui.dialogs.step_panel import StepPanel
from ann_tui.tui.settings.reading_settings import (
    COLUMN_SETTINGS,
    DIALECT_SETTINGS,
    MARK_SETTINGS,
    ReadingChoices,
    shown,
)
from ann_tui.tui.settings.setting import Setting
from ann_tui.tui.text import line, plain
from ann_tui.tui.widgets.choice_table import ChoiceTable, Row

if TYPE_CHECKING:
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.host import ScreenHost

BY_FIELD = {setting.field: setting for setting in (*DIALECT_SETTINGS, *COLUMN_SETTINGS)}


class DialectScreen(StepPanel):
    """The dialect and the marks of missing values, of the whole file and of one column."""

    CSS_PATH = "dialect.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,q", "leave", "close", show=False),
        Binding("d", "default", "as detected", show=False),
        Binding("D", "all_defaults", "all as detected", show=False),
        Binding("u", "app.undo", "undo", show=False),
        Binding("U", "app.redo", "redo", show=False),
    ]

    def __init__(self, host: ScreenHost, column: str | None) -> None:
        super().__init__(host)
        self._column = column
        self._detected: Dialect | None = None

    @property
    def _source(self) -> Source:
        experiment = self.workbench.experiment
        assert experiment is not None
        return experiment.source

    def compose(self) -> ComposeResult:
        """The choices, and what the one under the cursor means."""
        with Vertical(id="dialect") as box:
            box.border_title = "How the file is read"
            box.border_subtitle = "← → change · enter type · d as detected · D all · u undo · esc close"
            yield ChoiceTable("", "value", "detected", id="dialect-choices")
            yield Static("", id="dialect-meaning")

    def on_mount(self) -> None:
        """Show the choices; what would be detected is looked up where the person has set something else."""
        self._show_choices()
        self.query_one(ChoiceTable).focus()
        if self._source.dialect is not None:
            self._detect(replace(self._source, dialect=None))

    @work(thread=True, exit_on_error=False, group="detect")
    def _detect(self, source: Source) -> None:
        from ann_tui.data.reading.read_table import ReadError, read_preview

        try:
            dialect = read_preview(source).dialect
        except ReadError:
            return
        self.app.call_from_thread(self._take_detected, dialect)

    def _take_detected(self, dialect: Dialect) -> None:
        if self._detected is None:
            self._detected = dialect
            self.bring_up_to_date()

    def _choices(self) -> ReadingChoices:
        source, derived = self._source, self.workbench.derived
        if derived is not None and derived.experiment.source.dialect is None:
            self._detected = derived.table.dialect
        dialect = source.dialect or self._detected or Dialect()
        own = None if self._column is None else source.column_marks.get(self._column)
        form = "" if self._column is None else source.number_forms.get(self._column, "")
        return ReadingChoices(dialect, source.missing_marks, own, form)

    def _default(self) -> ReadingChoices:
        return ReadingChoices(self._detected or self._choices().dialect, DEFAULT_MISSING_MARKS, None)

    def _settings(self) -> tuple[Setting, ...]:
        return (*DIALECT_SETTINGS, *(COLUMN_SETTINGS if self._column is not None else COLUMN_SETTINGS[:1]))

    def show_workbench(self, workbench: Workbench) -> None:
        """Show how the file is read now."""
        if workbench.experiment is not None:
            self._show_choices()

    def _show_choices(self) -> None:
        choices = self._choices()
        default = self._default()
        accent = self.app.theme_variables["accent"]
        most, least = (36, 24) if self.app.size.width >= 94 else (24, 14)
        rows = []
        for setting in self._settings():
            value, usual = setting.of(choices), setting.of(default)
            label = line(setting.label)
            if setting.field == "column_marks":
                label = line("missing marks of ", plain(self._column, 20))
            if setting.field == "number_forms":
                label = line("numbers of ", plain(self._column, 20))
            changed = value != usual
            style = f"bold {accent}" if changed else "bold"
            note = shown(setting, usual) if changed else ""
            rows.append(
                Row(
                    setting.field,
                    (label, plain(shown(setting, value), most, style), plain(note, least, "dim")),
                )
            )
        self.query_one(ChoiceTable).show(rows)
        self._show_meaning()

    @on(DataTable.RowHighlighted)
    def _show_meaning(self) -> None:
        key = self.query_one(ChoiceTable).cursor_key
        if key is None:
            return
        setting = BY_FIELD[key]
        text = Text(setting.explanation)
        if setting in MARK_SETTINGS:
            text.append(f"\n{shown(setting, setting.of(self._choices()))}", style="bold")
        self.query_one("#dialect-meaning", Static).update(text)

    # -- changing ------------------------------------------------------------------------------------------

    def _take(self, choices: ReadingChoices) -> None:
        self.host.edit(source=choices.put_into(self._source, self._detected, self._column))

    @on(ChoiceTable.Stepped)
    def _step(self, message: ChoiceTable.Stepped) -> None:
        setting, choices = BY_FIELD[message.key], self._choices()
        self._take(setting.put(choices, setting.stepped(setting.of(choices), message.direction)))

    @on(ChoiceTable.Opened)
    def _open(self, message: ChoiceTable.Opened) -> None:
        setting = BY_FIELD[message.key]

        def answered(text: str | None) -> None:
            if text is not None:
                self._take(setting.answered(self._choices(), text))

        self.ask(setting.question(self._choices()), answered)

    def action_default(self) -> None:
        """The line under the cursor as it was detected."""
        key = self.query_one(ChoiceTable).cursor_key
        if key is not None:
            setting = BY_FIELD[key]
            self._take(setting.put(self._choices(), setting.of(self._default())))

    def action_all_defaults(self) -> None:
        """Everything as it was detected."""
        self._take(self._default())

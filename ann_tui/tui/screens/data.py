"""Step 1: what is in this file, and what is wrong with it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import DataTable, Static

from ann_tui.experiments.derived import Derived
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.figures import count
from ann_tui.tui.mending import Mend, State, mends, next_open
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.column_questions import find_question, first_with, kind_question, rule_question
from ann_tui.tui.settings.column_rules import with_rule
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.choice_table import ChoiceTable
from ann_tui.tui.widgets.column_detail import findings_text, table_notes
from ann_tui.tui.widgets.column_panel import ColumnPanel
from ann_tui.tui.widgets.columns_table import ColumnsTable
from ann_tui.tui.widgets.frame_view import FrameView
from ann_tui.tui.widgets.histogram_view import HistogramView

if TYPE_CHECKING:
    from ann_tui.data.profile.table_profile import ColumnProfile
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.tui.host import ScreenHost


class DataScreen(StepScreen):
    """The columns with what is known of each, above the histogram of one of them and the rows themselves."""

    STEP = Step.DATA
    PANELS = ("columns-panel", "column-panel", "rows-panel")
    CSS_PATH = "data.tcss"
    BINDINGS: ClassVar = [
        Binding(
            "g", "target", "target", id="data.target", tooltip="Make the column under the cursor the target"
        ),
        Binding(
            "tab",
            "next_panel",
            "histogram",
            id="data.panel",
            tooltip="From the columns to the histogram (↑ ↓: that of another column), to the rows, and back",
        ),
        Binding(
            "x",
            "leave_out",
            "leave out",
            id="data.leave_out",
            tooltip="Leave a column out, or take it in again",
        ),
        Binding("k", "kind", "kind", id="data.kind", tooltip="Say what kind of column it is"),
        Binding(
            "m",
            "mend",
            "mend",
            id="data.mend",
            tooltip="Do what the next finding of this column suggests",
        ),
        Binding(
            "i",
            "rule",
            "rule",
            id="data.rule",
            tooltip="Say which values are possible in this column: 0..120, or {male, female}",
        ),
        Binding(
            "w",
            "notes",
            "warnings",
            id="data.notes",
            tooltip="List all findings, warnings, and the lines of the file that were left out",
        ),
        Binding(
            "d",
            "dialect",
            "dialect",
            id="data.dialect",
            tooltip="Say how the file is read: encoding, delimiter, header, missing marks …",
        ),
        Binding("slash", "find", "find", id="data.find", tooltip="Go to a column by a part of its name"),
        Binding(
            "escape",
            "back",
            "back",
            show=False,
            tooltip="Back to the list of files; while a file is being read, stop reading it",
        ),
    ]

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._when_read: tuple[str, str, Callable[[], None]] | None = None

    def compose_body(self) -> ComposeResult:
        """Columns above, one of them and the rows below."""
        yield Static("", id="reading", classes="empty")
        with Vertical(id="columns-panel", classes="panel paged"):
            yield ColumnsTable(id="columns")
            yield Static("", id="findings-in-brief")
        with Horizontal(id="below-columns"):
            yield ColumnPanel(id="column-panel", classes="panel paged")
            with Vertical(id="rows-panel", classes="panel paged"):
                yield FrameView(id="rows")

    def advertises(self, action: str) -> bool:
        """The way to the histogram where it does not stand beside the columns."""
        return action != "next_panel" or self.has_class("-narrow")

    def on_resize(self) -> None:
        """Other widths leave other room for findings."""
        if self.is_mounted:
            self.call_after_refresh(self.bring_up_to_date)

    # -- showing -------------------------------------------------------------------------------------------

    def _shown(self) -> LoadedData | None:
        """The table to show: the first rows while a file is being read, else the one that is open."""
        reading, derived = self.host.reading, self.workbench.derived
        if reading is not None and (reading.preview is not None or reading.edited is None):
            return reading.preview
        return None if derived is None else derived.data

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the file that is open, or that it is being read."""
        data = self._shown()
        self.query_one("#reading", Static).display = data is None
        self.set_class(data is None, "-no-table")
        if data is None:
            self._title_columns()
            return
        columns = self.query_one(ColumnsTable)
        columns.show_profile(data.profile, self.size.width - 4)
        rows = self.query_one(FrameView)
        rows.show(data.table.frame)
        rows.marked = columns.cursor_key
        self._title_columns()
        self._title_rows()
        self._show_column()
        if self.focused is None:
            columns.focus()
        if self._when_read is not None and self.host.reading is None:
            (path, key, do), self._when_read = self._when_read, None
            if workbench.experiment is not None and workbench.experiment.source.path == path:
                columns.put_cursor(key)
                self.call_later(do)

    def show_progress(self) -> None:
        """Say how far the reading of a file is."""
        super().show_progress()
        self._title_columns()

    def _title_columns(self) -> None:
        reading, panel = self.host.reading, self.query_one("#columns-panel")
        wait = f"{self.host.busy}   esc stops" if reading is not None else ""
        self.query_one("#reading", Static).update(Text(wait or "No file is open. Press o to open one."))
        notes, narrow = self._whole_table(), self.has_class("-narrow")
        above = [part for part in ("Columns", wait, notes if narrow else "") if part]
        panel.border_title = Text(" · ".join(above))
        panel.border_subtitle = Text("" if narrow else notes)

    def _whole_table(self) -> str:
        """What there is to know of the whole table, as far as there is room, with the key that lists it all."""
        derived, reading = self.workbench.derived, self.host.reading
        if reading is not None and reading.preview is not None and not reading.whole:
            return f"from the first {count(len(reading.preview.table.frame))} rows"
        return "" if derived is None else table_notes(derived, max(self.size.width - 20, 10))

    def _title_rows(self) -> None:
        first, last, total = self.query_one(FrameView).rows_in_view
        self.query_one("#rows-panel").border_title = f"Rows {first:,}–{last:,} of {total:,}"

    @on(FrameView.Opened)
    def _send_through(self, message: FrameView.Opened) -> None:
        """Let the views of the network on Train show what a row gives in it."""
        from ann_tui.experiments.chosen_row import row_of_table

        run = self.workbench.runs.front
        if run is None or not run.has_rows:
            self.host.say("train a network first (t): then a row can be sent through it", warning=False)
            return
        row = row_of_table(run.prepared, message.position)
        if row is None:
            self.host.say("this row was set aside: the network can't be asked for it", warning=False)
            return
        self.workbench.row = row
        self.host.say(f"{row.name} goes through the network: 4 Train, i", warning=False)

    @on(FrameView.Scrolled)
    def _rows_scrolled(self) -> None:
        self._title_rows()

    @on(DataTable.RowHighlighted)
    def _cursor_moved(self) -> None:
        self.query_one(FrameView).marked = self.query_one(ChoiceTable).cursor_key
        self._show_column()

    def _show_column(self) -> None:
        """Show the column under the cursor in full."""
        data, key = self._shown(), self.query_one(ChoiceTable).cursor_key
        known = [column for column in data.profile.columns if column.name == key] if data is not None else []
        if data is None or not known:
            return
        found, variables = self._mends(known[0]), self.app.theme_variables
        self.query_one(ColumnPanel).show(data, known[0], found)
        brief = findings_text(found, variables["warning"], variables["accent"])
        self.query_one("#findings-in-brief", Static).update(brief)

    @on(HistogramView.Walked)
    def _walk(self, message: HistogramView.Walked) -> None:
        columns = self.query_one(ColumnsTable)
        columns.move_cursor(row=columns.cursor_row + message.direction, animate=False)

    def _mends(self, column: ColumnProfile) -> list[Mend]:
        experiment = self.workbench.experiment
        if experiment is None or self._shown() is not (
            self.workbench.derived and self.workbench.derived.data
        ):
            return [Mend(finding, State.TOLD) for finding in column.findings]
        return mends(column.findings, experiment.source, experiment.preparation)

    def _editable(
        self, when_read: Callable[[], None] | None = None
    ) -> tuple[Experiment, Derived, ColumnProfile] | None:
        """What an edit of the column under the cursor needs; None, and a word on it, where nothing can be edited.

        `when_read` is called with the cursor on the same column as soon as a file that is being read has been read.
        """
        experiment, derived = self.workbench.experiment, self.workbench.derived
        key = self.query_one(ChoiceTable).cursor_key
        if self.host.reading is not None and self._shown() is not (derived and derived.data):
            path = self.host.reading.source.path
            self._when_read = None if when_read is None or key is None else (path, key, when_read)
            then = "that is done as soon as it has been read" if self._when_read else "wait, or stop it (esc)"
            self.host.say(f"the file is still being read: {then}", warning=False, about="reading")
            return None
        if experiment is None or derived is None or key is None:
            return None
        return experiment, derived, derived.profile.column(key)

    # -- changing ------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Stop reading, or go to the list of files."""
        self._when_read = None
        if not self.host.cancel_reading():
            self.host.show_files()

    def action_target(self) -> None:
        """Make the column under the cursor the target."""
        if (edited := self._editable(self.action_target)) is None:
            return
        experiment, _, column = edited
        excluded = tuple(name for name in experiment.source.excluded if name != column.name)
        self.host.edit(source=replace(experiment.source, target=column.name, excluded=excluded))

    def action_leave_out(self) -> None:
        """Leave the column under the cursor out of the network, or take it in again."""
        if (edited := self._editable(self.action_leave_out)) is None:
            return
        experiment, derived, column = edited
        source = experiment.source
        if column.name == derived.profile.target:
            self.host.say(f"{plain(column.name).plain} is the target: choose another target first (g)")
            return
        excluded = set(source.excluded) - {column.name}
        included = set(source.included) - {column.name}
        if column.used:
            excluded.add(column.name)
        elif column.name not in source.excluded:
            included.add(column.name)
        in_order = [known.name for known in derived.profile.columns]
        self.host.edit(
            source=replace(
                source,
                excluded=tuple(name for name in in_order if name in excluded),
                included=tuple(name for name in in_order if name in included),
            )
        )

    def action_kind(self) -> None:
        """Ask for the kind of the column under the cursor."""
        if (edited := self._editable()) is None:
            return
        column = edited[2]

        def take(kind: str | None) -> None:
            experiment = self.workbench.experiment
            if kind is not None and experiment is not None:
                kinds = {**experiment.source.kinds, column.name: kind}
                self.host.edit(source=replace(experiment.source, kinds=kinds))

        self.ask(kind_question(column), take)

    @on(ChoiceTable.Opened, "#columns")
    def _open_column(self) -> None:
        self.action_kind()

    def action_mend(self) -> None:
        """Do what the next finding of the column under the cursor suggests."""
        if (edited := self._editable()) is None:
            return
        coming = next_open(self._mends(edited[2]))
        if coming is not None:
            self.host.mend(coming)
        else:
            self.host.say("nothing more to mend in this column; w lists all findings", warning=False)

    def action_rule(self) -> None:
        """Ask which values of the column under the cursor are possible."""
        if (edited := self._editable()) is None:
            return
        name = edited[2].name

        def take(text: str | None) -> None:
            experiment = self.workbench.experiment
            if text is not None and experiment is not None:
                source, preparation = with_rule(text, name, experiment.source, experiment.preparation)
                self.host.edit(source=source, preparation=preparation)

        self.ask(rule_question(name, edited[0].source), take)

    def action_notes(self) -> None:
        """List all findings, warnings and lines that were left out."""
        from ann_tui.tui.dialogs.notes import NotesScreen

        if self.workbench.derived is not None:
            self.ask(NotesScreen(self.host))

    def action_dialect(self) -> None:
        """Open the panel that says how the file is read."""
        from ann_tui.data.reading.parquet import is_parquet
        from ann_tui.tui.dialogs.dialect import DialectScreen

        experiment, reading = self.workbench.experiment, self.host.reading
        if experiment is None or (reading is not None and reading.edited is None):
            self.host.say(
                "the file is still being read: wait, or stop it (esc)", warning=False, about="reading"
            )
        elif is_parquet(experiment.source.path):
            self.host.say("a Parquet file says itself how it is read: nothing to set", warning=False)
        else:
            self.ask(DialectScreen(self.host, self.query_one(ChoiceTable).cursor_key))

    def action_find(self) -> None:
        """Ask for a part of a column's name and go there."""
        data = self._shown()
        if data is None:
            return
        names = [column.name for column in data.profile.columns]

        def go(text: str | None) -> None:
            found = first_with(text, names) if text else None
            if found is not None:
                columns = self.query_one(ChoiceTable)
                columns.put_cursor(found)
                columns.focus()

        self.ask(find_question(names), go)

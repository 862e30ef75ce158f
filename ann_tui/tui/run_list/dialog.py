"""The runs of a table: which of them stands in front, and what a person makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from ann_tui.tui.dialogs.step_panel import StepPanel
from ann_tui.tui.run_list.lines import metric_title
from ann_tui.tui.run_list.table import RunsTable
from ann_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from ann_tui.experiments.workbench import Workbench

KEYS = "enter uses it  p pin  d compare  r rename  e note  o its choices  ctrl+s save  x delete  ← → i sort  / find"


class RunsScreen(StepPanel):
    """All runs of the table; enter puts one in front, so that Train, Evaluate and Predict show it."""

    CSS_PATH = "run_list.tcss"
    BINDINGS: ClassVar = [Binding("escape,f2,q", "leave", "close", show=False)]

    def compose(self) -> ComposeResult:
        """The list, and its keys."""
        with Vertical(id="runs-box", classes="table-box") as box:
            box.border_subtitle = "● is shown, esc closes"
            yield RunsTable(self.host, id="runs")
            yield Static(KEYS, id="runs-keys", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self.show_workbench(self.workbench)
        self.query_one(LineList).focus()

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the runs as they stand."""
        table = self.query_one(RunsTable)
        table.show()
        runs = self.host.lister.runs
        judged = metric_title(runs)
        self.query_one("#runs-box").border_title = (
            f"Runs on this table · {judged}" if judged else "Runs on this table"
        )
        table.styles.height = max(3, min(len(runs) + 1, self.app.size.height - 8))

    def action_leave(self) -> None:
        """Show all runs again where a filter hides some; else close."""
        if not self.query_one(RunsTable).lift_filter():
            super().action_leave()

    @on(RunsTable.Used)
    def _leave(self) -> None:
        self.dismiss(None)

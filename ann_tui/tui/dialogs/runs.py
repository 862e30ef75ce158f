"""The runs of a table: which of them stands in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import DataTable

from ann_tui.figures import number, percent
from ann_tui.tui.dialogs.step_panel import StepPanel
from ann_tui.tui.text import plain, right

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.workbench import Workbench

STATES = {"ready": "training", "running": "training", "paused": "paused"}


class RunsScreen(StepPanel):
    """A list of all runs; enter puts one in front, so that Train, Evaluate and Predict show it."""

    CSS_PATH = "table_dialog.tcss"
    BINDINGS: ClassVar = [Binding("escape,f2,q", "leave", "close", show=False)]

    def compose(self) -> ComposeResult:
        """The table of runs."""
        with Vertical(id="runs-box", classes="table-box") as box:
            box.border_title = "Runs"
            box.border_subtitle = "enter puts a run in front, esc closes"
            yield DataTable[Text](id="runs", classes="table-rows", cursor_type="row", cell_padding=1)

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one("#runs", DataTable)
        for heading in ("", "run", "from", "epochs", "", "best validation", "differs", "layers", "predicts"):
            table.add_column(
                Text(heading, justify="right" if heading in ("run", "epochs", "best validation") else "left")
            )
        self.show_workbench(self.workbench)
        table.focus()

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the runs as they stand."""
        table = self.query_one("#runs", DataTable)
        at = table.cursor_row if table.row_count else None
        table.clear()
        front = workbench.runs.front
        for index, run in enumerate(workbench.runs.all):
            table.add_row(*self._cells(run, run is front), key=str(run.id))
            if at is None and run is front:
                at = index
        table.move_cursor(row=at or 0)

    def _cells(self, run: Run, in_front: bool) -> tuple[Text, ...]:
        snapshot = run.snapshot
        state = STATES.get(snapshot.state, snapshot.state)
        row = (
            snapshot.history[(snapshot.best_epoch or len(snapshot.history)) - 1] if snapshot.history else None
        )
        score = None if row is None else row.validation_metric
        classes = run.prepared.fitted.target.classes
        shown = "–" if score is None else f"{percent(score)}" if classes else f"R² {number(score, 3)}"
        return (
            Text("●" if in_front else " "),
            right(str(run.id)),
            Text("–" if run.parent is None else f"{run.parent} @ {run.began_at:,}"),
            right(f"{snapshot.epoch:,}"),
            Text(state),
            right(shown),
            plain(", ".join(change.said for change in run.branched_with), 40),
            plain(run.experiment.design.text, 40),
            plain(run.prepared.fitted.target.name, 20),
        )

    @on(DataTable.RowSelected, "#runs")
    def _take(self, event: DataTable.RowSelected) -> None:
        if event.row_key.value is not None:
            self.host.put_in_front(self.workbench.runs[int(event.row_key.value)])
            self.dismiss(None)

"""The rows behind a figure: which ones are they, and how sure was the network?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import DataTable

from ann_tui.figures import number, percent
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.text import plain, right

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run

MOST_ROWS, MOST_COLUMNS = 500, 20


class RowsScreen(Dialog[int | None]):
    """A table of judged rows; gives the position in the data of the one that is chosen, or None."""

    CSS_PATH = "table_dialog.tcss"
    BINDINGS: ClassVar = [Binding("escape", "leave", "leave", show=False)]

    def __init__(self, title: str, run: Run, places: NDArray[np.int64], answers: Sequence[Any]) -> None:
        """`places` are positions among the judged rows, `answers` the predictions at those places."""
        super().__init__()
        self._title = title
        self._run = run
        self._places = places[:MOST_ROWS]
        self._answers = answers
        self._total = len(places)

    def compose(self) -> ComposeResult:
        """The table, and which key does what."""
        with Vertical(id="rows-box", classes="table-box") as box:
            box.border_title = plain(self._title, 110)
            some = f"the first {len(self._places)} · " if self._total > len(self._places) else ""
            box.border_subtitle = f"{some}enter takes a row to Predict, esc closes"
            table: DataTable[Text] = DataTable(
                id="rows", classes="table-rows", cursor_type="row", cell_padding=1
            )
            yield table

    def on_mount(self) -> None:
        """Fill the table."""
        evaluation = self._run.evaluation
        assert evaluation is not None
        prepared = self._run.prepared
        frame, lines = prepared.table.frame, prepared.table.lines
        inputs = [column.name for column in prepared.fitted.inputs[:MOST_COLUMNS]]
        positions = evaluation.rows[self._places]
        table: DataTable[Text] = self.query_one("#rows", DataTable)
        classes = evaluation.classes
        figures = ("true", "predicted", "probability") if classes else ("true", "predicted", "error")
        for heading in ("line", *figures):
            table.add_column(Text(heading, justify="left" if heading == "true" and classes else "right"))
        numeric = [frame[name].dtype.kind in "if" for name in inputs]
        for name, figure in zip(inputs, numeric, strict=True):
            title = plain(name, 20)
            title.justify = "right" if figure else "left"
            table.add_column(title)
        columns = [frame[name].iloc[positions].tolist() for name in inputs]
        warning = self.app.theme_variables["warning"]
        for place, position, answer, *cells in zip(
            self._places, positions, self._answers, *columns, strict=True
        ):
            if classes:
                true = int(evaluation.actual[place])
                style = "" if true == answer else warning
                leading = [
                    plain(classes[true], 20),
                    plain(classes[answer], 20, style),
                    right(percent(float(evaluation.outputs[place, answer]))),
                ]
            else:
                actual, given = float(evaluation.actual[place]), float(evaluation.outputs[place])
                leading = [
                    right(number(actual)),
                    right(number(given)),
                    right(number(given - actual, 3), warning),
                ]
            shown = [
                right(_figure(value)) if figure and value == value else _cell(value)
                for value, figure in zip(cells, numeric, strict=True)
            ]
            table.add_row(right(f"{int(lines[position])}", "dim"), *leading, *shown, key=str(int(position)))
        table.focus()

    @on(DataTable.RowSelected, "#rows")
    def _take(self, event: DataTable.RowSelected) -> None:
        if event.row_key.value is not None:
            self.dismiss(int(event.row_key.value))

    def action_leave(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def _cell(value: object) -> Text:
    return Text("–", style="dim") if value is None or value != value else plain(value, 24)


def _figure(value: float) -> str:
    return f"{int(value)}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.8g}"

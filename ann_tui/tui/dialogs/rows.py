"""The rows behind a figure: which ones are they, and how sure was the network?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import DataTable

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.text import plain, right
from ann_tui.tui.widgets.target_looks import look_of

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run

PAGE, MOST_COLUMNS = 500, 20


class RowTable(DataTable[Text]):
    """A page of rows; going on beyond its first or last row asks for the page before or behind."""

    BINDINGS: ClassVar = [
        Binding("home,ctrl+home", "to_edge(-1)", "first row", show=False),
        Binding("end,ctrl+end", "to_edge(1)", "last row", show=False),
    ]

    class Beyond(Message):
        """The cursor wants to go up (-1) or down (1) from the edge of the page, or to the edge of all."""

        def __init__(self, direction: int, edge: bool = False) -> None:
            super().__init__()
            self.direction, self.edge = direction, edge

    def action_to_edge(self, direction: int) -> None:
        """The first row of all (-1), or the last (1)."""
        self.post_message(self.Beyond(direction, edge=True))

    def action_cursor_up(self) -> None:
        """The row above, on the page before where this one begins with the cursor's."""
        if self.cursor_row == 0:
            self.post_message(self.Beyond(-1))
        else:
            super().action_cursor_up()

    def action_cursor_down(self) -> None:
        """The row below, on the next page where this one ends with the cursor's."""
        if self.cursor_row == self.row_count - 1:
            self.post_message(self.Beyond(1))
        else:
            super().action_cursor_down()


class RowsScreen(Dialog[int | None]):
    """A table of judged rows, a page at a time; gives the position in the data of the one that is chosen, or None."""

    CSS_PATH = "table_dialog.tcss"
    BINDINGS: ClassVar = [
        Binding("escape", "leave", "leave", show=False),
        Binding("right_square_bracket", "page(1)", "next page", show=False),
        Binding("left_square_bracket", "page(-1)", "page before", show=False),
        Binding("y", "app.copy", "copy", show=False),
    ]

    def __init__(self, title: str, run: Run, places: NDArray[np.int64], answers: Sequence[Any]) -> None:
        """`places` (m,) are positions among the judged rows, `answers` (m,) the predictions at those places."""
        super().__init__()
        assert len(places) == len(answers)
        self._title = title
        self._run = run
        self._places = places
        self._answers = answers
        self._first = 0

    def compose(self) -> ComposeResult:
        """The table, and which key does what."""
        with Vertical(id="rows-box", classes="table-box") as box:
            box.border_title = plain(self._title, 110)
            yield RowTable(id="rows", classes="table-rows", cursor_type="row", cell_padding=1)

    def on_mount(self) -> None:
        """Show the first page."""
        evaluation, prepared = self._run.evaluation, self._run.prepared
        assert evaluation is not None
        table = self.query_one(RowTable)
        for heading in (right("line"), *look_of(evaluation.target).figures):
            table.add_column(heading)
        self._kinds = {column.name: column.kind for column in prepared.fitted.inputs[:MOST_COLUMNS]}
        self._inputs = list(self._kinds)
        self._numeric = [
            prepared.table.frame[name].dtype.kind in "if" and kind in (ColumnKind.NUMBER, ColumnKind.DATE)
            for name, kind in self._kinds.items()
        ]
        for name, figure in zip(self._inputs, self._numeric, strict=True):
            title = plain(name, 20)
            title.justify = "right" if figure else "left"
            table.add_column(title)
        self._show_page(0)
        table.focus()

    def _show_page(self, first: int, cursor: int = 0) -> None:
        """Show the page that begins with this place, the cursor on its row `cursor` (-1 is the last)."""
        self._first = first
        table, total = self.query_one(RowTable), len(self._places)
        places = self._places[first : first + PAGE]
        table.clear()
        for row, key in self._rows(places, self._answers[first : first + PAGE]):
            table.add_row(*row, key=key)
        table.move_cursor(row=cursor if cursor >= 0 else len(places) - 1)
        pages = (
            "" if total <= PAGE else f"rows {first + 1:,}–{first + len(places):,} of {total:,}, [ ] pages · "
        )
        self.query_one("#rows-box").border_subtitle = f"{pages}enter takes a row to Predict, esc closes"

    def _rows(
        self, places: NDArray[np.int64], answers: Sequence[Any]
    ) -> Iterator[tuple[tuple[Text, ...], str]]:
        """The cells of each row, and its position in the data as a key."""
        evaluation, table = self._run.evaluation, self._run.prepared.table
        assert evaluation is not None
        look, positions = look_of(evaluation.target), evaluation.rows[places]
        columns = [table.parsed[name].cells(self._kinds[name], positions) for name in self._inputs]
        warning = self.app.theme_variables["warning"]
        for place, position, answer, *cells in zip(places, positions, answers, *columns, strict=True):
            leading = look.cells(evaluation, place, answer, warning)
            shown = (
                right(_figure(value)) if figure and value == value else _cell(value)
                for value, figure in zip(cells, self._numeric, strict=True)
            )
            line = right(f"{int(table.lines[position])}", "dim")
            yield (line, *leading, *shown), str(int(position))

    def action_page(self, direction: int) -> None:
        """The page before (-1) or behind (1), where there is one."""
        first = self._first + direction * PAGE
        if 0 <= first < len(self._places):
            self._show_page(first)

    @on(RowTable.Beyond)
    def _go_beyond(self, message: RowTable.Beyond) -> None:
        last = (len(self._places) - 1) // PAGE * PAGE
        first = self._first + message.direction * PAGE
        if message.edge:
            first = 0 if message.direction < 0 else last
        if 0 <= first <= last:
            self._show_page(first, 0 if (message.direction > 0) != message.edge else -1)

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

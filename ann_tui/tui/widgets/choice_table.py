"""A table of things to change where the cursor stands: the arrow keys step, enter opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widgets import DataTable
from textual.widgets.data_table import RowKey


@dataclass(frozen=True)
class Row:
    """One row: the key that names it, and its cells."""

    key: str
    cells: tuple[Text, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """How wide each cell is."""
        return tuple(cell.cell_len for cell in self.cells)


@dataclass(frozen=True, eq=False)
class LateRow:
    """A row whose cells are made when it comes into view; `widths` is how wide each may become."""

    key: str
    widths: tuple[int, ...]
    make: Callable[[], tuple[Text, ...]]

    @cached_property
    def cells(self) -> tuple[Text, ...]:
        """The cells."""
        return self.make()


AnyRow = Row | LateRow


class ChoiceTable(DataTable[Text]):
    """A data table that keeps its cursor when its rows are shown anew, and reports what the person wants.

    `Stepped` is posted for the left and right keys, `Opened` for enter.
    """

    DEFAULT_CSS = """
    ChoiceTable {
        height: 1fr;
        background: $background;
        background-tint: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: transparent; }
        & > .datatable--header { background: $background; color: $muted; text-style: none; }
        & > .datatable--odd-row, & > .datatable--even-row { background: $background; }
    }
    """
    BINDINGS: ClassVar = [
        Binding(
            "right", "step(1)", "change", key_display="← →", tooltip="The next or previous value of this line"
        ),
        Binding("left", "step(-1)", "change", show=False),
        Binding(
            "enter", "open", "choose", key_display="enter", tooltip="Type or choose the value of this line"
        ),
    ]

    @dataclass
    class Stepped(Message):
        """The person asked for the next (1) or previous (-1) value of a row."""

        table: ChoiceTable
        key: str
        direction: int

        @property
        def control(self) -> ChoiceTable:
            """The table it happened in."""
            return self.table

    @dataclass
    class Opened(Message):
        """The person asked to change a row."""

        table: ChoiceTable
        key: str

        @property
        def control(self) -> ChoiceTable:
            """The table it happened in."""
            return self.table

    def __init__(self, *headings: str | Text, id: str, steps: bool = True) -> None:
        super().__init__(id=id, cursor_type="row", zebra_stripes=False, cell_padding=1)
        self._headings = headings
        self._steps = steps
        self._shown: tuple[AnyRow, ...] = ()

    def on_mount(self) -> None:
        """Set the columns up."""
        self._ensure_columns()

    def _ensure_columns(self) -> None:
        if not self.columns:
            for heading in self._headings:
                self.add_column(heading)

    def show(self, rows: Sequence[AnyRow]) -> None:
        """Show these rows; the cursor stays on the row of the same key, or else at the same height."""
        rows = tuple(rows)
        if rows == self._shown:
            return
        self._ensure_columns()
        at, key = self.cursor_row, self.cursor_key
        keys = [row.key for row in rows]
        if keys == [row.key for row in self._shown]:
            self._shown = rows
            self._fit_columns()
            self.call_after_refresh(self._fit_last_column)
            return
        scroll_y = int(self.scroll_y)
        self.clear()
        for row in rows:
            self.add_row(key=row.key)
        self._shown = rows
        self._fit_columns()
        if rows:
            self.move_cursor(row=keys.index(key) if key in keys else min(at, len(keys) - 1), animate=False)
            self.call_after_refresh(self._scroll_near, scroll_y)
            self.call_after_refresh(self._fit_last_column)

    def get_row_at(self, row_index: int) -> list[Text]:
        """The cells of a row, made when it is first painted."""
        return list(self._shown[row_index].cells)

    def _fit_columns(self) -> None:
        """Make each column as wide as its widest cell, all at once."""
        widest = [max(widths) for widths in zip(*(row.widths for row in self._shown), strict=True)]
        for column, width in zip(self.ordered_columns, widest or [0] * len(self.columns), strict=True):
            column.content_width = max(column.label.cell_len, width)
        self._clear_caches()
        self._update_dimensions(())
        self.refresh()

    def _update_dimensions(self, new_rows: Iterable[RowKey]) -> None:
        """Measure no cells: a table of thousands of rows would hold up keys for seconds."""
        super()._update_dimensions(())

    def on_resize(self) -> None:
        """The last column gets what the others leave."""
        self._fit_last_column()

    def _fit_last_column(self) -> None:
        """End the last column where the table ends, so that a text that is too long ends in an ellipsis.

        A column of figures keeps its width: they stay beside the others, and are never cut.
        """
        if not self._shown:
            return
        *others, last = self.ordered_columns
        if last.label.justify == "right":
            return
        taken = sum(column.get_render_width(self) for column in others) + 2 * self.cell_padding
        width = max(self.scrollable_content_region.width - taken, 1)
        if (last.auto_width, last.width) != (False, width):
            last.auto_width, last.width = False, width
            self._clear_caches()
            self.refresh()

    def _scroll_near(self, y: int) -> None:
        """Scroll to `y`, or as far as the line after the cursor: what a choice brings with it appears there."""
        after = min(self.cursor_row + 2, len(self._shown)) + self.header_height
        self.scroll_to(y=max(y, after - self.size.height), animate=False)

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor; None in an empty table."""
        if not self._shown or not 0 <= self.cursor_row < len(self._shown):
            return None
        return self._shown[self.cursor_row].key

    def put_cursor(self, key: str) -> None:
        """Move the cursor to the row of this key, if there is one."""
        for index, row in enumerate(self._shown):
            if row.key == key:
                self.move_cursor(row=index, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Arrow keys mean something only where values can be stepped."""
        return self._steps if action == "step" else True

    def action_step(self, direction: int) -> None:
        """Report a step on the row under the cursor."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Stepped(self, key, direction))

    def action_open(self) -> None:
        """Report that the row under the cursor is to be changed."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Opened(self, key))

"""The rows of a table, drawn on demand, so that a million of them scroll like ten."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ann_tui.data.plain_text import printable

if TYPE_CHECKING:
    import pandas as pd

WIDEST, NARROWEST = 28, 4
MOST_COPIED, LONGEST_COPIED = 10_000, 100_000
MEASURED_CELLS, FEWEST_ROWS, MOST_ROWS = 20_000, 10, 100
"""How many cells are measured at most, as rows from the top: the others are cut where they are wider."""


class FrameView(ScrollView, can_focus=True):
    """Shows a data frame with its header fixed on top; left and right page by columns."""

    DEFAULT_CSS = """
    FrameView { background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    """
    BINDINGS: ClassVar = [
        Binding("left", "columns(-1)", "columns left", show=False),
        Binding("right", "columns(1)", "columns right", show=False),
        Binding(
            "enter",
            "open",
            "send through",
            key_display="enter",
            tooltip="Send the topmost row in view through the network: 4 Train shows what each unit gives for it",
        ),
    ]

    class Scrolled(Message):
        """Other rows or columns are in view."""

    class Opened(Message):
        """The topmost row in view is wanted, by its position in the frame."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    marked: reactive[str | None] = reactive(None)

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._frame: pd.DataFrame | None = None
        self._names: list[str] = []
        self._widths: list[int] = []
        self._starts: list[int] = []
        self._numeric: list[bool] = []
        self._number_width = 1

    def show(self, frame: pd.DataFrame) -> None:
        """Show this frame from its first row."""
        if frame is self._frame:
            return
        self._frame = frame
        self._names = [str(name) for name in frame.columns]
        head = frame.head(max(FEWEST_ROWS, min(MOST_ROWS, MEASURED_CELLS // max(1, len(self._names)))))
        self._numeric = [dtype.kind in "if" for dtype in head.dtypes]
        self._number_width = len(f"{len(frame):,}")
        self._widths, self._starts = [], [self._number_width + 2]
        for name, (_, values) in zip(self._names, head.items(), strict=True):
            longest = max((len(_written(value)) for value in values.tolist()), default=0)
            self._widths.append(max(NARROWEST, min(WIDEST, max(longest, len(printable(name, WIDEST))))))
            self._starts.append(self._starts[-1] + self._widths[-1] + 2)
        self.virtual_size = Size(self._starts[-1], len(frame) + 1)
        self.scroll_to(0, 0, animate=False)
        self.refresh()

    @property
    def rows_in_view(self) -> tuple[int, int, int]:
        """First and last row in view, counted from 1, and how many there are."""
        total = 0 if self._frame is None else len(self._frame)
        first = int(self.scroll_offset.y)
        return (
            min(first + 1, total),
            min(first + max(self.scrollable_content_region.height - 1, 0), total),
            total,
        )

    def copies(self) -> Iterator[tuple[str, str]]:
        """The rows in view and the marked column, each with its heading."""
        if self._frame is None:
            return
        first, last, _ = self.rows_in_view
        head = "\t".join(printable(name) for name in self._names)
        rows = self._frame.iloc[max(first - 1, 0) : last].itertuples(index=False, name=None)
        yield "the rows in view", "\n".join([head, *("\t".join(map(_whole, row)) for row in rows)])
        if self.marked in self._names:
            values = self._frame.iloc[:MOST_COPIED, self._names.index(self.marked)].tolist()
            lines = [printable(self.marked), *map(_whole, values)]
            yield f"the column {printable(self.marked, 20)}", "\n".join(lines)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Report that other rows are in view."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    def on_resize(self) -> None:
        """Report that other rows are in view."""
        self.post_message(self.Scrolled())

    def watch_marked(self) -> None:
        """Bring the marked column into view."""
        if self.marked in self._names:
            start, end = self._starts[(place := self._names.index(self.marked))], self._starts[place + 1]
            left, width = self.scroll_offset.x, self.scrollable_content_region.width
            if start < left or end > left + width:
                self.scroll_to(x=max(0, start - self._number_width - 4), animate=False)
        self.refresh()

    def action_columns(self, direction: int) -> None:
        """Scroll by as many columns as are in view."""
        self.scroll_to(x=self.scroll_offset.x + direction * max(self.size.width - 12, 10), animate=False)

    def action_open(self) -> None:
        """Ask for the topmost row."""
        if self._frame is not None and len(self._frame):
            self.post_message(self.Opened(self.rows_in_view[0] - 1))

    def render_line(self, y: int) -> Strip:
        """One line of the table: the header on top, then the rows from the scroll offset on."""
        frame, width = self._frame, self.size.width
        base = self.rich_style
        if frame is None:
            return Strip.blank(width, base)
        row = int(self.scroll_offset.y) + y - 1
        if y > 0 and row >= len(frame):
            return Strip.blank(width, base)
        dim = Style.parse(self.app.theme_variables["muted"])
        number = "" if y == 0 else f"{row + 1:,}"
        left = int(self.scroll_offset.x)
        first = max(bisect_right(self._starts, left) - 1, 0)
        last = min(bisect_left(self._starts, left + width), len(self._names))
        segments, begin = [], self._starts[first]
        if left < self._starts[0]:
            segments, begin = [Segment(number.rjust(self._number_width) + "  ", base + dim)], 0
        for position in range(first, last):
            name, cells = self._names[position], self._widths[position]
            value: Any = name if y == 0 else frame.iat[row, position]
            style = base + dim if y == 0 else base
            text = printable(name, cells) if y == 0 else _written(value)
            if y > 0 and text == "":
                text, style = "–", base + dim
            if name == self.marked:
                style = style + Style(bold=True)
            segments.append(Segment(_fit(text, cells, self._numeric[position]) + "  ", style))
        return Strip(segments).crop(left - begin, left - begin + width).extend_cell_length(width, base)


def _whole(value: Any) -> str:
    """A cell as text of any length, on one line."""
    return _written(value, LONGEST_COPIED)


def _written(value: Any, widest: int = WIDEST) -> str:
    """A cell as text: '' for a missing one."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    return printable(str(value), widest)


def _fit(text: str, cells: int, numeric: bool) -> str:
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) > cells:
        return set_cell_size(text, cells - 1) + "…"
    space = " " * (cells - cell_len(text))
    return space + text if numeric else text + space

"""A list of lines with a cursor, drawn on demand, so that a hundred thousand of them are no burden."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip


class LineList(ScrollView, can_focus=True):
    """Shows lines that a function gives one by one; a line that is too long is cut with an ellipsis."""

    DEFAULT_CSS = """
    LineList {
        background: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .line-list--cursor { background: $block-cursor-background; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--cursor"}
    BINDINGS: ClassVar = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "move(-1000000000)", "first", show=False),
        Binding("end", "move(1000000000)", "last", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another line."""

    cursor: reactive[int] = reactive(0)

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._count = 0
        self._line: Callable[[int], Text] = lambda index: Text("")

    def show(self, count: int, line: Callable[[int], Text]) -> None:
        """Show `count` lines; the cursor stays where it is as far as it can."""
        self._count, self._line = count, line
        self.virtual_size = Size(self.size.width, count)
        self.cursor = max(0, min(self.cursor, count - 1))
        self.refresh()

    def watch_cursor(self) -> None:
        """Keep the cursor in view."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)
        self.refresh()
        self.post_message(self.Moved())

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + by, self._count - 1))

    def action_page(self, by: int) -> None:
        """Move the cursor by what is in view."""
        self.action_move(by * max(self.scrollable_content_region.height - 1, 1))

    def render_line(self, y: int) -> Strip:
        """One line, with the cursor's background where it stands."""
        width, index = self.scrollable_content_region.width, y + int(self.scroll_offset.y)
        style = self.rich_style
        if index >= self._count:
            return Strip.blank(width, style)
        if index == self.cursor:
            style = style + Style(bgcolor=self.get_component_rich_style("line-list--cursor").bgcolor)
        text = self._line(index).copy()
        text.truncate(max(width - 1, 1), overflow="ellipsis")
        strip = Strip([*text.render(self.app.console)])
        return strip.adjust_cell_length(width).apply_style(style)

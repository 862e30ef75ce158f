"""What can be copied of what is in focus: a cell, a row, a table, a figure, or the panel as it is painted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from rich.text import Text
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import DataTable

from ann_tui.data.plain_text import printable

MOST_CELLS = 7
LONGEST = 74_000
"""Bytes that terminals take of a text that is to be copied."""


@dataclass(frozen=True)
class Copy:
    """A text and what it is; tables have tabs between their columns."""

    what: str
    text: str


@runtime_checkable
class Copied(Protocol):
    """A widget that says itself what can be copied of it, the likeliest first."""

    def copies(self) -> Iterable[tuple[str, str]]:
        """What it is, and the text."""


def tabbed(rows: Iterable[Iterable[object]]) -> str:
    """A table as text, a row a line and tabs between the cells."""
    return "\n".join("\t".join(str(cell).strip() for cell in row) for row in rows)


def copies(screen: Screen[Any]) -> tuple[Copy, ...]:
    """What can be copied of what is in focus, the likeliest first; of a screen without focus what is in its panels."""
    focused = screen.focused
    panel = next((widget for widget in _upwards(focused) if widget.has_class("panel")), focused)
    panels = [panel] if panel is not None else [one for one in screen.query(".panel") if one.is_on_screen]
    found = [*(_of(focused) if focused is not None else ())]
    for panel in panels:
        for widget in panel.walk_children(Widget):
            if widget is not focused and widget.is_on_screen:
                found += _of(widget)
        found.append(Copy("the panel as it stands", _painted(screen, panel)))
    known = dict.fromkeys(copy for copy in found if copy.text.strip())
    return tuple(known)


def _upwards(widget: Widget | None) -> Iterator[Widget]:
    if widget is not None:
        yield from (node for node in widget.ancestors_with_self if isinstance(node, Widget))


def _of(widget: Widget) -> Iterator[Copy]:
    if isinstance(widget, DataTable):
        yield from _of_table(widget)
    if isinstance(widget, Copied):
        yield from (Copy(what, text) for what, text in widget.copies())


def _of_table(table: DataTable[Any]) -> Iterator[Copy]:
    if not table.row_count:
        return
    headings = [_text(column.label) for column in table.ordered_columns]
    row = [_text(cell) for cell in table.get_row_at(table.cursor_row)]
    yield Copy("the row", tabbed([row]))
    rows = (map(_text, table.get_row_at(place)) for place in range(table.row_count))
    yield Copy("the table", tabbed([headings, *rows]))
    cells = [
        (heading, cell)
        for heading, cell in zip(headings, row, strict=True)
        if heading.strip() and cell.strip()
    ]
    for heading, cell in cells[:MOST_CELLS]:
        yield Copy(f"{printable(heading, 20)}: {printable(cell, 30)}", cell)


def _text(cell: object) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)


def _painted(screen: Screen[Any], panel: Widget) -> str:
    """The lines of a panel as they stand on the screen, without its border."""
    region = panel.region.shrink(panel.styles.border.spacing).intersection(screen.region)
    strips = screen._compositor.render_strips()[region.y : region.bottom]
    lines = [strip.crop(region.x, region.right).text.rstrip() for strip in strips]
    title = str(panel.border_title or "")
    return "\n".join([title, *lines] if title else lines).strip("\n")

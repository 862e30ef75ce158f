"""A widget that draws the histogram of a column in the room that it has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from ann_tui.data.profile.histogram import Histogram
from ann_tui.figures import count, counted, number
from ann_tui.tui.charts.dates import written_dates
from ann_tui.tui.charts.label_bars import label_lines
from ann_tui.tui.charts.number_bars import number_lines
from ann_tui.tui.text import plain

ROWS_AT_ONCE = 20_000
"""The histograms of so many rows are counted between two keys; of more, in a thread."""
FEW = 8
"""So many words that stand in one row each are still drawn."""


class HistogramView(Widget, can_focus=True):
    """Shows one histogram; the arrow keys go on to another column."""

    DEFAULT_CSS = "HistogramView { height: 1fr; }"
    ALLOW_SELECT = False
    BINDINGS: ClassVar = [
        Binding("up", "walk(-1)", "column above", show=False),
        Binding("down", "walk(1)", "column below", show=False),
    ]

    class Walked(Message):
        """The person wants to see the column above (-1) or below (1)."""

        def __init__(self, direction: int) -> None:
            super().__init__()
            self.direction = direction

    def __init__(self, id: str, *, focusable: bool = True) -> None:
        super().__init__(id=id)
        self.can_focus = focusable
        self._shown: Histogram | None = None
        self._target = ""
        self._instead = ""

    def show(self, histogram: Histogram | None, target: str = "", instead: str = "") -> None:
        """Draw this histogram; `target` names the number target whose means it holds.

        Without one, what is said `instead` stands there.
        """
        self._shown, self._target, self._instead = histogram, target, instead
        self.refresh()

    def action_walk(self, direction: int) -> None:
        """Ask for another column."""
        self.post_message(self.Walked(direction))

    def render(self) -> Text:
        """The lines that fit."""
        colours, width, height = self.app.theme_variables, self.size.width, self.size.height
        found = self._shown
        if found is None or not found.bars or width < 2 or height < 1:
            said = self._instead if found is None else "no row has a value"
            return Text(said, style=colours["muted"])
        if found.edges is not None and found.bars == 1 and (found.single or found.edges[0] == found.edges[1]):
            value = float(found.edges.mean())
            shown = written_dates([value], value, value)[0] if found.dates else number(value)
            said = f"{shown} in {counted(int(found.totals[0]), 'row')}, no other value"
            lines = [Text(said, style=colours["muted"])]
        elif found.edges is not None:
            lines = number_lines(found, width, height, colours, self._target)
        elif found.bars > FEW and int(found.totals[0]) == 1:
            # Of words that never repeat a bar says nothing.
            words = (
                f"{counted(found.bars - bool(found.rest) + found.rest, 'different value')}, each in one row"
            )
            lines = [Text(words, style=colours["muted"])]
        else:
            lines = label_lines(found, width, height, colours, self._target)
        for each in lines:
            each.truncate(width)
        return Text("\n", no_wrap=True, end="").join(lines)

    def copies(self) -> Iterator[tuple[str, str]]:
        """The rows of each bar, by group, with tabs between."""
        found = self._shown
        if found is None or not found.bars:
            return
        if found.edges is not None:
            ends = [number(edge, 6) for edge in found.edges.tolist()]
            bars = [f"{low} to {high}" for low, high in pairwise(ends)]
        else:
            bars = [plain(label, 200).plain for label in found.labels]
            if found.rest:
                bars[-1] = f"{count(found.rest)} more"
        groups = [plain(name or "rows", 200).plain for name in found.groups]
        table = ["\t".join(["", *groups])]
        for place, bar in enumerate([*bars, "no value"]):
            counts = found.missing if place == len(bars) else found.counts[:, place]
            table.append("\t".join([bar, *(str(each) for each in counts.tolist())]))
        yield "the histogram", "\n".join(table)

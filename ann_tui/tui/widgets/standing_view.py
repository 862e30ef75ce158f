"""What is known of a training, in a few lines: a word each for what it is about, and a warning in its colour."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Static

from ann_tui.experiments.standing import StandingLine

ABOUT = 9
"""The columns of what a line is about, with the gap behind it."""
FIRM = "\u00a0"
"""A space at which no line ends: between a figure and its unit."""


class StandingView(Static):
    """Shows the lines, wrapped to the width there is."""

    DEFAULT_CSS = "StandingView { height: auto; padding: 1 1 0 1; }"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__("")
        self._lines: tuple[StandingLine, ...] = ()
        self._drawn: tuple[object, ...] = ()
        self._height = 0

    def show(self, lines: Sequence[StandingLine], width: int) -> int:
        """Show these lines in so many columns, padding included; gives the lines that they take, with the padding."""
        drawn = (tuple(lines), width, self.app.theme)
        if drawn != self._drawn:
            self._drawn = drawn
            text = standing_text(lines, width - 2, self.app.theme_variables["warning"])
            height = text.plain.count("\n") + 2
            self.update(text, layout=height != self._height)
            self._height = height
        return self._height


def standing_text(lines: Sequence[StandingLine], width: int, warning: str) -> Text:
    """The lines as text of at most so many columns."""
    text = Text(no_wrap=True)
    for place, line in enumerate(lines):
        firm = line.text.replace(" %", f"{FIRM}%").replace(" … ", f"{FIRM}…{FIRM}")
        for turn, piece in enumerate(textwrap.wrap(firm, max(20, width - ABOUT)) or [""]):
            text.append("\n" if place or turn else "")
            text.append(("" if turn else line.about).ljust(ABOUT), style="dim")
            text.append(piece.replace(FIRM, " "), style=warning if line.warns else "")
    return text

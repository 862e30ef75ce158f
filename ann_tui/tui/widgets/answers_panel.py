"""The panel around the views of the answers."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.geometry import Region


class AnswersPanel(VerticalScroll):
    """The panel around the views; its keys move the cursor and open rows."""

    BINDINGS: ClassVar = [
        Binding(
            "up",
            "screen.move(-1, 0)",
            "cell",
            key_display="← ↑ ↓ →",
            tooltip="Move in the matrix; beside a curve, ← and → go to another class",
        ),
        Binding("down", "screen.move(1, 0)", "cell", show=False),
        Binding("left", "screen.move(0, -1)", "cell", show=False),
        Binding("right", "screen.move(0, 1)", "cell", show=False),
        Binding(
            "enter",
            "screen.rows",
            "rows",
            key_display="enter",
            tooltip="The rows behind the cell, or those with the largest errors; from there to Predict",
        ),
    ]

    def keep_in_view(self, line: int) -> None:
        """Scroll so that a line of the content is seen."""
        self.scroll_to_region(Region(0, line, 1, 1), animate=False, force=True)

"""A terminal without colours (NO_COLOR): what Textual's filter for it can't take is made good before it."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


class EverySegmentStyled(LineFilter):
    """Gives a style to segments without one: the empty lines of a plot have none, and Monochrome needs it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, each with a style."""
        return [
            segment if segment.style is not None else Segment(segment.text, Style.null(), segment.control)
            for segment in segments
        ]

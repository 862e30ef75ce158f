"""How an ink looks on a widget."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from rich.style import Style
from textual.color import Color, ColorParseError
from textual.widget import Widget

from ann_tui.tui.charts.canvas import Ink


def styles_on(widget: Widget) -> Callable[[Ink], Style]:
    """The style of each ink, on the background and in the theme that the widget has now."""
    variables, behind = widget.app.theme_variables, widget.background_colors[1]

    @cache
    def mixed(colour: str, strength: float) -> str | None:
        """The colour as Rich writes it; None where the terminal's own colours can't be mixed."""
        written = variables.get(colour, colour)
        if strength >= 1:
            return written
        try:
            return behind.blend(Color.parse(written), strength).rich_color.name
        except ColorParseError:
            return None

    @cache
    def style_of(ink: Ink) -> Style:
        colour = mixed(ink.colour, ink.strength)
        return Style(
            color=variables.get(ink.colour, ink.colour) if colour is None else colour,
            bgcolor=mixed(ink.behind, ink.behind_strength) if ink.behind else None,
            bold=ink.bold,
            dim=True if colour is None else None,
            reverse=True if ink.reverse else None,
        )

    return style_of

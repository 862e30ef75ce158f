"""A widget that shows one canvas, painted for its size."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip
from textual.widget import Widget

from ann_tui.tui.charts.canvas import Canvas
from ann_tui.tui.charts.styles import styles_on

Paint = Callable[[int, int], Canvas]
"""What makes a canvas of this width and height."""


class Picture(Widget, can_focus=False):
    """Characters in cells; painted anew after `show`, and with another size or theme."""

    DEFAULT_CSS = "Picture { height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paint: Paint | None = None
        self._strips: list[Strip] = []
        self._painted_for: tuple[object, ...] = ()

    def show(self, paint: Paint) -> None:
        """Show what this paints."""
        self._paint, self._painted_for = paint, ()
        self.refresh()

    def notify_style_update(self) -> None:
        """Paint anew: the background may have changed."""
        super().notify_style_update()
        self._painted_for = ()

    def render_line(self, y: int) -> Strip:
        """One line of the picture."""
        now = (self._paint, self.size, self.app.theme_variables)
        if now != self._painted_for:
            self._strips, self._painted_for = self._lines(), now
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def _lines(self) -> list[Strip]:
        width, height = self.size
        if self._paint is None or width < 1 or height < 1:
            return []
        return self._paint(width, height).strips(self.rich_style, styles_on(self))

    @property
    def lines(self) -> list[str]:
        """The characters of each row, as they were painted last."""
        return [strip.text for strip in self._strips]

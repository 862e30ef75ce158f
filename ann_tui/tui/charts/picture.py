"""Widgets that show strips which are painted for their size, and one of them that shows a canvas."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip
from textual.widget import Widget

from ann_tui.tui.charts.canvas import Canvas
from ann_tui.tui.charts.styles import styles_on

Paint = Callable[[int, int], Canvas]
"""What makes a canvas of this width and height."""


class Painted(Widget, can_focus=False):
    """Characters in cells, which a subclass paints; keys are left to the screen."""

    DEFAULT_CSS = "Painted { height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._painted_for: tuple[object, ...] = ()

    def paint_strips(self) -> list[Strip]:
        """The lines of the picture for the size and the theme there are."""
        raise NotImplementedError

    def paint_anew(self) -> None:
        """Paint again, as something else is to be shown."""
        self._painted_for = ()
        self.refresh()

    def notify_style_update(self) -> None:
        """Paint anew: the background may have changed."""
        super().notify_style_update()
        self._painted_for = ()

    def render_line(self, y: int) -> Strip:
        """One line of the picture, which is painted anew with another size or theme."""
        now = (self.size, self.app.theme_variables)
        if now != self._painted_for:
            self._strips, self._painted_for = self.paint_strips(), now
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    @property
    def lines(self) -> list[str]:
        """The characters of each row, as they were painted last."""
        return [strip.text for strip in self._strips]


class Picture(Painted):
    """Shows one canvas."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paint: Paint | None = None

    def show(self, paint: Paint) -> None:
        """Show what this paints."""
        self._paint = paint
        self.paint_anew()

    def paint_strips(self) -> list[Strip]:
        """The canvas for this size."""
        width, height = self.size
        if self._paint is None or width < 1 or height < 1:
            return []
        return self._paint(width, height).strips(self.rich_style, styles_on(self))

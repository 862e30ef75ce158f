"""A widget that shows layers between two axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual.strip import Strip

from ann_tui.tui.charts.axis import Axis, horizontal_labels, vertical_labels, widest
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.layers import Layer
from ann_tui.tui.charts.picture import Painted
from ann_tui.tui.charts.styles import styles_on

BELOW = 2
"""Rows below the layers: the horizontal axis and its labels."""
FRAME, TEXT = Ink("border"), Ink("muted")


class Chart(Painted):
    """Layers between a vertical axis on the left and a horizontal one below; keys are left to the screen."""

    LEAST_MARGIN: ClassVar[int] = 0
    """So many columns stand left of the layers at least, so that these don't move with every new label."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._shown: tuple[Axis, Axis, tuple[Layer, ...]] | None = None

    def draw(self, x: Axis, y: Axis, layers: Sequence[Layer]) -> None:
        """Show these layers, the first ones below; see `Canvas` for what wins a cell."""
        self._shown = x, y, tuple(layers)
        self.paint_anew()

    def clear(self) -> None:
        """Show nothing."""
        self._shown = None
        self.paint_anew()

    @property
    def rows(self) -> int:
        """How many rows the layers have."""
        return max(1, self.size.height - BELOW)

    @property
    def margin(self) -> int:
        """How many columns stand left of the layers: labels and the axis. Labels of half the width are left out."""
        if self._shown is None:
            return self.LEAST_MARGIN
        wanted = widest(vertical_labels(self._shown[1], self.rows)) + 1
        return max(self.LEAST_MARGIN, wanted if wanted <= self.size.width // 2 else 1)

    @property
    def columns(self) -> int:
        """How many columns the layers have."""
        return max(1, self.size.width - self.margin)

    def paint_strips(self) -> list[Strip]:
        """The layers between their axes."""
        if self._shown is None or self.size.width < 2 or self.size.height <= BELOW:
            return []
        x, y, layers = self._shown
        margin, rows, columns = self.margin, self.rows, self.columns
        plot, whole = Canvas(columns, rows), Canvas(self.size.width, self.size.height)
        for layer in layers:
            layer.draw(plot, x, y)
        whole.paste(plot, 0, margin)
        whole.marks(np.arange(rows), np.full(rows, margin - 1), "│", FRAME)
        whole.write(rows, margin - 1, "└" + "─" * columns, FRAME)
        for label in vertical_labels(y, rows):
            if len(label.text) < margin:
                whole.write(label.cell, margin - 1 - len(label.text), label.text, TEXT)
                whole.write(label.cell, margin - 1, "┤", FRAME)
        for label in horizontal_labels(x, columns, margin):
            whole.write(rows, margin + label.cell, "┴", FRAME)
            whole.write(rows + 1, margin + label.start, label.text, TEXT)
        return whole.strips(self.rich_style, styles_on(self))

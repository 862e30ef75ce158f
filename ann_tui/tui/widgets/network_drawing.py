"""A drawing of the network: one column a layer, a dot a unit, braille lines for the weights between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from textual_hires_canvas import Canvas

from ann_tui.tui.text import plain

MANY, SOME = 12, 6


@dataclass(frozen=True)
class DrawnLayer:
    """One column of the drawing: its heading, its name, how many units, and labels for output units."""

    name: str
    units: int
    labels: tuple[str, ...] = ()


class NetworkDrawing(Canvas):
    """Draws layers of units; where not all fit, the first ones and a count of the rest."""

    DEFAULT_CSS = "NetworkDrawing { width: 1fr; height: 1fr; min-height: 5; }"
    ALLOW_SELECT = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._layers: tuple[DrawnLayer, ...] = ()
        self._drawn_for: object = None

    def show(self, layers: Sequence[DrawnLayer]) -> None:
        """Draw these layers, input first."""
        self._layers = tuple(layers)
        self._draw()

    def on_resize(self) -> None:
        """More or fewer units may fit."""
        self._draw()

    def notify_style_update(self) -> None:
        """The theme may have changed."""
        super().notify_style_update()
        if self.is_attached:
            self._draw()

    def _draw(self) -> None:
        now = (self._layers, self.size, self.app.theme)
        if now == self._drawn_for:
            return
        self._drawn_for = now
        width, height = self.size
        with self.batch_refresh():
            self.reset(self.size)
            if self._layers and width >= 12 and height >= 4:
                self._draw_layers(width, height)

    def _draw_layers(self, width: int, height: int) -> None:
        layers = self._layers
        label_width = min(max((len(label) for label in layers[-1].labels), default=0), 14)
        shown = self._that_fit(width - label_width)
        columns = _spread(len(shown), 3, width - label_width - 4)
        places = [_rows_of(layer.units, height - 2) for layer in shown]
        colours = self.app.theme_variables
        lines = [
            (left * 2 + 3, start * 4 + 2, right * 2 - 2, end * 4 + 2)
            for left, right, here, there in zip(columns, columns[1:], places, places[1:], strict=False)
            for start in here
            for end in there
        ]
        if lines:
            self.set_hires_pixels(_dots_of(lines), style=colours["border"])
        for column, layer, rows in zip(columns, shown, places, strict=True):
            for row in rows:
                self.set_pixel(column, row, "●", f"bold {colours['accent']}")
            if len(rows) < layer.units and rows[-1] < height - 2:
                self.set_pixel(column, rows[-1] + 1, "⋮", colours["muted"])
            room = columns[1] - columns[0] if len(columns) > 1 else width
            self._write_around(0, column, f"{layer.units:,}", "")
            self._write_around(
                height - 1, column, plain(layer.name, max(room - 1, 4)).plain, colours["muted"]
            )
        for row, label in zip(places[-1], layers[-1].labels, strict=False):
            self._write(row, columns[-1] + 2, plain(label, label_width or 1).plain, "")

    def _write_around(self, row: int, column: int, text: str, style: str) -> None:
        """Write a text around a column."""
        self._write(row, max(0, column - len(text) // 2), text, style)

    def _write(self, row: int, column: int, text: str, style: str) -> None:
        """Write a text as it is, from a column on or as far before it as the text needs: it is never markup."""
        start = max(0, min(column, self.size.width - len(text)))
        for offset, character in enumerate(text):
            self.set_pixel(start + offset, row, character, style)

    def _that_fit(self, width: int) -> list[DrawnLayer]:
        most = max(2, width // 7)
        layers = list(self._layers)
        if len(layers) <= most:
            return layers
        hidden = len(layers) - most + 1
        return [*layers[: most - 2], DrawnLayer(f"+{hidden} more", layers[most - 2].units), layers[-1]]


def _dots_of(lines: list[tuple[int, int, int, int]]) -> list[tuple[float, float]]:
    """The braille dots of lines between dots (2 a cell across, 4 down), each once, in cells.

    The canvas draws lines too, but goes over a dot as often as a line meets it, and layers have many lines.
    """
    ends = np.array(lines).reshape(-1, 2, 2)
    way = ends[:, 1] - ends[:, 0]
    steps = np.maximum(np.abs(way).max(axis=1), 1)
    share = np.minimum(np.arange(steps.max() + 1) / steps[:, None], 1)
    dots = np.rint(ends[:, :1] + way[:, None] * share[:, :, None]).astype(np.int64)
    across = int(dots[:, :, 0].max()) + 1
    down, right = divmod(np.unique(dots[:, :, 1] * across + dots[:, :, 0]), across)
    return list(zip((right / 2).tolist(), (down / 4).tolist(), strict=True))


def _spread(count: int, first: int, last: int) -> list[int]:
    if count == 1:
        return [first]
    return [round(first + (last - first) * index / (count - 1)) for index in range(count)]


def _rows_of(units: int, height: int) -> list[int]:
    """Rows of the dots of a layer, below the heading; the last one is kept free where units are left over.

    Of a layer with more than `MANY` units `SOME` are drawn, so that its lines don't make one block.
    """
    fit = units if units <= min(height, MANY) else min(height - 1, SOME)
    left_over = fit < units
    gap = max(1, min(3 if left_over else 2, (height - left_over) // max(fit, 1)))
    used = (fit - 1) * gap + 1
    top = 1 + max(0, (height - used - left_over) // 2)
    return [top + index * gap for index in range(fit)]

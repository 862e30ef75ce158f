"""A drawing of the network: one column a layer, a dot a unit, braille lines for the weights between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from ann_tui.tui.text import plain

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Braille dot bits by row (0-3) and column (0-1) of a cell."""


@dataclass(frozen=True)
class DrawnLayer:
    """One column of the drawing: its heading, its name, how many units, and labels for output units."""

    name: str
    units: int
    labels: tuple[str, ...] = ()


class NetworkDrawing(Widget):
    """Draws layers of units; where not all fit, the first ones and a count of the rest."""

    DEFAULT_CSS = "NetworkDrawing { width: 1fr; height: 1fr; min-height: 5; }"
    ALLOW_SELECT = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._layers: tuple[DrawnLayer, ...] = ()
        self._strips: list[Strip] = []
        self._drawn_for: object = None

    def show(self, layers: Sequence[DrawnLayer]) -> None:
        """Draw these layers, input first."""
        if tuple(layers) != self._layers:
            self._layers = tuple(layers)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the drawing, which is made anew when the layers, the size or the theme change."""
        now = (self._layers, self.size, self.app.theme)
        if now != self._drawn_for:
            self._drawn_for = now
            self._strips = self._draw(self.size.width, self.size.height)
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def _draw(self, width: int, height: int) -> list[Strip]:
        layers = self._layers
        if not layers or width < 12 or height < 4:
            return []
        label_width = min(max((len(label) for label in layers[-1].labels), default=0), 14)
        shown_layers = self._that_fit(width - label_width)
        columns = _spread(len(shown_layers), 3, width - label_width - 4)
        body = height - 2
        places = [_rows_of(layer.units, body) for layer in shown_layers]
        dots = _Braille(width, body)
        for left, right, here, there in zip(columns, columns[1:], places, places[1:], strict=False):
            for start in here:
                for end in there:
                    dots.line(left * 2 + 3, start * 4 + 2, right * 2 - 2, end * 4 + 2)
        base, variables = self.rich_style, self.app.theme_variables
        faint, muted = base + Style.parse(variables["border"]), base + Style.parse(variables["muted"])
        accent = base + Style.parse(f"bold {variables['accent']}")
        canvas = [[(character, faint) for character in line] for line in dots.text()]
        head = [(" ", base)] * width
        foot = [(" ", base)] * width
        for column, layer, rows in zip(columns, shown_layers, places, strict=True):
            for row in rows:
                canvas[row][column] = ("●", accent)
            if len(rows) < layer.units and rows[-1] + 1 < body:
                canvas[rows[-1] + 1][column] = ("⋮", muted)
            room = columns[1] - columns[0] if len(columns) > 1 else width
            _write(head, column, f"{layer.units:,}", base, centre=True)
            _write(foot, column, plain(layer.name, max(room - 1, 4)).plain, muted, centre=True)
        for row, label in zip(places[-1], layers[-1].labels, strict=False):
            _write(canvas[row], columns[-1] + 2, plain(label, label_width or 1).plain, base)
        return [Strip([Segment(text, style) for text, style in line]) for line in (head, *canvas, foot)]

    def _that_fit(self, width: int) -> list[DrawnLayer]:
        most = max(2, width // 7)
        layers = list(self._layers)
        if len(layers) <= most:
            return layers
        hidden = len(layers) - most + 1
        return [*layers[: most - 2], DrawnLayer(f"+{hidden} more", layers[most - 2].units), layers[-1]]


def _spread(count: int, first: int, last: int) -> list[int]:
    if count == 1:
        return [first]
    return [round(first + (last - first) * index / (count - 1)) for index in range(count)]


def _rows_of(units: int, height: int) -> list[int]:
    """Rows of the dots of a layer: spread around the middle, the last row kept free where units are left over."""
    fit = units if units <= height else height - 1
    gap = 2 if fit * 2 - 1 <= height and units <= height else 1
    used = (fit - 1) * gap + 1
    top = (height - used - (1 if units > height else 0)) // 2
    return [top + index * gap for index in range(fit)]


def _write(
    line: list[tuple[str, Style]], column: int, text: str, style: Style, *, centre: bool = False
) -> None:
    start = max(0, column - len(text) // 2) if centre else column
    start = max(0, min(start, len(line) - len(text)))
    for offset, character in enumerate(text):
        if start + offset < len(line):
            line[start + offset] = (character, style)


class _Braille:
    """A bitmap of 2 × 4 dots a cell."""

    def __init__(self, width: int, height: int) -> None:
        self._cells = [[0] * width for _ in range(height)]

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            x, y = round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps)
            if 0 <= y // 4 < len(self._cells) and 0 <= x // 2 < len(self._cells[0]):
                self._cells[y // 4][x // 2] |= DOTS[y % 4][x % 2]

    def text(self) -> list[str]:
        return ["".join(chr(0x2800 + bits) if bits else " " for bits in row) for row in self._cells]

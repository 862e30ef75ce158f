"""What a chart is made of: lines, dots, marks and rules, in the units of its axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ann_tui.tui.charts.axis import Axis
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.grid import columns_of, rows_of
from ann_tui.tui.charts.raster import line_dots, point_dots

Numbers = NDArray[np.float64]


class Layer(Protocol):
    """Something that draws itself; see `Canvas` for what wins a cell."""

    def draw(self, canvas: Canvas, x: Axis, y: Axis) -> None:
        """Draw it on a canvas that these axes span."""


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points `x`, `y`, (n,) each, interrupted where one is not finite; thick, or of braille dots."""

    x: Numbers
    y: Numbers
    ink: Ink
    thick: bool = False
    faint: bool = False

    def draw(self, canvas: Canvas, x: Axis, y: Axis) -> None:
        """Draw the line."""
        dots = line_dots(x.shares(self.x), y.shares(self.y), canvas.width, canvas.height)
        (canvas.thick if self.thick else canvas.thin)(dots, self.ink, faint=self.faint)


@dataclass(frozen=True, eq=False)
class Dots:
    """A braille dot at each of some points, (n,) each."""

    x: Numbers
    y: Numbers
    ink: Ink
    faint: bool = False

    def draw(self, canvas: Canvas, x: Axis, y: Axis) -> None:
        """Draw the dots."""
        dots = point_dots(x.shares(self.x), y.shares(self.y), canvas.width, canvas.height)
        canvas.thin(dots, self.ink, faint=self.faint)


@dataclass(frozen=True, eq=False)
class Marks:
    """A character at each of some points, (n,) each."""

    x: Numbers
    y: Numbers
    mark: str
    ink: Ink
    faint: bool = False

    def draw(self, canvas: Canvas, x: Axis, y: Axis) -> None:
        """Put the characters."""
        across, up = x.shares(self.x), y.shares(self.y)
        inside = (across >= 0) & (across <= 1) & (up >= 0) & (up <= 1)
        rows, columns = rows_of(up[inside], canvas.height), columns_of(across[inside], canvas.width)
        canvas.marks(rows, columns, self.mark, self.ink, faint=self.faint)


@dataclass(frozen=True)
class Upright:
    """A vertical line of a character, faint, over all the height at a place of the horizontal axis."""

    at: float
    character: str
    ink: Ink

    def draw(self, canvas: Canvas, x: Axis, y: Axis) -> None:
        """Draw the line, if its place is on the axis."""
        share = x.shares([self.at])
        if 0 <= share[0] <= 1:
            columns = np.full(canvas.height, columns_of(share, canvas.width)[0])
            canvas.marks(np.arange(canvas.height), columns, self.character, self.ink, faint=True)


@dataclass(frozen=True)
class Level:
    """A horizontal line of a character, faint, over all the width at a place of the vertical axis."""

    at: float
    character: str
    ink: Ink

    def draw(self, canvas: Canvas, x: Axis, y: Axis) -> None:
        """Draw the line, if its place is on the axis."""
        share = y.shares([self.at])
        if 0 <= share[0] <= 1:
            rows = np.full(canvas.width, rows_of(share, canvas.height)[0])
            canvas.marks(rows, np.arange(canvas.width), self.character, self.ink, faint=True)

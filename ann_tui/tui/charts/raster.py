"""Lines as dots: which dots of a grid a polyline goes over, without a loop over its points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ann_tui.tui.charts.grid import DOTS_ACROSS, DOTS_DOWN, Floats, dot_columns, dot_rows

Mask = NDArray[np.bool_]

POINTS_A_COLUMN = 4
"""Of more points in one column of dots, four draw the same line (Jugel et al. 2014, "M4")."""


def point_dots(x: Floats, y: Floats, width: int, height: int) -> Mask:
    """The dots (rows, columns) of a grid of `width` × `height` cells that points lie on.

    `x` and `y`, both (n,), are shares of the axes; what lies outside of 0 … 1, or is not finite, is left out.
    """
    found = np.zeros((height * DOTS_DOWN, width * DOTS_ACROSS), np.bool_)
    inside = (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
    found[dot_rows(y[inside], height), dot_columns(x[inside], width)] = True
    return found


def line_dots(x: Floats, y: Floats, width: int, height: int) -> Mask:
    """The dots (rows, columns) of a grid of `width` × `height` cells that a polyline goes over.

    `x` and `y`, both (n,), are shares of the axes. What lies outside of 0 … 1 is cut off, and the line is
    interrupted where a point is not finite.
    """
    found = point_dots(x, y, width, height)
    rows, columns = found.shape
    x, y = _condensed(x * (columns - 1), (1 - y) * (rows - 1), columns)
    fine = np.isfinite(x) & np.isfinite(y)
    joined = fine[:-1] & fine[1:]
    x0, x1, y0, y1 = x[:-1][joined], x[1:][joined], y[:-1][joined], y[1:][joined]
    begin, end = _inside(x0, y0, x1 - x0, y1 - y0, columns - 1, rows - 1)
    drawn = begin <= end
    x0, y0, begin, end = x0[drawn], y0[drawn], begin[drawn], end[drawn]
    dx, dy = (x1[drawn] - x0), (y1[drawn] - y0)
    steps = np.ceil(np.maximum(np.abs(dx), np.abs(dy)) * (end - begin)).astype(np.int64)
    steps = np.maximum(steps, 1)
    segment = np.repeat(np.arange(len(steps)), steps + 1)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    share = begin[segment] + (end - begin)[segment] * (place / steps[segment])
    across = np.floor(x0[segment] + dx[segment] * share + 0.5).astype(np.int64)
    down = np.floor(y0[segment] + dy[segment] * share + 0.5).astype(np.int64)
    found[np.clip(down, 0, rows - 1), np.clip(across, 0, columns - 1)] = True
    return found


def _condensed(x: Floats, y: Floats, columns: int) -> tuple[Floats, Floats]:
    """Of points that go from left to right, the first, the lowest, the highest and the last one of each column."""
    if len(x) <= POINTS_A_COLUMN * columns or not (np.diff(x) >= 0).all() or not np.isfinite(y).all():
        return x, y
    column = np.floor(x + 0.5)
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    ends = np.append(starts[1:], len(x)) - 1
    lowest, highest = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    across = np.stack([x[starts], column[starts], column[starts], x[ends]], axis=1)
    return across.ravel(), np.stack([y[starts], lowest, highest, y[ends]], axis=1).ravel()


def _inside(
    x: Floats, y: Floats, dx: Floats, dy: Floats, right: float, bottom: float
) -> tuple[Floats, Floats]:
    """The shares of each segment between which it lies in the grid; the first is the larger one where it never does.

    After Liang and Barsky (1984).
    """
    begin, end = np.zeros(len(x)), np.ones(len(x))
    for way, room in ((-dx, x + 0.49), (dx, right + 0.49 - x), (-dy, y + 0.49), (dy, bottom + 0.49 - y)):
        with np.errstate(divide="ignore", invalid="ignore"):
            share = room / way
        begin = np.where(way < 0, np.maximum(begin, share), begin)
        end = np.where(way > 0, np.minimum(end, share), end)
        end = np.where((way == 0) & (room < 0), -1.0, end)
    return begin, end

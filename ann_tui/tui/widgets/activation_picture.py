"""An activation as a curve, with its slope: what a unit makes of its sum, and what the backward pass makes of that."""

from __future__ import annotations

import numpy as np

from ann_tui.figures import number
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.tui.charts.axis import Axis
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.inks import FAINT, FRAME, TEXT
from ann_tui.tui.charts.layers import Line
from ann_tui.tui.charts.signed import ABOVE, BELOW

FURTHEST = 4.0
"""Sums from less than this to this are drawn: most of those of a trained unit lie there."""
POINTS = 241


def paint_activation(name: str, width: int, height: int) -> Canvas:
    """The curve, thick, and its slope, thin, over sums from -4 to 4, with the heights at which they lie."""
    canvas = Canvas(width, height)
    rows = height - 3
    if rows < 2 or width < 30:
        return canvas
    entry = ACTIVATIONS[name]
    sums = np.linspace(-FURTHEST, FURTHEST, POINTS)
    bent, slopes = entry.at(sums), entry.slopes(sums)
    canvas.write(0, 0, name, TEXT)
    column = len(name) + 2
    for mark, ink, words in (("━━", ABOVE, "what it makes of a sum"), ("┄┄", BELOW, "its slope")):
        canvas.write(0, column, mark, Ink(ink))
        canvas.write(0, column + 3, words, FAINT)
        column += len(words) + 6
    low, high = float(min(bent.min(), slopes.min(), 0.0)), float(max(bent.max(), slopes.max(), 1.0))
    labels = {0: number(high, 2), rows - 1: number(low, 2)}
    margin = max(map(len, labels.values())) + 1
    x, y = Axis(-FURTHEST, FURTHEST), Axis(low, high)
    plot = Canvas(width - margin, rows)
    zero = round(float(x.shares(np.zeros(1))[0]) * (width - margin - 1))
    plot.marks(np.arange(rows), np.full(rows, zero), "┊", FRAME, faint=True)
    Line(sums, slopes, Ink(BELOW), thick=False).draw(plot, x, y)
    Line(sums, bent, Ink(ABOVE), thick=True).draw(plot, x, y)
    canvas.paste(plot, 1, margin)
    for row, label in labels.items():
        canvas.write(1 + row, 0, label.rjust(margin - 1), FAINT)
    under = rows + 1
    canvas.write(under, margin, "└" + "─" * (width - margin - 2) + "┘", FRAME)
    canvas.write(under, margin + 1, f" {-FURTHEST:g} ", FAINT)
    canvas.write(under, margin + max(zero - 2, 6), " sum 0 ", FAINT)
    canvas.write(under, width - 5, f" {FURTHEST:g} ", FAINT)
    return canvas

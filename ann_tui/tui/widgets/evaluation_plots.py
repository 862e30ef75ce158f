"""Plots of answers: predicted against actual, residuals, and curves between 0 and 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.curves import Curve
from ann_tui.tui.charts.axis import Axis
from ann_tui.tui.charts.canvas import Ink
from ann_tui.tui.charts.chart import Chart
from ann_tui.tui.charts.layers import Layer, Line, Marks, Numbers

MOST_POINTS = 1_000
ROOM = 0.03
ACCENT, PERFECT = Ink("accent"), Ink("muted")
UNIT_ACROSS, UNIT_UP = Axis(-0.02, 1.02), Axis(-0.02, 1.04)


class PredictedActualPlot(Chart):
    """One point a row: the actual value across, the predicted one up; the diagonal is a perfect answer."""

    def show(self, actual: NDArray[Any], predicted: NDArray[Any]) -> None:
        """Draw these pairs, both of shape (n,); of many rows a thousand or two."""
        actual, predicted = _pairs(actual, predicted)
        if not len(actual):
            self.clear()
            return
        both = Axis.around(np.append(actual, predicted), room=ROOM)
        ends = np.array([both.low, both.high])
        diagonal = Line(ends, ends, PERFECT, faint=True)
        self.draw(both, both, [Marks(actual, predicted, "•", ACCENT), diagonal])


class ResidualPlot(Chart):
    """One point a row: the predicted value across, predicted less actual up; the line is a perfect answer."""

    def show(self, actual: NDArray[Any], predicted: NDArray[Any]) -> None:
        """Draw the residuals of these pairs, both of shape (n,); of many rows a thousand or two."""
        actual, predicted = _pairs(actual, predicted)
        if not len(actual):
            self.clear()
            return
        residuals = predicted - actual
        across = Axis.around(predicted, room=ROOM)
        perfect = Line(np.array([across.low, across.high]), np.zeros(2), PERFECT, faint=True)
        up = Axis.around(np.append(residuals, -residuals), room=ROOM)
        self.draw(across, up, [Marks(predicted, residuals, "•", ACCENT), perfect])


class CurvePlot(Chart):
    """One curve in the square from 0 to 1, beside what chance (or perfect calibration) would give."""

    def show(
        self,
        curve: Curve,
        reference: tuple[tuple[float, float], tuple[float, float]],
        mark: tuple[float, float] | None = None,
        *,
        points: bool = False,
    ) -> None:
        """Draw a curve and the line from one reference point to the other; `mark` is one point of special interest.

        With `points` each point of the curve is marked.
        """
        x, y = np.asarray(curve.x, np.float64), np.asarray(curve.y, np.float64)
        layers: list[Layer] = [Line(x, y, ACCENT)]
        if points:
            layers.append(Marks(x, y, "•", ACCENT))
        if mark is not None:
            layers.append(Marks(np.array(mark[:1]), np.array(mark[1:]), "◆", Ink("warning")))
        ends = np.array(reference, np.float64).T
        self.draw(UNIT_ACROSS, UNIT_UP, [*layers, Line(ends[0], ends[1], PERFECT, faint=True)])


def _pairs(actual: NDArray[Any], predicted: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """The pairs that are finite; of many of them each so many rows one."""
    keep = np.isfinite(actual) & np.isfinite(predicted)
    own, answered = np.asarray(actual, np.float64)[keep], np.asarray(predicted, np.float64)[keep]
    step = max(1, len(own) // MOST_POINTS)
    return own[::step], answered[::step]

"""Plots of an evaluation: curves between 0 and 1, and residuals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual_plot import HiResMode

from ann_tui.evaluation.curves import Curve
from ann_tui.tui.widgets.plots import FigureAxis, QuietPlot

MOST_POINTS = 1_000


class ShareAxis(FigureAxis):
    """Ticks between 0 and 1, without needless digits."""

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """One label a tick."""
        return [f"{round(tick, 6):g}" for tick in ticks]


class CurvePlot(QuietPlot):
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
        self.clear()
        self.set_x_formatter(ShareAxis())
        self.set_y_formatter(ShareAxis())
        self.set_xlimits(-0.02, 1.02)
        self.set_ylimits(-0.02, 1.04)
        variables = self.app.theme_variables
        (start_x, start_y), (end_x, end_y) = reference
        self.plot(
            [start_x, end_x], [start_y, end_y], line_style=variables["muted"], hires_mode=HiResMode.BRAILLE
        )
        self.plot(curve.x, curve.y, line_style=variables["accent"], hires_mode=HiResMode.BRAILLE)
        if points:
            self.scatter(curve.x, curve.y, marker="•", marker_style=variables["accent"])
        if mark is not None:
            self.scatter([mark[0]], [mark[1]], marker="◆", marker_style=variables["warning"])


class ResidualPlot(QuietPlot):
    """One point a row: the predicted value across, predicted less actual up; the line is a perfect answer."""

    def show(self, actual: NDArray[Any], predicted: NDArray[Any]) -> None:
        """Draw the residuals of these pairs, both of shape (n,); at most some thousand of them."""
        self.clear()
        self.set_x_formatter(FigureAxis())
        self.set_y_formatter(FigureAxis())
        keep = np.isfinite(actual) & np.isfinite(predicted)
        across = np.asarray(predicted, float)[keep]
        residuals = across - np.asarray(actual, float)[keep]
        if not len(across):
            return
        step = max(1, len(across) // MOST_POINTS)
        across, residuals = across[::step], residuals[::step]
        low, high = float(across.min()), float(across.max())
        room = (high - low) * 0.03 or 1.0
        most = float(np.abs(residuals).max()) * 1.05 or 1.0
        self.set_xlimits(low - room, high + room)
        self.set_ylimits(-most, most)
        variables = self.app.theme_variables
        self.plot(
            [low - room, high + room], [0.0, 0.0], line_style=variables["muted"], hires_mode=HiResMode.BRAILLE
        )
        self.scatter(across, residuals, marker="•", marker_style=variables["accent"])

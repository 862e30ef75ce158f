"""Plots with axes: the cost by epoch, and predicted against actual values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual_plot import HiResMode, PlotWidget
from textual_plot.axis_formatter import AxisFormatter, NumericAxisFormatter

from ann_tui.figures import number
from ann_tui.training.history import EpochRow

MOST_POINTS = 200


class FigureAxis(NumericAxisFormatter):
    """Ticks at round numbers, written as the rest of the app writes figures."""

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """One label a tick."""
        return [number(round(tick, 12), 3) for tick in ticks]


class WholeAxis(FigureAxis):
    """Ticks at whole numbers only: epochs."""

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """Round, whole tick positions."""
        ticks = super().get_ticks(min_, max_, max_ticks)
        return [tick for tick in ticks if float(tick).is_integer()]


class PowerAxis(AxisFormatter):
    """Ticks of a logarithmic axis, so many as `most` says then: positions are log10 of what the labels say."""

    def __init__(self, most: Callable[[], int]) -> None:
        """Keep the question: how many fit changes with the plot's height."""
        self.most = most

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """Positions of round numbers, the finest that stand far enough from one another."""
        powers = range(math.floor(min_), math.ceil(max_) + 1)
        least = (max_ - min_) / self.most()
        for digits in (range(10, 100), range(10, 100, 5), range(10, 100, 10), (10, 20, 50)):
            ticks = [power - 1 + math.log10(digit) for power in powers for digit in digits]
            inside = [tick for tick in ticks if min_ <= tick <= max_]
            if inside and all(high - low >= least for low, high in pairwise(inside)):
                return inside
        step = max(1, math.ceil(least))
        return [float(power) for power in powers if power % step == 0 and min_ <= power <= max_]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The number that each position stands for."""
        values = [10**tick for tick in ticks]
        return [
            np.format_float_positional(value, 2, fractional=False, trim="-")
            if 1e-4 < value < 1e5
            else f"{value:.1g}"
            for value in values
        ]


class QuietPlot(PlotWidget, can_focus=False, inherit_bindings=False):
    """A plot that leaves the keys to its screen."""

    DEFAULT_CSS = """
    QuietPlot {
        height: 1fr;
        & > .plot--axis { color: $border; }
        & > .plot--tick { color: $muted; text-style: none; }
        & > .plot--label { color: $muted; text-style: none; }
        Canvas { background: $background; }
    }
    """
    BINDINGS: ClassVar[list[Any]] = []

    def __init__(self, id: str) -> None:
        super().__init__(id=id, allow_pan_and_zoom=False)

    @property
    def most_ticks(self) -> int:
        """How many labels of the vertical axis find a line of their own, with one free between them."""
        return max(2, min(8, (self.size.height - 2) // 2))

    def on_mount(self) -> None:
        """Small margins: the space is for the curve."""
        self.margin_top, self.margin_bottom, self.margin_left = 0, 1, 8
        super().on_mount()


class CostPlot(QuietPlot):
    """Training cost (thin) and validation cost (thick) by epoch, with the best epoch marked."""

    def show(
        self,
        history: Sequence[EpochRow],
        best_epoch: int | None,
        *,
        log: bool,
        cursor: int | None = None,
        branches: Sequence[int] = (),
    ) -> None:
        """Draw this history, with the epoch of the `cursor` marked; on a logarithmic cost axis with `log`.

        Epochs with an event have a mark on the axis, and those after which another run begins (`branches`) another.
        """
        self.clear()
        self.set_x_formatter(WholeAxis())
        self.set_y_formatter(PowerAxis(lambda: self.most_ticks) if log else FigureAxis())
        rows = _thinned(history)
        variables = self.app.theme_variables
        last = max(2, history[-1].epoch if history else 2)
        self.set_xlimits(0.5 if last < 10 else 0.0, float(last))
        curves = (
            (
                [(row.epoch, row.validation_cost) for row in rows],
                variables["line-validation"],
                HiResMode.QUADRANT,
            ),
            ([(row.epoch, row.training_cost) for row in rows], variables["line-training"], HiResMode.BRAILLE),
        )
        shown: list[float] = []
        for points, style, mode in curves:
            drawn: list[tuple[float, float]] = [
                (epoch, math.log10(max(cost, 1e-12)) if log else cost)
                for epoch, cost in points
                if cost is not None and math.isfinite(cost)
            ]
            if not drawn:
                continue
            if len(drawn) == 1:
                drawn = [(drawn[0][0] - 0.4, drawn[0][1]), drawn[0]]
            epochs, costs = zip(*drawn, strict=True)
            shown += costs
            self.plot(epochs, costs, line_style=style, hires_mode=mode)
        if shown:
            low, high = min(shown), max(shown)
            room = (high - low) * 0.05 or abs(high) * 0.1 or 0.1
            self.set_ylimits(low - room if log or low - room > 0 else 0.0, high + room)
            bottom = low - room if log or low - room > 0 else 0.0
            events = [row.epoch for row in history if row.event]
            for marked, marker, style in ((events, "▴", "warning"), (list(branches), "◆", "accent")):
                if marked:
                    self.scatter(marked, [bottom] * len(marked), marker=marker, marker_style=variables[style])
        if best_epoch is not None and history:
            self.add_v_line(float(best_epoch), line_style=variables["muted"])
        if cursor is not None:
            self.add_v_line(float(cursor), line_style=variables["accent"])


def kept_marks(epochs: Sequence[int], last: int, width: int) -> str:
    """One mark in `width` cells for each place on an axis from 0 to `last` where the weights of an epoch are kept."""
    cells = [" "] * width
    for epoch in epochs:
        cells[min(width - 1, round(epoch / max(1, last) * (width - 1)))] = "•"
    return "".join(cells)


class PredictedActualPlot(QuietPlot):
    """One point a row: the actual value across, the predicted one up; the diagonal is a perfect answer."""

    def show(self, actual: NDArray[Any], predicted: NDArray[Any]) -> None:
        """Draw these pairs, both of shape (n,); at most some thousand of them."""
        self.clear()
        self.set_x_formatter(FigureAxis())
        self.set_y_formatter(FigureAxis())
        keep = np.isfinite(actual) & np.isfinite(predicted)
        actual, predicted = np.asarray(actual, float)[keep], np.asarray(predicted, float)[keep]
        if not len(actual):
            return
        step = max(1, len(actual) // 1_000)
        actual, predicted = actual[::step], predicted[::step]
        low, high = float(min(actual.min(), predicted.min())), float(max(actual.max(), predicted.max()))
        room = (high - low) * 0.03 or 1.0
        self.set_xlimits(low - room, high + room)
        self.set_ylimits(low - room, high + room)
        variables = self.app.theme_variables
        self.plot([low, high], [low, high], line_style=variables["muted"], hires_mode=HiResMode.BRAILLE)
        self.scatter(actual, predicted, marker="•", marker_style=variables["accent"])


def _thinned(history: Sequence[EpochRow]) -> list[EpochRow]:
    step = max(1, -(-len(history) // MOST_POINTS))
    rows = list(history[::step])
    if history and rows[-1] is not history[-1]:
        rows.append(history[-1])
    return rows

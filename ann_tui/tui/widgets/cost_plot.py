"""The picture of a training's cost: curves by epoch, what they are compared with, and marks of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ann_tui.training.history import EpochRow
from ann_tui.tui.charts.axis import Axis, finite
from ann_tui.tui.charts.canvas import Ink
from ann_tui.tui.charts.chart import Chart
from ann_tui.tui.charts.grid import columns_of
from ann_tui.tui.charts.layers import Dots, Layer, Level, Line, Marks, Numbers, Upright
from ann_tui.tui.widgets.cost_curves import CostCurves, first_of_last_part, span_for

LEAST_COST = 1e-12
"""A logarithmic axis shows smaller costs as this one."""
NEAR = 0.2
"""A reference that lies within such a share of the axis outside of it is brought in."""
MARKS_APART = 16
"""So many columns lie between two marks of one overlay."""
RAW = 0.45
TRAINING, VALIDATION, OTHER = Ink("line-training"), Ink("line-validation"), Ink("muted")
NEWEST_TRAINING, NEWEST_VALIDATION = "•", "■"
BEST, CURSOR, EVENT, BRANCH = "│", "┃", "▴", "◆"


@dataclass(frozen=True)
class Reference:
    """A cost to compare with: its name, a shorter one, and the character of its line."""

    name: str
    short: str
    cost: float
    character: str


@dataclass(frozen=True, eq=False)
class Overlay:
    """Another run whose cost is drawn too: its name, its mark (one cell wide), and its epochs."""

    name: str
    mark: str
    history: Sequence[EpochRow]

    @property
    def newest(self) -> float | None:
        """Its newest cost: on the validation rows, or on the training rows where there are none; None before any."""
        if not self.history:
            return None
        row = self.history[-1]
        return row.training_cost if row.validation_cost is None else row.validation_cost


class CostPlot(Chart):
    """Training cost (thin) and validation cost (thick) by epoch.

    `first` is the first epoch that is shown, and `span` over how many epochs the curves are averaged, 0 where they are
    not.
    """

    LEAST_MARGIN: ClassVar[int] = 7

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.first, self.span = 1, 0
        self._curves = CostCurves.of(())
        self._across, self._up = Axis(0.5, 2.0, whole=True), Axis.around(())

    def show(
        self,
        history: Sequence[EpochRow],
        best_epoch: int | None,
        *,
        log: bool,
        cursor: int | None = None,
        branches: Sequence[int] = (),
        part: bool = False,
        smooth: bool = False,
        references: Sequence[Reference] = (),
        overlays: Sequence[Overlay] = (),
    ) -> None:
        """Draw this history, with the epoch of the `cursor` marked; on a logarithmic cost axis with `log`.

        Epochs with an event have a mark on the axis, and those after which another run begins (`branches`) another.
        With `part` only the last part is shown, and with `smooth` moving averages over the raw costs. A reference that
        lies far from all that is shown is left out; see `beyond`.
        """
        self._curves = all_curves = CostCurves.of(history, self._curves)
        newest = len(history)
        self.first = first_of_last_part(newest) if part else 1
        raw = all_curves.since(self.first)
        self.span = span_for(len(raw.epochs)) if smooth else 0
        others = [(overlay, CostCurves.of(overlay.history)) for overlay in overlays]
        last = max(2, newest, *(0 if part else len(overlay.history) for overlay in overlays))
        begin = float(self.first) if self.first > 1 else 0.5 if last < 10 else 0.0
        across = self._across = Axis(begin, float(last), whole=True)
        costs = [raw.training, raw.validation]
        costs += [_up_to(curves.since(self.first), last) for _, curves in others]
        self._up = up = _vertical(finite(*costs), references, log=log)
        drawn = [*self._own(raw, all_curves.smoothed(self.span).since(self.first) if self.span else raw, up)]
        events = [row.epoch for row in history if row.event]
        for marked, mark, colour in ((events, EVENT, "warning"), (branches, BRANCH, "accent")):
            if marked:
                drawn.append(Marks(np.array(marked, float), np.full(len(marked), up.low), mark, Ink(colour)))
        if cursor is not None:
            drawn.append(Upright(float(cursor), CURSOR, Ink("accent")))
        drawn += self._overlaid(others, up)
        if best_epoch is not None and history:
            drawn.append(Upright(float(best_epoch), BEST, OTHER))
        drawn += [Level(reference.cost, reference.character, OTHER) for reference in references]
        if self.span:
            for curve, ink in ((raw.validation, VALIDATION), (raw.training, TRAINING)):
                drawn.append(Dots(raw.epochs, _at_least(curve, up), Ink(ink.colour, RAW), faint=True))
        self.draw(across, up, drawn)

    def beyond(self, cost: float) -> str:
        """An arrow where a cost lies above or below all that is shown; "" where it is drawn."""
        share = float(self._up.shares([cost])[0])
        return "↑" if share > 1 else "" if share >= 0 else "↓"

    def columns_of(self, epochs: Sequence[int]) -> list[int]:
        """The columns of those epochs that are shown, counted from the vertical axis."""
        shares = self._across.shares(epochs)
        inside = shares[(shares >= 0) & (shares <= 1)]
        return [int(column) for column in columns_of(inside, self.columns)]

    @staticmethod
    def _own(raw: CostCurves, shown: CostCurves, up: Axis) -> list[Layer]:
        """Both curves, the thick one above, and where they are averages the newest of the raw costs."""
        layers: list[Layer] = []
        for costs, ink, thick in ((shown.training, TRAINING, False), (shown.validation, VALIDATION, True)):
            epochs, costs = shown.epochs, _at_least(costs, up)
            if len(epochs) == 1:
                epochs, costs = np.array([epochs[0] - 0.4, epochs[0]]), costs.repeat(2)
            layers.append(Line(epochs, costs, ink, thick=thick))
        if shown is not raw:
            for costs, ink, mark in (
                (raw.training, TRAINING, NEWEST_TRAINING),
                (raw.validation, VALIDATION, NEWEST_VALIDATION),
            ):
                layers.append(Marks(raw.epochs[-1:], _at_least(costs[-1:], up), mark, ink))
        return layers

    def _overlaid(self, others: Sequence[tuple[Overlay, CostCurves]], up: Axis) -> list[Layer]:
        """The marks of all overlays, then their curves, so that no curve hides a mark."""
        marks: list[Layer] = []
        lines: list[Layer] = []
        for place, (overlay, curves) in enumerate(others):
            if not len(curves.epochs):
                continue
            costs = _at_least(curves.judged, up)
            lines.append(Line(curves.epochs, costs, Ink("foreground", RAW), faint=True))
            first = MARKS_APART * (place + 1) // (len(others) + 1)
            at = np.interp(
                (np.arange(first, self.columns, MARKS_APART) + 0.5) / self.columns,
                self._across.shares(curves.epochs),
                np.arange(len(curves.epochs)),
            )
            chosen = np.unique(np.append(np.rint(at).astype(int), len(curves.epochs) - 1))
            marks.append(
                Marks(curves.epochs[chosen], costs[chosen], overlay.mark, Ink("foreground", 0.7), faint=True)
            )
        return [*marks, *lines]


def kept_marks(columns: Sequence[int], width: int) -> str:
    """A line of `width` cells with a mark in each of these columns: where the weights of an epoch are kept."""
    marked = set(columns)
    return "".join("•" if column in marked else " " for column in range(width))


def _vertical(costs: Numbers, references: Sequence[Reference], *, log: bool) -> Axis:
    """The cost axis that holds these costs, and those references that are near."""
    costs = np.maximum(costs, LEAST_COST) if log else costs
    axis = Axis.around(costs, log=log, least=0.0)
    shares = axis.shares([reference.cost for reference in references])
    near = [
        reference.cost
        for reference, share in zip(references, shares, strict=True)
        if -NEAR <= share <= 1 + NEAR and not 0 <= share <= 1
    ]
    return Axis.around(np.append(costs, near), log=log, least=0.0) if near else axis


def _at_least(costs: Numbers, up: Axis) -> Numbers:
    """Costs as they are drawn: on a logarithmic axis none is below the smallest."""
    return np.maximum(costs, LEAST_COST) if up.log else costs


def _up_to(curves: CostCurves, last: int) -> Numbers:
    return curves.judged[curves.epochs <= last]

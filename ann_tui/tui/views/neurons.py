"""Which units and which columns the network relies on: how much the cost rises without them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from ann_tui.experiments.inside import Inquiry, Relevant
from ann_tui.figures import count, number
from ann_tui.insight.relevance import InputRelevance, LayerRelevance
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.inks import FAINT, HERE, TEXT
from ann_tui.tui.charts.narrow import narrow
from ann_tui.tui.charts.signed import ABOVE, BELOW
from ann_tui.tui.text import plain
from ann_tui.tui.views.inside import InsideView, member_of, tables_of
from ann_tui.tui.views.view import INSIDE, Inside, view

SIDE_BY_SIDE = 48


@dataclass(frozen=True, eq=False)
class Relevances:
    """How relevant units and columns are, and which rows told it."""

    units: Relevant | None
    columns: tuple[InputRelevance, ...]
    rows: str
    count: int


@view(
    INSIDE,
    "neurons",
    "Relevance",
    "how much the cost rises when a unit is silenced, or a column shuffled: what the network relies on",
    classes=True,
    numbers=True,
    place=2,
)
class NeuronsView(InsideView):
    """Bars of the units of one layer, the most relevant first, beside bars of the columns."""

    def __init__(self) -> None:
        super().__init__()
        self._walks = False

    def found_from(self, data: Inside) -> tuple[object, ...]:
        """The network; the cursor's layer changes nothing."""
        return data.run, data.epoch, data.cursor.member

    def find(self, data: Inside, cancelled: Callable[[], bool]) -> Relevances:
        """Silence every unit, shuffle every column."""
        inquiry = Inquiry(data.run.prepared, member_of(data))
        units = inquiry.silenced(cancelled)
        return Relevances(units, inquiry.permuted(cancelled), inquiry.rows, len(inquiry.x))

    def _layer(self, data: Inside, found: Relevances) -> LayerRelevance | None:
        """The layer that the cursor is in, or the nearest one below that has units."""
        if found.units is None or not found.units.layers:
            return None
        here = tables_of(data)[data.cursor.table].layer
        below = [each for each in found.units.layers if each.layer <= here]
        return below[-1] if below else found.units.layers[0]

    def paint(self, data: Inside, found: Relevances, width: int, height: int) -> Canvas:
        """Units on the left, columns on the right; where there is no room for both, units above columns."""
        canvas = Canvas(width, height)
        layer = self._layer(data, found)
        of_units = _largest([] if layer is None else layer.rises.tolist())
        of_columns = _largest([each.rise for each in found.columns])
        if width >= SIDE_BY_SIDE or layer is None:
            half = width // 2 if layer is not None else 0
            self._units(canvas, data, layer, of_units, half - 2, height, found)
            self._columns(canvas, found, of_columns, 0, half, width - half, height)
        else:
            upper = height // 2
            self._units(canvas, data, layer, of_units, width, upper, found)
            self._columns(canvas, found, of_columns, upper, 0, width, height - upper)
        return canvas

    def _units(
        self,
        canvas: Canvas,
        data: Inside,
        layer: LayerRelevance | None,
        most: float,
        width: int,
        height: int,
        found: Relevances,
    ) -> None:
        if layer is None:
            return
        tables = [table for table in tables_of(data) if table.layer == layer.layer]
        title = tables[-1].title if tables else layer.name
        assert found.units is not None
        several = "  [ ] layers" if len(found.units.layers) > 1 else ""
        order = _ranked(layer)
        at = int(np.flatnonzero(order == min(data.cursor.unit, len(order) - 1))[0]) if self._walks else 0
        room = max(1, height - 1)
        first = max(0, min(at - room // 2, len(order) - room))
        ranks = f", no. {first + 1:,} on" if first else ""
        canvas.write(0, 0, f"{title}: {count(len(layer.rises))} units{ranks}{several}"[:width], FAINT)
        for line, unit in enumerate(order[first : first + room].tolist()):
            here = self.has_focus and first + line == at
            _bar(canvas, 1 + line, 0, f"unit {unit + 1}", 9, float(layer.rises[unit]), most, width, here)

    def _columns(
        self, canvas: Canvas, found: Relevances, most: float, row: int, column: int, width: int, height: int
    ) -> None:
        canvas.write(row, column, "columns, shuffled"[:width], FAINT)
        label = min(max((len(each.name) for each in found.columns), default=4), max(6, width // 2 - 4))
        room = height - 1
        for line, each in enumerate(found.columns[:room]):
            name = narrow(each.name, label)
            _bar(canvas, row + 1 + line, column, name, label, each.rise, most, width, False, each.spread)
        left = len(found.columns) - room
        if left > 0:
            canvas.write(
                row + height - 1, column, f"and {left + 1:,} less relevant ones".ljust(width)[:width], FAINT
            )

    def action_step(self, down: int, across: int) -> None:
        """Up and down the ranks; left and right to another layer."""
        data = self.data
        if data is None or self._found is None:
            return
        if across:
            self.action_table(across)
            return
        layer = self._layer(data, self._found[1])
        if layer is None:
            return
        order = _ranked(layer)
        data.cursor.table = next(
            place for place, table in enumerate(tables_of(data)) if table.layer == layer.layer
        )
        at = int(np.flatnonzero(order == min(data.cursor.unit, len(order) - 1))[0]) if self._walks else 0
        self._walks = True
        data.cursor.unit = int(order[max(0, min(len(order) - 1, at + down))])
        self.moved()

    def action_open(self) -> None:
        """The page of the unit that is marked."""
        if not self._walks:
            self.action_step(0, 0)
        super().action_open()

    def caption(self, data: Inside, found: Relevances) -> Text:
        """What it means, and of which rows."""
        layer = self._layer(data, found)
        rows = f"{found.count:,} {found.rows} rows"
        if layer is None:
            return Text(f"how much the cost of {rows} rises when a column is shuffled; ± over five shuffles")
        text = Text(
            f"cost {number(layer.cost, 3)} of {rows}; bars: how much it rises when a unit only gives its mean. "
        )
        top = _ranked(layer)[:3]
        names = ", ".join(f"unit {unit + 1}" for unit in top.tolist())
        text.append(f"Most relevant: {names}", "bold")
        if found.columns:
            text.append("; ").append(plain(found.columns[0].name, 24))
        return text


def _largest(rises: Sequence[float]) -> float:
    return max((abs(rise) for rise in rises if np.isfinite(rise)), default=0.0) or 1.0


def _ranked(layer: LayerRelevance) -> NDArray[np.intp]:
    """The units of a layer, the most relevant first."""
    return np.argsort(-np.nan_to_num(layer.rises, nan=-np.inf), kind="stable")


def _bar(
    canvas: Canvas,
    row: int,
    column: int,
    name: str,
    label: int,
    rise: float,
    most: float,
    width: int,
    here: bool,
    spread: float | None = None,
) -> None:
    """A name, the rise, and a bar: solid where the cost rises, dotted where it falls."""
    canvas.write(row, column, name[:label], HERE if here else TEXT)
    figure = f"{number(rise, 2)}".rjust(8)
    canvas.write(row, column + label, figure, HERE if here else TEXT)
    length = max(1, width - label - 10)
    size = round(min(abs(rise) / most, 1.0) * length) if np.isfinite(rise) else 0
    bar = ("▇" if rise >= 0 else "┄") * size
    canvas.write(row, column + label + 9, bar, Ink(ABOVE if rise >= 0 else BELOW))
    if spread is not None and size + 8 < length:
        canvas.write(row, column + label + 10 + size, f"± {number(spread, 1)}", FAINT)

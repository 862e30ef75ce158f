"""The network itself: its weights by name, and what a chosen row gives in each unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from ann_tui.figures import count, number, percent
from ann_tui.insight.weight_tables import WeightTable
from ann_tui.tui.charts.canvas import Canvas
from ann_tui.tui.text import plain
from ann_tui.tui.views.inside import InsideView, input_order, member_of, tables_of
from ann_tui.tui.views.network_links import paint_links
from ann_tui.tui.views.network_weights import paint_weights
from ann_tui.tui.views.view import INSIDE, Inside, view
from ann_tui.tui.widgets.forward_pass import table_signals

FEW = 12
"""Layers of at most so many units are drawn as dots with lines between them; of more, one as a map of its weights."""


@dataclass(frozen=True, eq=False)
class NetworkSigns:
    """What a network's picture is drawn from.

    `tables` are its weights; `given` are the values that a chosen row gives, first of the inputs, then of each table's
    units, (units,) each; None without a row. `told` is what the answer of each output unit means.
    """

    tables: tuple[WeightTable, ...]
    given: tuple[NDArray[Any], ...] | None
    told: tuple[str, ...] = ()


@view(
    INSIDE,
    "network",
    "Network",
    "the weights by name: what each unit listens to, and what a chosen row gives in it",
    classes=True,
    numbers=True,
    place=1,
)
class NetworkView(InsideView):
    """Dots and lines of a small network, a map of one layer's weights of a larger one."""

    SLOW: ClassVar[bool] = False

    def find(self, data: Inside, cancelled: Callable[[], bool]) -> NetworkSigns:
        """Tables and what the row gives."""
        tables = tables_of(data)
        if data.row is None:
            return NetworkSigns(tables, None)
        network = member_of(data)
        given = table_signals(network, tables, data.row.x)
        answer = network.cost.predictions(given[-1][:, None])[0]
        if not data.classes:
            told: tuple[str, ...] = (
                number(float(data.run.prepared.fitted.target.decode(answer[None])[0]), 4),
            )
        else:
            shares = np.atleast_1d(answer)[-len(given[-1]) :]
            told = tuple(percent(float(share), 0) for share in shares)
        return NetworkSigns(tables, given, told)

    def draws_links(self, signs: NetworkSigns) -> bool:
        """Whether there are so few units that lines between them can be told apart."""
        return all(table.units <= FEW for table in signs.tables)

    def paint(self, data: Inside, found: NetworkSigns, width: int, height: int) -> Canvas:
        """Dots and lines, or the map of the layer that the cursor is in."""
        canvas = Canvas(width, height)
        links = self.draws_links(found)
        order = input_order(data, 0 if links else data.cursor.table)
        if links:
            paint_links(
                canvas, found.tables, order, data.cursor, found.given, found.told, focused=self.has_focus
            )
        else:
            paint_weights(canvas, found.tables, order, data.cursor, found.given, self.has_focus)
        return canvas

    def on_focus(self) -> None:
        """The cursor is seen."""
        self._again()

    def on_blur(self) -> None:
        """The cursor is not seen."""
        self._again()

    def _again(self) -> None:
        if self.painted is not None and self._found is not None:
            self._show(self.painted, self._found[1])

    def caption(self, data: Inside, found: NetworkSigns) -> Text:
        """The weight under the cursor, and what the picture means."""
        cursor = data.cursor
        table = found.tables[cursor.table]
        order = input_order(data, cursor.table)
        source = order[min(cursor.input, len(order) - 1)]
        values = table.values[:, cursor.unit]
        value = float(values[source])
        rank = 1 + int((np.abs(values) > abs(value)).sum())
        text = Text()
        text.append(plain(table.input_names[source], 28)).append(" → ")
        text.append(plain(table.unit_names[cursor.unit], 28)).append(f"  {value:+.3g}", "bold")
        text.append(f"  {_nth(rank)} of {count(len(values))} that it listens to")
        if found.given is not None and data.row is not None:
            signal, answer = (
                found.given[cursor.table][source],
                found.given[cursor.table + 1][cursor.unit],
            )
            text.append(
                f"\n{data.row.name}: {number(float(signal), 3)} × {value:.3g} comes in here; the unit gives "
                f"{number(float(answer), 3)}"
            )
            if cursor.table == len(found.tables) - 1 and cursor.unit < len(found.told):
                text.append(f": {found.told[cursor.unit]}", "bold")
        return text

    def heading(self, title: str, data: Inside) -> str:
        """With the row."""
        row = "" if data.row is None else f" · {data.row.name} {data.row.truth}".rstrip()
        return super().heading(title, data) + row


def _nth(rank: int) -> str:
    return "the strongest" if rank == 1 else f"no. {rank:,}"

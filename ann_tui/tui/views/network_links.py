"""A small network as dots and lines: the strongest links of each unit, solid above 0 and dotted below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from ann_tui.figures import number
from ann_tui.insight.weight_tables import WeightTable
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.grid import DOTS_ACROSS, DOTS_DOWN
from ann_tui.tui.charts.inks import FAINT, HERE, TEXT
from ann_tui.tui.charts.narrow import narrow
from ann_tui.tui.charts.signed import ABOVE, BELOW, largest
from ann_tui.tui.views.view import Cursor

STRONGEST = 3
"""So many links of each unit to what it listens to are drawn."""
LABELS = 18
"""So many columns the names of inputs and outputs take at most."""


def paint_links(
    canvas: Canvas,
    tables: Sequence[WeightTable],
    order: Sequence[int],
    cursor: Cursor,
    given: Sequence[NDArray[Any]] | None,
    told: Sequence[str],
    *,
    focused: bool,
) -> None:
    """Draw inputs, units and outputs, of the inputs those that are listened to most; see `paint_weights`.

    `told` stands beside the outputs. Of the unit under the cursor all links to what is seen are drawn.
    """
    height = canvas.height - 2
    if height < 1:
        return
    inputs = _strongest_inputs(tables[0], order, cursor, height)
    names_in = [tables[0].input_names[place] for place in inputs]
    names_out = tables[-1].unit_names
    figures = 7 if given is not None else 0
    left = min(LABELS, max(map(cell_len, names_in), default=0)) + 2 + figures
    right = min(LABELS, max(map(cell_len, names_out), default=0)) + 3 + max(map(len, told), default=0)
    left, right = min(left, canvas.width * 2 // 5), min(right, canvas.width * 3 // 10)
    columns = np.linspace(left, canvas.width - right - 1, len(tables) + 1).round().astype(int).tolist()
    rows = [_rows(len(inputs), height), *(_rows(table.units, height) for table in tables)]
    places: list[list[int]] = [inputs, *(list(range(table.units)) for table in tables)]
    for layer, table in enumerate(tables):
        _links(
            canvas, table, layer, places[layer], rows[layer : layer + 2], columns[layer : layer + 2], cursor
        )
    answers = None if given is None else [np.asarray(each, np.float64) for each in given]
    for layer, (column, lines) in enumerate(zip(columns, rows, strict=True)):
        title = "inputs" if layer == 0 else tables[layer - 1].title
        canvas.write(
            0, max(0, column - len(title) // 2), title[: canvas.width - column + len(title) // 2], FAINT
        )
        for unit, line in zip(places[layer], lines, strict=True):
            here = focused and layer == cursor.table + 1 and unit == cursor.unit
            source = focused and layer == cursor.table and unit == _source(order, cursor, layer)
            fires = answers is None or abs(answers[layer][unit]) > 1e-6
            mark = "◉" if here else "●" if fires else "○"
            canvas.write(line, column, mark, HERE if here or source else TEXT)
            if answers is not None and 0 < layer < len(tables):
                canvas.write(line, column + 2, number(float(answers[layer][unit]), 2), FAINT)
    for place, line in zip(inputs, rows[0], strict=True):
        figure = "" if answers is None else f" {number(float(answers[0][place]), 3)}"
        label = narrow(tables[0].input_names[place], left - 2 - len(figure)) + figure
        canvas.write(line, max(0, columns[0] - 1 - cell_len(label)), label, TEXT)
    for unit, line in enumerate(rows[-1]):
        figure = f" {told[unit]}" if unit < len(told) else ""
        canvas.write(line, columns[-1] + 2, narrow(names_out[unit], right - 2 - len(figure)) + figure, TEXT)
    _legend(canvas, len(order) - len(inputs), given is not None)


def _title(tables: Sequence[WeightTable], layer: int, *, narrow_gap: bool) -> str:
    title = "inputs" if layer == 0 else tables[layer - 1].title
    if not narrow_gap:
        return title
    return {"inputs": "in", "output": "out"}.get(title, title.replace("hidden ", "h"))


def _strongest_inputs(table: WeightTable, order: Sequence[int], cursor: Cursor, height: int) -> list[int]:
    """The inputs that fit, in their order: those with the largest weights, and that under the cursor."""
    if len(order) <= height:
        return list(order)
    strength = np.abs(np.asarray(table.values, np.float64)).max(axis=1)
    if cursor.table == 0:
        strength[order[min(cursor.input, len(order) - 1)]] = np.inf
    chosen = set(np.argsort(-strength, kind="stable")[:height].tolist())
    return [place for place in order if place in chosen]


def _source(order: Sequence[int], cursor: Cursor, layer: int) -> int:
    return order[min(cursor.input, len(order) - 1)] if layer == 0 else cursor.input


def _rows(units: int, height: int) -> list[int]:
    """The lines of so many units, spread over the height below the heading."""
    units = max(units, 1)
    gap = max(1, min(4, height // units))
    top = 1 + (height - (units - 1) * gap - 1) // 2
    return [top + unit * gap for unit in range(units)]


def _links(
    canvas: Canvas,
    table: WeightTable,
    layer: int,
    sources: Sequence[int],
    rows: Sequence[Sequence[int]],
    columns: Sequence[int],
    cursor: Cursor,
) -> None:
    """The links of one layer to what is seen of the layer below, the weakest first."""
    weights = np.asarray(table.values, np.float64)[list(sources)]
    most = largest(weights)
    links = []
    for unit in range(table.units):
        sizes = np.abs(weights[:, unit])
        all_of_it = layer == cursor.table and unit == cursor.unit
        chosen = np.argsort(-sizes, kind="stable")[: len(sizes) if all_of_it else STRONGEST]
        links += [(weights[source, unit], int(source), unit, all_of_it) for source in chosen.tolist()]
    for weight, source, unit, marked in sorted(links, key=lambda link: (link[3], abs(link[0]))):
        share = abs(weight) / most
        if share < 0.02:
            continue
        dots = _dots(
            canvas, (columns[0], rows[0][source]), (columns[1], rows[1][unit]), weight >= 0, share > 0.5
        )
        strength = 1.0 if marked else 0.35 + 0.65 * share
        ink = Ink(ABOVE if weight >= 0 else BELOW, round(strength, 1), bold=marked)
        canvas.thin(dots, ink)


def _dots(
    canvas: Canvas, start: tuple[int, int], end: tuple[int, int], solid: bool, heavy: bool
) -> NDArray[np.bool_]:
    """The braille dots of a line between two cells; every third pair of them where it is dotted, two rows if heavy."""
    found = np.zeros((canvas.height * DOTS_DOWN, canvas.width * DOTS_ACROSS), np.bool_)
    x0, y0 = start[0] * DOTS_ACROSS + 3, start[1] * DOTS_DOWN + 1
    x1, y1 = end[0] * DOTS_ACROSS - 2, end[1] * DOTS_DOWN + 1
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    at = np.arange(steps + 1)
    if not solid:
        at = at[at % 4 < 2]
    x = np.rint(x0 + (x1 - x0) * at / steps).astype(int)
    y = np.rint(y0 + (y1 - y0) * at / steps).astype(int)
    for shift in (0, 1) if heavy else (0,):
        inside = (x >= 0) & (x < found.shape[1]) & (y + shift >= 0) & (y + shift < found.shape[0])
        found[y[inside] + shift, x[inside]] = True
    return found


def _legend(canvas: Canvas, hidden: int, with_row: bool) -> None:
    """What the lines mean, and what isn't seen."""
    bottom = canvas.height - 1
    canvas.write(bottom, 0, "⠒⠒⠒", Ink(ABOVE))
    canvas.write(bottom, 4, "above 0", FAINT)
    canvas.write(bottom, 13, "⠒ ⠒", Ink(BELOW))
    words = f"below · the {STRONGEST} strongest of each unit"
    words += f" · {hidden:,} weaker inputs" if hidden > 0 else ""
    words += " · ○ gives 0" if with_row else ""
    canvas.write(bottom, 17, words, FAINT)

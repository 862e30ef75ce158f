"""One layer's weights as a map: a line for each input, a column for each unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from ann_tui.figures import count, number
from ann_tui.insight.weight_tables import WeightTable
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.inks import FAINT, HERE, TEXT
from ann_tui.tui.charts.narrow import narrow
from ann_tui.tui.charts.signed import ABOVE, BELOW, draw_signed, largest
from ann_tui.tui.views.view import Cursor

LABELS = 28
"""So many columns the names of the inputs take at most."""
FIGURE = 8
"""So many columns a value of the chosen row takes."""


def paint_weights(
    canvas: Canvas,
    tables: Sequence[WeightTable],
    order: Sequence[int],
    cursor: Cursor,
    given: Sequence[NDArray[Any]] | None,
    focused: bool,
) -> None:
    """Draw the table under the cursor; `order` lists its inputs, `given` is what a row gives in inputs and units.

    Above the map stand the layers, and the answers of the units to the row; left of it the names of the inputs.
    """
    table = tables[cursor.table]
    _crumbs(canvas, tables, cursor.table)
    head = 2 if given is None else 3
    rows = canvas.height - head - 1
    names = shortened([table.input_names[place] for place in order])
    margin = min(LABELS, canvas.width // 3, max(map(cell_len, names), default=0)) + 1
    margin += FIGURE if given is not None else 0
    room = canvas.width - margin
    if rows < 1 or room < 4:
        return
    first_row, shown_rows = _window(cursor.input, len(order), rows)
    across = 2 if 2 * table.units <= room else 1
    first_unit, shown_units = _window(cursor.unit, table.units, room // across)
    places = np.array(order[first_row : first_row + shown_rows])
    values = table.values[places, first_unit : first_unit + shown_units].astype(np.float64)
    draw_signed(canvas, head, margin, values, largest(table.values), across=across)
    last_unit = first_unit + shown_units
    end = f"{last_unit:,} of {table.units:,}" if shown_units < table.units else f"{last_unit:,}"
    canvas.write(1, margin, f"{first_unit + 1:,}", FAINT)
    canvas.write(1, margin + shown_units * across - len(end), end, FAINT)
    if given is not None:
        canvas.write(2, max(0, margin - 13), "what it gives", FAINT)
        answers = np.asarray(given[cursor.table + 1], np.float64)
        draw_signed(canvas, 2, margin, answers[None, first_unit:last_unit], largest(answers), across=across)
    for line, place in enumerate(places):
        here = focused and first_row + line == cursor.input
        label = narrow(names[first_row + line], margin - 1 - (FIGURE if given is not None else 0))
        canvas.write(head + line, 0, label, HERE if here else TEXT)
        if given is not None:
            figure = number(float(given[cursor.table][place]), 3)
            canvas.write(head + line, margin - 1 - len(figure), figure, FAINT)
    if focused:
        column = margin + (cursor.unit - first_unit) * across
        own = narrow(table.unit_names[cursor.unit], 24)
        name = f"▾ {own.removeprefix(f'{table.title}, ')}"
        canvas.write(1, column, name if column + len(name) <= canvas.width else "▾", HERE)
        line = head + cursor.input - first_row
        canvas.write(line, margin - 1, "▸", HERE)
    _legend(canvas, len(order) - shown_rows, first_row)


def shortened(names: Sequence[str]) -> list[str]:
    """Names of inputs below one another: one that begins with a name above it and a blank has the rest alone."""
    found, above = [], ""
    for name in names:
        if above and name.startswith(above + " "):
            found.append("  " + name[len(above) + 1 :])
        else:
            found.append(name)
            above = name
    return found


def _window(at: int, total: int, room: int) -> tuple[int, int]:
    """The first of those that are shown, and how many they are, so that `at` is among them."""
    shown = min(total, max(room, 1))
    return max(0, min(at - shown // 2, total - shown)), shown


def _crumbs(canvas: Canvas, tables: Sequence[WeightTable], here: int) -> None:
    """The layers from the inputs to the output, that under the cursor marked."""
    pieces = [(f"{count(tables[0].inputs)} inputs", FAINT)]
    for place, table in enumerate(tables):
        bends = f" {table.bends}" if table.bends and table.bends != "linear" else ""
        words = f"{count(table.units)}{bends}"
        pieces.append((f"[{words}]" if place == here else words, HERE if place == here else FAINT))
    column = 0
    for place, (text, ink) in enumerate(pieces):
        text = text if place == 0 else f" → {text}"
        canvas.write(0, column, text, ink)
        column += len(text)


def _legend(canvas: Canvas, hidden: int, first: int) -> None:
    """What the characters mean, and how many inputs aren't seen."""
    bottom = canvas.height - 1
    canvas.write(bottom, 0, "·░▒▓█", Ink(ABOVE))
    canvas.write(bottom, 6, "above 0", FAINT)
    canvas.write(bottom, 15, "-⠒⠶⣶⣿", Ink(BELOW))
    canvas.write(bottom, 21, "below", FAINT)
    if hidden > 0:
        words = f"↕ {hidden:,} more inputs" if canvas.width > 48 else f"↕ {hidden:,} more"
        canvas.write(bottom, canvas.width - len(words), words, FAINT)

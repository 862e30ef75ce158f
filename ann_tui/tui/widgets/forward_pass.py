"""What a row gives in each layer, as one strip a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.figures import count
from ann_tui.insight.signals import inputs, signals
from ann_tui.insight.weight_tables import WeightTable, weight_tables
from ann_tui.network.network import Network
from ann_tui.tui.charts.canvas import Canvas
from ann_tui.tui.charts.inks import FAINT, TEXT
from ann_tui.tui.charts.signed import draw_signed, largest

LEGEND = "░ little … █ most; ⠒ … ⣿ below 0; blank 0"


def table_signals(
    network: Network, tables: Sequence[WeightTable], x: NDArray[Any]
) -> tuple[NDArray[Any], ...]:
    """What one row x, (1, features), gives of inputs, and then of each table's units, (units,) each.

    Those of a layer are what the next one that weighs is given: after its activation, norms and scales.
    """
    found = signals(network, x)
    places = [table.layer for table in tables]
    ends = [*(place - 1 for place in places[1:]), len(found) - 1]
    values = (found[max(end, place)].outputs[0] for place, end in zip(places, ends, strict=True))
    return (inputs(network, x)[0], *values)


def paint_forward_pass(
    network: Network, names: Sequence[str], x: NDArray[Any], width: int, height: int
) -> Canvas:
    """Two lines for the inputs and each hidden layer: how many give something, and a strip of what they give.

    `names` are those of the network's inputs. Of several members it is the first. Of more units than there are columns
    each cell has the largest of some.
    """
    canvas = Canvas(width, height)
    own = network.member(0)
    tables = weight_tables(own, names, ())
    given = table_signals(own, tables, x)
    several = f" (network 1 of {network.members})" if network.members > 1 else ""
    canvas.write(0, 0, f"its way through the network{several}"[:width], FAINT)
    titles = ["inputs", *(f"{table.title} {table.bends}".removesuffix(" linear") for table in tables[:-1])]
    for place, (title, values) in enumerate(zip(titles, given, strict=False)):
        line = 1 + 2 * place
        if line + 1 >= height or width < 12:
            break
        some = int((np.abs(values) > 1e-6).sum())
        words = f"{count(some)} of {count(len(values))} not 0"
        canvas.write(line, 0, title[:width], TEXT)
        canvas.write(line, max(len(title) + 1, width - len(words)), words, FAINT)
        strip = _pooled(np.asarray(values, np.float64), width)
        across = max(1, min(3, width // len(strip)))
        draw_signed(canvas, line + 1, 0, strip[None, :], largest(strip), across=across)
    canvas.write(1 + 2 * len(tables), 0, LEGEND[:width], FAINT)
    return canvas


def lines_of(network: Network) -> int:
    """How many lines that takes."""
    return 2 + 2 * len(weight_tables(network.member(0), [""] * network.inputs, ()))


def _pooled(values: NDArray[np.float64], room: int) -> NDArray[np.float64]:
    """At most `room` of the values: of each run of neighbours the one that is largest in size."""
    if len(values) <= room:
        return values
    runs = np.array_split(values, room)
    return np.array([run[np.abs(run).argmax()] for run in runs])

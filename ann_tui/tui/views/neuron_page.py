"""One unit in full: what it listens to, how it bends the sum, for which rows it fires, and where it sends to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from ann_tui.data.short_names import told_apart
from ann_tui.figures import number, percent
from ann_tui.insight.neurons import NeuronAnswers
from ann_tui.insight.weight_tables import WeightTable
from ann_tui.tui.charts.axis import Axis
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.inks import FAINT, FRAME, HERE, TEXT
from ann_tui.tui.charts.layers import Line
from ann_tui.tui.charts.narrow import narrow
from ann_tui.tui.charts.signed import ABOVE, BELOW

MOST_CLASSES = 8


@dataclass(frozen=True, eq=False)
class Neuron:
    """What a unit's page shows.

    `sums` (n,) are the unit's sums over validation rows, `curve` what its activation makes of `curve_sums`; `answers`
    are those of its whole layer; `silenced` the cost before and after it is silenced, None where it isn't known (yet).
    `sends` are the names and weights of what listens to it, `course` epochs and values of the weight under the cursor.
    """

    table: WeightTable
    unit: int
    order: NDArray[np.intp]
    sums: NDArray[Any] | None
    codes: NDArray[Any] | None
    classes: tuple[str, ...]
    curve: tuple[NDArray[Any], NDArray[Any]] | None
    answers: NeuronAnswers | None
    sends: tuple[tuple[str, float], ...]
    silenced: tuple[float, float, int, int] | None = None
    course: tuple[NDArray[Any], NDArray[Any]] | None = None
    epoch: int = 0


def paint_neuron(found: Neuron, at: int, width: int, height: int) -> Canvas:
    """The page; `at` is the line of the weight that the cursor is on, of the strongest first."""
    canvas = Canvas(width, height)
    below = 8 if height >= 22 and found.course is not None else 0
    upper = height - below
    if width >= 96:
        first, second = int(width * 0.40), int(width * 0.70)
        _listens(canvas, found, at, 0, 0, first - 2, upper)
        _bends(canvas, found, 0, first, second - first - 2, upper)
        _answers(canvas, found, 0, second, width - second, upper)
    else:
        half, top = width // 2, max(8, upper // 2)
        _listens(canvas, found, at, 0, 0, half - 1, upper)
        _bends(canvas, found, 0, half, width - half, top)
        _answers(canvas, found, top, half, width - half, upper - top)
    if below and found.course is not None:
        _course(canvas, found, at, upper, width, below)
    return canvas


def _listens(canvas: Canvas, found: Neuron, at: int, row: int, column: int, width: int, height: int) -> None:
    """Its weights as bars from a middle line, the strongest first, and its bias."""
    table, unit = found.table, found.unit
    canvas.write(row, column, "listens to", FAINT)
    names = [table.input_names[place] for place in found.order]
    label = min(max(map(cell_len, names), default=4), max(8, width - 15))
    values = np.asarray(table.values[:, unit], np.float64)[found.order]
    room = height - 3
    shown = min(room, len(values))
    first = max(0, min(at - shown // 2, len(values) - shown))
    bias = float(table.bias[unit])
    most = max(float(np.abs(values).max(initial=0.0)), abs(bias)) or 1.0
    length = max(2, width - label - 10)
    cut = told_apart(names[first : first + shown], [label] * shown)
    for line, name in enumerate(cut):
        place = first + line
        here = place == at
        canvas.write(row + 1 + line, column, narrow(name, label), HERE if here else TEXT)
        _bar(canvas, row + 1 + line, column + label + 1, float(values[place]), most, length, here)
    if len(values) > shown:
        canvas.write(row + 1 + shown, column, f"↕ {len(values) - shown:,} more", FAINT)
    canvas.write(row + height - 1, column, "bias", TEXT)
    _bar(canvas, row + height - 1, column + label + 1, bias, most, length, False)


def _bar(canvas: Canvas, row: int, column: int, value: float, most: float, length: int, here: bool) -> None:
    """A signed figure and its bar: solid to the right above 0, dotted with an arrow to the left below."""
    canvas.write(row, column, f"{value:+.2f}".rjust(7), HERE if here else TEXT)
    size = round(abs(value) / most * (length - 1)) if np.isfinite(value) else 0
    bar = "━" * size + "▶" if value >= 0 else "◀" + "┄" * size
    canvas.write(row, column + 8, bar, Ink(ABOVE if value >= 0 else BELOW))


def _bends(canvas: Canvas, found: Neuron, row: int, column: int, width: int, height: int) -> None:
    """Its activation as a curve, and on lines under it where the rows of each class fall."""
    bends = found.table.bends
    words = f"adds them up, then bends: {bends}" if bends and bends != "linear" else "adds them up"
    canvas.write(row, column, words[:width], FAINT)
    if found.curve is None or found.sums is None or width < 12:
        return
    sums, bent = found.curve
    classes = found.classes if found.codes is not None and found.classes else ("all rows",)
    margin = min(max(map(len, classes)), max(4, width // 3)) + 1
    whole, column, width = column, column + margin, width - margin
    if width < 8:
        return
    lines = min(max(len(found.classes), 1), MOST_CLASSES, max(1, height // 3))
    rows = height - lines - 3
    if rows < 2:
        return
    x, y = Axis(float(sums[0]), float(sums[-1])), Axis.around(bent)
    plot = Canvas(width, rows)
    Line(sums, bent, Ink(ABOVE), thick=False).draw(plot, x, y)
    zero = x.shares(np.zeros(1))[0]
    if 0 <= zero <= 1:
        plot.marks(np.arange(rows), np.full(rows, round(zero * (width - 1))), "┊", FRAME, faint=True)
    canvas.paste(plot, row + 1, column)
    left, right = number(float(sums[0]), 2), number(float(sums[-1]), 2)
    canvas.write(row + 1 + rows, column, "└" + "─" * (width - 2) + "┘", FRAME)
    canvas.write(row + 1 + rows, column + 1, f" {left} ", FAINT)
    canvas.write(row + 1 + rows, column + width - len(right) - 3, f" {right} ", FAINT)
    canvas.write(row + 1 + rows, column + width // 2 - 3, " sum ", FAINT)
    for line, (label, chosen) in enumerate(_by_class(found, lines)):
        places = np.clip(np.rint(x.shares(found.sums[chosen]) * (width - 1)), 0, width - 1).astype(np.intp)
        counts = np.bincount(places, minlength=width)
        heights = np.ceil(8 * counts / max(counts.max(), 1)).astype(int)
        canvas.write(row + 2 + rows + line, column, "".join(" ▁▂▃▄▅▆▇█"[each] for each in heights), TEXT)
        canvas.write(row + 2 + rows + line, whole, narrow(label, margin - 1), HERE)


def _by_class(found: Neuron, lines: int) -> Sequence[tuple[str, NDArray[np.bool_]]]:
    assert found.sums is not None
    if found.codes is None or not found.classes:
        return [("all rows", np.ones(len(found.sums), bool))]
    counts = np.bincount(found.codes, minlength=len(found.classes))
    largest = np.sort(np.argsort(-counts, kind="stable")[:lines])
    return [(found.classes[code], found.codes == code) for code in largest.tolist()]


def _answers(canvas: Canvas, found: Neuron, row: int, column: int, width: int, height: int) -> None:
    """For which rows it fires, what silencing it costs, and where it sends to."""
    line = row
    bottom = row + height

    def write(text: str, ink: Ink = TEXT) -> None:
        nonlocal line
        if line < bottom:
            canvas.write(line, column, text[:width], ink)
        line += 1

    answers, unit = found.answers, found.unit
    if answers is not None:
        active = float(answers.active[unit])
        write("fires for", FAINT)
        label = min(max((len(name) for name in found.classes), default=8), max(6, width // 2 - 4))
        for code in range(min(len(found.classes), MOST_CLASSES, max(2, height // 3))):
            share = float(answers.active_by_class[code, unit])
            mean = float(answers.mean_by_class[code, unit])
            if not np.isfinite(share):
                continue
            room = max(3, width - label - 18)
            bar = "▇" * round(share * room)
            figures = f" {percent(share, 0):>5} "
            write(f"{narrow(found.classes[code], label):<{label}}{figures}{bar:<{room}} ø {number(mean, 2)}")
        write(f"{percent(active, 0)} of all rows")
        if answers.dead[unit]:
            write("dead: no row can teach it any more", Ink("warning"))
        elif answers.saturated[unit]:
            write("saturated: flat for nearly all rows", Ink("warning"))
    if found.silenced is not None:
        before, after, rank, of = found.silenced
        write("")
        write("silenced, the cost goes", FAINT)
        write(f"{number(before, 3)} → {number(after, 3)}", HERE)
        write(f"relevance {_nth(rank)} of {of}")
    if found.sends:
        write("")
        write("sends to", FAINT)
        left = max(1, bottom - line)
        label = min(max(cell_len(name) for name, _ in found.sends), max(6, width - 12))
        most = max(abs(weight) for _, weight in found.sends) or 1.0
        for name, weight in found.sends[:left]:
            if line < bottom:
                canvas.write(line, column, narrow(name, label), TEXT)
                _bar(canvas, line, column + label, weight, most, max(2, width - label - 10), False)
            line += 1


def _course(canvas: Canvas, found: Neuron, at: int, row: int, width: int, height: int) -> None:
    """The weight under the cursor over the epochs that are kept."""
    assert found.course is not None
    epochs, values = found.course
    name = narrow(found.table.input_names[found.order[at]], 30)
    canvas.write(row, 0, "─" * width, FRAME)
    canvas.write(row, 2, f" the weight of {name} over the epochs ", FAINT)
    if len(epochs) < 2:
        canvas.write(row + 1, 2, "only one epoch is kept", FAINT)
        return
    margin = 9
    plot = Canvas(width - margin, height - 2)
    x, y = Axis(float(epochs[0]), float(epochs[-1])), Axis.around(values)
    Line(epochs.astype(float), values, Ink(ABOVE), thick=False).draw(plot, x, y)
    share = (found.epoch - x.low) / (x.high - x.low)
    column = round(min(max(share, 0.0), 1.0) * (width - margin - 1))
    plot.marks(np.arange(height - 2), np.full(height - 2, column), "┊", HERE, faint=True)
    canvas.paste(plot, row + 1, margin)
    for place, value in ((row + 1, y.high), (row + height - 2, y.low)):
        canvas.write(place, 0, f"{value:+.2f}".rjust(margin - 1), FAINT)
    first, last = f"epoch {int(epochs[0])}", f"{int(epochs[-1]):,}"
    canvas.write(row + height - 1, margin, first, FAINT)
    canvas.write(row + height - 1, width - len(last), last, FAINT)


def _nth(rank: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10 if rank % 100 not in (11, 12, 13) else 0, "th")
    return f"{rank}{ending}"

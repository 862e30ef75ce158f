"""A confusion matrix of many classes as a heat map: true classes down, predicted classes across."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ann_tui.data.plain_text import printable
from ann_tui.data.short_names import told_apart
from ann_tui.evaluation.confusion import ConfusionMatrix, most_confused, with_most_mistakes
from ann_tui.figures import count, counted, percent
from ann_tui.tui.widgets.heat_colours import HeatColours, cell_style, pixel_style

KEYS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
"""What heads are called that are too narrow for names; the names then begin with it."""
HEADS = 2
"""The lines above the cells."""
MOST_PAIRS = 12
"""So many of the most frequent mistakes are told at most."""
SHADES = " ░▒▓█"
FEWEST_TO_READ = 5
"""The narrowest cells of the classes with the most mistakes, where not all have room."""
DIM, BOLD = Style(dim=True), Style(bold=True)


class HeatMapLayout(NamedTuple):
    """Which classes are `shown`, and how: `cell` columns a predicted class, a true class a line or `two`.

    `names` are the columns of the true classes' names, `recall` those of the recall with its gap, 0 without one.
    `keys` says that single letters stand for the names above the cells.
    """

    shown: tuple[int, ...]
    cell: int
    names: int
    recall: int
    two: bool
    keys: bool

    @property
    def lines(self) -> int:
        """The lines of heads and cells."""
        return HEADS + (-(-len(self.shown) // 2) if self.two else len(self.shown))


def heat_map_layout(matrix: ConfusionMatrix, width: int, height: int) -> HeatMapLayout:
    """The widest layout in which all classes fit into so many columns and lines.

    Where a line for each true class does not fit, two of them share one. Where not even that fits, or no cells of
    1 column, the classes with the most mistakes are shown, a line each.
    """
    labels = matrix.labels
    rows = max(2, height - HEADS)
    if len(labels) <= 2 * rows:
        two = len(labels) > rows
        for cell in range(_widest(matrix), 1 if two else 0, -1):
            found = _fitting(labels, cell, width, two=two)
            if found is not None:
                return found
    return _of_some(matrix, width, max(2, rows - 1))


def _fitting(labels: Sequence[str], cell: int, width: int, *, two: bool) -> HeatMapLayout | None:
    """The layout of all classes with cells of this width; None where there is none."""
    keys = len(set(_cut(labels, cell))) < len(set(labels))
    if keys and len(labels) > len(KEYS):
        return None
    longest = _longest(labels) + (2 if keys else 0)
    for fewest, recall in ((longest, 7), (min(longest, 8), 5), (min(longest, 5), 4), (min(longest, 5), 0)):
        room = width - cell * len(labels) - (0 if two else recall)
        names = room // 2 - 1 if two else room
        if names >= fewest:
            everyone = tuple(range(len(labels)))
            return HeatMapLayout(everyone, cell, min(longest, names), 0 if two else recall, two, keys)
    return None


def _of_some(matrix: ConfusionMatrix, width: int, rows: int) -> HeatMapLayout:
    """The layout of the classes with the most mistakes, whose names can be told apart above the cells."""
    names, recall = min(_longest(matrix.labels), 9), 5
    least = max(FEWEST_TO_READ, _figure(matrix) + 1)
    for cell in range(least, least + 3):
        most = max(2, min(rows, (width - names - recall) // cell))
        shown = with_most_mistakes(matrix, most)
        if len(set(_cut([matrix.labels[index] for index in shown], cell))) == most:
            break
    return HeatMapLayout(shown, cell, names, recall, False, False)


def _cut(labels: Sequence[str], cell: int) -> list[str]:
    """The names above cells of this width."""
    return told_apart(labels, [max(1, cell - 1)] * len(labels))


def _figure(matrix: ConfusionMatrix) -> int:
    return len(count(int(matrix.counts.max(initial=0))))


def _widest(matrix: ConfusionMatrix) -> int:
    return max(_figure(matrix) + 1, min(_longest(matrix.labels), 6) + 1, 4)


def _longest(labels: Sequence[str]) -> int:
    return min(max((len(printable(label, 15)) for label in labels), default=1), 14)


def heat_map(
    matrix: ConfusionMatrix,
    layout: HeatMapLayout,
    width: int,
    height: int,
    colours: HeatColours,
    cursor: tuple[int, int] | None = None,
) -> list[Strip]:
    """The heads, the cells, and under them the most frequent mistakes, in at most so many lines.

    A cell is shaded by its share of the true class. It holds the number of rows; where that has no room beside a gap
    (none in cells of 1 column), `░▒▓█` tells the share. Two true classes in one line are the upper and the lower
    halves of its cells, without numbers: a half is as wide as the cell from a tenth of the class on, else half as wide.
    The heads of the cell that the cursor is on are reversed, and under the cells it is told in words.
    """
    strips = _heads(matrix, layout, width, cursor)
    strips += (
        _halves(matrix, layout, colours, cursor) if layout.two else _rows(matrix, layout, colours, cursor)
    )
    if cursor is not None:
        strips.append(Strip([Segment("▸ " + pair_text(matrix, *cursor), BOLD)]))
    pairs = most_confused(matrix, min(MOST_PAIRS, max(0, height - len(strips) - 1)))
    if pairs:
        strips.append(Strip([Segment("most often confused", DIM)]))
    strips += [Strip([Segment("  " + pair_text(matrix, true, predicted))]) for true, predicted, _ in pairs]
    return [strip.crop(0, width) for strip in strips[:height]]


def pair_text(matrix: ConfusionMatrix, true: int, predicted: int) -> str:
    """What one cell says: '3 taken for 8: 4 of 36 rows', or '3 found: 30 of 36 rows'."""
    names = [printable(matrix.labels[index], 20) for index in (true, predicted)]
    what = "found" if true == predicted else f"taken for {names[1]}"
    own, all_rows = int(matrix.counts[true, predicted]), int(matrix.counts[true].sum())
    return f"{names[0]} {what}: {count(own)} of {counted(all_rows, 'row')}"


def _names(matrix: ConfusionMatrix, layout: HeatMapLayout) -> list[str]:
    labels = [matrix.labels[index] for index in layout.shown]
    if not layout.keys:
        return told_apart(labels, [layout.names] * len(labels))
    short = told_apart(labels, [layout.names - 2] * len(labels))
    return [f"{KEYS[place]} {name}" for place, name in enumerate(short)]


def _heads(
    matrix: ConfusionMatrix, layout: HeatMapLayout, width: int, cursor: tuple[int, int] | None
) -> list[Strip]:
    shown, cell = layout.shown, layout.cell
    labels = [matrix.labels[index] for index in shown]
    heads = list(KEYS[: len(shown)]) if layout.keys else _cut(labels, cell)
    left = 2 * layout.names + 2 if layout.two else layout.names
    across = f"{'true ↓':<{left}}  predicted →"
    if len(shown) < len(matrix.labels):
        across += f" ({len(shown)} of {len(matrix.labels)} classes"
        which = ", those with the most mistakes"
        across += f"{which})" if len(across + which) < width else ")"
    first = [Segment(across, DIM)]
    second = [Segment(" " * left)]
    for index, head in zip(shown, heads, strict=True):
        marked = cursor is not None and cursor[1] == index
        gap = cell - len(head)
        second += [Segment(" " * gap), Segment(head, Style(reverse=True) if marked else DIM)]
    if layout.recall:
        second.append(Segment(("recall" if layout.recall > 6 else "rec").rjust(layout.recall), DIM))
    return [Strip(first), Strip(second)]


def _rows(
    matrix: ConfusionMatrix,
    layout: HeatMapLayout,
    colours: HeatColours,
    cursor: tuple[int, int] | None,
) -> list[Strip]:
    """A line for each true class, with its recall."""
    recall = matrix.recall
    totals = matrix.counts.sum(axis=1).tolist()
    strips = []
    for name, true in zip(_names(matrix, layout), layout.shown, strict=True):
        own, nothing = matrix.counts[true].tolist(), Segment("·".rjust(layout.cell), DIM)
        on_it = cursor is not None and cursor[0] == true
        line = [
            Segment(name, Style(reverse=True) if on_it else None),
            Segment(" " * (layout.names - len(name))),
        ]
        for predicted in layout.shown:
            if not own[predicted] and cursor != (true, predicted):
                line.append(nothing)
                continue
            text, style = _cell(own[predicted], totals[true], true == predicted, layout.cell, colours)
            if cursor == (true, predicted):
                style = Style(bold=True, reverse=True)
            line.append(Segment(text, style))
        if layout.recall:
            share = percent(recall[true], 0)
            share = share if layout.recall > 5 else share.rstrip(" %")
            line.append(Segment(share.rjust(layout.recall), DIM))
        strips.append(Strip(line))
    return strips


def _cell(times: int, total: int, right: bool, width: int, colours: HeatColours) -> tuple[str, Style]:
    if not times:
        return "·".rjust(width), DIM
    share, figure = times / total, count(times)
    if len(figure) < max(width, 2):
        return figure.rjust(width), cell_style(colours, share, right)
    shade = SHADES[min(len(SHADES) - 1, 1 + int(share * (len(SHADES) - 1)))]
    return (shade * max(1, width - 1)).rjust(width), pixel_style(colours, (1.0, right))


def _halves(
    matrix: ConfusionMatrix,
    layout: HeatMapLayout,
    colours: HeatColours,
    cursor: tuple[int, int] | None,
) -> list[Strip]:
    """Two true classes a line."""
    shown, cell = layout.shown, layout.cell
    names = _names(matrix, layout)
    counts, totals = matrix.counts, matrix.counts.sum(axis=1).tolist()
    strips = []
    for place in range(0, len(shown), 2):
        pair = shown[place : place + 2]
        line = []
        for index, true in enumerate(pair):
            marked = cursor is not None and cursor[0] == true
            name = names[place + index]
            line += [
                Segment(name, Style(reverse=True) if marked else None),
                Segment(" " * (layout.names + 1 - len(name))),
            ]
        line += [Segment(" " * (layout.names + 1))] * (2 - len(pair))
        rows = [(counts[true].tolist(), totals[true], true) for true in pair]
        for predicted in shown:
            if cursor is not None and cursor[1] == predicted and cursor[0] in pair:
                upper = cursor[0] == pair[0]
                line.append(Segment(("▀" if upper else "▄") * cell, Style(color=colours.foreground)))
                continue
            shares = [own[predicted] / total if total else 0.0 for own, total, _ in rows]
            if not any(shares):
                line.append(Segment(" " * cell))
                continue
            line += _half_cell(shares, [true == predicted for _, _, true in rows], cell, colours)
        strips.append(Strip(line))
    return strips


def _half_cell(
    shares: Sequence[float], right: Sequence[bool], width: int, colours: HeatColours
) -> list[Segment]:
    """The upper and the lower half of one cell: wide from a tenth on, else half as wide."""
    above = shares[0], right[0]
    below = (shares[1], right[1]) if len(shares) > 1 else (0.0, False)
    segments = []
    for begins, columns in ((0.0, -(-width // 2)), (0.1, width // 2)):
        if above[0] > begins:
            other = below if below[0] > begins else None
            segments.append(Segment("▀" * columns, pixel_style(colours, above, other)))
        elif below[0] > begins:
            segments.append(Segment("▄" * columns, pixel_style(colours, below)))
        else:
            segments.append(Segment(" " * columns))
    return segments

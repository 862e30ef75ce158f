"""The histogram of a number column as lines of text: upright bars, one strip of them for each group of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from ann_tui.data.profile.histogram import Histogram
from ann_tui.figures import BARS, count, number, span
from ann_tui.tui.charts.axis import Axis, horizontal_labels
from ann_tui.tui.charts.dates import written_dates
from ann_tui.tui.charts.group_marks import group_colour
from ann_tui.tui.text import line, plain

ALL = "all rows"
LONGEST_NAME = 16
AXIS = 2
LEAST_FOR_MEANS, MOST_FOR_MEANS = 7, 6
"""From so many lines on the means of a target have a strip, of so many lines at most."""


@dataclass(frozen=True, eq=False)
class Strip:
    """Bars that stand on one line: `heights` (bars,) as shares of the strip, what is read beside it, its colour."""

    name: str
    heights: NDArray[np.float64]
    rows: int
    colour: str
    beside: str = ""
    above: str = ""


def number_lines(
    histogram: Histogram, width: int, height: int, colours: Mapping[str, str], target: str = ""
) -> list[Text]:
    """The histogram in at most `height` lines of `width` cells, over its axis.

    Several groups have a strip each, under that of all rows, each to the height of its own highest bar, with its name
    before and its rows behind it. Of a number `target` the means are drawn in a strip of their own.
    """
    assert histogram.edges is not None
    gone = _missing(histogram, width) if histogram.missing.any() and height > AXIS + 2 else None
    room = height - AXIS - (gone is not None)
    split = len(histogram.groups) > 1
    strips = _by_group(histogram, room) if split else _of_all(histogram, room, target)
    left = max((plain(strip.name, LONGEST_NAME).cell_len for strip in strips), default=0)
    left = min(left, max(width // 4, 6))
    right = max((len(strip.beside) for strip in strips), default=0)
    columns = max(width - left - 1 - (right + 1 if right else 0), 1)
    shown = histogram.at_most(columns)
    if shown is not histogram:
        strips = _by_group(shown, room) if split else _of_all(shown, room, target)
    lines = []
    for strip in strips:
        if strip.above:
            lines.append(line(" " * (left + 1), plain(strip.above, 60, colours["muted"])))
        lines += _strip_lines(strip, left, columns, colours)
    return [
        *lines[: max(room, 1)],
        *_axis_lines(shown, left, columns, colours),
        *([gone] if gone else []),
    ]


def bar_rows(heights: NDArray[np.float64], rows: int, columns: int) -> list[str]:
    """Bars in so many lines, from the top, over `columns` cells, of which each belongs to the bar at its middle.

    `heights` are shares, and what is not 0 is seen.
    """
    heights = heights[((np.arange(columns) + 0.5) * len(heights) / columns).astype(np.int64)]
    steps = len(BARS)
    levels = np.rint(np.nan_to_num(heights) * rows * steps).astype(np.int64)
    levels = np.where(np.nan_to_num(heights) > 0, np.maximum(levels, 1), 0)
    found = []
    for row in range(rows):
        filled = np.clip(levels - steps * (rows - 1 - row), 0, steps)
        found.append("".join((" " + BARS)[level] for level in filled.tolist()))
    return found


def _of_all(histogram: Histogram, room: int, target: str) -> list[Strip]:
    """The rows, and the means of the target over them; beside each its highest and lowest figure."""
    totals = histogram.totals
    top = max(int(totals.max(initial=0)), 1)
    means = histogram.means
    if means is None or room < LEAST_FOR_MEANS or np.isnan(means).all():
        return [Strip(count(top), totals / top, max(room, 1), "accent")]
    lines = min(room // 3, MOST_FOR_MEANS)
    low, high = float(np.nanmin(means)), float(np.nanmax(means))
    spread = high - low
    shares = (means - low) / spread if 0 < spread < np.inf else np.where(np.isnan(means), np.nan, 0.5)
    heights = (1 + shares * (lines * len(BARS) - 1)) / (lines * len(BARS))
    said = f"mean of {plain(target, 30).plain}: {number(low)} to {number(high)}"
    strip = Strip("", heights, lines, "line-validation", above=said)
    return [Strip(count(top), totals / top, room - lines - 1, "accent"), strip]


def _by_group(histogram: Histogram, room: int) -> list[Strip]:
    """All rows, then each group; of more groups than there is room for the largest ones, and the others as one."""
    counts, names = histogram.counts, histogram.groups
    sizes = counts.sum(axis=1)
    order = list(range(len(names)))
    rest: list[int] = []
    if len(names) > room - 1:
        ranked = sorted(order, key=lambda group: (-int(sizes[group]), group))
        kept = ranked[: max(room - 2, 0)]
        order, rest = sorted(kept), [group for group in order if group not in kept]
    parts = [(names[group], counts[group], group_colour(group)) for group in order]
    if rest and room > 1:
        parts.append((f"{len(rest)} more", counts[rest].sum(axis=0), "muted"))
    each = max(room // (len(parts) + 2), 1)
    first = max(min(room - each * len(parts), 2 * each), 1)
    extra = max(room - first - each * len(parts), 0)
    strips = [_strip(ALL, histogram.totals, first, "muted")]
    for place, (name, mine, colour) in enumerate(parts):
        strips.append(_strip(name, mine, each + (place < extra), colour))
    return strips


def _strip(name: str, counts: NDArray[np.int64], rows: int, colour: str) -> Strip:
    return Strip(name, counts / max(int(counts.max(initial=0)), 1), rows, colour, count(int(counts.sum())))


def _strip_lines(strip: Strip, left: int, columns: int, colours: Mapping[str, str]) -> list[Text]:
    """The bars; a name of a group and its rows stand on the lowest line, the figure of the highest bar on the first."""
    rows = bar_rows(strip.heights, strip.rows, columns)
    named = strip.rows - 1 if strip.beside else 0
    found = []
    for row, bars in enumerate(rows):
        name = plain(strip.name if row == named else "", LONGEST_NAME)
        name.truncate(left, overflow="ellipsis")
        name.pad_left(left - name.cell_len)
        name.stylize(colours["foreground" if strip.beside else "muted"])
        behind = f" {strip.beside}" if strip.beside and row == named else ""
        found.append(
            line(
                name,
                ("│", colours["border"]),
                (bars, colours[strip.colour]),
                (behind, colours["muted"]),
            )
        )
    return found


def _axis_lines(histogram: Histogram, left: int, columns: int, colours: Mapping[str, str]) -> list[Text]:
    rule, below = ["─"] * columns, [" "] * (left + 1 + columns)
    for cell, start, text in _ticks(histogram, left, columns):
        rule[min(max(cell, 0), columns - 1)] = "┴"
        begin = left + 1 + start
        below[begin : begin + len(text)] = text
    return [
        line(" " * left, ("└" + "".join(rule), colours["border"])),
        line(("".join(below), colours["muted"])),
    ]


def _ticks(histogram: Histogram, left: int, columns: int) -> list[tuple[int, int, str]]:
    """The cell of each tick, the cell where its text begins, and the text."""
    assert histogram.edges is not None
    low, high = float(histogram.edges[0]), float(histogram.edges[-1])
    if histogram.dates:
        return _beside(written_dates([low, low / 2 + high / 2, high], low, high), columns)
    if not low < high:
        return _fitting([(columns // 2, number(low))], left, columns)
    labels = horizontal_labels(Axis(low, high, whole=histogram.single), columns, left + 1)
    if not labels:
        return _beside([*span(low, high)], columns)
    values = [label.value for label in labels]
    years = histogram.single and "," not in span(min(values), max(values))[0]
    return [
        (label.cell, label.start, label.text.replace(",", "") if years else label.text) for label in labels
    ]


def _beside(texts: Sequence[str], columns: int) -> list[tuple[int, int, str]]:
    """Texts at both ends, and in the middle, as far as they fit beside each other."""
    first, *middle, last = texts
    if len(first) + len(last) + 1 > columns:
        return [(0, 0, first[:columns])]
    found = [(0, 0, first), (columns - 1, columns - len(last), last)]
    if middle and len(first) + len(last) + len(middle[0]) + 4 <= columns:
        found.append((columns // 2, columns // 2 - len(middle[0]) // 2, middle[0]))
    return found


def _fitting(ticks: Sequence[tuple[int, str]], left: int, columns: int) -> list[tuple[int, int, str]]:
    return [
        (cell, max(-left - 1, min(cell - len(text) // 2, columns - len(text))), text) for cell, text in ticks
    ]


def _missing(histogram: Histogram, width: int) -> Text:
    """How many rows have no value, by group."""
    said = f"without a value: {count(int(histogram.missing.sum()))}"
    if len(histogram.groups) > 1:
        pairs = zip(histogram.groups, histogram.missing.tolist(), strict=True)
        said += f" ({', '.join(f'{plain(name, 16).plain} {count(rows)}' for name, rows in pairs if rows)})"
    found = line((said, "dim"))
    found.truncate(width, overflow="ellipsis")
    return found

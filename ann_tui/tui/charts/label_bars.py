"""The histogram of a column of words as lines of text: a bar for each word, its groups told apart by letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from rich.text import Text

from ann_tui.data.profile.histogram import Histogram
from ann_tui.figures import count, number
from ann_tui.tui.charts.group_marks import group_colour, group_marks
from ann_tui.tui.text import line, plain

FULL, GONE = "█", "░"
LONGEST_NAME = 32
THICKEST = 3
"""Lines of a bar where few words have much room."""
MISSING = "missing"


def label_lines(
    histogram: Histogram, width: int, height: int, colours: Mapping[str, str], target: str = ""
) -> list[Text]:
    """The bars in at most `height` lines of `width` cells: word, rows, bar; of several groups with their letters.

    Where there are more words than lines, the last line is that of all others. Rows without a value have a line of
    their own. Of a number `target` the mean stands behind the rows.
    """
    split = len(histogram.groups) > 1
    missing = int(histogram.missing.sum())
    headed = histogram.means is not None and height > 3
    room = max(height - split - headed - (missing > 0), 1)
    shown = histogram.at_most(room)
    totals = shown.totals
    names = [plain(name, LONGEST_NAME) for name in shown.labels]
    if shown.rest:
        names[-1] = plain(f"{count(shown.rest)} more", style=colours["muted"])
    if missing:
        names.append(plain(MISSING, style="dim"))
    rows = [*totals.tolist(), *([missing] if missing else [])]
    means = None if shown.means is None else [number(mean, 4) for mean in shown.means.tolist()]
    name_width = min(max((name.cell_len for name in names), default=0), max(width * 2 // 5, 6))
    row_width = max((len(count(each)) for each in rows), default=1)
    mean_width = max([len(mean) for mean in means] + [len("mean")]) + 2 if means is not None else 0
    cells = max(width - name_width - row_width - mean_width - 2, 1)
    # All others together, and missing values, may be far more than any word: their bars end with the room.
    top = max(int(totals[: len(totals) - bool(shown.rest)].max(initial=0)), 1)
    marks = group_marks(shown.groups)
    each_room = room // max(shown.bars, 1)
    thick, told = max(1, min(each_room - 1 - split, THICKEST)), split and each_room > 2
    lines = []
    for place, (name, each) in enumerate(zip(names, rows, strict=True)):
        name.truncate(name_width, overflow="ellipsis")
        name.pad_right(name_width - name.cell_len)
        gone = place == len(totals)
        if place and each_room > 1:
            lines.append(Text(""))
        length = min(max(1, round(each / top * cells)), cells)
        mean = "" if means is None or gone else means[place]
        bar = (
            Text(GONE * length, "dim")
            if gone
            else _bar(shown.counts[:, place].tolist(), length, marks, colours)
            if split
            else Text(FULL * length, colours["accent"])
        )
        lines.append(
            line(
                name,
                (f" {count(each):>{row_width}}", colours["muted"]),
                (f"{mean:>{mean_width}}" if mean_width else "", colours["line-validation"]),
                " ",
                bar,
            )
        )
        space = " " * (name_width + row_width + mean_width + 2)
        lines += [line(space, bar) for _ in range(0 if gone else thick - 1)]
        if told and not gone:
            lines.append(line(space, (_parts(shown, place), colours["muted"])))
    if headed:
        space = " " * (name_width + 1 + row_width)
        lines.insert(
            0, line((f"{space}{'mean':>{mean_width}} of {plain(target, 30).plain}", colours["muted"]))
        )
    if split:
        lines.append(_legend(shown.groups, marks, colours))
    for drawn in lines:
        drawn.truncate(width, overflow="ellipsis")
    return lines


def _parts(histogram: Histogram, bar: int) -> str:
    """The rows of each group in a bar, the largest first: 'Gentoo 124, Adelie 44'."""
    counts = histogram.counts[:, bar]
    order = [int(group) for group in np.argsort(-counts, kind="stable") if counts[group]]
    return ", ".join(
        f"{plain(histogram.groups[group], 20).plain} {count(int(counts[group]))}" for group in order
    )


def shares_of(parts: Sequence[int], length: int) -> list[int]:
    """`length` cells split as `parts` are, by the largest remainders; all of them where a part is not 0."""
    total = sum(parts)
    if not total:
        return [0] * len(parts)
    exact = np.array(parts, dtype=np.float64) * length / total
    cells = np.floor(exact).astype(np.int64)
    for place in np.argsort(cells - exact, kind="stable")[: length - int(cells.sum())].tolist():
        cells[place] += 1
    found: list[int] = cells.tolist()
    return found


def _bar(parts: Sequence[int], length: int, marks: Sequence[str], colours: Mapping[str, str]) -> Text:
    bar = Text()
    for group, cells in enumerate(shares_of(parts, length)):
        bar.append(marks[group] * cells, colours[group_colour(group)])
    return bar


def _legend(groups: Sequence[str], marks: Sequence[str], colours: Mapping[str, str]) -> Text:
    """Each letter with its group; where it is the group's name, that alone."""
    parts: list[Text] = []
    for group, (name, mark) in enumerate(zip(groups, marks, strict=True)):
        shown = Text.assemble((mark, f"bold {colours[group_colour(group)]}"))
        if name != mark:
            shown.append(" ").append(plain(name, 20))
        parts.append(shown)
    return line(Text("  ").join(parts))

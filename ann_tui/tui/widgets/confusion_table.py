"""A confusion matrix as a Rich table: true classes down, predicted classes across."""

from __future__ import annotations

import math

from rich.console import Group
from rich.style import Style
from rich.table import Table
from rich.text import Text

from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.figures import count, percent
from ann_tui.tui.text import plain

RECALL_WIDTH = 6
FOOTER, SHORT_FOOTER = "precision", "prec. %"


def shown_classes(matrix: ConfusionMatrix, width: int) -> list[int]:
    """The classes that fit into `width` cells: all, or those with the most mistakes."""
    labels, counts = matrix.labels, matrix.counts
    gap, figure, _, room = _measures(matrix, width)
    most = max(2, room // (figure + gap))
    shown = list(range(len(labels)))
    if len(labels) > most:
        mistakes = counts.sum(axis=1) + counts.sum(axis=0) - 2 * counts.diagonal()
        shown = sorted(sorted(shown, key=lambda index: -int(mistakes[index]))[:most])
    return shown


def _longest(matrix: ConfusionMatrix) -> int:
    return min(max((len(label) for label in matrix.labels), default=4), 14)


def _measures(matrix: ConfusionMatrix, width: int) -> tuple[int, int, int, int]:
    """The space between columns, the least width of a figure, the width of names, and the room for figures.

    All are closer where many classes have to fit.
    """
    longest = len(count(int(matrix.counts.max(initial=0))))
    for gap, least, footer in ((2, 4, FOOTER), (1, 3, SHORT_FOOTER)):
        figure, names = max(longest, least), max(_longest(matrix), len(footer))
        room = width - names - RECALL_WIDTH - 2 * gap
        if len(matrix.labels) * (figure + gap) <= room:
            break
    return gap, figure, names, room


def confusion_table(
    matrix: ConfusionMatrix,
    width: int,
    *,
    accent: str,
    warning: str,
    cursor: tuple[int, int] | None = None,
    cursor_style: str = "reverse",
) -> Group:
    """The matrix with recall beside it and precision under it, in at most `width` cells.

    A right answer is bold; a wrong one is underlined the more strongly coloured the larger its share of the true
    class is. Where not all classes fit, those with the most mistakes are shown, and the heading says how many of
    how many.
    """
    labels, counts = matrix.labels, matrix.counts
    gap, figure, name_width, room = _measures(matrix, width)
    shown = shown_classes(matrix, width)
    cell = max(figure, min(_longest(matrix), room // len(shown) - gap if shown else 0, 12))
    across = (
        "predicted →" if len(shown) == len(labels) else f"predicted → ({len(shown)} of {len(labels)} classes)"
    )
    table = Table(box=None, padding=(0, 1, 0, gap - 1), show_edge=False, pad_edge=False, header_style="dim")
    table.add_column(Text("true ↓", style="dim"), no_wrap=True, min_width=name_width)
    for index in shown:
        table.add_column(plain(labels[index], cell, "dim"), justify="right", no_wrap=True, min_width=cell)
    table.add_column(Text("recall", style="dim"), justify="right", no_wrap=True, min_width=6)
    recall, precision = matrix.recall, matrix.precision
    for true in shown:
        total = int(counts[true].sum())
        cells = [
            _cell(int(counts[true, predicted]), total, true == predicted, accent, warning)
            for predicted in shown
        ]
        if cursor is not None and cursor[0] == true and cursor[1] in shown:
            marked = cells[shown.index(cursor[1])]
            marked.pad_left(max(cell - marked.cell_len, 0))
            marked.stylize(cursor_style)
        table.add_row(plain(labels[true], name_width), *cells, Text(_share(recall[true]), style="dim"))
    table.add_row(
        Text(FOOTER if gap > 1 else SHORT_FOOTER, style="dim"),
        *(Text(_share(precision[index], cell), style="dim") for index in shown),
        Text(""),
    )
    return Group(Text(" " * (name_width + gap) + across, style="dim"), table)


def _share(value: float, width: int = 6) -> str:
    share = percent(value, 0)
    return share if len(share) <= width else share.rstrip(" %")


def _cell(times: int, total: int, right_answer: bool, accent: str, warning: str) -> Text:
    if right_answer:
        return Text(count(times), style=Style.parse(f"bold {accent}"))
    if times == 0:
        return Text("·", style="dim")
    strong = total > 0 and times / total >= 0.1
    return Text(count(times), style=Style.parse(f"{'bold ' if strong else ''}{warning}"))


def headline(matrix: ConfusionMatrix) -> Text:
    """Accuracy and balanced accuracy, and under them what no network at all would have."""
    if not matrix.rows or math.isnan(matrix.accuracy):
        return Text("no rows")
    return Text.assemble(
        "accuracy ",
        (percent(matrix.accuracy), "bold"),
        "   balanced ",
        (percent(matrix.balanced_accuracy), "bold"),
        (f"\nalways the most frequent class: {percent(matrix.majority_share)}", "dim"),
        no_wrap=True,
    )

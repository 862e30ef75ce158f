"""A confusion matrix as a Rich table: true classes down, predicted classes across."""

from __future__ import annotations

import math
from typing import NamedTuple

from rich.console import Group
from rich.style import Style
from rich.table import Table
from rich.text import Text

from ann_tui.data.short_names import told_apart
from ann_tui.evaluation.confusion import ConfusionMatrix, with_most_mistakes
from ann_tui.figures import count, percent

RECALL_WIDTH = 6
TRUE = "true ↓"
MOST_OF_A_NAME = 14


class Layout(NamedTuple):
    """How close the columns stand: the space between them, the least width of a figure, what the last row is called.

    Without a `footer` there is no row of precisions, whose figures are the widest.
    """

    gap: int
    figure: int
    names: int
    footer: str

    def room(self, width: int) -> int:
        """What `width` cells leave for the columns of the predicted classes, each with its gap."""
        return width - self.names - RECALL_WIDTH - 2 * self.gap


def _layout(matrix: ConfusionMatrix, width: int) -> Layout:
    """The widest layout in which all classes fit; where none does, the closest one that has precisions."""
    longest = len(count(int(matrix.counts.max(initial=0))))
    layouts = [
        Layout(gap, max(longest, least), max(_longest(matrix), len(footer), len(TRUE)), footer)
        for gap, least, footer in ((2, 5, "precision"), (1, 3, "prec %"), (1, 1, ""))
    ]
    for layout in layouts:
        if len(matrix.labels) * (layout.figure + layout.gap) <= layout.room(width):
            return layout
    return layouts[1]


def shown_classes(matrix: ConfusionMatrix, width: int) -> list[int]:
    """The classes that fit into `width` cells: all, or those with the most mistakes."""
    layout = _layout(matrix, width)
    return list(with_most_mistakes(matrix, max(2, layout.room(width) // (layout.figure + layout.gap))))


def _longest(matrix: ConfusionMatrix) -> int:
    return min(max((len(label) for label in matrix.labels), default=4), MOST_OF_A_NAME)


def confusion_table(
    matrix: ConfusionMatrix,
    width: int,
    *,
    accent: str,
    warning: str,
    cursor: tuple[int, int] | None = None,
    cursor_style: str = "reverse",
) -> Group:
    """The matrix with recall beside it and, where it fits, precision under it, in at most `width` cells.

    A right answer is bold; a wrong one is underlined the more strongly coloured the larger its share of the true
    class is. Where not all classes fit, those with the most mistakes are shown, and the heading says how many of
    how many.
    """
    labels, counts = matrix.labels, matrix.counts
    layout = _layout(matrix, width)
    gap, name_width = layout.gap, layout.names
    shown = shown_classes(matrix, width)
    fair = layout.room(width) // len(shown) - gap if shown else 0
    wanted = [max(layout.figure, min(len(labels[index]), MOST_OF_A_NAME)) for index in shown]
    if sum(wanted) + gap * len(shown) > layout.room(width):
        wanted = [max(layout.figure, min(_longest(matrix), fair, 12))] * len(shown)
    heads = told_apart([labels[index] for index in shown], wanted)
    names = told_apart([labels[index] for index in shown], [name_width] * len(shown))
    across = (
        "predicted →" if len(shown) == len(labels) else f"predicted → ({len(shown)} of {len(labels)} classes)"
    )
    table = Table(box=None, padding=(0, 1, 0, gap - 1), show_edge=False, pad_edge=False, header_style="dim")
    table.add_column(Text(TRUE, style="dim"), no_wrap=True, min_width=name_width)
    for head, cell in zip(heads, wanted, strict=True):
        table.add_column(Text(head, "dim"), justify="right", no_wrap=True, min_width=cell)
    table.add_column(Text("recall", style="dim"), justify="right", no_wrap=True, min_width=6)
    recall, precision = matrix.recall, matrix.precision
    for name, true in zip(names, shown, strict=True):
        total = int(counts[true].sum())
        cells = [
            _cell(int(counts[true, predicted]), total, true == predicted, accent, warning)
            for predicted in shown
        ]
        if cursor is not None and cursor[0] == true and cursor[1] in shown:
            at = shown.index(cursor[1])
            marked = cells[at]
            marked.pad_left(max(wanted[at] - marked.cell_len, 0))
            marked.stylize(cursor_style)
        table.add_row(Text(name), *cells, Text(_share(recall[true]), style="dim"))
    if layout.footer:
        table.add_row(
            Text(layout.footer, style="dim"),
            *(
                Text(_share(precision[index], cell), style="dim")
                for index, cell in zip(shown, wanted, strict=True)
            ),
            Text(""),
        )
    return Group(Text(" " * (name_width + gap) + across, style="dim", no_wrap=True), table)


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


def headline(matrix: ConfusionMatrix, *, majority: bool = True) -> Text:
    """Accuracy and balanced accuracy; with `majority` under them what no network at all would have."""
    if not matrix.rows or math.isnan(matrix.accuracy):
        return Text("no rows")
    text = Text.assemble(
        "accuracy ",
        (percent(matrix.accuracy), "bold"),
        "   balanced ",
        (percent(matrix.balanced_accuracy), "bold"),
        no_wrap=True,
    )
    if majority:
        text.append(f"\nalways the most frequent class: {percent(matrix.majority_share)}", style="dim")
    return text

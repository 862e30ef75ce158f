"""A cross-validation as tables: the network fold by fold beside its baselines, and the matrix of all answers.

Both lay themselves out in the width that there is, so that no figure is ever cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from ann_tui.data.short_names import told_apart
from ann_tui.evaluation.label_metrics import class_scores
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.folds.fold_words import difference_of, ends_text, spread_text
from ann_tui.figures import percent
from ann_tui.tui.text import plain, right

if TYPE_CHECKING:
    from ann_tui.evaluation.confusion import ConfusionMatrix
    from ann_tui.experiments.folds.cross_validated import CrossValidated
    from ann_tui.experiments.folds.fold_scores import Score

MOST_CLASSES, NAME_WIDTH, LEAST_NAME = 8, 12, 4
MOST_FOLDS = 12
GAP = 2
"""Characters between two columns."""

Line = tuple[Text, Sequence[str], str]
"""What a line is called, its figures by column, and their style."""


@dataclass(frozen=True, eq=False)
class FoldTable:
    """One metric: a line for each fold, then mean, spread and interval; a column for the network and each baseline.

    Where the columns don't fit beside each other intervals take two lines, and then the baselines go on below.
    """

    told: CrossValidated
    metric: str
    accent: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The tables, as many below each other as the width asks for."""
        told, metric = self.told, self.metric
        columns: list[tuple[str, Score | None]] = [("network", told.scores()[metric])]
        columns += [(name, scores.get(metric)) for name, scores in told.baseline_scores().items()]
        names = [name.replace(" ", "\n") for name, _ in columns]
        heading = METRIC_TITLES[metric].replace(" ", "\n")
        heading += "" if told.validation.repeats == 1 else "\nrepeat.fold"
        lines = list(self._lines([score for _, score in columns], [name for name, _ in columns[1:]]))
        first = max(map(_width, [heading, *(called.plain for called, _, _ in lines)]))
        room, widths = options.max_width - first, _widths(names, lines)
        if sum(widths) + GAP * len(widths) > room:
            lines = [(called, list(map(_broken, figures)), style) for called, figures, style in lines]
            widths = _widths(names, lines)
        for place, block in enumerate(_blocks(widths, room)):
            table = _table(heading, *(names[column] for column in block))
            for called, figures, style in lines:
                shown = [figures[column] for column in block]
                if any(shown) or not place:
                    table.add_row(called, *(right(figure, style) for figure in shown))
            if place:
                yield Text("")
            yield table

    def _lines(self, scores: Sequence[Score | None], baselines: Sequence[str]) -> Iterator[Line]:
        told, metric = self.told, self.metric
        folds = len(told.scores()[metric].folds)
        for place in range(min(folds, MOST_FOLDS)):
            repeat, fold = divmod(place, told.validation.folds)
            name = f"fold {fold + 1}" if told.validation.repeats == 1 else f"{repeat + 1}.{fold + 1}"
            figures = (
                score.folds[place] if score is not None and place < len(score.folds) else None
                for score in scores
            )
            yield Text(name, style="dim"), [metric_text(metric, figure) for figure in figures], ""
        if folds > MOST_FOLDS:
            yield Text(f"… {folds - MOST_FOLDS} more", style="dim"), [""] * len(scores), ""
        means = [None if score is None else score.mean for score in scores]
        strong = f"bold {self.accent}"
        yield Text("mean", style=strong), [metric_text(metric, mean) for mean in means], strong
        yield Text("spread"), ["" if score is None else spread_text(score) for score in scores], ""
        yield Text("95 % of mean"), ["" if score is None else ends_text(score) for score in scores], ""
        if baselines and metric == told.metric:
            ahead = (difference_of(told.against_baseline(name)) for name in baselines)
            below = (each.replace(" (", "\n").rstrip(")") for each in ahead)
            yield Text("ahead by", style="dim"), ["", *below], "dim"


@dataclass(frozen=True, eq=False)
class MatrixTable:
    """The answers of all folds by true and predicted class; of more than fit only how many there are is told."""

    matrix: ConfusionMatrix
    accent: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, its names cut to what its figures leave."""
        matrix, heading, last = self.matrix, "true ↓ predicted →", "recall"
        classes, counts = len(matrix.labels), matrix.counts.tolist()
        room = options.max_width - len(heading) - GAP - len(last)
        width = min(NAME_WIDTH, room // classes - GAP)
        largest = max((len(f"{count:,}") for row in counts for count in row), default=1)
        if classes > MOST_CLASSES or width < max(LEAST_NAME, largest):
            right_ones = percent(matrix.accuracy)
            yield Text(
                f"{classes} classes, {right_ones} of {matrix.rows:,} out-of-fold answers right: ann-tui cv has "
                "the matrix",
                style="dim",
            )
            return
        names = told_apart(matrix.labels, [width] * classes)
        table = _table(heading, *names, last)
        for place, (name, score, row) in enumerate(zip(names, class_scores(matrix), counts, strict=True)):
            cells = (
                right(f"{count:,}", f"bold {self.accent}" if place == other else "" if count else "dim")
                for other, count in enumerate(row)
            )
            table.add_row(plain(name, NAME_WIDTH), *cells, right(percent(score.recall, 0), "dim"))
        yield table


def _widths(names: Sequence[str], lines: Sequence[Line]) -> list[int]:
    """How wide each column is."""
    return [
        max(map(_width, [name, *(figures[place] for _, figures, _ in lines)]))
        for place, name in enumerate(names)
    ]


def _width(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _broken(figure: str) -> str:
    """An interval with its ends below each other."""
    return figure if figure == "–" else figure.replace("–", "–\n").replace(" … ", " …\n")


def _blocks(widths: Sequence[int], room: int) -> list[list[int]]:
    """The columns that stand beside each other, at least one at a time."""
    blocks: list[list[int]] = []
    left = 0
    for column, width in enumerate(widths):
        if not blocks or width + GAP > left:
            blocks.append([])
            left = room
        blocks[-1].append(column)
        left -= width + GAP
    return blocks


def _table(heading: str, *columns: str) -> Table:
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
    table.add_column(Text(heading, style="dim"), no_wrap=True)
    for name in columns:
        table.add_column(right(name, "dim"), justify="right", overflow="fold")
    return table

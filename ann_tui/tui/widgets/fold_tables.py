"""A cross-validation as tables: the network fold by fold beside its baselines, and the matrix of all answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ann_tui.data.short_names import told_apart
from ann_tui.evaluation.label_metrics import class_scores
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.folds.fold_words import difference_of, ends_text, spread_text
from ann_tui.figures import percent
from ann_tui.tui.text import plain

if TYPE_CHECKING:
    from ann_tui.evaluation.confusion import ConfusionMatrix
    from ann_tui.experiments.folds.cross_validated import CrossValidated
    from ann_tui.experiments.folds.fold_scores import Score

MOST_CLASSES, NAME_WIDTH = 8, 12
MOST_FOLDS = 12


def fold_table(told: CrossValidated, metric: str, accent: str) -> Table:
    """One metric: a line for each fold, then mean, spread and interval; a column for the network and each baseline."""
    own = told.scores()[metric]
    baselines = told.baseline_scores()
    columns: list[tuple[str, Score | None]] = [("network", own)]
    columns += [(name, scores.get(metric)) for name, scores in baselines.items()]
    table = _table(
        *(name.replace(" ", "\n") for name in (METRIC_TITLES[metric], *(name for name, _ in columns)))
    )
    for place in range(min(len(own.folds), MOST_FOLDS)):
        cells = (
            metric_text(metric, score.folds[place]) if score is not None and place < len(score.folds) else "–"
            for _, score in columns
        )
        repeat, fold = divmod(place, told.validation.folds)
        name = f"fold {fold + 1}" if told.validation.repeats == 1 else f"repeat {repeat + 1}, fold {fold + 1}"
        table.add_row(Text(name, style="dim"), *map(Text, cells))
    if len(own.folds) > MOST_FOLDS:
        table.add_row(Text(f"… {len(own.folds) - MOST_FOLDS} more", style="dim"))
    known = [score for _, score in columns]
    table.add_row(
        Text("mean", style=f"bold {accent}"),
        *(
            Text(metric_text(metric, None if score is None else score.mean), style=f"bold {accent}")
            for score in known
        ),
    )
    table.add_row(Text("spread"), *(Text("" if score is None else spread_text(score)) for score in known))
    table.add_row(Text("95 % of mean"), *(Text("" if score is None else ends_text(score)) for score in known))
    if baselines and metric == told.metric:
        ahead = (difference_of(told.against_baseline(name)).partition(" (") for name in baselines)
        table.add_row(
            Text("ahead by", style="dim"),
            "",
            *(Text(f"{mean}\n{ends.rstrip(')')}", style="dim") for mean, _, ends in ahead),
        )
    return table


def matrix_table(matrix: ConfusionMatrix, accent: str) -> Table | Text:
    """The answers of all folds by true and predicted class; of many classes only how many there are is told."""
    if len(matrix.labels) > MOST_CLASSES:
        right_ones = percent(matrix.accuracy)
        return Text(
            f"{len(matrix.labels)} classes, {right_ones} of {matrix.rows:,} out-of-fold answers right: ann-tui cv has "
            "the matrix",
            style="dim",
        )
    names = told_apart(matrix.labels, [NAME_WIDTH] * len(matrix.labels))
    table = _table("true ↓ predicted →", *names, "recall")
    for place, (name, score, counts) in enumerate(
        zip(names, class_scores(matrix), matrix.counts.tolist(), strict=True)
    ):
        cells = (
            Text(f"{count:,}", style=f"bold {accent}" if place == other else "" if count else "dim")
            for other, count in enumerate(counts)
        )
        table.add_row(plain(name, NAME_WIDTH), *cells, Text(percent(score.recall, 0), style="dim"))
    return table


def _table(heading: str, *columns: str) -> Table:
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(Text(heading, style="dim"), no_wrap=True)
    for name in columns:
        table.add_column(Text(name, style="dim"), justify="right", no_wrap=True)
    return table

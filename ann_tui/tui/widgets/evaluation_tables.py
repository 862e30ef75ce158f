"""The figures of an evaluation as tables: the network's metrics, its baselines, its classes."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.bootstrap import Interval
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.evaluation import BaselineScore, Evaluation, Metrics
from ann_tui.evaluation.label_metrics import class_scores
from ann_tui.evaluation.metrics import (
    LOWER_IS_BETTER,
    METRIC_TITLES,
    metric_text,
)
from ann_tui.evaluation.verdict import difference_text, interval_text
from ann_tui.figures import counted, percent
from ann_tui.tui.text import plain

MOST_CLASSES = 30


def _table(heading: str, gap: int = 2) -> Table:
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, gap, 0, 0), header_style="dim")
    table.add_column(Text(heading, style="dim"), no_wrap=True)
    return table


def network_table(evaluation: Evaluation, usual: Evaluation) -> Table:
    """Each metric on the judged rows with its 95 % interval, and on the other rows.

    `usual` is the evaluation at the usual threshold; where that is another one, its figures stand in the last column.
    """
    judged = evaluation.scores[evaluation.judged]
    others: list[tuple[str, Metrics]] = [
        (name, score.metrics)
        for name, score in reversed(list(evaluation.scores.items()))
        if name != evaluation.judged
    ]
    heading, moved = str(evaluation.judged), evaluation.threshold != usual.threshold
    if moved:
        heading = f"at {evaluation.threshold:.2f}"
        others = [(f"at {usual.threshold:.2f}", usual.scores[usual.judged].metrics)]
    table = _table(f"{evaluation.judged} rows" if moved else "the network on", gap=1)
    table.add_column(Text(heading), justify="right", no_wrap=True)
    table.add_column(Text("95 %"), justify="right", no_wrap=True)
    for name, _ in others:
        table.add_column(Text(name), justify="right", no_wrap=True)
    for metric in judged.metrics:
        table.add_row(
            Text(METRIC_TITLES.get(metric, metric)),
            Text(metric_text(metric, judged.metrics.get(metric)), style="bold"),
            Text(interval_text(metric, evaluation.intervals.get(metric)), style="dim"),
            *(Text(metric_text(metric, values.get(metric))) for _, values in others),
        )
    if not moved:
        rows = [
            evaluation.scores[name].rows
            for name in reversed(list(evaluation.scores))
            if name != evaluation.judged
        ]
        table.add_row(
            Text("rows", style="dim"),
            Text(f"{judged.rows:,}", style="dim"),
            "",
            *(Text(f"{value:,}", style="dim") for value in rows),
        )
    if evaluation.refit:
        table.caption = Text(
            "validation: of the network before it was trained again on these rows", style="dim"
        )
        table.caption_justify = "left"
    return table


def baseline_table(evaluation: Evaluation, accent: str) -> Table:
    """The network and its baselines on the judged rows; behind each baseline how far the network is ahead.

    Under the name of a baseline stands on how many rows it was fitted where these are a sample, or why it was not.
    """
    first, second = evaluation.measures.first, evaluation.measures.second
    table = _table(f"on the {evaluation.judged} rows")
    table.add_column(Text(METRIC_TITLES[first]), justify="right", no_wrap=True)
    table.add_column(Text("network ahead by, 95 %"), justify="right", no_wrap=True)
    table.add_column(Text(METRIC_TITLES[second]), justify="right", no_wrap=True)
    own = evaluation.scores[evaluation.judged].metrics
    entries: list[tuple[Text, Metrics, Interval | None]] = [(Text("network"), own, None)]
    entries += [
        (_named(baseline), baseline.metrics, baseline.difference) for baseline in evaluation.baselines
    ]
    best = {
        metric: (min if metric in LOWER_IS_BETTER else max)(
            [value for _, metrics, _ in entries if (value := metrics.get(metric)) is not None], default=None
        )
        for metric in (first, second)
    }
    for name, metrics, difference in entries:
        cells = [
            Text(
                (
                    "▸ "
                    if (value := metrics.get(metric)) is not None
                    and value == best[metric]
                    and len(entries) > 1
                    else ""
                )
                + metric_text(metric, value),
                style=f"bold {accent}"
                if value is not None and value == best[metric] and len(entries) > 1
                else "",
            )
            for metric in (first, second)
        ]
        ahead = "" if difference is None else difference_text(evaluation, difference)
        table.add_row(name, cells[0], Text(ahead, style="dim"), cells[1])
    return table


def _named(baseline: BaselineScore) -> Text:
    more = ""
    if baseline.problem:
        more = f"failed: {printable(baseline.problem, 60)}"
    elif baseline.sampled:
        more = f"on {counted(baseline.rows, 'training row')}"
    return Text.assemble(baseline.name, (f"\n  {more}" if more else "", "dim"))


def class_table(matrix: ConfusionMatrix, split: str) -> Table:
    """Rows, precision, recall and F1 of each class; of many classes those with the lowest F1."""
    scores = class_scores(matrix)
    shown = scores
    if len(scores) > MOST_CLASSES:
        shown = tuple(sorted(scores, key=lambda score: score.f1)[:MOST_CLASSES])
    table = _table(f"class, {split} rows" if shown is scores else f"lowest F1, {split} rows")
    for heading in ("rows", "precision", "recall", "F1"):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for score in shown:
        table.add_row(
            plain(score.label, 20),
            Text(f"{score.rows:,}", style="dim"),
            *(Text(percent(value)) for value in (score.precision, score.recall, score.f1)),
        )
    return table

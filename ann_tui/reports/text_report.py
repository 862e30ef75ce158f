"""What the command line tells a person about a run or a file, on standard output."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.data.short_names import told_apart
from ann_tui.evaluation.aimed import aim_rows
from ann_tui.evaluation.cautions import cautions
from ann_tui.evaluation.confusion import ConfusionMatrix, most_confused
from ann_tui.evaluation.evaluation import Evaluation, Metrics, SplitScore
from ann_tui.evaluation.label_metrics import class_scores
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.evaluation.threshold import Aim
from ann_tui.evaluation.verdict import interval_text, verdict
from ann_tui.experiments.derived import LoadedData
from ann_tui.experiments.looks import looks_text
from ann_tui.figures import counted, duration, percent
from ann_tui.reports.console import report_console
from ann_tui.reports.reported_run import ReportedRun

MOST_CLASSES, MOST_PAIRS = 20, 10
"""With more classes the matrix would not fit any terminal: so many of them, and so many pairs, are told instead."""
NAME_WIDTH, LIST_WIDTH = 24, 40


def print_report(run: ReportedRun) -> None:
    """The rows, the training, the metrics of each split, and the confusion matrix."""
    console = report_console()
    summary, evaluation, set_aside = run.summary, run.judged, len(run.dropped)
    rows = " · ".join(f"{name} {score.rows:,}" for name, score in evaluation.scores.items())
    console.print(
        Text(
            f"{printable(run.file.file)} → {printable(run.target.name)} ({run.target.task}), rows: {rows}"
            + (f" · set aside {set_aside:,}" if set_aside else "")
        )
    )
    console.print(
        Text(
            f"{run.design_text}; {counted(summary.epochs, 'epoch')} in {duration(run.seconds)}, "
            f"best epoch {summary.best_epoch}" + (f"; {summary.message}" if summary.message else "")
        )
    )
    if summary.refit:
        learnt = summary.rows["train"] + summary.rows["validation"]
        console.print(
            Text(
                f"trained again for {counted(summary.best_epoch or 0, 'epoch')} on {learnt:,} rows, those of "
                "validation among them, whose score is that of the network before"
            )
        )
    _print_evaluation(console, evaluation, run.aim)


def print_comparison(run: ReportedRun) -> None:
    """The baselines beside the network on the judged rows, and the verdict; nothing where there are no baselines."""
    evaluation = run.judged
    if not evaluation.baselines:
        return
    console = report_console()
    console.print()
    console.print(_baselines(evaluation))
    for baseline in evaluation.baselines:
        if baseline.problem:
            console.print(
                Text(f"note: the {baseline.name} could not be fitted: {printable(baseline.problem)}")
            )
    console.print()
    console.print(Text(verdict(evaluation)))


def print_cautions(run: ReportedRun) -> None:
    """What is known against the score, the looks at the test rows among it; nothing where nothing is."""
    found = [caution.text for caution in cautions(run.judged)]
    found += [looks_text(run.looks)] if looks_text(run.looks) else []
    if found:
        console = report_console()
        console.print()
        for text in found:
            console.print(Text(f"caution: {printable(text, 600)}"))


def print_score(run: ReportedRun) -> None:
    """What a saved model is, its metrics on the rows of a file, and the confusion matrix."""
    console = report_console()
    summary, evaluation = run.summary, run.judged
    rows = " · ".join(f"{name} {part.rows:,}" for name, part in evaluation.scores.items())
    rows = rows if run.training_file else counted(len(evaluation.rows), "row")
    console.print(
        Text(
            f"{printable(run.file.file)} → {printable(run.target.name)} ({run.target.task}): "
            f"{run.experiment.design.text or 'no hidden layer'}, {counted(summary.epochs, 'epoch')}"
        )
    )
    aside = f" · set aside {len(run.dropped):,}" if run.dropped else ""
    others = _not_trained_on(evaluation)
    new = "" if others is None else f", {others.rows:,} of them not trained on"
    console.print(Text(f"scored on {rows}{new}{aside}"))
    _print_evaluation(console, evaluation, run.aim)


def _print_evaluation(console: Console, evaluation: Evaluation, aim: Aim | None = None) -> None:
    console.print()
    console.print(_metrics(evaluation))
    if (matrix := evaluation.confusion) is not None:
        console.print()
        print_confusion(console, matrix, f"{evaluation.judged} rows")
    if evaluation.threshold != DEFAULT_THRESHOLD:
        label = printable(evaluation.classes[1], 40)
        chosen = (
            "" if aim is None else f", chosen on the validation rows for {aim.text_of(evaluation.classes)}"
        )
        console.print(Text(f"{label} from a probability of {evaluation.threshold:g} on{chosen}"))


def print_confusion(console: Console, matrix: ConfusionMatrix, rows: str) -> None:
    """Print a confusion matrix, or what matters most of one of many classes; `rows` says which ones are counted."""
    if len(matrix.labels) <= MOST_CLASSES:
        console.print(_matrix(matrix, rows))
    else:
        _print_many_classes(console, matrix, rows)


def table_of(*headings: str) -> Table:
    """An empty table: the first column is of words, the others are of figures."""
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 3, 0, 0))
    for index, heading in enumerate(headings):
        table.add_column(
            Text(printable(heading, LIST_WIDTH)), justify="right" if index else "left", no_wrap=True
        )
    return table


def _metrics(evaluation: Evaluation) -> Table:
    columns: list[tuple[str, Metrics]] = [(name, score.metrics) for name, score in evaluation.scores.items()]
    if (others := _not_trained_on(evaluation)) is not None:
        columns = [("not trained on", others.metrics), ("all rows", columns[0][1])]
    table = table_of("", *(name for name, _ in columns), f"95 % of {evaluation.judged}")
    for metric in evaluation.scores[evaluation.judged].metrics:
        cells = [metric_text(metric, metrics.get(metric)) for _, metrics in columns]
        cells.append(interval_text(metric, evaluation.intervals.get(metric)))
        table.add_row(METRIC_TITLES[metric], *cells)
    return table


def _not_trained_on(evaluation: Evaluation) -> SplitScore | None:
    """The score on those rows of another file that the model was not trained on; None where it is that on all."""
    is_new = evaluation.doubts is not None and evaluation.doubts.new_file
    return evaluation.others if is_new else None


def _baselines(evaluation: Evaluation) -> Table:
    judged, baselines = evaluation.scores[evaluation.judged], evaluation.baselines
    table = table_of(f"{evaluation.judged} rows", "network", *(baseline.name for baseline in baselines))
    for metric, own in judged.metrics.items():
        others = (
            "failed" if baseline.problem else metric_text(metric, baseline.metrics.get(metric))
            for baseline in baselines
        )
        table.add_row(METRIC_TITLES[metric], metric_text(metric, own), *others)
    for title, mine, theirs in aim_rows(evaluation):
        table.add_row(Text(title), mine, *theirs)
    if any(baseline.sampled for baseline in baselines):
        rows = (f"{baseline.rows:,}" for baseline in baselines)
        table.add_row("fitted on rows", f"{evaluation.learnt_rows:,}", *rows)
    return table


def _matrix(matrix: ConfusionMatrix, rows: str) -> Table:
    names = told_apart(matrix.labels, [NAME_WIDTH] * len(matrix.labels))
    table = table_of(f"{rows}: true ↓ predicted →", *names, "recall", "precision", "F1")
    for name, score, counts in zip(names, class_scores(matrix), matrix.counts, strict=True):
        shares = (percent(share, 0) for share in (score.recall, score.precision, score.f1))
        table.add_row(Text(name), *(f"{count:,}" for count in counts), *shares)
    return table


def _print_many_classes(console: Console, matrix: ConfusionMatrix, rows: str) -> None:
    """The figures of the classes that are told worst, and the pairs that are confused most often."""
    scores = class_scores(matrix)
    present = [score for score in scores if score.rows or not math.isnan(score.precision)]
    worst = sorted(present, key=lambda score: (score.f1, -score.rows))[:MOST_CLASSES]
    table = table_of(f"{rows}: class", "rows", "recall", "precision", "F1")
    names = told_apart([score.label for score in worst], [LIST_WIDTH] * len(worst))
    for name, score in zip(names, worst, strict=True):
        shares = (percent(share, 0) for share in (score.recall, score.precision, score.f1))
        table.add_row(Text(name), f"{score.rows:,}", *shares)
    console.print(table)
    if len(worst) < len(scores):
        console.print(Text(f"the {len(worst)} of {len(scores)} classes that are told worst; --json has all"))
    pairs = most_confused(matrix, MOST_PAIRS)
    if pairs:
        console.print()
        names = told_apart(matrix.labels, [LIST_WIDTH] * len(matrix.labels))
        table = table_of("most often confused: true", "predicted", "rows")
        table.columns[1].justify = "left"
        for true, predicted, confused in pairs:
            table.add_row(Text(names[true]), Text(names[predicted]), f"{confused:,}")
        console.print(table)


def print_profile(data: LoadedData) -> None:
    """The columns of a file with kind, missing and distinct values and findings."""
    console = report_console()
    profile, table = data.profile, data.table
    console.print(
        Text(
            f"{printable(table.path.name)}: {counted(profile.rows, 'row')}, {counted(len(profile.columns), 'column')}"
        )
    )
    columns = table_of("column", "kind", "missing", "distinct", "findings")
    columns.columns[-1].justify = "left"
    columns.columns[-1].no_wrap = False
    columns.columns[1].justify = "left"
    for column in profile.columns:
        findings = [printable(finding.text, 120) for finding in column.findings]
        if column.name == profile.target:
            findings.insert(0, "target (a guess)")
        columns.add_row(
            Text(printable(column.name, 32)),
            str(column.kind),
            f"{column.missing:,}",
            f"{column.distinct:,}",
            Text("; ".join(findings)),
        )
    console.print(columns)
    for warning in (*table.warnings, *(finding.text for finding in profile.findings)):
        console.print(Text(f"note: {printable(warning, 300)}"))
    if table.dropped:
        console.print(
            Text(f"{counted(len(table.dropped), 'line')} left out: --json lists them with their reasons")
        )

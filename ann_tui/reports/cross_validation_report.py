"""A cross-validation: tables for a person, plain values for a script, and all answers as a file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ann_tui.atomic_file import atomic_file
from ann_tui.data.plain_text import printable
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.folds.fold_cautions import failures, fold_cautions, looks_said
from ann_tui.experiments.folds.fold_words import (
    difference_of,
    ends_text,
    fold_method,
    folds_text,
    how_told,
    paired_text,
    positive_text,
    spread_text,
    verdict_text,
)
from ann_tui.figures import counted, duration, percent
from ann_tui.reports.before_training import notes_before
from ann_tui.reports.console import report_console
from ann_tui.reports.text_report import print_confusion, table_of

if TYPE_CHECKING:
    from ann_tui.experiments.folds.cross_validated import CrossValidated
    from ann_tui.experiments.folds.fold_scores import JudgedRow, Paired, Score

MOST_FOLDS = 6
"""With more folds than this the least and the greatest figure are told instead of each."""
MOST_ROWS = 10


def print_cross_validation(
    validated: CrossValidated, names: Sequence[str], looks: int | None, seconds: float
) -> None:
    """Print the scores of the folds, the baselines, the confusion matrix, the rows that are wrong, and what is known.

    `names` are what the experiments are called.
    """
    console = report_console()
    validation = validated.validation
    data, experiment = validation.data[0], validation.experiments[0]
    console.print(
        Text(
            f"{printable(Path(data.table.path).name)} → {printable(data.profile.target)} ({data.profile.task}): "
            f"{folds_text(validated)}; {_rows_text(validated)}"
        )
    )
    chosen = experiment.design
    design = f"{f'{chosen.members} times ' if chosen.members > 1 else ''}{chosen.text or 'no hidden layer'}"
    console.print(Text(f"{design}; {counted(len(validated.results), 'training')} in {duration(seconds)}"))
    for sentence in failures(validated):
        console.print(Text(f"caution: {printable(sentence, 600)}"))
    if validated.baseline_scores():
        console.print()
        console.print(_baselines(validated))
    for variant in range(len(validation.experiments)):
        console.print()
        title = names[variant] if len(names) > 1 else "network"
        console.print(_scores(title, validated.scores(variant)))
    if positive := positive_text(validated):
        console.print(Text(positive))
    if len(validated.by_seed()) > 1:
        seeds = validated.by_seed()
        said = f"{metric_text(validated.metric, min(seeds))} to {metric_text(validated.metric, max(seeds))}"
        console.print(Text(f"over {len(seeds)} seeds {METRIC_TITLES[validated.metric]} goes from {said}"))
    matrix = validated.confusion()
    if matrix is not None:
        console.print()
        print_confusion(console, matrix, _answers_text(validated))
    wrong = validated.wrong_rows(most=MOST_ROWS + 1)
    if wrong:
        console.print()
        console.print(_wrong(validated, wrong[:MOST_ROWS]))
        if len(wrong) > MOST_ROWS:
            console.print(Text("… and more: --json has all, -o every answer"))
    console.print()
    for sentence in _sentences(validated, names):
        console.print(Text(printable(sentence, 900)))
    for sentence in cautions_of(validated, looks):
        console.print(Text(f"caution: {printable(sentence, 600)}"))


def _rows_text(validated: CrossValidated) -> str:
    aside = len(validated.set_aside) + len(validated.validation.data[0].table.dropped)
    only = validated.never_judging
    return (
        f"{counted(validated.judged_rows, 'row judges', 'rows judge')}"
        + (f" · {only:,} only train" if only else "")
        + (f" · set aside {aside:,}" if aside else "")
    )


def _answers_text(validated: CrossValidated) -> str:
    runs = validated.times
    return "out-of-fold rows" if runs == 1 else f"out-of-fold answers, up to {runs} a row"


def _scores(title: str, scores: dict[str, Score]) -> Table:
    folds = max((len(score.folds) for score in scores.values()), default=0)
    each = [f"fold {place + 1}" for place in range(folds)] if folds <= MOST_FOLDS else ["lowest", "highest"]
    table = table_of(printable(title, 40), "mean", "spread", "95 % of mean", *each)
    for metric, score in scores.items():
        values: list[float | None] = list(score.folds)
        if folds > MOST_FOLDS:
            known = [value for value in values if value is not None]
            values = [min(known, default=None), max(known, default=None)]
        cells = (metric_text(metric, value) for value in (score.mean, *values))
        mean, *others = cells
        table.add_row(METRIC_TITLES[metric], mean, spread_text(score), ends_text(score), *others)
    return table


def _baselines(validated: CrossValidated) -> Table:
    metric = validated.metric
    title = METRIC_TITLES[metric]
    table = table_of("on the same folds", title, "spread", "95 % of mean", "network less it (95 %)")
    own = validated.scores()[metric]
    table.add_row("network", metric_text(metric, own.mean), spread_text(own), ends_text(own), "")
    for name, scores in validated.baseline_scores().items():
        score = scores.get(metric)
        if score is None:
            table.add_row(name, "failed", "", "", "")
            continue
        less = difference_of(validated.against_baseline(name))
        table.add_row(name, metric_text(metric, score.mean), spread_text(score), ends_text(score), less)
    return table


def _wrong(validated: CrossValidated, rows: Sequence[JudgedRow]) -> Table:
    lines = validated.validation.data[0].table.lines
    if validated.classes():
        often = "in most folds" if validated.times > 1 else "out of fold"
        table = table_of(f"wrong {often}: line", "true", "predicted", "wrong", "true one's probability")
        for row in rows:
            table.add_row(
                Text(f"{lines[row.position]}"),
                Text(printable(row.actual, 24)),
                Text(printable(row.given, 24)),
                f"{row.wrong} of {row.answers}",
                percent(row.sureness),
            )
        return table
    table = table_of("largest errors: line", "true", "predicted", "error")
    for row in rows:
        cells = (f"{float(value):,.4g}" for value in (row.actual, row.given, row.sureness))
        table.add_row(Text(f"{lines[row.position]}"), *cells)
    return table


def _sentences(validated: CrossValidated, names: Sequence[str]) -> Iterator[str]:
    paired = validated.paired()
    if paired is not None:
        yield paired_text(paired, *names)
    elif verdict := verdict_text(validated):
        yield verdict
    if how := how_told(validated):
        yield how


def cautions_of(validated: CrossValidated, looks: int | None) -> list[str]:
    """What is known against the scores, in sentences."""
    return [*fold_cautions(validated), looks_said(validated, looks)]


def cross_validation_record(
    validated: CrossValidated, names: Sequence[str], looks: int | None, seconds: float
) -> dict[str, Any]:
    """Task, target, classes, the folds, the scores by metric, the confusion matrix and the rows of a cross-validation.

    `split` says how the folds are made. Each of `metrics` has its `mean`, `std`, the corrected 95 % interval from `low`
    to `high`, and `folds`, its values by repeat and fold in the mean over the seeds; None stands where one can't be
    told. `baselines` have the same, and `difference`, the network's first metric less theirs. `confusion_matrix` counts
    the answers of all folds. `rows` has the numbers of rows, those that take no part with their reasons (`dropped`),
    and those that are `wrong` in most folds. `against` compares with a second experiment. `finished` says that nothing
    was interrupted.
    """
    validation = validated.validation
    data = validation.data[0]
    matrix = validated.confusion()
    record: dict[str, Any] = {
        "task": data.profile.task,
        "target": data.profile.target,
        "classes": list(validated.classes()),
        "split": fold_method(validated),
        "folds": validation.folds,
        "repeats": validation.repeats,
        "seeds": [validation.experiments[0].plan.seed + seed for seed in range(validation.seeds)],
        "metric": validated.metric,
        "metrics": _record_of(validated.scores()),
        "by_seed": validated.by_seed(),
        "baselines": {
            name: _record_of(scores) | {"difference": _difference(validated, name)}
            for name, scores in validated.baseline_scores().items()
        },
        "confusion_matrix": None
        if matrix is None
        else {"labels": list(matrix.labels), "counts": matrix.counts.tolist()},
        "rows": _rows_record(validated),
        "epochs": [result.epochs for result in validated.judged()],
        "seconds": round(seconds, 6),
        "finished": validated.finished,
        "failed": [
            {"repeat": place.repeat + 1, "fold": place.fold + 1, "seed": place.seed, "problem": problem}
            for problem, places in validated.problems.items()
            for place in places
        ],
        "looks": looks,
        "cautions": cautions_of(validated, looks),
        "notes": list(notes_before(data)),
    }
    paired = validated.paired()
    if paired is not None:
        record["against"] = {
            "names": list(names),
            "metrics": _record_of(validated.scores(1)),
            "difference": _paired_record(paired),
            "text": paired_text(paired, *names),
        }
    return record


def _record_of(scores: dict[str, Score]) -> dict[str, Any]:
    return {
        name: {
            "mean": _finite(score.mean),
            "std": _finite(score.std),
            "low": _finite(score.low),
            "high": _finite(score.high),
            "folds": [_finite(value) for value in score.folds],
        }
        for name, score in scores.items()
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _difference(validated: CrossValidated, baseline: str) -> dict[str, Any] | None:
    return _paired_record(validated.against_baseline(baseline))


def _paired_record(paired: Paired) -> dict[str, Any] | None:
    difference = paired.difference
    if difference is None:
        return None
    interval = difference.interval
    return {
        "mean": difference.mean,
        "standard_error": difference.error,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
        "p": difference.probability,
        "pairs": paired.pairs,
    }


def _rows_record(validated: CrossValidated) -> dict[str, Any]:
    table = validated.validation.data[0].table
    lines = table.lines
    dropped = [{"line": row.line, "reason": row.reason} for row in table.dropped]
    dropped += [
        {"line": int(lines[position]), "reason": reason} for position, reason in validated.set_aside.items()
    ]
    classes = validated.classes()
    most = None if classes else MOST_ROWS
    return {
        "total": len(table.frame) + len(table.dropped),
        "judged": validated.judged_rows,
        "training_only": validated.never_judging,
        "dropped": sorted(dropped, key=lambda row: row["line"]),
        "wrong": [_wrong_record(row, int(lines[row.position])) for row in validated.wrong_rows(most=most)],
    }


def _wrong_record(row: JudgedRow, line: int) -> dict[str, Any]:
    told = {"line": line, "true": row.actual, "prediction": row.given, "answers": row.answers}
    if row.wrong is None:
        return told | {"error": row.sureness}
    return told | {"wrong": row.wrong, "probability": row.sureness}


def write_answers(validated: CrossValidated, path: str | Path) -> int:
    """Write every answer of the first experiment for a row that did not train it, and give how many there are.

    A line of CSV in UTF-8 for each row, repeat and seed, in the order of the file: `line`, `repeat`, `fold`, `seed`,
    the true value under the name of the target (`true_<target>` where that is the name of another of these columns),
    `prediction`, and `probability_<class>` for each class. Raises OSError.
    """
    classes: tuple[str, ...] = validated.classes()
    found = sorted(_answer_lines(validated), key=lambda row: row[:4])
    data = validated.validation.data[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    about, given = (
        ["line", "repeat", "fold", "seed"],
        ["prediction", *(f"probability_{each}" for each in classes)],
    )
    target = str(data.profile.target)
    # Many readers of tables make no difference between Fold and fold.
    taken = target.casefold() in {name.casefold() for name in (*about, *given)}
    writer.writerow([*about, f"true_{target}" if taken else target, *given])
    writer.writerows(found)
    with atomic_file(path) as file:
        file.write(text.getvalue().encode("utf-8", "surrogateescape"))
    return len(found)


def _answer_lines(validated: CrossValidated) -> Iterator[list[Any]]:
    classes = validated.classes()
    first = validated.validation.experiments[0].plan.seed
    lines = validated.validation.data[0].table.lines
    for result in validated.judged():
        place = result.place
        own = [result.classes.index(label) if label in result.classes else None for label in classes]
        about = [place.repeat + 1, place.fold + 1, first + place.seed]
        for row, line in enumerate(lines[result.rows].tolist()):
            actual, given = result.actual[row], result.given[row]
            if not classes:
                yield [line, *about, f"{float(actual):.9g}", f"{float(given):.9g}"]
                continue
            shares = (0.0 if code is None else float(result.outputs[row, code]) for code in own)
            yield [
                line, *about, result.classes[actual], result.classes[given], *(f"{share:.7g}" for share in shares)
            ]  # fmt: skip

"""What a run tells a script: plain values, as `ann-tui train --json` and `evaluate --json` print them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ann_tui.data.cells.table import DroppedRow
from ann_tui.evaluation.cautions import Caution, cautions
from ann_tui.evaluation.evaluation import BaselineScore, Evaluation
from ann_tui.evaluation.label_metrics import class_scores
from ann_tui.experiments.choice_texts import used_texts
from ann_tui.model.trained_model import SPLIT_KEYS, RunSummary
from ann_tui.reports.reported_run import ReportedRun


def run_record(run: ReportedRun) -> dict[str, Any]:
    """Task, target, classes, rows, epochs, seconds, metrics by split and confusion matrix of a judged run.

    `threshold` is what two classes are told apart at, None for other targets. `rows.total` counts every row of the
    file; `rows.dropped` lists those that take no part, each with its line in the file and the reason. `intervals` holds
    the 95 % bootstrap intervals of the metrics of the part that is `judged`, which the confusion matrix and the scores
    `per_class` belong to as well. `refit` says that the network was trained again on the validation rows too, whose
    metrics are those of the network before. `choices` has what was used, in words, by the names of an experiment
    file. `cautions` says what is known against the score, `looks` how many networks the test rows have judged, and
    `steering` what a person did while it trained.
    """
    summary, aim = run.summary, run.aim
    found = _record(run.judged, run.total, run.dropped, _of_training(summary, run.seconds))
    found |= {} if aim is None else {"threshold_for": aim.text_of(run.judged.classes)}
    return found | {
        "choices": used_texts(run.experiment, run.target.name, len(run.target.classes)),
        "looks": run.looks,
    }


def _of_training(summary: RunSummary, seconds: float | None) -> dict[str, Any]:
    times = {"epochs": summary.epochs, "best_epoch": summary.best_epoch}
    steps = [asdict(change) for change in summary.steering]
    took = None if seconds is None else round(seconds, 6)
    return {**times, "seconds": took, "refit": summary.refit, "steering": steps}


def _record(
    evaluation: Evaluation, total: int, dropped: Iterable[DroppedRow], times: dict[str, Any]
) -> dict[str, Any]:
    counts = {SPLIT_KEYS[split]: score.rows for split, score in evaluation.scores.items()}
    listed = [{"line": row.line, "reason": row.reason} for row in dropped]
    return {
        "task": evaluation.target.task,
        "target": evaluation.target.name,
        "classes": list(evaluation.classes),
        "rows": {
            "total": total,
            **{name: counts.get(name, 0) for name in SPLIT_KEYS.values()},
            "dropped": sorted(listed, key=lambda row: row["line"]),
        },
        **times,
        "metrics": {SPLIT_KEYS[split]: dict(score.metrics) for split, score in evaluation.scores.items()},
        "judged": SPLIT_KEYS[evaluation.judged],
        "threshold": evaluation.threshold if len(evaluation.classes) == 2 else None,
        "intervals": {name: [each.low, each.high] for name, each in evaluation.intervals.items()},
        "confusion_matrix": _confusion(evaluation),
        "per_class": _per_class(evaluation),
        "baselines": {baseline.name: _baseline(baseline) for baseline in evaluation.baselines},
        "cautions": [_caution(caution) for caution in cautions(evaluation)],
    }


def _baseline(baseline: BaselineScore) -> dict[str, Any]:
    """Its metrics, its threshold of two classes, how many rows it was fitted on; or why it could not be."""
    told = {"problem": baseline.problem} if baseline.problem else dict(baseline.metrics)
    decides = {} if baseline.outputs is None else {"threshold": baseline.threshold}
    return told | decides | {"fitted_rows": baseline.rows}


def _caution(caution: Caution) -> dict[str, Any]:
    """Its kind, a sentence, and for a split that was weighed what the network has after it and after one at random."""
    cost = caution.cost
    weighed = {} if cost is None else {"cost": asdict(cost)}
    return {"kind": caution.kind, "text": caution.text} | weighed


def _confusion(evaluation: Evaluation) -> dict[str, Any] | None:
    if evaluation.confusion is None:
        return None
    return {"labels": list(evaluation.confusion.labels), "counts": evaluation.confusion.counts.tolist()}


def _per_class(evaluation: Evaluation) -> list[dict[str, Any]] | None:
    """Precision, recall and F1 of each class in the confusion matrix; None where one is undefined."""
    if evaluation.confusion is None:
        return None
    scores = class_scores(evaluation.confusion)
    return [
        {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(score).items()
        }
        for score in scores
    ]

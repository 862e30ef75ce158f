"""The judgement of one trained network on each split, beside its baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.baselines import Baseline, classification_baselines, regression_baselines
from ann_tui.evaluation.bootstrap import (
    Interval,
    accuracy_difference,
    classification_intervals,
    r2_difference,
    regression_intervals,
)
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.metrics import classification_metrics, regression_metrics

if TYPE_CHECKING:
    from ann_tui.data.preparing.fitted import FittedPreparation
    from ann_tui.data.preparing.prepare import Part, PreparedData

SplitName = Literal["training", "validation", "test"]
Metrics = Mapping[str, float | None]

Answer = Callable[[NDArray[Any]], NDArray[Any]]
"""Class probabilities (n, k), or numbers (n,), for a matrix (n, features)."""


@dataclass(frozen=True)
class SplitScore:
    """The metrics of one split, and on how many rows they were measured."""

    rows: int
    metrics: Metrics


@dataclass(frozen=True)
class BaselineScore:
    """The metrics of a baseline on the judged rows.

    `difference` is the 95 % interval of the network's first metric (accuracy, R²) less the baseline's, drawn from the
    same rows; None where there are too few.
    """

    name: str
    metrics: Metrics
    difference: Interval | None = None


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How good a network is.

    `judged` names the split that the headline figures, the confusion matrix, the predictions and the baselines
    belong to: the test rows, or the validation rows where no test rows were kept. For a class target
    `confusion` counts the judged rows and `outputs` holds their class probabilities (n, k); for a number target
    `confusion` is None, and `actual` and `outputs` (n,) are in the target's unit. `intervals` holds the 95 %
    bootstrap intervals of the judged rows' metrics, by name, for those that have one. `pending` says that the
    baselines are still to come.
    """

    task: str
    target: str
    classes: tuple[str, ...]
    scores: Mapping[SplitName, SplitScore]
    judged: SplitName
    rows: NDArray[np.int64]
    actual: NDArray[Any]
    outputs: NDArray[Any]
    confusion: ConfusionMatrix | None
    baselines: tuple[BaselineScore, ...]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    pending: bool = False


def judge(answer: Answer, prepared: PreparedData) -> Evaluation:
    """Judge a network's answers on every split of `prepared`; the baselines are left for `with_baselines`."""
    fitted = prepared.fitted
    parts: dict[SplitName, Part] = {
        "training": prepared.training,
        "validation": prepared.validation,
        "test": prepared.test,
    }
    judged: SplitName = next(
        (name for name in ("test", "validation") if len(parts[name].rows)),
        "training",
    )
    outputs = {name: answer(part.x) for name, part in parts.items() if len(part.rows)}
    scores = {
        name: SplitScore(len(parts[name].rows), _metrics(fitted, parts[name], outputs[name]))
        for name in outputs
    }
    part = parts[judged]
    figures = scores[judged].metrics
    intervals: Mapping[str, Interval]
    if fitted.task == "classification":
        confusion = ConfusionMatrix.from_codes(fitted.classes, part.y, outputs[judged].argmax(axis=1))
        actual, answers = part.y, outputs[judged]
        intervals = classification_intervals(actual, answers, figures)
    else:
        confusion = None
        actual, answers = _original(part), fitted.decode_number(outputs[judged])
        intervals = regression_intervals(actual, answers, figures)
    return Evaluation(
        fitted.task,
        fitted.target,
        fitted.classes,
        scores,
        judged,
        part.rows,
        actual,
        answers,
        confusion,
        (),
        intervals,
        pending=True,
    )


def with_baselines(
    evaluation: Evaluation, prepared: PreparedData, *, cancelled: Callable[[], bool] | None = None
) -> Evaluation:
    """The evaluation with its baselines, fitted on the training rows and judged on the same rows as the network.

    When `cancelled` says yes, those that are done by then are all there are, and the others stay pending.
    """
    training = prepared.training
    parts: dict[SplitName, Part] = {
        "training": prepared.training,
        "validation": prepared.validation,
        "test": prepared.test,
    }
    part, fitted = parts[evaluation.judged], prepared.fitted
    baselines: tuple[Baseline, ...]
    if fitted.task == "classification":
        baselines = classification_baselines(
            training.x, training.y, training.weight, part.x, len(fitted.classes), cancelled=cancelled
        )
    else:
        baselines = regression_baselines(training.x, training.y, training.weight, part.x, cancelled=cancelled)
    scores = tuple(
        BaselineScore(
            baseline.name, _metrics(fitted, part, baseline.outputs), _difference(evaluation, fitted, baseline)
        )
        for baseline in baselines
    )
    return replace(evaluation, baselines=scores, pending=cancelled is not None and cancelled())


def _difference(evaluation: Evaluation, fitted: FittedPreparation, baseline: Baseline) -> Interval | None:
    actual, own, other = evaluation.actual, evaluation.outputs, baseline.outputs
    if not len(actual):
        return None
    if fitted.task == "classification":
        return accuracy_difference(actual, own.argmax(axis=1), other.argmax(axis=1))
    return r2_difference(actual, own, fitted.decode_number(other))


def _metrics(fitted: FittedPreparation, part: Part, outputs: NDArray[Any]) -> Metrics:
    if fitted.task == "classification":
        return classification_metrics(part.y, outputs)
    return regression_metrics(_original(part), fitted.decode_number(outputs))


def _original(part: Part) -> NDArray[np.float64]:
    """The number target of a part in its own unit, as the file has it."""
    assert part.original is not None
    return part.original

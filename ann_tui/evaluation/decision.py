"""What the network decides: the answers at a threshold, and the rows behind them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD, decided
from ann_tui.evaluation.bootstrap import label_intervals
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.evaluation import Evaluation, SplitScore, baseline_at
from ann_tui.evaluation.label_metrics import metrics_of_matrix
from ann_tui.evaluation.threshold import Aim, best_threshold


def answers_at(evaluation: Evaluation, threshold: float = DEFAULT_THRESHOLD) -> NDArray[np.int64]:
    """The predicted class codes (n,) of the judged rows; see `decided`."""
    return decided(evaluation.outputs, threshold)


def matrix_at(evaluation: Evaluation, threshold: float) -> ConfusionMatrix:
    """The confusion matrix of the judged rows at a threshold."""
    return ConfusionMatrix.from_codes(
        evaluation.classes, evaluation.actual, answers_at(evaluation, threshold)
    )


def at_threshold(evaluation: Evaluation, threshold: float, aim: Aim | None = None) -> Evaluation:
    """The evaluation with the answers at another threshold of two classes; figures of probabilities stay.

    Where the validation rows chose it for an `aim`, each baseline gets the one that serves the same aim best.
    """
    if (threshold, aim) == (evaluation.threshold, evaluation.aim) or len(evaluation.classes) != 2:
        return evaluation
    classes, scores = evaluation.classes, dict(evaluation.scores)
    for name, answered in evaluation.answered.items():
        answers = decided(answered.outputs, threshold)
        own = metrics_of_matrix(ConfusionMatrix.from_codes(classes, answered.actual, answers))
        scores[name] = SplitScore(scores[name].rows, {**scores[name].metrics, **own})
    answers = answers_at(evaluation, threshold)
    intervals = label_intervals(evaluation.actual, answers, len(classes), scores[evaluation.judged].metrics)

    return replace(
        evaluation,
        threshold=threshold,
        aim=aim,
        scores=scores,
        confusion=matrix_at(evaluation, threshold),
        intervals={**evaluation.intervals, **intervals},
        baselines=tuple(
            baseline_at(baseline, evaluation, threshold, aim) for baseline in evaluation.baselines
        ),
    )


def chosen_threshold(evaluation: Evaluation, aim: Aim) -> float:
    """The threshold of two classes that serves the aim best on the validation rows, of which there are some."""
    rows = evaluation.answered["validation"]
    return best_threshold(aim, rows.actual, rows.outputs)


def rows_behind(
    evaluation: Evaluation, true: int, predicted: int, threshold: float = DEFAULT_THRESHOLD
) -> NDArray[np.int64]:
    """Positions among the judged rows of the class `true` that were taken for `predicted`, the surest answer first."""
    answers = answers_at(evaluation, threshold)
    found = np.flatnonzero((evaluation.actual == true) & (answers == predicted))
    return found[np.argsort(-evaluation.outputs[found, predicted], kind="stable")]


def rows_by_error(evaluation: Evaluation) -> NDArray[np.int64]:
    """Positions among the judged rows of a number target, the largest error first."""
    return np.argsort(-np.abs(evaluation.outputs - evaluation.actual), kind="stable").astype(np.int64)

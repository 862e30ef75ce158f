"""What the network decides: the answers at a threshold, and the rows behind them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.bootstrap import Interval, label_intervals
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.label_metrics import metrics_of_matrix

DEFAULT_THRESHOLD = 0.5


def answers_at(evaluation: Evaluation, threshold: float = DEFAULT_THRESHOLD) -> NDArray[np.int64]:
    """The predicted class codes (n,) of the judged rows.

    For two classes the second is the answer where its probability is above `threshold`; at 0.5, and for more classes,
    the answer is the most probable class.
    """
    if len(evaluation.classes) != 2 or threshold == DEFAULT_THRESHOLD:
        codes: NDArray[np.int64] = evaluation.outputs.argmax(axis=1)
        return codes
    return (evaluation.outputs[:, 1] > threshold).astype(np.int64)


def matrix_at(evaluation: Evaluation, threshold: float) -> ConfusionMatrix:
    """The confusion matrix of the judged rows at a threshold."""
    return ConfusionMatrix.from_codes(
        evaluation.classes, evaluation.actual, answers_at(evaluation, threshold)
    )


def metrics_at(
    evaluation: Evaluation, threshold: float
) -> tuple[Mapping[str, float | None], Mapping[str, Interval]]:
    """The judged rows' metrics at a threshold, and their intervals; those of probabilities stay what they are."""
    own = metrics_of_matrix(matrix_at(evaluation, threshold))
    intervals = label_intervals(
        evaluation.actual, answers_at(evaluation, threshold), len(evaluation.classes), own
    )
    return (
        {**evaluation.scores[evaluation.judged].metrics, **own},
        {**evaluation.intervals, **intervals},
    )


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

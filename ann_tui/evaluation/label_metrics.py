"""Metrics that follow from the confusion matrix alone, for one matrix or for many resampled ones at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.confusion import ConfusionMatrix

LABEL_METRICS = (
    "accuracy",
    "balanced_accuracy",
    "precision_macro",
    "precision_weighted",
    "f1_macro",
    "f1_weighted",
    "matthews",
)
"""The names that `label_metrics` gives. Recall averaged over classes is the balanced accuracy; weighted by the
classes' rows it is the accuracy."""


@dataclass(frozen=True)
class ClassScore:
    """How well one class is found: its true rows, and precision, recall and F1 in 0..1, NaN where undefined."""

    label: str
    rows: int
    precision: float
    recall: float
    f1: float


def class_scores(matrix: ConfusionMatrix) -> tuple[ClassScore, ...]:
    """Precision, recall and F1 of each class. F1 is NaN for a class neither true nor predicted anywhere."""
    true, predicted = matrix.counts.sum(axis=1), matrix.counts.sum(axis=0)
    f1 = _ratio(2.0 * matrix.counts.diagonal(), true + predicted)
    return tuple(
        ClassScore(label, int(rows), float(precision), float(recall), float(score))
        for label, rows, precision, recall, score in zip(
            matrix.labels, true, matrix.precision, matrix.recall, f1, strict=True
        )
    )


def label_metrics(
    right: NDArray[np.float64], true: NDArray[np.float64], predicted: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """The metrics named in LABEL_METRICS, from three counts by class, each of shape (..., k).

    `right` counts the rows of a class that were found, `true` its rows and `predicted` the answers for it. The
    averages run over the classes that occur among the true rows or the answers, as scikit-learn's do; precision of
    a class never predicted counts as 0, and balanced accuracy leaves out classes without rows. The Matthews
    correlation for k classes is Gorodkin's (2004), 0 where either side is constant. NaN where there are no rows.
    """
    rows = true.sum(axis=-1)
    occurs = (true + predicted) > 0
    recall = _ratio(right, true)
    precision = np.where(predicted > 0, _ratio(right, predicted), 0.0)
    f1 = np.where(occurs, _ratio(2.0 * right, true + predicted), 0.0)
    found = right.sum(axis=-1)
    spread_true = rows**2 - (true**2).sum(axis=-1)
    spread_predicted = rows**2 - (predicted**2).sum(axis=-1)
    agreement = found * rows - (true * predicted).sum(axis=-1)
    scale = np.sqrt(spread_true * spread_predicted)
    matthews = np.where(scale > 0, _ratio(agreement, scale), np.where(rows > 0, 0.0, np.nan))
    return {
        "accuracy": _ratio(found, rows),
        "balanced_accuracy": _ratio(np.where(true > 0, recall, 0.0).sum(axis=-1), (true > 0).sum(axis=-1)),
        "precision_macro": _ratio(precision.sum(axis=-1), occurs.sum(axis=-1)),
        "precision_weighted": _ratio((precision * true).sum(axis=-1), rows),
        "f1_macro": _ratio(f1.sum(axis=-1), occurs.sum(axis=-1)),
        "f1_weighted": _ratio((f1 * true).sum(axis=-1), rows),
        "matthews": matthews,
    }


def metrics_of_matrix(matrix: ConfusionMatrix) -> dict[str, float | None]:
    """`label_metrics` of one confusion matrix; every value is None when it counts no rows."""
    if not matrix.rows:
        return dict.fromkeys(LABEL_METRICS)
    counts = matrix.counts.astype(np.float64)
    found = label_metrics(counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0))
    return {name: float(value) for name, value in found.items()}


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    share = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share

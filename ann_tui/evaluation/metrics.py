"""Metrics of predictions, under the names that the command line prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.cells.magnitude import safe_unit
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD, decided
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.label_metrics import metrics_of_matrix
from ann_tui.evaluation.ranking import ranking_areas
from ann_tui.figures import number, percent

METRIC_TITLES: Mapping[str, str] = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "log_loss": "log cost",
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "precision_macro": "precision, macro",
    "precision_weighted": "precision, weighted",
    "f1_macro": "F1, macro",
    "f1_weighted": "F1, weighted",
    "matthews": "Matthews correlation",
    "r2": "R²",
    "rmse": "RMSE",
    "mae": "MAE",
    "median_error": "median error",
}
"""What a person reads for each metric."""

CLASSIFICATION_METRICS = (
    "accuracy",
    "balanced_accuracy",
    "log_loss",
    "roc_auc",
    "average_precision",
    "precision_macro",
    "precision_weighted",
    "f1_macro",
    "f1_weighted",
    "matthews",
)
REGRESSION_METRICS = ("r2", "rmse", "mae", "median_error")

PERCENT_METRICS = frozenset(
    {"accuracy", "balanced_accuracy", "precision_macro", "precision_weighted", "f1_macro", "f1_weighted"}
)

UNIT_METRICS = frozenset({"roc_auc", "average_precision", "matthews", "r2"})
"""Metrics without a unit of which 1 is perfect."""

LOWER_IS_BETTER = frozenset({"log_loss", "rmse", "mae", "median_error"})


def metric_text(metric: str, value: float | None) -> str:
    """A metric's value as a person reads it: in percent, with three decimals where 1 is perfect, '–' for none."""
    if metric in PERCENT_METRICS:
        return percent(value)
    if metric in UNIT_METRICS and value is not None and abs(value) < 100:
        return f"{value:.3f}" if value == value else "–"
    return number(value, 3)


def classification_metrics(
    true: NDArray[np.integer], probabilities: NDArray[Any], threshold: float = DEFAULT_THRESHOLD
) -> dict[str, float | None]:
    """The metrics named in CLASSIFICATION_METRICS for class probabilities.

    `true` holds class codes, shape (n,); `probabilities` has shape (n, k). The prediction is the most probable
    class, or of two classes what is `decided` at the threshold. ROC AUC and average precision (the area under the
    precision-recall steps) are those of the second class of two, and for more classes those of each class against the
    rest, averaged with equal weight; they are None where a class has no row to judge it on. Every value is None when
    there are no rows.
    """
    if len(true) == 0:
        return dict.fromkeys(CLASSIFICATION_METRICS)
    codes = np.asarray(true)
    exact = normalized(probabilities)
    classes = exact.shape[1]
    labels = tuple(map(str, range(classes)))
    found = metrics_of_matrix(
        ConfusionMatrix.from_codes(labels, codes, decided(np.asarray(probabilities), threshold))
    )
    found["log_loss"] = float(row_costs(codes, exact).mean())
    found["roc_auc"], found["average_precision"] = _ranking(codes, np.asarray(probabilities))
    return {name: found[name] for name in CLASSIFICATION_METRICS}


def normalized(probabilities: NDArray[Any]) -> NDArray[np.float64]:
    """Probabilities (n, k) in double precision, each row adding up to 1."""
    exact = np.asarray(probabilities, np.float64)
    shares: NDArray[np.float64] = exact / exact.sum(axis=1, keepdims=True)
    return shares


def row_costs(codes: NDArray[np.integer], exact: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minus the logarithm of the true class's probability, shape (n,); 0 counts as the smallest step."""
    own = exact[np.arange(len(codes)), codes]
    smallest = np.finfo(np.float64).eps
    costs: NDArray[np.float64] = -np.log(np.clip(own, smallest, 1 - smallest))
    return costs


def _ranking(codes: NDArray[np.integer], probabilities: NDArray[Any]) -> tuple[float | None, float | None]:
    """ROC AUC and average precision."""
    classes = probabilities.shape[1]
    if classes < 2 or len(np.unique(codes)) < classes:
        return None, None
    judged = [1] if classes == 2 else range(classes)
    areas, precisions = zip(
        *(ranking_areas(codes == index, np.ascontiguousarray(probabilities[:, index])) for index in judged),
        strict=True,
    )
    return float(np.mean(areas)), float(np.mean(precisions))


def regression_metrics(true: NDArray[Any], predicted: NDArray[Any]) -> dict[str, float | None]:
    """R², root mean squared, mean absolute and median absolute error, all but R² in the target's unit.

    Both arrays have shape (n,). R² is None for rows that do not differ, as a single one; every value is None when
    there are no rows.
    """
    if len(true) == 0:
        return dict.fromkeys(REGRESSION_METRICS)
    from sklearn.metrics import mean_absolute_error, median_absolute_error, r2_score, root_mean_squared_error

    unit = safe_unit(np.asarray(true), np.asarray(predicted))
    scaled = np.asarray(true) / unit, np.asarray(predicted) / unit
    return {
        "r2": float(r2_score(*scaled)) if np.ptp(true) > 0 else None,
        "rmse": float(root_mean_squared_error(*scaled)) * unit,
        "mae": float(mean_absolute_error(true, predicted)),
        "median_error": float(median_absolute_error(true, predicted)),
    }

"""The score of predictions that come in pieces, in constant memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.confusion import ConfusionMatrix


class RunningScore:
    """Adds up what the metrics need that can be added up: all but ROC AUC."""

    def __init__(self, classes: Sequence[str]) -> None:
        """For these classes; () for a number target."""
        self.classes = tuple(classes)
        self.rows = 0
        self._counts = np.zeros((len(classes), len(classes)), np.int64)
        self._cost = 0.0
        self._absolute = 0.0
        self._squares = 0.0
        self._mean = 0.0
        self._spread = 0.0

    def add(self, true: NDArray[Any], answers: NDArray[Any]) -> None:
        """Rows with their true class codes (n,) and class probabilities (n, k), or numbers (n,) and numbers (n,)."""
        if not len(true):
            return
        if self.classes:
            exact = answers.astype(np.float64)
            exact /= exact.sum(axis=1, keepdims=True)
            self._counts += ConfusionMatrix.from_codes(self.classes, true, exact.argmax(axis=1)).counts
            smallest = np.finfo(np.float64).eps
            own = np.clip(exact[np.arange(len(true)), true], smallest, 1 - smallest)
            self._cost -= float(np.log(own).sum())
        else:
            errors = true - answers
            self._absolute += float(np.abs(errors).sum())
            self._squares += float((errors**2).sum())
            # Chan, Golub, LeVeque 1979: the sum of squares about the mean of two pieces together.
            mean = float(true.mean())
            total = self.rows + len(true)
            self._spread += float(((true - mean) ** 2).sum())
            self._spread += (mean - self._mean) ** 2 * self.rows * len(true) / total
            self._mean += (mean - self._mean) * len(true) / total
        self.rows += len(true)

    @property
    def confusion(self) -> ConfusionMatrix:
        """The confusion matrix of a class target."""
        return ConfusionMatrix(self.classes, self._counts)

    def metrics(self) -> dict[str, float | None]:
        """Accuracy, balanced accuracy and log cost, or R², RMSE and MAE; None where there are too few rows."""
        if self.classes:
            if not self.rows:
                return dict.fromkeys(("accuracy", "balanced_accuracy", "log_loss"))
            matrix = self.confusion
            return {
                "accuracy": matrix.accuracy,
                "balanced_accuracy": matrix.balanced_accuracy,
                "log_loss": self._cost / self.rows,
            }
        if not self.rows:
            return dict.fromkeys(("r2", "rmse", "mae"))
        return {
            "r2": 1 - self._squares / self._spread if self._spread > 0 else None,
            "rmse": float(np.sqrt(self._squares / self.rows)),
            "mae": self._absolute / self.rows,
        }

"""The score of predictions that come in pieces, in constant memory: all metrics that can be added up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.cells.magnitude import safe_unit
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD, decided
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.metrics import normalized, row_costs


class RunningScore(ABC):
    """Adds up what the metrics need."""

    def __init__(self) -> None:
        self.rows = 0

    def add(self, true: NDArray[Any], answers: NDArray[Any]) -> None:
        """Rows with their true class codes (n,) and class probabilities (n, k), or numbers (n,) and numbers (n,)."""
        if len(true):
            self._add(true, answers)
            self.rows += len(true)

    @abstractmethod
    def _add(self, true: NDArray[Any], answers: NDArray[Any]) -> None:
        """Add at least one row to those before."""

    @abstractmethod
    def metrics(self) -> dict[str, float | None]:
        """The metrics by name; None where there are too few rows."""


class RunningClassScore(RunningScore):
    """Accuracy, balanced accuracy and log cost."""

    def __init__(self, classes: Sequence[str], threshold: float = DEFAULT_THRESHOLD) -> None:
        """Two classes are told apart at `threshold`."""
        super().__init__()
        self._classes, self._threshold = tuple(classes), threshold
        self._counts = np.zeros((len(classes), len(classes)), np.int64)
        self._cost = 0.0

    def _add(self, true: NDArray[Any], answers: NDArray[Any]) -> None:
        exact = normalized(answers)
        codes = decided(answers, self._threshold)
        self._counts += ConfusionMatrix.from_codes(self._classes, true, codes).counts
        self._cost += float(row_costs(true, exact).sum())

    def metrics(self) -> dict[str, float | None]:
        """The three of them."""
        if not self.rows:
            return dict.fromkeys(("accuracy", "balanced_accuracy", "log_loss"))
        matrix = ConfusionMatrix(self._classes, self._counts)
        return {
            "accuracy": matrix.accuracy,
            "balanced_accuracy": matrix.balanced_accuracy,
            "log_loss": self._cost / self.rows,
        }


class RunningNumberScore(RunningScore):
    """R², RMSE and MAE."""

    def __init__(self) -> None:
        super().__init__()
        self._unit: float | None = None
        self._absolute = 0.0
        self._squares = 0.0
        self._mean = 0.0
        self._spread = 0.0
        self._lowest, self._highest = np.inf, -np.inf

    def _add(self, true: NDArray[Any], answers: NDArray[Any]) -> None:
        if self._unit is None:
            self._unit = safe_unit(true, answers)
        true, answers = true / self._unit, answers / self._unit
        errors = true - answers
        self._absolute += float(np.abs(errors).sum())
        self._squares += float((errors**2).sum())
        # Chan, Golub, LeVeque 1979: the sum of squares about the mean of two pieces together.
        mean = float(true.mean())
        self._lowest = min(self._lowest, float(true.min()))
        self._highest = max(self._highest, float(true.max()))
        total = self.rows + len(true)
        self._spread += float(((true - mean) ** 2).sum())
        self._spread += (mean - self._mean) ** 2 * self.rows * len(true) / total
        self._mean += (mean - self._mean) * len(true) / total

    def metrics(self) -> dict[str, float | None]:
        """The three of them; R² is None where the true numbers do not vary."""
        if not self.rows:
            return dict.fromkeys(("r2", "rmse", "mae"))
        return {
            "r2": 1 - self._squares / self._spread if self._lowest < self._highest else None,
            "rmse": float(np.sqrt(self._squares / self.rows)) * (self._unit or 1.0),
            "mae": self._absolute / self.rows * (self._unit or 1.0),
        }

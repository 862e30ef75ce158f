"""The confusion matrix: how often each true class was given each predicted class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """Counts of rows by true class (rows of the matrix) and predicted class (columns).

    `labels` names the k classes; `counts` is an int64 array of shape (k, k).
    """

    labels: tuple[str, ...]
    counts: NDArray[np.int64]

    @classmethod
    def from_codes(
        cls, labels: Sequence[str], true: NDArray[np.integer], predicted: NDArray[np.integer]
    ) -> ConfusionMatrix:
        """Count pairs of class codes, both of shape (n,), each code an index into `labels`."""
        size = len(labels)
        pairs = np.asarray(true, np.int64) * size + np.asarray(predicted, np.int64)
        counts = np.bincount(pairs, minlength=size * size).reshape(size, size)
        return cls(tuple(labels), counts.astype(np.int64, copy=False))

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return int(self.counts.sum())

    @property
    def recall(self) -> NDArray[np.float64]:
        """Share of each true class that was found, shape (k,), in 0..1; NaN for a class without rows."""
        return _share(np.diag(self.counts), self.counts.sum(axis=1))

    @property
    def precision(self) -> NDArray[np.float64]:
        """Share of each predicted class that was right, shape (k,), in 0..1; NaN if never predicted."""
        return _share(np.diag(self.counts), self.counts.sum(axis=0))

    @property
    def accuracy(self) -> float:
        """Share of all rows that were right, 0..1; NaN without rows."""
        return float(_share(np.array([np.trace(self.counts)]), np.array([self.rows]))[0])

    @property
    def balanced_accuracy(self) -> float:
        """Mean recall of the classes that have rows, 0..1; NaN without rows."""
        recall = self.recall
        present = recall[~np.isnan(recall)]
        return float(present.mean()) if present.size else float("nan")

    @property
    def majority_share(self) -> float:
        """Accuracy of always answering the most frequent true class, 0..1; NaN without rows."""
        return float(_share(np.array([self.counts.sum(axis=1).max()]), np.array([self.rows]))[0])


def most_confused(matrix: ConfusionMatrix, most: int) -> list[tuple[int, int, int]]:
    """The pairs of a true and another predicted class with the most rows, at most so many: (true, predicted, rows)."""
    wrong = matrix.counts - np.diag(np.diag(matrix.counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    found = []
    for place in order.tolist():
        true, predicted = divmod(place, len(matrix.labels))
        if rows := int(wrong[true, predicted]):
            found.append((true, predicted, rows))
    return found


def with_most_mistakes(matrix: ConfusionMatrix, most: int) -> tuple[int, ...]:
    """The classes in the most wrong answers, as the true or as the given one: at most so many, in their order."""
    counts = matrix.counts
    mistakes = counts.sum(axis=1) + counts.sum(axis=0) - 2 * counts.diagonal()
    return tuple(sorted(np.argsort(-mistakes, kind="stable")[:most].tolist()))


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    share = np.full(part.shape, np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share

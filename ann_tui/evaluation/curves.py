"""Curves that tell more than one number: ROC, precision-recall and calibration, of one class or of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.metrics import normalized

MOST_PAIRS = 100_000
MOST_POINTS = 300
BINS = 10


@dataclass(frozen=True, eq=False)
class Curve:
    """Points (x, y), both of shape (m,) in 0..1, and one figure that sums them up.

    `figure` is the area under a ROC curve, the average precision, or for a calibration curve the mean distance
    between probability and share, weighted by rows (expected calibration error; Guo et al. 2017). `share` is the part
    of the rows that are of the class.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    figure: float
    share: float


def decisions(evaluation: Evaluation, index: int | None) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Whether each judged row is of class `index`, and the class's probability, both of shape (n,).

    For None every pair of a row and a class is a decision of its own (micro-average). Long tables are thinned
    evenly to MOST_PAIRS decisions.
    """
    exact = np.asarray(evaluation.outputs, np.float64)
    if index is not None:
        own, scores = evaluation.actual == index, exact[:, index]
    else:
        own, scores = (evaluation.actual[:, np.newaxis] == np.arange(exact.shape[1])).ravel(), exact.ravel()
    step = -(-len(own) // MOST_PAIRS)
    return own[::step], scores[::step]


def roc(evaluation: Evaluation, index: int | None) -> Curve | None:
    """The share of the class that is found against the share of the others taken for it, for every threshold."""
    from sklearn.metrics import auc, roc_curve

    own, scores = decisions(evaluation, index)
    if own.all() or not own.any():
        return None
    false, found, _ = roc_curve(own, scores)
    return Curve(*_thinned(false, found), float(auc(false, found)), float(own.mean()))


def precision_recall(evaluation: Evaluation, index: int | None) -> Curve | None:
    """The share of right answers for the class against the share of it that is found, for every threshold."""
    from sklearn.metrics import average_precision_score, precision_recall_curve

    own, scores = decisions(evaluation, index)
    if own.all() or not own.any():
        return None
    precision, recall, _ = precision_recall_curve(own, scores)
    area = float(average_precision_score(own, scores))
    return Curve(*_thinned(recall[::-1], precision[::-1]), area, float(own.mean()))


def calibration(evaluation: Evaluation, index: int | None) -> Curve | None:
    """How often the class was right where the network gave it a probability, in bins of equally many rows.

    For None it is about the answers: how often the answer was right, by the probability that the network gave it.
    """
    if index is None:
        exact = normalized(evaluation.outputs)
        own, scores = exact.argmax(axis=1) == evaluation.actual, exact.max(axis=1)
    else:
        own, scores = decisions(evaluation, index)
    if not len(own):
        return None
    ordered = np.sort(scores)
    # A row's bin follows from how many rows have a lower probability, so that equal ones share a bin.
    bins = np.searchsorted(ordered, scores, side="left") * min(BINS, len(ordered)) // len(ordered)
    _, place, sizes = np.unique(bins, return_inverse=True, return_counts=True)
    given = np.bincount(place, weights=scores) / sizes
    share = np.bincount(place, weights=own) / sizes
    distance = float((np.abs(given - share) * sizes).sum() / sizes.sum())
    return Curve(given, share, distance, float(own.mean()))


def _thinned(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(x) <= MOST_POINTS:
        return x, y
    chosen = np.linspace(0, len(x) - 1, MOST_POINTS).round().astype(int)
    return x[chosen], y[chosen]

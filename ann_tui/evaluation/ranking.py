"""How well scores put the rows of a class above all others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def ranking_areas(own: NDArray[np.bool_], scores: NDArray[Any]) -> tuple[float, float]:
    """The area under the ROC curve, and average precision, both in 0..1.

    `own` and `scores` have shape (n,); some rows, but not all, are `own`. The first is the share of pairs of an own
    and another row that are in the right order, ties counted half; the second sums the precision at each score,
    times the recall gained there.
    """
    order = np.argsort(scores, kind="stable")[::-1]
    ordered = scores[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    found = np.cumsum(own[order])[ends].astype(np.float64)
    answers = ends + 1.0
    false = answers - found
    area = np.trapezoid(np.append(0.0, found), np.append(0.0, false)) / (found[-1] * false[-1])
    precision = np.diff(found, prepend=0.0) @ (found / answers) / found[-1]
    return float(area), float(precision)

"""What each row of a trial's judgement costs, in a form that is kept and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ann_tui.evaluation.metrics import normalized, row_costs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_ROWS = 2_000
"""The costs of so many rows at most, evenly spread, are kept of each trial."""


def costs_by_row(actual: NDArray[np.generic], answers: NDArray[np.generic]) -> NDArray[np.float32]:
    """The log loss of each row, or its squared error over the variance of the rows; at most `MOST_ROWS` of them.

    Log loss is told as a share of what the shares of the classes cost, so that 1 is a guess in both cases.
    """
    if answers.ndim == 2:
        shares = np.bincount(actual.astype(np.int64), minlength=answers.shape[1]) / len(actual)
        guess = -float(np.sum(shares[shares > 0] * np.log(shares[shares > 0])))
        costs = row_costs(actual.astype(np.int64), normalized(answers.astype(np.float64)))
    else:
        guess = float(np.var(actual.astype(np.float64)))
        costs = (answers.astype(np.float64) - actual.astype(np.float64)) ** 2
    places = np.linspace(0, len(actual) - 1, min(len(actual), MOST_ROWS)).round().astype(np.int64)
    return (costs[places] / (guess or 1.0)).astype(np.float32)

"""What each row of a trial's judgement costs, in a form that is kept and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ann_tui.evaluation.metrics import normalized, row_costs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_ROWS = 2_000
"""The costs of so many rows at most, evenly spread, are kept of each trial."""


def costs_by_row(actual: NDArray[np.generic], answers: NDArray[np.generic]) -> NDArray[np.float64]:
    """The log loss of each row, by codes and probabilities (n, k), or its squared error, by numbers (n,)."""
    if answers.ndim == 2:
        return row_costs(actual.astype(np.int64), normalized(answers.astype(np.float64)))
    return (answers.astype(np.float64) - actual.astype(np.float64)) ** 2


def shares_of_a_guess(costs: NDArray[np.float64], actual: NDArray[np.generic]) -> NDArray[np.float32]:
    """Costs by row as shares of what a guess costs, so that 1 is a guess; of at most `MOST_ROWS` rows, evenly spread.

    `actual` are numbers, of which the mean is guessed, or labels, of which the shares are.
    """
    if np.issubdtype(actual.dtype, np.number):
        guess = float(np.var(actual.astype(np.float64)))
    else:
        shares = np.unique(actual, return_counts=True)[1] / len(actual)
        guess = -float(np.sum(shares * np.log(shares)))
    places = np.linspace(0, len(costs) - 1, min(len(costs), MOST_ROWS)).round().astype(np.int64)
    return (costs[places] / (guess or 1.0)).astype(np.float32)

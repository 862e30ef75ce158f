"""The costs of a run's epochs as arrays, the last part of them, and their moving average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ann_tui.training.history import EpochRow

Costs = NDArray[np.float64]

LAST_SHARE, FEWEST_EPOCHS = 3, 20
"""The last part of a history is a third of it, and not less than so many epochs."""
SPANS_SHOWN, SHORTEST_SPAN = 20, 3
"""An average over a twentieth of what is shown takes the ripple and leaves the bends."""


@dataclass(frozen=True, eq=False)
class CostCurves:
    """Epochs, training and validation costs, float64 (n,) each; NaN for a cost that was not measured."""

    epochs: Costs
    training: Costs
    validation: Costs
    last: EpochRow | None = None

    @classmethod
    def of(cls, history: Sequence[EpochRow], before: CostCurves | None = None) -> CostCurves:
        """The curves of a history; those of a shorter one `before` that it goes on from are taken over."""
        known = 0 if before is None else len(before.epochs)
        if before is None or not known or known > len(history) or history[known - 1] is not before.last:
            known, before = 0, cls(np.empty(0), np.empty(0), np.empty(0))
        if known == len(history):
            return before
        rows = [
            (row.epoch, row.training_cost, np.nan if row.validation_cost is None else row.validation_cost)
            for row in history[known:]
        ]
        added = np.array(rows, np.float64).T
        joined = np.concatenate([[before.epochs, before.training, before.validation], added], axis=1)
        epochs, training, validation = joined
        return cls(epochs, training, validation, history[-1])

    @property
    def judged(self) -> Costs:
        """The validation costs, or the training costs where none was measured."""
        return self.training if np.isnan(self.validation).all() else self.validation

    def since(self, epoch: int) -> CostCurves:
        """The curves from an epoch on."""
        keep = self.epochs >= epoch
        return CostCurves(self.epochs[keep], self.training[keep], self.validation[keep], self.last)

    def smoothed(self, span: int) -> CostCurves:
        """The moving averages of both curves over some `span` epochs; see `moving_average`."""
        training, validation = moving_average(self.training, span), moving_average(self.validation, span)
        return CostCurves(self.epochs, training, validation, self.last)


def moving_average(values: Costs, span: int) -> Costs:
    """The exponential moving average, (n,), without the pull of its beginning towards 0 (Kingma & Ba 2015).

    With a = 2 / (span + 1) it is m[t] / (1 - (1 - a)^t), where m[t] = (1 - a) m[t-1] + a values[t] and m[0] = 0.
    Values that are not finite stay as they are, and count for nothing.
    """
    found, fine = values.copy(), np.isfinite(values)
    share = 2 / (span + 1)
    means = list(
        accumulate(values[fine].tolist(), lambda mean, value: mean + share * (value - mean), initial=0.0)
    )
    found[fine] = np.array(means[1:]) / (1 - (1 - share) ** np.arange(1, len(means)))
    return found


def first_of_last_part(last: int) -> int:
    """The epoch with which the last part of a history of so many epochs begins; 1 where that is all of it."""
    return max(1, last + 1 - max(FEWEST_EPOCHS, -(-last // LAST_SHARE)))


def span_for(epochs: int) -> int:
    """Over how many epochs to average where so many are shown."""
    return max(SHORTEST_SPAN, round(epochs / SPANS_SHOWN))

"""scikit-learn's interface over the engine, for matrices of numbers."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.metaestimators import available_if

from ann_tui.estimators.base import BaseANN, works_in_batches
from ann_tui.network.costs import COSTS
from ann_tui.network.outputs import Outputs
from ann_tui.training.examples import Examples


class ANNRegressor(RegressorMixin, BaseANN):  # type: ignore[misc]
    """A neural network that tells a number.

    Features should be scaled first, with `StandardScaler` for example; the target is standardized here (but for
    counts, with the cost `poisson`), and costs are those of the standardized target. The parameters are those of
    `ANNClassifier` but for `class_weight`, with costs for numbers; None stands for squared error.

    Attributes
    ----------
    costs_ : the mean training cost of each epoch.
    validation_costs_ : that of the held-out rows, NaN for an epoch without; empty where none were ever held out.
    history_ : all that was measured in each epoch. network_ : the trained network. n_iter_ : how many epochs it took.
    """

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
    ) -> Self:
        """Train on X (n, features) and y (n,), numbers. Raises `ValueError` for what can't be used.

        `sample_weight` (n,), not negative, says how much each row counts beside the others. `validation` are X and y of
        other rows, which choose the best epoch in place of those that `validation_fraction` would hold out.
        """
        goes_on = self._goes_on
        x, numbers = self._rows(X, y, goes_on=goes_on)
        weight = self._weights(sample_weight, x)
        if not goes_on:
            self._set_scale(numbers, weight)
        held_out = None
        if validation is not None:
            other_x, others = self._rows(*validation, goes_on=True)
            held_out = Examples(other_x, self._standardized(others))
        self._train(x, self._standardized(numbers), weight, Outputs("number"), held_out)
        return self

    @available_if(works_in_batches)  # type: ignore[untyped-decorator]
    def partial_fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train one epoch on these rows alone, going on from the network and the optimizer that are there.

        The first call's rows also set the mean and the deviation by which the target is standardized from then on: two
        different numbers at least, better some dozens of rows. No row is held out, weights count as they are, and the
        schedule takes each call for one of `epochs`. There is none for L-BFGS, which looks at all rows at once. Raises
        `ValueError` for what can't be used.
        """
        goes_on = hasattr(self, "network_")
        x, numbers = self._rows(X, y, goes_on=goes_on)
        weight = self._weights(sample_weight, x)
        if not goes_on and self._set_scale(numbers, weight) == 0:
            raise ValueError(
                "the first rows that partial_fit is given set the mean and the deviation of the target, and theirs "
                "have no deviation: begin with rows of different targets"
            )
        self._train_one_epoch(x, self._standardized(numbers), weight, Outputs("number"))
        return self

    def _rows(
        self, X: ArrayLike, y: ArrayLike, *, goes_on: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """The features, (n, features), and the target, (n,), checked."""
        x, numbers = self._validated(X, y, reset=not goes_on, y_numeric=True)
        return x, np.asarray(numbers, np.float64)

    def _set_scale(self, numbers: NDArray[np.float64], weight: NDArray[Any] | None) -> float:
        """Set the mean and the deviation that the network is trained with; those of counts stay 0 and 1.

        Gives the deviation, 0 where all numbers that count are the same; it is 1 then.
        """
        entry = COSTS.get(self.cost or "squared error")
        self._shift, deviation = 0.0, 1.0
        if (entry is None or not entry.raw_target) and (weight is None or weight.any()):
            self._shift, deviation = _mean_and_deviation(numbers, weight)
        self._scale = deviation or 1.0
        return deviation

    def _standardized(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The target as the network learns it. Raises `ValueError` where it is too wide for a number to hold."""
        with np.errstate(over="ignore", invalid="ignore"):
            found: NDArray[np.float64] = (numbers - self._shift) / self._scale
        if not np.isfinite(found).all():
            raise ValueError(
                f"the target reaches from {numbers.min():g} to {numbers.max():g}, too wide to reckon with: "
                "divide it by a fixed number first"
            )
        return found

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """The number of each row, (n,). Raises `ValueError` for one that no float64 can hold."""
        outputs = self._outputs(X).astype(np.float64)
        with np.errstate(over="ignore"):
            found: NDArray[np.float64] = outputs * self._scale + self._shift
        if not np.isfinite(found).all():
            raise ValueError(
                f"row {int(np.isfinite(found).argmin())}: the answer is too large for a number to hold"
            )
        return found


def _mean_and_deviation(numbers: NDArray[np.float64], weight: NDArray[Any] | None) -> tuple[float, float]:
    """Of the numbers (n,), by their weights; the deviation is exactly 0 where those that count are the same.

    They are reckoned in a unit of the numbers' own size (a power of two, so that no bit is lost): no square
    overflows or vanishes.
    """
    counting = numbers if weight is None else numbers[weight > 0]
    if counting.min() == counting.max():
        return float(counting[0]), 0.0
    unit = 2.0 ** min(math.frexp(float(np.abs(counting).max()))[1], 1023)
    scaled = numbers / unit
    mean = float(np.average(scaled, weights=weight))
    deviation = math.sqrt(float(np.average(np.square(scaled - mean), weights=weight)))
    return mean * unit, deviation * unit

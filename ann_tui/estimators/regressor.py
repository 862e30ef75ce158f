"""scikit-learn's interface over the engine, for matrices of numbers."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import validate_data

from ann_tui.estimators.base import BaseANN, works_in_batches
from ann_tui.network.costs import COSTS
from ann_tui.network.outputs import Outputs


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

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X (n, features) and y (n,), numbers. Raises `ValueError` for what can't be used.

        `sample_weight` (n,), not negative, says how much each row counts beside the others.
        """
        goes_on = self._goes_on
        x, numbers = validate_data(self, X, y, dtype=np.float32, y_numeric=True, reset=not goes_on)
        weight = self._weights(sample_weight, x)
        self._train(x, self._standardized(numbers, weight, goes_on=goes_on), weight, Outputs("number"))
        return self

    @available_if(works_in_batches)  # type: ignore[untyped-decorator]
    def partial_fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train one epoch on these rows alone, going on from the network and the optimizer that are there.

        The first call's rows also set the mean and the deviation by which the target is standardized from then on. No
        row is held out, weights count as they are, and the schedule takes each call for one of `epochs`. There is
        none for L-BFGS, which looks at all rows at once. Raises `ValueError` for what can't be used.
        """
        goes_on = hasattr(self, "network_")
        x, numbers = validate_data(self, X, y, dtype=np.float32, y_numeric=True, reset=not goes_on)
        weight = self._weights(sample_weight, x)
        self._train_one_epoch(
            x, self._standardized(numbers, weight, goes_on=goes_on), weight, Outputs("number")
        )
        return self

    def _standardized(
        self, y: NDArray[Any], weight: NDArray[Any] | None, *, goes_on: bool
    ) -> NDArray[np.float64]:
        """The target by the mean and the deviation that the network is trained with, which these rows set at first."""
        numbers = np.asarray(y, np.float64)
        if not goes_on:
            entry = COSTS.get(self.cost or "squared error")
            self._shift, self._scale = 0.0, 1.0
            if (entry is None or not entry.raw_target) and (weight is None or weight.sum() > 0):
                self._shift = float(np.average(numbers, weights=weight))
                self._scale = (
                    math.sqrt(float(np.average(np.square(numbers - self._shift), weights=weight))) or 1.0
                )
        return (numbers - self._shift) / self._scale

    def predict(self, X: ArrayLike) -> NDArray[np.float32]:
        """The number of each row, (n,)."""
        found: NDArray[np.float32] = self._outputs(X) * np.float32(self._scale) + np.float32(self._shift)
        return found

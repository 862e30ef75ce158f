"""scikit-learn's interface over the engine, for matrices of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets

from ann_tui.estimators.base import DEFAULT_LAYERS, BaseANN, works_in_batches
from ann_tui.network.outputs import Outputs
from ann_tui.training.examples import Examples


class ANNClassifier(ClassifierMixin, BaseANN):  # type: ignore[misc]
    """A neural network that tells classes.

    Features should be scaled first, with `StandardScaler` for example.

    Parameters
    ----------
    layers : the hidden layers as text, such as `"64 relu, dropout 0.2, 32 relu"`; empty for logistic regression.
    cost : a name of `ann_tui.network.costs.COSTS` for classes; None for cross-entropy.
    optimizer, learning_rate, schedule, batch_size, epochs : how to train; `batch_size` counts rows.
    l2 : strength of the penalty l2/2·Σw² on the weights.
    validation_fraction : share of the rows that is held out to choose the best epoch, 0 to below 1.
    early_stopping : end when the monitored cost has not fallen for 30 epochs.
    random_state : seed of weights, shuffling and the held-out rows.
    class_weight : how much the rows of each class count: None for 1, a dict by class, or `"balanced"` for
        n / (classes · rows of the class). It is multiplied with `sample_weight`, in the held-out cost as well.
    warm_start : `fit` trains the network that is there for another `epochs` epochs, instead of a new one.

    Attributes
    ----------
    classes_ : the classes, sorted.
    costs_ : the mean training cost of each epoch.
    validation_costs_ : that of the held-out rows, NaN for an epoch without; empty where none were ever held out.
    history_ : all that was measured in each epoch. network_ : the trained network. n_iter_ : how many epochs it took.
    """

    classes_: NDArray[Any]

    def __init__(
        self,
        layers: str = DEFAULT_LAYERS,
        *,
        cost: str | None = None,
        optimizer: str = "adam",
        learning_rate: float = 0.001,
        schedule: str = "constant",
        batch_size: int = 128,
        epochs: int = 100,
        l2: float = 0.0,
        validation_fraction: float = 0.0,
        early_stopping: bool = False,
        random_state: int | np.random.RandomState | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        warm_start: bool = False,
    ) -> None:
        super().__init__(
            layers,
            cost=cost,
            optimizer=optimizer,
            learning_rate=learning_rate,
            schedule=schedule,
            batch_size=batch_size,
            epochs=epochs,
            l2=l2,
            validation_fraction=validation_fraction,
            early_stopping=early_stopping,
            random_state=random_state,
            warm_start=warm_start,
        )
        self.class_weight = class_weight

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
    ) -> Self:
        """Train on X (n, features), numbers, and y (n,), classes. Raises `ValueError` for what can't be used.

        `sample_weight` (n,), not negative, says how much each row counts beside the others. `validation` are X and y of
        other rows, which choose the best epoch in place of those that `validation_fraction` would hold out.
        """
        goes_on = self._goes_on
        x, labels = self._validated(X, y, reset=not goes_on)
        check_classification_targets(labels)
        classes = np.unique(labels)
        if len(classes) < 2:
            raise ValueError(f"Classifier can't train when only one class is present: {classes[0]!r}")
        if goes_on and not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"warm_start needs the classes of the first fit, {self.classes_}; y has {classes}"
            )
        self.classes_ = classes
        codes = np.searchsorted(classes, labels)
        weight = self._class_weights(codes, labels, self._weights(sample_weight, x))
        held_out = None if validation is None else self._held_out(codes, labels, *validation)
        self._train(x, codes, weight, Outputs.telling(len(self.classes_)), held_out)
        return self

    def _held_out(self, codes: NDArray[Any], labels: NDArray[Any], X: ArrayLike, y: ArrayLike) -> Examples:
        """Rows that choose the best epoch; each weighs what its class does. Raises `ValueError` for a new class."""
        x, others = self._validated(X, y, reset=False)
        unknown = np.setdiff1d(others, self.classes_)
        if len(unknown):
            raise ValueError(
                f"the validation rows have classes that are not among {self.classes_}: {unknown}"
            )
        found = np.searchsorted(self.classes_, others)
        weight = self._class_weights(codes, labels, None)
        if weight is None:
            return Examples(x, found)
        of_class = np.zeros(len(self.classes_))
        of_class[codes] = weight
        return Examples(x, found, of_class[found])

    @available_if(works_in_batches)  # type: ignore[untyped-decorator]
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train one epoch on these rows alone, going on from the network and the optimizer that are there.

        The first call names all `classes`, which these rows need not all have; after `fit` they are known. No row
        is held out, weights count as they are, and the schedule takes each call for one of `epochs`. There is none
        for L-BFGS, which looks at all rows at once. Raises `ValueError` for what can't be used.
        """
        x, labels = self._validated(X, y, reset=not hasattr(self, "network_"))
        check_classification_targets(labels)
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight 'balanced' needs all rows: give partial_fit a dict, such as "
                "dict(zip(classes, compute_class_weight('balanced', classes=classes, y=y)))"
            )
        if hasattr(self, "classes_") and not hasattr(self, "network_"):
            del self.classes_
        _check_partial_fit_first_call(self, classes)
        if len(self.classes_) < 2:
            raise ValueError(f"Classifier can't train when only one class is present: {self.classes_[0]!r}")
        unknown = np.setdiff1d(labels, self.classes_)
        if len(unknown):
            raise ValueError(f"y has classes that are not among {self.classes_}: {unknown}")
        codes = np.searchsorted(self.classes_, labels)
        weight = self._class_weights(codes, labels, self._weights(sample_weight, x))
        self._train_one_epoch(x, codes, weight, Outputs.telling(len(self.classes_)))
        return self

    def _class_weights(
        self, codes: NDArray[Any], labels: NDArray[Any], weight: NDArray[Any] | None
    ) -> NDArray[Any] | None:
        """The rows' weights times those of their classes."""
        if self.class_weight is None:
            return weight
        of_class = compute_class_weight(self.class_weight, classes=self.classes_, y=labels)
        found: NDArray[Any] = of_class[codes] if weight is None else of_class[codes] * weight
        return found

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """The probability of each class, (n, classes)."""
        return self._outputs(X)

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """The natural logarithm of each probability, (n, classes); -inf for one of 0."""
        with np.errstate(divide="ignore"):
            found: NDArray[np.float32] = np.log(self.predict_proba(X))
        return found

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The most probable class of each row, (n,)."""
        codes = self.predict_proba(X).argmax(axis=1)
        found: NDArray[Any] = self.classes_[codes]
        return found

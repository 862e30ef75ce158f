"""scikit-learn's interface over the engine, for matrices of numbers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.examples import Examples
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer


class _ANN(BaseEstimator):  # type: ignore[misc]
    """What both estimators share: their options, and how they train."""

    def __init__(
        self,
        layers: str = "256 relu, 128 relu",
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
    ) -> None:
        self.layers = layers
        self.cost = cost
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.batch_size = batch_size
        self.epochs = epochs
        self.l2 = l2
        self.validation_fraction = validation_fraction
        self.early_stopping = early_stopping
        self.random_state = random_state

    def _train(self, x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None, outputs: Outputs) -> None:
        """Train a new network; the best weights by the held-out rows (else by the training cost) remain."""
        seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))
        plan = TrainingPlan(
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            schedule=self.schedule,
            batch=self.batch_size,
            epochs=self.epochs,
            l2=self.l2,
            early_stopping=self.early_stopping,
            seed=seed,
        )
        training, held_out = Examples(x, y, weight), None
        if self.validation_fraction != 0:
            training, held_out = (
                Examples(x[rows], y[rows], None if weight is None else weight[rows])
                for rows in self._split(y, seed, outputs)
            )
        network = Network(
            NetworkDesign.from_text(self.layers, self.cost or "auto"), x.shape[1], outputs, seed=seed
        )
        final = Trainer(network, training, held_out, plan).run()
        if final.state == "failed":
            raise ValueError(final.message)
        self.network_ = network
        self.history_ = final.history
        self.costs_ = [row.training_cost for row in final.history]
        self.validation_costs_ = [
            row.validation_cost for row in final.history if row.validation_cost is not None
        ]
        self.n_iter_ = len(final.history)

    def _split(self, y: NDArray[Any], seed: int, outputs: Outputs) -> tuple[NDArray[Any], NDArray[Any]]:
        """Positions of the rows to train on and of those held out; by class where each has two rows or more."""
        from sklearn.model_selection import train_test_split

        rows = np.arange(len(y))
        if not 0 <= self.validation_fraction < 1:
            raise ValueError(f"validation_fraction {self.validation_fraction}: it must be from 0 to below 1")
        size = max(1, round(self.validation_fraction * len(y)))
        counts = np.bincount(y) if outputs.kind != "number" else np.zeros(1)
        stratify = y if counts.min() > 1 and min(size, len(y) - size) >= len(counts) else None
        kept, held_out = train_test_split(rows, test_size=size, random_state=seed, stratify=stratify)
        return kept, held_out

    def _outputs(self, X: ArrayLike) -> NDArray[np.float32]:
        check_is_fitted(self)
        found: NDArray[np.float32] = self.network_.predict(
            validate_data(self, X, dtype=np.float32, reset=False)
        )
        return found


class ANNClassifier(ClassifierMixin, _ANN):  # type: ignore[misc]
    """A neural network that tells classes.

    Features should be scaled first, with ``StandardScaler`` for example.

    Parameters
    ----------
    layers : the hidden layers as text, such as ``"64 relu, dropout 0.2, 32 relu"``; empty for logistic regression.
    cost : a name of ``ann_tui.network.costs.COSTS`` for classes; None for cross-entropy.
    optimizer, learning_rate, schedule, batch_size, epochs : how to train; ``batch_size`` counts rows.
    l2 : strength of the penalty l2/2·Σw² on the weights.
    validation_fraction : share of the rows that is held out to choose the best epoch, 0 to below 1.
    early_stopping : end when the monitored cost has not fallen for 30 epochs.
    random_state : seed of weights, shuffling and the held-out rows.

    Attributes
    ----------
    classes_ : the classes, sorted.
    costs_ : the mean training cost of each epoch; validation_costs_ : that of the held-out rows.
    history_ : all that was measured in each epoch. network_ : the trained network. n_iter_ : how many epochs it took.
    """

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X (n, features), numbers, and y (n,), classes. Raises ``ValueError`` for what can't be used."""
        x, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"Classifier can't train when only one class is present: {self.classes_[0]!r}")
        weight = (
            None
            if sample_weight is None
            else _check_sample_weight(sample_weight, x, ensure_non_negative=True)
        )
        outputs = Outputs("binary") if len(self.classes_) == 2 else Outputs("multiclass", len(self.classes_))
        self._train(x, codes, weight, outputs)
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """The probability of each class, (n, classes)."""
        return self._outputs(X)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The most probable class of each row, (n,)."""
        codes = self.predict_proba(X).argmax(axis=1)
        found: NDArray[Any] = self.classes_[codes]
        return found


class ANNRegressor(RegressorMixin, _ANN):  # type: ignore[misc]
    """A neural network that tells a number.

    Features should be scaled first, with ``StandardScaler`` for example; the target is standardized here (but for
    counts, with the cost ``poisson``), and costs are those of the standardized target. The parameters are those of
    ``ANNClassifier``, with costs for numbers; None stands for squared error.

    Attributes
    ----------
    costs_ : the mean training cost of each epoch; validation_costs_ : that of the held-out rows.
    history_ : all that was measured in each epoch. network_ : the trained network. n_iter_ : how many epochs it took.
    """

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X (n, features) and y (n,), numbers. Raises ``ValueError`` for what can't be used."""
        x, y = validate_data(self, X, y, dtype=np.float32, y_numeric=True)
        numbers = np.asarray(y, np.float64)
        weight = (
            None
            if sample_weight is None
            else _check_sample_weight(sample_weight, x, ensure_non_negative=True)
        )
        entry = COSTS.get(self.cost or "squared error")
        raw = entry is not None and entry.raw_target
        self._shift = 0.0 if raw else float(numbers.mean())
        self._scale = 1.0 if raw else float(numbers.std()) or 1.0
        self._train(x, (numbers - self._shift) / self._scale, weight, Outputs("number"))
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float32]:
        """The number of each row, (n,)."""
        found: NDArray[np.float32] = self._outputs(X) * np.float32(self._scale) + np.float32(self._shift)
        return found

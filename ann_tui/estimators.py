"""scikit-learn's interface over the engine, for matrices of numbers."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.history import EpochRow
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.snapshot import Snapshot
from ann_tui.training.trainer import Trainer

DEFAULT_LAYERS = "64 relu, 32 relu"


class _OneEpoch(TrainingControl):
    """Ends the training with the epoch that is under way."""

    def epoch_ended(self) -> None:
        """Stop instead of resting."""
        self.stop()


def _works_in_batches(estimator: _ANN) -> bool:
    """Whether the optimizer can go on with other rows; an unknown one is told of when it trains."""
    entry = OPTIMIZERS.get(estimator.optimizer)
    return entry is None or not entry.searches


class _ANN(BaseEstimator):  # type: ignore[misc]
    """What both estimators share: their options, and how they train."""

    network_: Network
    history_: tuple[EpochRow, ...]

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
        warm_start: bool = False,
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
        self.warm_start = warm_start

    @property
    def _goes_on(self) -> bool:
        """Whether ``fit`` takes up the network that is there."""
        return self.warm_start and hasattr(self, "network_")

    def _plan(self, seed: int) -> TrainingPlan:
        """The options as a plan. Raises ``ValueError`` for one that can't be."""
        for name in ("epochs", "batch_size"):
            if not isinstance(getattr(self, name), Integral):
                raise ValueError(f"{name} {getattr(self, name)!r}: it must be a whole number, 1 or more")
        if not isinstance(self.layers, str):
            raise ValueError(f"layers {self.layers!r}: it must be text, such as '64 relu, 32 relu'")
        return TrainingPlan(
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            schedule=self.schedule,
            batch=self.batch_size,
            epochs=self.epochs,
            l2=self.l2,
            early_stopping=self.early_stopping,
            seed=seed,
        )

    def _network(self, x: NDArray[Any], outputs: Outputs, seed: int, *, goes_on: bool) -> Network:
        """A new network, or a copy of the one that is there, so that a training that fails leaves it as it was."""
        design = NetworkDesign.from_text(self.layers, self.cost or "auto")
        if not goes_on:
            return Network(design, x.shape[1], outputs, seed=seed)
        if design != self.network_.design:
            raise ValueError(
                "layers and cost can't change while a network trains on: fit without warm_start first"
            )
        return copy.deepcopy(self.network_)

    def _train(self, x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None, outputs: Outputs) -> None:
        """Train for ``epochs``; the best weights by the held-out rows (else by the training cost) remain."""
        goes_on = self._goes_on
        seed = _drawn(check_random_state(self.random_state))
        plan = self._plan(seed)
        network = self._network(x, outputs, seed, goes_on=goes_on)
        training, held_out = Examples(x, y, weight), None
        if self.validation_fraction != 0:
            training, held_out = (
                Examples(x[rows], y[rows], None if weight is None else weight[rows])
                for rows in self._split(y, seed, outputs)
            )
        final = Trainer(network, training, held_out, plan).run()
        self._take_over(network, final, goes_on=goes_on)
        self._moments: tuple[str, NDArray[Any], int] | None = None

    def _train_one_epoch(
        self, x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None, outputs: Outputs
    ) -> None:
        """One epoch of these rows; the optimizer goes on where it was."""
        goes_on = hasattr(self, "network_")
        if self.early_stopping:
            raise ValueError("partial_fit can't stop early: it trains one epoch. Set early_stopping=False")
        if self.schedule == "plateau":
            raise ValueError(
                "partial_fit has no epochs of the same rows for the schedule 'plateau' to compare"
            )
        if not goes_on or not hasattr(self, "_random"):
            self._random = check_random_state(self.random_state)
        seed = _drawn(self._random)
        plan = self._plan(seed)
        network = self._network(x, outputs, seed, goes_on=goes_on)
        trainer = Trainer(network, Examples(x, y, weight), None, plan, _OneEpoch())
        if weight is not None:
            # The trainer makes the weights' mean 1, which would make a portion of light rows as heavy as any other.
            trainer.training = replace(trainer.training, weight=weight.astype(network.dtype))
        progress = trainer.progress
        moments = self._moments if goes_on else None
        if moments is not None and moments[0] == self.optimizer:
            progress.moments[...], progress.count = moments[1:]
        progress.epoch = min(len(self.history_) if goes_on else 0, self.epochs - 1)
        final = trainer.run()
        self._take_over(network, final, goes_on=goes_on)
        self._moments = self.optimizer, progress.moments, progress.count

    def _take_over(self, network: Network, final: Snapshot, *, goes_on: bool) -> None:
        """Keep the trained network, and put its epochs behind those before. Raises ValueError where it failed."""
        if final.state == "failed":
            raise ValueError(final.message)
        before = self.history_ if goes_on else ()
        numbered = [replace(row, epoch=number) for number, row in enumerate(final.history, len(before) + 1)]
        self.network_ = network
        self.history_ = (*before, *numbered)
        self.costs_ = [row.training_cost for row in self.history_]
        held_out = [row.validation_cost for row in self.history_]
        measured = any(cost is not None for cost in held_out)
        self.validation_costs_ = [math.nan if cost is None else cost for cost in held_out] if measured else []
        self.n_iter_ = len(self.history_)

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

    def _weights(self, sample_weight: ArrayLike | None, x: NDArray[Any]) -> NDArray[Any] | None:
        """The rows' weights, float64 (n,). Raises ``ValueError`` for what can't be one."""
        if sample_weight is None:
            return None
        found: NDArray[Any] = _check_sample_weight(
            sample_weight, x, dtype=np.float64, ensure_non_negative=True
        )
        return found


def _drawn(random: np.random.RandomState) -> int:
    """A seed."""
    return int(random.randint(np.iinfo(np.int32).max))


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
    class_weight : how much the rows of each class count: None for 1, a dict by class, or ``"balanced"`` for
        n / (classes · rows of the class). It is multiplied with ``sample_weight``, in the held-out cost as well.
    warm_start : ``fit`` trains the network that is there for another ``epochs`` epochs, instead of a new one.

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

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X (n, features), numbers, and y (n,), classes. Raises ``ValueError`` for what can't be used.

        ``sample_weight`` (n,), not negative, says how much each row counts beside the others.
        """
        goes_on = self._goes_on
        x, labels = validate_data(self, X, y, dtype=np.float32, reset=not goes_on)
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
        self._train(
            x, codes, self._class_weights(codes, labels, self._weights(sample_weight, x)), self._kind()
        )
        return self

    @available_if(_works_in_batches)  # type: ignore[untyped-decorator]
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train one epoch on these rows alone, going on from the network and the optimizer that are there.

        The first call names all ``classes``, which these rows need not all have; after ``fit`` they are known. No row
        is held out, weights count as they are, and the schedule takes each call for one of ``epochs``. There is none
        for L-BFGS, which looks at all rows at once. Raises ``ValueError`` for what can't be used.
        """
        x, labels = validate_data(self, X, y, dtype=np.float32, reset=not hasattr(self, "network_"))
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
        self._train_one_epoch(x, codes, weight, self._kind())
        return self

    def _kind(self) -> Outputs:
        count = len(self.classes_)
        return Outputs("binary") if count == 2 else Outputs("multiclass", count)

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


class ANNRegressor(RegressorMixin, _ANN):  # type: ignore[misc]
    """A neural network that tells a number.

    Features should be scaled first, with ``StandardScaler`` for example; the target is standardized here (but for
    counts, with the cost ``poisson``), and costs are those of the standardized target. The parameters are those of
    ``ANNClassifier`` but for ``class_weight``, with costs for numbers; None stands for squared error.

    Attributes
    ----------
    costs_ : the mean training cost of each epoch.
    validation_costs_ : that of the held-out rows, NaN for an epoch without; empty where none were ever held out.
    history_ : all that was measured in each epoch. network_ : the trained network. n_iter_ : how many epochs it took.
    """

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X (n, features) and y (n,), numbers. Raises ``ValueError`` for what can't be used.

        ``sample_weight`` (n,), not negative, says how much each row counts beside the others.
        """
        goes_on = self._goes_on
        x, numbers = validate_data(self, X, y, dtype=np.float32, y_numeric=True, reset=not goes_on)
        weight = self._weights(sample_weight, x)
        self._train(x, self._standardized(numbers, weight, goes_on=goes_on), weight, Outputs("number"))
        return self

    @available_if(_works_in_batches)  # type: ignore[untyped-decorator]
    def partial_fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train one epoch on these rows alone, going on from the network and the optimizer that are there.

        The first call's rows also set the mean and the deviation by which the target is standardized from then on. No
        row is held out, weights count as they are, and the schedule takes each call for one of ``epochs``. There is
        none for L-BFGS, which looks at all rows at once. Raises ``ValueError`` for what can't be used.
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

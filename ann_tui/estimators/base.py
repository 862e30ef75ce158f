"""What the estimators share: their options, and how these train a network."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from ann_tui.choice_fields import ChoiceField, described, refusal
from ann_tui.data.choices.split import Split
from ann_tui.estimators.holding_out import hold_out
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.history import EpochRow
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.snapshot import Snapshot
from ann_tui.training.trainer import Start, Trainer

DEFAULT_LAYERS = "64 relu, 32 relu"


class _OneEpoch(TrainingControl):
    """Ends the training with the epoch that is under way."""

    def epoch_ended(self) -> None:
        """Stop instead of resting."""
        self.stop()


def works_in_batches(estimator: BaseANN) -> bool:
    """Whether the optimizer can go on with other rows; an unknown one is told of when it trains."""
    entry = OPTIMIZERS.get(estimator.optimizer)
    return entry is None or not entry.searches


class BaseANN(BaseEstimator):  # type: ignore[misc]
    """What both estimators share: their options, and how they train."""

    network_: Network
    classes_: NDArray[Any]
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
        """Whether `fit` takes up the network that is there."""
        return self.warm_start and hasattr(self, "network_")

    def _plan(self, seed: int) -> TrainingPlan:
        """The options as a plan. Raises `ValueError` for one that can't be."""
        for name, field in (("epochs", "epochs"), ("batch_size", "batch")):
            _check(name, getattr(self, name), described(TrainingPlan)[field])
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

    def _train(
        self,
        x: NDArray[Any],
        y: NDArray[Any],
        weight: NDArray[Any] | None,
        outputs: Outputs,
        held_out: Examples | None = None,
    ) -> None:
        """Train for `epochs`; the best weights by the held-out rows (else by the training cost) remain."""
        goes_on = self._goes_on
        seed = _drawn(check_random_state(self.random_state))
        plan = self._plan(seed)
        network = self._network(x, outputs, seed, goes_on=goes_on)
        training = Examples(x, y, weight)
        if held_out is None and self.validation_fraction != 0:
            _check("validation_fraction", self.validation_fraction, described(Split)["validation"])
            classes = None if outputs.kind == "number" else self.classes_
            training, held_out = (
                Examples(x[rows], y[rows], None if weight is None else weight[rows])
                for rows in hold_out(y, weight, classes, self.validation_fraction, seed)
            )
        if not goes_on:
            network.begin_near(training.y, training.weight)
        final = Trainer(network, training, held_out, plan).run()
        self._take_over(network, final, goes_on=goes_on)
        self._memory: tuple[str, Mapping[str, Any]] | None = None

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
        if not goes_on:
            network.begin_near(y, weight)
        start = Start(min(len(self.history_) if goes_on else 0, self.epochs - 1))
        memory = self._memory if goes_on else None
        if memory is not None and memory[0] == self.optimizer:
            start = replace(start, optimizer=memory[1])
        trainer = Trainer(
            network, Examples(x, y, weight, absolute=True), None, plan, _OneEpoch(), start=start
        )
        final = trainer.run()
        self._take_over(network, final, goes_on=goes_on)
        self._memory = self.optimizer, trainer.optimizer_state()

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

    def _validated(self, *data: ArrayLike, reset: bool, **options: bool) -> Any:
        """What scikit-learn makes of X, float32, and of y where it is given; a number too large is refused."""
        with np.errstate(over="ignore", invalid="ignore"):
            return validate_data(self, *data, dtype=np.float32, reset=reset, **options)

    def _outputs(self, X: ArrayLike) -> NDArray[np.float32]:
        """What the network gives for each row. Raises `ValueError` where that is no finite number."""
        check_is_fitted(self)
        x = self._validated(X, reset=False)
        with np.errstate(over="ignore", invalid="ignore"):
            found: NDArray[np.float32] = predict(self.network_, x)
        fine = np.isfinite(found).reshape(len(found), -1).all(axis=1)
        if not fine.all():
            raise ValueError(
                f"row {int(fine.argmin())}: the network has no answer, its features are too large; scale them first"
            )
        return found

    def _weights(self, sample_weight: ArrayLike | None, x: NDArray[Any]) -> NDArray[Any] | None:
        """The rows' weights, float64 (n,). Raises `ValueError` for what can't be one."""
        if sample_weight is None:
            return None
        found: NDArray[Any] = _check_sample_weight(
            sample_weight, x, dtype=np.float64, ensure_non_negative=True
        )
        with np.errstate(over="ignore"):
            if not np.isfinite(found.sum()):
                raise ValueError(
                    "the sum of sample_weight is too large: divide the weights by a fixed number"
                )
        return found


def _check(name: str, value: Any, about: ChoiceField) -> None:
    """Raises `ValueError` for a number that a field of another name doesn't take, and for none at all."""
    if value is None or not about.takes(value):
        raise ValueError(refusal(name, value, about))


def _drawn(random: np.random.RandomState) -> int:
    """A seed."""
    return int(random.randint(np.iinfo(np.int32).max))

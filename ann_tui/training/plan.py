"""The choice of how to train."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from ann_tui.training.examples import TrainingError
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.schedules import SCHEDULES

MONITORS = {
    "validation cost": "the cost on rows that it does not learn from",
    "validation metric": "accuracy or R² on rows that it does not learn from",
    "training cost": "the cost on the rows that it learns from, which falls even while it learns them by heart",
    "training metric": "accuracy or R² on the rows that it learns from",
}
"""What the best weights and early stopping look at; without validation rows the training figure stands in."""

AVERAGES = {
    "none": "the weights as the last batch left them",
    "ema": "a running mean of the weights, in which older ones fade out batch by batch",
    "swa": "the mean of the weights at the end of each epoch of the last quarter (Izmailov et al. 2018)",
}
"""Whether and how weights are averaged; what is averaged is what is measured and kept."""

Value = TypeVar("Value")


class MayChange(Enum):
    """When a field of the plan may get another value."""

    RUNNING = "while the training runs"
    BRANCH = "where a training goes on from an epoch of another one"
    NEVER = "not once the training has begun"


def _running(default: Value) -> Value:
    found: Value = field(default=default, metadata={"may_change": MayChange.RUNNING})
    return found


def _branch(default: Value) -> Value:
    found: Value = field(default=default, metadata={"may_change": MayChange.BRANCH})
    return found


def _never(default: Value) -> Value:
    found: Value = field(default=default, metadata={"may_change": MayChange.NEVER})
    return found


@dataclass(frozen=True)
class TrainingPlan:
    """Optimizer, learning rate, batches, stopping, penalties and seed.

    ``learning_rate`` is not used by L-BFGS. ``warm_up`` is the share of the training in which the learning rate rises
    from 0. ``l1`` and ``l2`` add l1·Σ|w| + l2/2·Σw² to what is minimized, over weights without biases;
    ``weight_decay`` shrinks these weights by learning rate times itself in every batch (0: the optimizer's own).
    ``max_norm`` bounds the length of each unit's weights, ``clip_norm`` that of the whole gradient, ``clip_value`` each
    number of it (None: no bound). ``momentum``, ``rho`` (RMSprop's decay), ``beta_1``, ``beta_2`` and ``epsilon``
    belong to the optimizers. ``ema_decay`` is the share of the old mean that each batch keeps.

    The metadata of each field say when it ``may_change``. Where another training goes on, another optimizer starts
    without memory, another monitor without a best epoch, and another seed draws the orders of the rows anew.
    """

    optimizer: str = _branch("adamw")
    learning_rate: float = _running(0.004)
    schedule: str = _branch("cosine")
    warm_up: float = _branch(0.0)
    plateau_patience: int = _running(5)
    batch: int = _running(32)
    epochs: int = _running(200)
    early_stopping: bool = _running(True)
    patience: int = _running(30)
    monitor: str = _branch("validation cost")
    smallest_change: float = _running(0.0)
    l1: float = _branch(0.0)
    l2: float = _branch(0.0)
    weight_decay: float = _running(0.0)
    max_norm: float | None = _branch(None)
    clip_norm: float | None = _branch(None)
    clip_value: float | None = _branch(None)
    average: str = _never("none")
    ema_decay: float = _branch(0.99)
    momentum: float = _branch(0.9)
    rho: float = _branch(0.9)
    beta_1: float = _branch(0.9)
    beta_2: float = _branch(0.999)
    epsilon: float = _branch(1e-8)
    seed: int = _branch(0)

    def __post_init__(self) -> None:
        """Raise ``TrainingError`` where a value can't be trained with."""
        choices: dict[str, Collection[str]] = {
            "optimizer": OPTIMIZERS,
            "schedule": SCHEDULES,
            "monitor": MONITORS,
            "average": AVERAGES,
        }
        for name, known in choices.items():
            value = getattr(self, name)
            if value not in known:
                raise TrainingError(f"unknown {name} {value!r}: choose from {', '.join(known)}")
        for name in ("batch", "epochs", "patience", "plateau_patience"):
            value = getattr(self, name)
            if value < 1:
                raise TrainingError(f"{_words(name)} {value}: it must be a whole number, 1 or more")
        for name in ("learning_rate", "l1", "l2", "weight_decay", "smallest_change"):
            value = getattr(self, name)
            if not (value >= 0 and math.isfinite(value)):
                raise TrainingError(f"{_words(name)} {value:g}: it must be a number, 0 or more")
        for name in ("warm_up", "momentum", "rho", "beta_1", "beta_2", "ema_decay"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise TrainingError(f"{_words(name)} {value:g}: it must be from 0 to below 1")
        for name in ("max_norm", "clip_norm", "clip_value", "epsilon"):
            value = getattr(self, name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise TrainingError(f"{_words(name)} {value:g}: it must be a number above 0")
        if self.seed < 0:
            raise TrainingError(f"seed {self.seed}: it must be 0 or more")


def _words(name: str) -> str:
    return name.replace("_", " ")

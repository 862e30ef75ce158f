"""The choice of how to train."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ann_tui.choice_fields import (
    NOT_NEGATIVE,
    POSITIVE,
    SEED,
    SHARE,
    ChoiceField,
    MayChange,
    Range,
    choice,
    decades,
    refusal,
    untaken,
)
from ann_tui.training.averages import AVERAGES
from ann_tui.training.examples import TrainingError
from ann_tui.training.monitors import MONITORS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.schedules import SCHEDULES

RUNNING, BRANCH, NEVER = MayChange
SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
DECAYS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999)
BOUNDS = (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, None)
PENALTIES = (0.0, *decades(-6, -1, (1, 3)))
EPOCHS = Range(1, whole=True, typed=100_000)


def _has_rate(plan: TrainingPlan) -> bool:
    return not OPTIMIZERS[plan.optimizer].searches


def _has_batches(plan: TrainingPlan) -> bool:
    return not OPTIMIZERS[plan.optimizer].whole


def _averages(plan: TrainingPlan) -> bool:
    return not OPTIMIZERS[plan.optimizer].averages


def _own_weight_decay(plan: TrainingPlan) -> str:
    decay = OPTIMIZERS[plan.optimizer].weight_decay
    return f"{decay:g}, {plan.optimizer}'s own" if decay and not plan.weight_decay else ""


def _decay(
    default: float, title: str, words: str, matters: Callable[[TrainingPlan], bool] | None = None
) -> float:
    about = ChoiceField(title, words, range=SHARE, steps=DECAYS, matters=matters, may_change=BRANCH)
    return choice(default, about)


def _stops_early(plan: TrainingPlan) -> bool:
    return plan.early_stopping


@dataclass(frozen=True)
class TrainingPlan:
    """Optimizer, learning rate, batches, stopping, penalties and seed.

    `learning_rate` is not used by L-BFGS. `warm_up` is the share of the training in which the learning rate rises
    from 0. `l1` and `l2` add l1·Σ|w| + l2/2·Σw² to what is minimized, over weights without biases;
    `weight_decay` shrinks these weights by learning rate times itself in every batch (0: the optimizer's own).
    `max_norm` bounds the length of each unit's weights, `clip_norm` that of the whole gradient, `clip_value` each
    number of it (None: no bound). `dropout` stands in for the rate of each dropout layer (None: its own).
    `momentum`, `rho` (RMSprop's decay), `beta_1`, `beta_2` and `epsilon`
    belong to the optimizers. `ema_decay` is the share of the old mean that each batch keeps. An optimizer that averages
    by itself uses neither `average` nor this.

    The description of each field says when it `may_change`. Where another training goes on, another optimizer starts
    without memory, another monitor without a best epoch, and another seed draws the orders of the rows anew.
    """

    optimizer: str = choice(
        "adamw",
        ChoiceField(
            "optimizer",
            "How a gradient becomes a step of the weights",
            options=OPTIMIZERS,
            may_change=BRANCH,
        ),
    )
    learning_rate: float = choice(
        0.004,
        ChoiceField(
            "learning rate",
            "How long a step is: too long and the cost jumps, too short and it takes forever",
            range=NOT_NEGATIVE,
            steps=decades(-5, 0, (1, 2, 3, 5)),
            matters=_has_rate,
            may_change=RUNNING,
        ),
    )
    schedule: str = choice(
        "cosine",
        ChoiceField(
            "schedule",
            "How the learning rate changes from the first epoch to the last",
            options=SCHEDULES,
            matters=_has_rate,
            may_change=BRANCH,
        ),
    )
    warm_up: float = choice(
        0.0,
        ChoiceField(
            "warm-up",
            "The share of the training in which the learning rate rises from 0",
            range=SHARE,
            steps=SHARES,
            matters=_has_rate,
            may_change=BRANCH,
        ),
    )
    plateau_patience: int = choice(
        5,
        ChoiceField(
            "plateau patience",
            "After how many epochs without a better one the learning rate is halved",
            range=EPOCHS,
            unit="epochs",
            steps=(1, 2, 3, 5, 10, 20, 50),
            matters=_has_rate,
            may_change=RUNNING,
        ),
    )
    batch: int = choice(
        32,
        ChoiceField(
            "batch",
            "How many rows a step looks at",
            range=Range(1, whole=True, typed=10_000_000),
            unit="rows",
            steps=tuple(2**power for power in range(14)),
            matters=_has_batches,
            may_change=RUNNING,
        ),
    )
    epochs: int = choice(
        200,
        ChoiceField(
            "epochs",
            "How often every training row is looked at, at most",
            range=Range(1, whole=True, typed=1_000_000),
            steps=(1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 1000, 2000, 5000),
            may_change=RUNNING,
        ),
    )
    early_stopping: bool = choice(
        True,
        ChoiceField(
            "early stopping", "Stop when the validation rows no longer get better", may_change=RUNNING
        ),
    )
    patience: int = choice(
        30,
        ChoiceField(
            "patience",
            "How many epochs without a better one early stopping waits",
            range=EPOCHS,
            unit="epochs",
            steps=(1, 2, 5, 10, 15, 20, 30, 50, 75, 100, 200, 500),
            matters=_stops_early,
            may_change=RUNNING,
        ),
    )
    monitor: str = choice(
        "validation cost",
        ChoiceField(
            "judged by",
            "What makes an epoch the best one, whose weights are kept",
            options=MONITORS,
            may_change=BRANCH,
        ),
    )
    smallest_change: float = choice(
        0.0,
        ChoiceField(
            "smallest change",
            "An epoch that is better by no more than this counts as no better",
            range=NOT_NEGATIVE,
            steps=(0.0, *decades(-5, -2)),
            may_change=RUNNING,
        ),
    )
    refit: bool = choice(
        False,
        ChoiceField(
            "train again",
            "Train anew on training and validation rows together, for as many epochs as were best",
            may_change=BRANCH,
        ),
    )
    l1: float = choice(
        0.0,
        ChoiceField(
            "L1",
            "A penalty that pushes weights to exactly zero",
            range=NOT_NEGATIVE,
            steps=PENALTIES,
            may_change=BRANCH,
        ),
    )
    l2: float = choice(
        0.0,
        ChoiceField(
            "L2",
            "A penalty on large weights: holds the network back from learning rows by heart",
            range=NOT_NEGATIVE,
            steps=PENALTIES,
            may_change=BRANCH,
        ),
    )
    weight_decay: float = choice(
        0.0,
        ChoiceField(
            "weight decay",
            "Shrinks the weights in every step; 0: as much as the optimizer does by itself",
            range=NOT_NEGATIVE,
            steps=PENALTIES,
            matters=_has_rate,
            own=_own_weight_decay,
            may_change=RUNNING,
        ),
    )
    max_norm: float | None = choice(
        None,
        ChoiceField(
            "max-norm",
            "The longest that the weights of one unit may become",
            range=POSITIVE,
            steps=BOUNDS,
            none="none",
            may_change=BRANCH,
        ),
    )
    clip_norm: float | None = choice(
        None,
        ChoiceField(
            "clip gradient",
            "The longest that a gradient may be, against steps that jump too far; none: any length",
            range=POSITIVE,
            steps=BOUNDS,
            none="none",
            may_change=BRANCH,
        ),
    )
    clip_value: float | None = choice(
        None,
        ChoiceField(
            "clip each slope",
            "The largest that one number of the gradient may be",
            range=POSITIVE,
            steps=BOUNDS,
            none="none",
            may_change=BRANCH,
        ),
    )
    dropout: float | None = choice(
        None,
        ChoiceField(
            "dropout now",
            "The share of units that every dropout layer silences from here on, whatever the layers say",
            range=SHARE,
            steps=(0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, None),
            none="as designed",
            may_change=RUNNING,
        ),
    )
    frozen_layers: int = choice(
        0,
        ChoiceField(
            "frozen layers",
            "So many layers, counted from the inputs, keep their weights while the others learn",
            range=Range(0, whole=True, typed=1000),
            steps=1,
            may_change=BRANCH,
        ),
    )
    average: str = choice(
        "none",
        ChoiceField(
            "average weights",
            "What is measured and kept: the newest weights, or a mean of them",
            options=AVERAGES,
            matters=_averages,
            may_change=NEVER,
        ),
    )
    ema_decay: float = _decay(0.99, "ema decay", "The share of the old mean that each batch keeps", _averages)
    momentum: float = _decay(0.9, "momentum", "The share of its speed that a step hands on to the next one")
    rho: float = _decay(0.9, "rho", "The share of the past in the mean squared gradient")
    beta_1: float = _decay(0.9, "beta 1", "The share of the past in the mean gradient")
    beta_2: float = _decay(0.999, "beta 2", "The share of the past in the mean squared gradient")
    epsilon: float = choice(
        1e-8,
        ChoiceField(
            "epsilon",
            "Added where is divided, so that it is never by 0",
            range=POSITIVE,
            steps=decades(-12, -2),
            may_change=BRANCH,
        ),
    )
    seed: int = choice(
        0,
        ChoiceField(
            "seed",
            "Another one draws other weights and shuffles anew; the same one gives the same run",
            range=SEED,
            steps=1,
            may_change=BRANCH,
        ),
    )

    def __post_init__(self) -> None:
        """Raise `TrainingError` where a value can't be trained with."""
        for name, value, about in untaken(self):
            raise TrainingError(refusal(name, value, about))

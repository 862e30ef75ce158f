"""Ways to average the weights.

To add one, enter it here: the app, the command line and the experiment file list it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ann_tui.choice_fields import Option
from ann_tui.network.arrays import Array, constant


class AverageOptions(Protocol):
    """The options that averages take; see `TrainingPlan`."""

    @property
    def epochs(self) -> int:
        """How many there are at most."""

    @property
    def ema_decay(self) -> float:
        """The share of the old mean that each batch keeps."""


Follow = Callable[[int], None]
"""Moves the mean after a batch; the first one is 1."""


@dataclass(frozen=True)
class Average(Option):
    """One entry of `AVERAGES`. Without both functions nothing is averaged.

    `each_batch(mean, weights, plan)` binds what moves the mean after each batch. `each_epoch(epoch, plan)` says
    whether the weights at the end of an epoch (the first is 1) go into the mean; until any do, it is the newest ones.
    """

    each_batch: Callable[[Array, Array, AverageOptions], Follow] | None = None
    each_epoch: Callable[[int, AverageOptions], bool] | None = None


def _ema(mean: Array, weights: Array, plan: AverageOptions) -> Follow:
    """The EMA; it follows faster while it is young."""
    difference = np.empty_like(mean)
    share = constant(0.0, mean)

    def follow(count: int) -> None:
        share[()] = 1 - min(plan.ema_decay, count / (count + 9))
        np.subtract(weights, mean, difference)
        np.multiply(difference, share, difference)
        np.add(mean, difference, mean)

    return follow


def _last_quarter(epoch: int, plan: AverageOptions) -> bool:
    return epoch > 0.75 * plan.epochs


AVERAGES: dict[str, Average] = {
    average.name: average
    for average in (
        Average("none", "the weights as the last batch left them"),
        Average(
            "ema",
            "a running mean of the weights, in which older ones fade out batch by batch",
            ("ema_decay",),
            each_batch=_ema,
        ),
        Average(
            "swa",
            "the mean of the weights at the end of each epoch of the last quarter (Izmailov et al. 2018)",
            each_epoch=_last_quarter,
        ),
    )
}
"""Whether and how weights are averaged; what is averaged is what is measured and kept."""

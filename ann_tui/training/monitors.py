"""What makes an epoch the best one: the figures that can be judged by.

To add one, enter it here: the app, the command line and the experiment file list it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ann_tui.choice_fields import Option
from ann_tui.training.history import EpochRow


@dataclass(frozen=True)
class Monitor(Option):
    """One entry of `MONITORS`; `figure` gives of an epoch what is to be small."""

    figure: Callable[[EpochRow], float] = field(kw_only=True)


def _cost(row: EpochRow) -> float:
    return row.training_cost if row.validation_cost is None else row.validation_cost


def _metric(row: EpochRow) -> float:
    return -(row.training_metric if row.validation_metric is None else row.validation_metric)


MONITORS: dict[str, Monitor] = {
    monitor.name: monitor
    for monitor in (
        Monitor("validation cost", "the cost on rows that it does not learn from", figure=_cost),
        Monitor("validation metric", "accuracy or R² on rows that it does not learn from", figure=_metric),
        Monitor(
            "training cost",
            "the cost on the rows that it learns from, which falls even while it learns them by heart",
            figure=lambda row: row.training_cost,
        ),
        Monitor(
            "training metric",
            "accuracy or R² on the rows that it learns from",
            figure=lambda row: -row.training_metric,
        ),
        Monitor(
            "newest",
            "each epoch is better than the one before: the newest weights are kept, nothing stops early",
            figure=lambda row: -row.epoch,
        ),
    )
}
"""What the best weights and early stopping look at; without validation rows the training figure stands in."""

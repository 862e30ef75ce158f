"""What each epoch leaves behind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EpochRow:
    """One epoch: costs are means over rows, without penalties; metrics are accuracy, or R² for numbers.

    The training figures are measured while the weights move, batch by batch. ``gradient_norm`` is the length of the
    last batch's gradient. ``seconds`` counts from the run's start without pauses.
    """

    epoch: int
    training_cost: float
    validation_cost: float | None
    training_metric: float
    validation_metric: float | None
    learning_rate: float
    gradient_norm: float
    seconds: float
    event: str = ""

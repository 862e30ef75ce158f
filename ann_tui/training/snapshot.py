"""What a running training shows of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from ann_tui.training.history import EpochRow

State = Literal["ready", "running", "paused", "finished", "stopped", "failed"]
ENDED: tuple[State, ...] = ("finished", "stopped", "failed")


@dataclass(frozen=True)
class Snapshot:
    """The training at one moment; nothing in it changes any more.

    `epoch` counts whole epochs done, `batch` the batches done in the current one, `attempt` how often that was given
    up. `batch_costs` are the newest mean costs, finite, at most 240. `validation_outputs` is what `scoring.predict`
    gives for the validation rows after the whole epoch `outputs_epoch`: the newest one, and once the training has ended
    the best one, whose weights are kept. `seconds_left` reckons with all of the plan's epochs. `message` says why a
    training ended, where that needs saying.
    """

    state: State
    epoch: int
    epochs: int
    batch: int
    batches: int
    history: tuple[EpochRow, ...]
    best_epoch: int | None
    batch_costs: tuple[float, ...]
    validation_outputs: NDArray[Any] | None
    outputs_epoch: int
    rows_per_second: float
    seconds: float
    seconds_left: float | None
    learning_rate: float
    message: str = ""
    attempt: int = 0

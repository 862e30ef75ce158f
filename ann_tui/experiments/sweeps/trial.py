"""One trial of a sweep: what it chooses, and where it stood after each of its stages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.sweeps.space import Settings

VALIDATION_COST = "validation cost"
"""What trials are compared by, unless their costs can't be compared."""

COMPARABLE = ("log_loss", "rmse")
"""What they are compared by then: the metric of these that the target has."""

Fate = Literal["waiting", "under way", "stopped early", "finished", "failed"]


@dataclass(frozen=True)
class Stage:
    """What one worker does at a time: train a trial until so many epochs have ended, from a `state` if there is one.

    `figure` is what its cost is; see `VALIDATION_COST` and `COMPARABLE`. With `folds` it is trained in each of so many.
    """

    number: int
    experiment: Experiment
    until: int
    figure: str = VALIDATION_COST
    state: bytes = b""
    folds: int = 0


@dataclass(frozen=True)
class Reached:
    """Where a trial stood after a stage.

    `epochs` were trained in all, `best_epoch` of them has the weights that are kept; `cost` and `metrics` are theirs on
    the `rows` that judge, of which `judged` is a digest. `seconds` are those of all stages' trainings so far.
    `ended` says that the training was over before the stage was. `weights` tells the kept weights from all others.
    Where it can't be trained or judged, `problem` says why in one line. `place` is the computer and the process,
    `threads` how many a matrix product took there, and `state` what the training goes on from. `row_costs` are those
    of a trial at its end; see `costs_by_row`. Of a trial in folds, figures are means over the folds, epochs those of
    the longest training, `best_epoch` the median, and `rows` the judging ones of all folds.
    """

    number: int
    until: int
    epochs: int = 0
    best_epoch: int = 0
    cost: float = math.inf
    metric: str = ""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    rows: int = 0
    judged: str = ""
    seconds: float = 0.0
    ended: bool = False
    weights: str = ""
    problem: str = ""
    place: str = ""
    threads: int = 1
    row_costs: bytes = field(default=b"", repr=False)
    state: bytes = field(default=b"", repr=False, compare=False)

    def same_as(self, other: Reached) -> bool:
        """Whether both stand at the same place, wherever and however fast they got there."""
        return replace(self, seconds=0.0, place="", threads=1) == replace(
            other, seconds=0.0, place="", threads=1
        )


@dataclass(frozen=True)
class Trial:
    """A trial as it stands: what it chooses, and where it was after each of its stages."""

    number: int
    settings: Settings
    experiment: Experiment
    reached: tuple[Reached, ...] = ()
    fate: Fate = "waiting"

    @property
    def last(self) -> Reached | None:
        """Where it was last; None before its first stage."""
        return self.reached[-1] if self.reached else None

    @property
    def cost(self) -> float:
        """The cost of its best epoch on the rows that judge; infinite where there is none."""
        return self.last.cost if self.last is not None else math.inf

    @property
    def score(self) -> float | None:
        """The metric that stands for a network in one number, on the rows that judge."""
        return None if self.last is None else self.last.metrics.get(self.last.metric)

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return 0 if self.last is None else self.last.epochs

    @property
    def seconds(self) -> float:
        """How long they took."""
        return 0.0 if self.last is None else self.last.seconds

    @property
    def problem(self) -> str:
        """Why it failed, in one line."""
        return "" if self.last is None else self.last.problem

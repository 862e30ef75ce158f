"""One trial of a sweep: a training that stops after a few epochs, and goes on from there if it was among the best."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import numpy as np

from ann_tui.experiments.costs_by_row import costs_by_row
from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.experiments.split_cost import StoppedBy
from ann_tui.experiments.workers.trial_bench import judged_by_validation, prepared_once
from ann_tui.model.weights import digest_of
from ann_tui.training.checkpoint import decoded, encoded

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.sweeps.space import Settings
    from ann_tui.training.snapshot import Snapshot

VALIDATION_COST = "validation cost"
"""What trials are compared by, unless their costs can't be compared."""

COMPARABLE = ("log_loss", "rmse")
"""What they are compared by then: the metric of these that the target has."""

Fate = Literal["waiting", "under way", "stopped early", "finished", "failed"]


@dataclass(frozen=True)
class Stage:
    """What one worker does at a time: train a trial until so many epochs have ended, from a `state` if there is one.

    `figure` is what its cost is; see `VALIDATION_COST` and `COMPARABLE`.
    """

    number: int
    experiment: Experiment
    until: int
    figure: str = VALIDATION_COST
    state: bytes = b""


@dataclass(frozen=True)
class Reached:
    """Where a trial stood after a stage.

    `epochs` were trained in all, `best_epoch` of them has the weights that are kept; `cost` and `metrics` are theirs on
    the `rows` validation rows, of which `judged` is a digest. `seconds` are those of all stages' trainings so far.
    `ended` says that the training was over before the stage was. `weights` tells the kept weights from all others.
    Where it can't be trained or judged, `problem` says why in one line. `place` is the computer and the process, and
    `state` what the training goes on from. `row_costs` are those of a trial at its end; see `costs_by_row`.
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
    row_costs: bytes = field(default=b"", repr=False)
    state: bytes = field(default=b"", repr=False, compare=False)

    def same_as(self, other: Reached) -> bool:
        """Whether both stand at the same place, wherever and however fast they got there."""
        return replace(self, seconds=0.0, place="") == replace(other, seconds=0.0, place="")


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
        """The validation cost of its best epoch; infinite where there is none."""
        return self.last.cost if self.last is not None else math.inf

    @property
    def score(self) -> float | None:
        """The metric that stands for a network in one number, on the validation rows."""
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


# ---------------------------------------------------------------------- in a worker


def train_stage(data: LoadedData, stage: Stage, stopping: Callable[[], bool]) -> Reached | None:
    """Train a stage; None where it is stopped before its end.

    A state that can't be gone on from is done without: the trial is then trained from its beginning, to the same bits.
    """
    reached = Reached(stage.number, stage.until, place=f"{platform.node()}, {os.getpid()}")
    control = StoppedBy(stopping)
    if stopping():
        return None
    try:
        prepared = prepared_once(data, stage.experiment)
        trainer = None
        if stage.state:
            trainer = fresh_training(stage.experiment, prepared, control, begun=False)
            try:
                trainer.load_state(decoded(stage.state))
            except ValueError:
                trainer = None
        trainer = trainer or fresh_training(stage.experiment, prepared, control)
    except ValueError as error:
        return replace(reached, problem=str(error))
    snapshot = trainer.run(until=stage.until)
    if snapshot.state == "stopped" and snapshot.epoch < stage.until:
        return None
    reached = replace(
        reached, epochs=snapshot.epoch, best_epoch=snapshot.best_epoch or 0, seconds=snapshot.seconds
    )
    if snapshot.state == "failed":
        return replace(reached, problem=snapshot.message)
    validation = prepared.validation
    answers, metric, metrics = judged_by_validation(trainer.network, prepared)
    cost = _cost(snapshot, metrics, stage.figure)
    if cost is None or not math.isfinite(cost):
        return replace(reached, problem=f"its {stage.figure.replace('_', ' ')} is no finite number")
    ended = snapshot.state == "finished"
    at_end = ended or snapshot.epoch == stage.experiment.plan.epochs
    return replace(
        reached,
        cost=cost,
        metric=metric,
        metrics=metrics,
        rows=len(validation.rows),
        judged=sha256(np.ascontiguousarray(validation.rows).tobytes()).hexdigest()[:16],
        ended=ended,
        row_costs=costs_by_row(validation.actual, answers).tobytes() if at_end else b"",
        weights=digest_of(trainer.network),
        state=encoded(trainer.state()),
    )


def _cost(snapshot: Snapshot, metrics: Mapping[str, float | None], figure: str) -> float | None:
    if figure != VALIDATION_COST:
        return next((metrics[name] for name in COMPARABLE if name in metrics), None)
    return snapshot.history[snapshot.best_epoch - 1].validation_cost if snapshot.best_epoch else None

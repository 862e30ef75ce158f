"""A stage of a trial, done by a worker: a training, or one in each fold, up to a rung, and what its rows say of it."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from statistics import fmean, median_low
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from ann_tui.experiments.folds.folds import folds_of, in_one_file
from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.experiments.stopped_by import StoppedBy
from ann_tui.experiments.sweeps.costs_by_row import costs_by_row, shares_of_a_guess
from ann_tui.experiments.sweeps.trial import COMPARABLE, VALIDATION_COST, Reached, Stage
from ann_tui.experiments.workers.trial_bench import judged_by, prepared_once
from ann_tui.model.weights import digest_of
from ann_tui.network.one_thread import threads_of_products
from ann_tui.training.checkpoint import decoded, encoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.data.preparing.split import Assignment
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.training.snapshot import Snapshot
    from ann_tui.training.trainer import Trainer


def train_stage(data: LoadedData, stage: Stage, stopping: Callable[[], bool]) -> Reached | None:
    """Train a stage; None where it is stopped before its end.

    A state that can't be gone on from is done without: the trial is then trained from its beginning, to the same bits.
    """
    reached = Reached(
        stage.number, stage.until, place=f"{platform.node()}, {os.getpid()}", threads=threads_of_products()
    )
    found: list[_Trained] = []
    for fold, state in enumerate(_states(stage)):
        if stopping():
            return None
        try:
            prepared = _prepared(data, stage, fold)
            trainer = _trainer(stage, prepared, state, StoppedBy(stopping))
        except ValueError as error:
            return replace(reached, problem=str(error))
        snapshot = trainer.run(until=stage.until)
        if snapshot.state == "stopped" and snapshot.epoch < stage.until:
            return None
        if snapshot.state == "failed":
            problem = f"{snapshot.message} (fold {fold + 1})" if stage.folds else snapshot.message
            seconds = snapshot.seconds + math.fsum(each.snapshot.seconds for each in found)
            return replace(reached, epochs=snapshot.epoch, seconds=seconds, problem=problem)
        found.append(_trained(stage, trainer, snapshot, prepared))
    return _together(reached, stage, found)


# ---------------------------------------------------------------------- one training


@dataclass(frozen=True, eq=False)
class _Trained:
    """What one training came to: figures on the rows that judge it, their labels or numbers, its state."""

    snapshot: Snapshot
    judges: NDArray[np.int64]
    metric: str
    metrics: Mapping[str, float | None]
    actual: NDArray[Any]
    costs: NDArray[np.float64]
    weights: str
    state: bytes


def _states(stage: Stage) -> Sequence[bytes]:
    """The state that each training of the stage goes on from; b"" where it begins."""
    if not stage.folds:
        return (stage.state,)
    if not stage.state:
        return (b"",) * stage.folds
    return msgspec.msgpack.decode(stage.state, type=list[bytes])


def _prepared(data: LoadedData, stage: Stage, fold: int) -> PreparedData:
    """The rows of the stage's experiment, in a fold as that has them; no test row of the table is in any fold."""
    if not stage.folds:
        return prepared_once(data, stage.experiment)
    experiment = in_one_file(stage.experiment)

    def assigned() -> Assignment:
        return folds_of(stage.experiment, data, stage.folds, test_rows=False)[fold]

    prepared = prepared_once(data, experiment, assigned=assigned, name=(stage.folds, fold))
    if not len(prepared.test.rows):
        raise ValueError(f"no row is left to judge in fold {fold + 1}")
    return prepared


def _trainer(stage: Stage, prepared: PreparedData, state: bytes, control: StoppedBy) -> Trainer:
    if state:
        trainer = fresh_training(stage.experiment, prepared, control, begun=False)
        try:
            trainer.load_state(decoded(state))
        except ValueError:
            pass
        else:
            return trainer
    return fresh_training(stage.experiment, prepared, control)


def _trained(stage: Stage, trainer: Trainer, snapshot: Snapshot, prepared: PreparedData) -> _Trained:
    judges: Part = prepared.test if stage.folds else prepared.validation
    answers, metric, metrics = judged_by(judges, trainer.network, prepared)
    classes = prepared.fitted.target.classes
    actual = np.array(classes)[judges.actual] if classes else judges.actual
    costs = costs_by_row(judges.actual, answers)
    weights, state = digest_of(trainer.network), encoded(trainer.state())
    return _Trained(snapshot, judges.rows, metric, metrics, actual, costs, weights, state)


# ---------------------------------------------------------------------- all of a stage


def _together(reached: Reached, stage: Stage, found: Sequence[_Trained]) -> Reached:
    """Where the trial stands by all of its trainings."""
    first, snapshots = found[0], [each.snapshot for each in found]
    reached = replace(
        reached,
        epochs=max(each.epoch for each in snapshots),
        best_epoch=median_low(each.best_epoch or 0 for each in snapshots),
        seconds=math.fsum(each.seconds for each in snapshots),
    )
    metrics = {name: _mean([each.metrics.get(name) for each in found]) for name in first.metrics}
    cost = _cost(first.snapshot, metrics, stage.figure)
    if cost is None or not math.isfinite(cost):
        return replace(reached, problem=f"its {stage.figure.replace('_', ' ')} is no finite number")
    rows = np.concatenate([each.judges for each in found])
    ended = all(each.state == "finished" for each in snapshots)
    at_end = ended or stage.until == stage.experiment.plan.epochs
    return replace(
        reached,
        cost=cost,
        metric=first.metric,
        metrics=metrics,
        rows=len(rows),
        judged=_digest(rows),
        ended=ended,
        row_costs=_row_costs(found).tobytes() if at_end else b"",
        weights=first.weights if not stage.folds else _digest([each.weights for each in found]),
        state=first.state if not stage.folds else msgspec.msgpack.encode([each.state for each in found]),
    )


def _row_costs(found: Sequence[_Trained]) -> NDArray[np.float32]:
    costs, actual = (
        np.concatenate(each) for each in zip(*((one.costs, one.actual) for one in found), strict=True)
    )
    return shares_of_a_guess(costs, actual)


def _digest(found: Any) -> str:
    return sha256(np.ascontiguousarray(found).tobytes()).hexdigest()[:16]


def _mean(found: Sequence[float | None]) -> float | None:
    """The mean of the figures that there are."""
    figures = [each for each in found if each is not None]
    return fmean(figures) if figures else None


def _cost(snapshot: Snapshot, metrics: Mapping[str, float | None], figure: str) -> float | None:
    if figure != VALIDATION_COST:
        return next((metrics[name] for name in COMPARABLE if name in metrics), None)
    return snapshot.history[snapshot.best_epoch - 1].validation_cost if snapshot.best_epoch else None

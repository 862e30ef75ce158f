"""Publishing what a training shows of itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.training.history import EpochRow
from ann_tui.training.observer import Observer, View
from ann_tui.training.snapshot import Snapshot, State

if TYPE_CHECKING:
    from ann_tui.network.arrays import Array
    from ann_tui.network.scoring import Scorer
    from ann_tui.training.clock import Clock
    from ann_tui.training.control import TrainingControl
    from ann_tui.training.history import History
    from ann_tui.training.loop import Loop
    from ann_tui.training.observers.best import BestWeights

PUBLISH_SECONDS = 0.05
"""A snapshot is published at most so often while nothing but the numbers changes."""


@dataclass
class Status:
    """How a training stands, and why it ended where that needs saying."""

    state: State = "ready"
    message: str = ""


class Publisher(Observer):
    """Holds the newest `snapshot`, which other threads read.

    `kept_scores` are what the best weights give for the validation rows, while the network holds these; else None.
    """

    def __init__(
        self,
        loop: Loop,
        history: History,
        best: BestWeights,
        scorer: Scorer,
        clock: Clock,
        status: Status,
        control: Callable[[], TrainingControl],
    ) -> None:
        """Look at these, and publish what is there."""
        self._loop, self._history, self._best, self._scorer = loop, history, best, scorer
        self._clock, self._status, self._control = clock, status, control
        self.kept_scores: Array | None = None
        self.publish()

    def publish(self) -> None:
        """Publish the training as it is now."""
        self._published = time.perf_counter()
        self.snapshot = self._look()

    def publish_sometimes(self) -> None:
        """Publish where the newest snapshot is old enough."""
        if time.perf_counter() > self._published + PUBLISH_SECONDS:
            self.publish()

    def epoch_ended(self, view: View, row: EpochRow) -> None:
        """Each epoch is seen where it is paced."""
        if self._control().pace is None:
            self.publish_sometimes()
        else:
            self.publish()

    def _look(self) -> Snapshot:
        loop, status, position = self._loop, self._status, self._loop.position
        seconds, epochs = self._clock.seconds, loop.plan.epochs
        done = position.epoch + position.done / loop.batches
        under_way = done and status.state in ("running", "paused")
        outputs, outputs_epoch, scores = None, position.epoch, loop.view.scores
        if self.kept_scores is not None and self._best.epoch is not None:
            scores, outputs_epoch = self.kept_scores, self._best.epoch
        if scores is not None:
            outputs = self._scorer.predictions(scores)
            outputs.flags.writeable = False
        return Snapshot(
            state=status.state,
            epoch=position.epoch,
            epochs=epochs,
            batch=position.done,
            batches=loop.batches,
            history=tuple(self._history.rows),
            best_epoch=self._best.epoch,
            batch_costs=loop.costs.newest(position.done),
            validation_outputs=outputs,
            outputs_epoch=outputs_epoch,
            rows_per_second=done * len(loop.examples) / seconds if seconds > 0 else 0.0,
            seconds=seconds,
            seconds_left=self._epoch_seconds(seconds / done) * (epochs - done) if under_way else None,
            learning_rate=loop.current_rate if position.epoch < epochs else 0.0,
            message=status.message,
            attempt=position.attempt,
        )

    def _epoch_seconds(self, trained: float) -> float:
        """How long an epoch lasts that trains for some seconds: longer where it is paced."""
        pace = self._control().pace
        return trained if pace is None else max(trained, 1 / pace)

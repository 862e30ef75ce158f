"""The epochs of a run whose weights were not kept, had again by training it once more to the same bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.training.changes import STOP
from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.training.control import TrainingControl
    from ann_tui.training.trainer import Trainer


def trained_again(run: Run, keep: int, control: TrainingControl) -> Trainer:
    """A trainer that went through the epochs of a run that has ended, and keeps their weights in `keep` bytes.

    What was changed by hand is done again at the same batches. Raises TrainingError where it is stopped on the way, or
    gives other weights, as another machine may.
    """
    replay = [change for change in run.steering if change.field != STOP]
    trainer = fresh_training(run.experiment, run.prepared, control, replay=replay, keep=keep)
    snapshot = trainer.run(until=run.snapshot.epoch)
    if snapshot.epoch < run.snapshot.epoch:
        raise TrainingError("its epochs were not trained again to the end")
    # Of a network that was trained again on all rows later on, the weights of before are not kept.
    alike = (
        [row.training_cost for row in snapshot.history] == [row.training_cost for row in run.history]
        if run.told is not None
        else np.array_equal(trainer.network.weights, run.network.weights)
    )
    if snapshot.best_epoch != run.snapshot.best_epoch or not alike:
        raise TrainingError(
            f"trained again, run {run.id} has other weights: it was trained on another machine, or by another version"
        )
    return trainer

"""Training again on all rows, once the validation rows have told for how long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.training.changes import STOP

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.network.network import Network
    from ann_tui.training.control import TrainingControl
    from ann_tui.training.trainer import Trainer


def refit_trainer(
    experiment: Experiment, prepared: PreparedData, trained: Trainer, control: TrainingControl
) -> Trainer | None:
    """What trains an experiment's network anew on training and validation rows; None where that is of no use.

    It follows a training that has `trained` it to the end, begins like it, and makes the same changes at the same
    batches of the same epochs. Nothing judges it on the way: how long it trains follows from the best epoch.
    """
    snapshot = trained.snapshot
    asked = trained.plan.refit and snapshot.state == "finished" and not control.stopping
    if not asked or not snapshot.best_epoch or not len(prepared.validation.rows):
        return None
    changes = [
        change
        for change in trained.changes
        if change.field not in (STOP, "early_stopping") and change.epoch < snapshot.best_epoch
    ]
    to_the_end = replace(experiment, plan=replace(experiment.plan, early_stopping=False))
    return fresh_training(to_the_end, prepared, control, replay=changes, all_rows=True)


def refitted(trainer: Trainer, epochs: int) -> Network | None:
    """The network after so many epochs, with averaged weights where they are averaged; None where it did not get there.

    No epoch of it is better than another, as no row judges it.
    """
    snapshot = trainer.run(until=epochs)
    if snapshot.epoch < epochs or snapshot.state == "failed" or trainer.newest_kept is None:
        return None
    network = trainer.network
    network.weights[:], network.statistics[:] = trainer.newest_kept
    return network

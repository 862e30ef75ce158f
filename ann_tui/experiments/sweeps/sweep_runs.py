"""The trials of a sweep among the kept runs of their table: scores and choices, so that they are found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ann_tui.experiments.choice_texts import choice_texts
from ann_tui.experiments.kept.stored_run import Record
from ann_tui.training.changes import STOP, Change

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.kept.run_store import RunStore
    from ann_tui.experiments.sweeps.kept_sweep import KeptSweep
    from ann_tui.experiments.sweeps.trial import Trial


def keep_as_runs(store: RunStore, kept: KeptSweep, trials: list[Trial]) -> None:
    """Keep those trials that are over and are no runs yet. Raises OSError.

    One that was stopped early is a run that was stopped after that epoch, and can be repeated as such. One that was
    trained in folds is no run of the table, and stays with its sweep.
    """
    if kept.about.folds:
        return
    over = [trial for trial in trials if trial.fate in ("finished", "stopped early")]
    new = kept.unkept(over)
    if not new:
        return
    about = kept.about
    store.add([_run_of(trial, about.table, about.target, kept.folder.name) for trial in new])
    kept.note_runs(new)


def _run_of(trial: Trial, table: str, target: str, sweep: str) -> tuple[Experiment, Record]:
    reached = trial.last
    assert reached is not None
    experiment, now = trial.experiment, datetime.now(UTC)
    if not reached.ended:
        experiment = replace(experiment, steering=(Change(reached.epochs, 0, STOP, 0.0),))
    record = Record(
        table=table,
        target=target,
        began=now.isoformat(timespec="seconds"),
        kept=now.isoformat(timespec="microseconds"),
        state="finished" if reached.ended else "stopped",
        epochs=reached.epochs,
        best_epoch=reached.best_epoch,
        seconds=round(reached.seconds, 3),
        metrics=reached.metrics,
        choices=choice_texts(experiment, target),
        steered=tuple(change.text for change in experiment.steering),
        weights=reached.weights,
        sweep=sweep,
    )
    return experiment, record

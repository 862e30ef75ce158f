"""The run that a saved model came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.evaluation.evaluation import SplitScore
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.model.weights import weights_of_file
from ann_tui.network.scoring import predict
from ann_tui.training.examples import TrainingError
from ann_tui.training.snapshot import ENDED

if TYPE_CHECKING:
    from pathlib import Path

    from ann_tui.data.choices.source import Source
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.model.trained_model import RunSummary, TrainedModel


def run_of_model(
    model: TrainedModel,
    prepared: PreparedData,
    *,
    source: Source | None = None,
    seconds: float = 0.0,
    newest: Path | None = None,
    keep: int = 0,
) -> Run:
    """The run that a model came from, ended, on the rows that it was trained on; it can be judged.

    `source` is by which the table was read now, `seconds` is how long it trained, where that is known. `newest` is
    a file of its newest weights; its timeline keeps these and the best ones, in `keep` bytes. Raises
    TrainingError where these are other rows, or were prepared in another way, and ModelError for a bad file.
    """
    if not prepared.fitted.answers_like(model.fitted):
        raise TrainingError("the table is not the one that this network was trained on")
    if model.summary.refit and not len(prepared.test.rows):
        raise TrainingError(
            "it was trained again on its validation rows, and no test rows were set aside: none are left to judge it on"
        )
    experiment = Experiment(source or model.source, model.preparation, model.design, model.plan)
    run = Run(experiment, prepared, keep=keep)
    network, timeline = run.network, run.timeline
    summary, validation = model.summary, prepared.validation
    if timeline is not None and newest is not None:
        network.set_parameters(weights_of_file(newest, network))
        timeline.put(summary.epochs, network.weights, network.statistics)
    if summary.refit:
        run.refitted, run.told = model.network.copy(), told_score(summary)
    else:
        network.weights[:], network.statistics[:] = model.network.weights, model.network.statistics
        if timeline is not None:
            timeline.put(summary.best_epoch or summary.epochs, network.weights, network.statistics)
    judges = len(validation.rows) > 0 and not summary.refit
    snapshot = replace(
        run.snapshot,
        state=summary.state if summary.state in ENDED else "stopped",
        epoch=summary.epochs,
        history=summary.history,
        best_epoch=summary.best_epoch,
        validation_outputs=predict(network, validation.x) if judges else None,
        outputs_epoch=summary.best_epoch or summary.epochs,
        message=summary.message,
        seconds=seconds,
        learning_rate=summary.history[-1].learning_rate if summary.history else model.plan.learning_rate,
    )
    run.stand_at(snapshot, summary.steering)
    run.stand_by(model.threshold, model.aim)
    run.lacks_epochs = keep > 0
    return run


def told_score(summary: RunSummary) -> SplitScore:
    """What the network of a run had on the validation rows before it was trained again. Raises TrainingError."""
    metrics = summary.metrics.get("validation")
    if metrics is None:
        raise TrainingError(
            "its file does not tell how it did on the validation rows before it learned from them"
        )
    return SplitScore(summary.rows.get("validation", 0), metrics)

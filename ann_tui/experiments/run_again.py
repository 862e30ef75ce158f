"""The judged run of a saved model, or of a kept run, on the rows that it was trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import shown_path
from ann_tui.evaluation.threshold import read_aim
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import experiment_of
from ann_tui.experiments.run import Run
from ann_tui.experiments.run_of_model import run_of_model
from ann_tui.model.trained_model import file_sha256
from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.kept.stored_run import Record, StoredRun
    from ann_tui.model.trained_model import TrainedModel


class RowsGoneError(ValueError):
    """The rows that could judge a model are not at hand; the text says why, in one line, and `brief` without a path."""

    def __init__(self, text: str, brief: str = "") -> None:
        super().__init__(text)
        self.brief = brief or text


def run_again(model: TrainedModel, *, table: str | None = None, seconds: float = 0.0) -> Run:
    """The run of a model, judged beside its baselines, on the file where it was, or `table`, which has those bytes.

    Raises RowsGoneError where that file is not at hand, is another one now, or has no row left to judge the model, and
    ReadError and PreparationError with one line.
    """
    experiment = experiment_of(model)
    source = experiment.source if table is None else replace(experiment.source, path=table)
    digest = "" if source.path == "-" else file_sha256(Path(source.path))
    if digest != model.data.sha256 or not digest:
        why = "is not the one that it was trained on any more" if digest else "is not at hand"
        text, brief = (f"the table {shown_path(name)} {why}" for name in (source.path, model.data.file))
        raise RowsGoneError(text, brief)
    prepared = prepare_experiment(replace(experiment, source=source), load(source))
    try:
        run = run_of_model(model, prepared, source=source, seconds=seconds)
    except TrainingError as error:
        raise RowsGoneError(str(error)) from None
    return judged_beside_baselines(run)


def judged_beside_baselines(run: Run) -> Run:
    """The run, judged at its threshold, compared with its baselines, and with what stricter splits would cost."""
    run.judge()
    run.compare()
    run.weigh_splits()
    return run


def _decided(record: Record) -> tuple[float, Aim | None]:
    """The threshold of a kept run and what it was chosen for, None where the record makes no sense of that."""
    try:
        return record.threshold, read_aim(record.aim)
    except ValueError:
        return record.threshold, None


def trained_again(stored: StoredRun, train: Callable[[Run], object] = Run.train) -> Run:
    """A kept run of which only the scores are there, trained again to the same bits, and judged; see `run_again`."""
    experiment = stored.experiment()
    source = replace(experiment.source, path=stored.record.table)
    if not stored.record.digest or file_sha256(Path(source.path)) != stored.record.digest:
        raise RowsGoneError(
            f"only the scores of this run are kept, and the table {shown_path(source.path)} that could train it again "
            "is not at hand or another one now"
        )
    experiment = replace(experiment, source=source)
    run = Run(experiment, prepare_experiment(experiment, load(source)))
    if train(run) is None or run.state == "failed":
        raise RowsGoneError(run.snapshot.message or "the training failed")
    run.stand_by(*_decided(stored.record))
    return judged_beside_baselines(run)

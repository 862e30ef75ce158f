"""Predictions for a whole file, written beside it while the app goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.figures import counted, percent

if TYPE_CHECKING:
    from ann_tui.model.trained_model import TrainedModel


@dataclass(frozen=True)
class FilePrediction:
    """What became of a file: how many rows were written where, the score if the target was there, and notes."""

    rows: int
    out: str
    score: str
    notes: tuple[str, ...]


def suggested_output(path: str) -> str:
    """A name for the predictions of this file, beside it: 'new.csv' gives 'new-predictions.csv'."""
    from ann_tui.model.prediction_writer import PARQUET_SUFFIXES, TAB_SUFFIXES

    file = Path(path)
    suffix = file.suffix if file.suffix.casefold() in (*TAB_SUFFIXES, *PARQUET_SUFFIXES) else ".csv"
    return str(file.with_name(f"{file.stem}-predictions{suffix}"))


def problem_with_input(model: TrainedModel, path: str) -> str | None:
    """Why there can be no predictions for the file `path`, in one line; None when there can, as far as it begins."""
    from ann_tui.data.choices.preparation import PreparationError
    from ann_tui.data.reading.read_error import ReadError
    from ann_tui.model.file_answers import FileAnswers, open_rows

    try:
        with open_rows(model, str(Path(path).expanduser())) as table:
            FileAnswers(model, table)
    except (ReadError, PreparationError, OSError) as error:
        return str(error)
    return None


def problem_with_output(path: str, out: str) -> str | None:
    """Why predictions of the file `path` can't go to `out`, in one line; None when they can."""
    from ann_tui.data.choices.preparation import PreparationError
    from ann_tui.model.prediction_writer import form_of

    if not out.strip():
        return "type a file name"
    target = Path(out).expanduser()
    try:
        form_of(out)
    except PreparationError as error:
        return str(error)
    if target.is_dir() or not target.parent.is_dir():
        return f"{target.parent} is no folder" if not target.is_dir() else f"{target} is a folder"
    if target.exists() and target.samefile(Path(path).expanduser()):
        return "that is the file with the rows: choose another name"
    return None


def predict_file(
    model: TrainedModel,
    path: str,
    out: str,
    *,
    progress: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> FilePrediction:
    """Write the rows of a file with the prediction behind each, in order and in constant memory.

    `progress` is called with what is done, in words. The output appears whole or not at all. Raises ReadError or
    PreparationError with one clear line, and OSError.
    """
    from ann_tui.atomic_file import atomic_file
    from ann_tui.evaluation.measures import measures_of
    from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
    from ann_tui.model.file_answers import FileAnswers, notes_on, open_rows
    from ann_tui.model.prediction_writer import form_of, write_predictions

    path, out = str(Path(path).expanduser()), str(Path(out).expanduser())
    done = 0
    with open_rows(model, path) as table:

        def tell(rows: int) -> None:
            nonlocal done
            done = rows
            share = f", {percent(table.position() / table.size, 0)}" if table.size else ""
            progress(f"predicting {Path(path).name}: {counted(rows, 'row')}{share}")

        answers = FileAnswers(model, table)
        with atomic_file(out) as written:
            score = write_predictions(answers, written, form=form_of(out), progress=tell, cancelled=cancelled)
        notes = notes_on(answers, path)
    said = ""
    if score is not None and score.rows:
        first = measures_of(model.fitted.target).first
        said = f"{METRIC_TITLES[first]} {metric_text(first, score.metrics().get(first))}"
        said += f" on {counted(score.rows, 'row')} with a known {model.target}"
    return FilePrediction(done, out, said, tuple(notes))

"""Predictions as a file: the input's columns as they were written, then the prediction and its probabilities."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Literal

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.plain_text import printable
from ann_tui.data.reading.read_error import ReadCancelledError
from ann_tui.evaluation.measures import measures_of
from ann_tui.evaluation.running_score import RunningScore
from ann_tui.model.file_answers import Answers, FileAnswers
from ann_tui.model.written_cells import written_cells

Form = Literal["csv", "tsv", "parquet"]
TAB_SUFFIXES = (".tsv", ".tab")
PARQUET_SUFFIXES = (".parquet", ".pq")
TEXT_SUFFIXES = ("", ".csv", ".txt")
PREDICTION = "prediction"
_DIGITS = (9, 8, 7, 6, 5, 4, 3)


def form_of(path: str | None) -> Form:
    """How predictions are written to a file of this name; None is standard output.

    Raises PreparationError for an ending of something else, and for Parquet without pyarrow.
    """
    suffix = "" if path is None else Path(path).suffix.casefold()
    if suffix in TAB_SUFFIXES:
        return "tsv"
    if suffix in TEXT_SUFFIXES:
        return "csv"
    if suffix not in PARQUET_SUFFIXES:
        raise PreparationError(
            f"predictions are written as text or Parquet, not as {printable(suffix, 20)}: choose a name that ends in "
            ".csv, .tsv or .parquet"
        )
    if find_spec("pyarrow") is None:
        raise PreparationError("writing Parquet needs pyarrow: pip install 'ann-tui[parquet]'")
    return "parquet"


def write_predictions(
    answers: FileAnswers,
    out: IO[bytes],
    *,
    form: Form = "csv",
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RunningScore | None:
    """Write one row for each row of the file, in order, and give the score where the file has the target.

    The file's columns come first, then `prediction`, then `probability_<class>` for each class; a name that the
    file has already gets a number. Text is in UTF-8. `progress` is called with the rows done; when `cancelled` says
    yes, ReadCancelledError is raised. Raises what reading raises, and OSError where `out` can't be written.
    """
    model, names = answers.model, answers.table.names
    added = _unique(names, (PREDICTION, *(f"probability_{label}" for label in model.classes)))
    measures = measures_of(model.fitted.target, model.threshold)
    score = measures.running_score() if answers.has_target else None
    rows = 0
    with _writer(out, form, names, added, model.classes) as write:
        for piece in answers:
            if cancelled is not None and cancelled():
                raise ReadCancelledError("predicting was stopped")
            write(piece)
            if score is not None and piece.true is not None and piece.known is not None:
                score.add(piece.true[piece.known], piece.predictions.judged[piece.known])
            rows += len(piece.chunk.lines)
            if progress is not None:
                progress(rows)
    return score


def _writer(
    out: IO[bytes], form: Form, names: Sequence[str], added: Sequence[str], classes: Sequence[str]
) -> AbstractContextManager[Callable[[Answers], None]]:
    if form == "parquet":
        from ann_tui.model.parquet_writer import parquet_rows

        return parquet_rows(out, names, added)
    return _text_rows(out, "\t" if form == "tsv" else ",", [*names, *added], classes)


@contextmanager
def _text_rows(
    out: IO[bytes], delimiter: str, header: Iterable[str], classes: Iterable[str]
) -> Iterator[Callable[[Answers], None]]:
    """Writes a piece's rows as text; the header goes out with the first of them."""
    first = _record(header, delimiter) + b"\n"
    labels = {label: _record((label,), delimiter) for label in classes}

    def write(piece: Answers) -> None:
        nonlocal first
        out.write(first + _rows(piece, labels, delimiter))
        first = b""

    yield write
    out.write(first)


def _unique(taken: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """The wanted names, with a number behind those that are taken."""
    names = set(taken)
    found = []
    for name in wanted:
        number, free = 2, name
        while free in names:
            number, free = number + 1, f"{name}_{number}"
        names.add(free)
        found.append(free)
    return found


def _rows(piece: Answers, labels: dict[str, bytes], delimiter: str) -> bytes:
    """The rows of one piece, with their line ends."""
    predictions, chunk = piece.predictions, piece.chunk
    columns: list[list[bytes]]
    if predictions.probabilities is None:
        columns = [written_numbers(predictions.values)]
    else:
        columns = [[labels[label] for label in predictions.values]]
        columns += [written_numbers(column) for column in predictions.probabilities.T]
    records = _records(chunk.raw, chunk.texts, delimiter)
    mark = delimiter.encode()
    return b"\n".join(map(mark.join, zip(records, *columns, strict=True))) + b"\n"


def _records(raw: list[bytes] | None, texts: pd.DataFrame | None, delimiter: str) -> list[bytes]:
    """The input's cells as records with this delimiter; a record may hold line breaks in quotes."""
    if raw is not None and delimiter == ",":
        return raw
    return [_record(row, delimiter) for row in written_cells(raw, texts)]


def _record(cells: Iterable[str], delimiter: str) -> bytes:
    written = io.StringIO()
    # The writer quotes a cell for the characters of its line end only, so that it needs to have both.
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return written.getvalue().removesuffix("\r\n").encode("utf-8", "replace")


def written_numbers(numbers: NDArray[Any]) -> list[bytes]:
    """Each number with as few decimals as give back the same bits, for float32 or float64 (n,), all finite."""
    exact = numbers.astype(np.float64)
    shown = exact.copy()
    if numbers.dtype == np.float32:
        fits = np.ones(len(numbers), dtype=bool)
        for digits in _DIGITS:
            rounded = np.round(exact, digits)
            fits &= rounded.astype(np.float32) == numbers
            shown[fits] = rounded[fits]
            if digits == _DIGITS[0]:
                others = np.flatnonzero(~fits)
                shown[others] = numbers[others].astype("U").astype(np.float64)
    encoded = msgspec.json.encode(shown.tolist())[1:-1]
    return encoded.split(b",") if encoded else []

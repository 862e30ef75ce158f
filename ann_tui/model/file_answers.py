"""What a model says about the rows of a file, piece by piece, so that a file of any length takes little memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.choices.source import Source
from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.readable import check_readable
from ann_tui.data.preparing.row_digests import row_digests
from ann_tui.data.preparing.transform_report import TransformReport
from ann_tui.data.reading.chunked_parquet import ChunkedParquet, open_chunked_parquet
from ann_tui.data.reading.chunked_reading import ChunkedTable, RowChunk, open_chunked
from ann_tui.data.reading.parquet import is_parquet
from ann_tui.figures import counted
from ann_tui.model.cell_reading import CellReader
from ann_tui.model.joined_reports import add_report
from ann_tui.model.trained_model import Predictions, TrainedModel, file_sha256

MOST_DROPPED = 10_000
"""So many records that could not become rows are kept one by one; all are counted."""


@dataclass(frozen=True, eq=False)
class Answers:
    """The rows of one piece and the model's answers.

    Where the file has the target, `true` holds it as class codes int64 (n,) or numbers float64 (n,), and `known`,
    bool (n,), says where it can be compared; else both are None. `repeats`, bool (n,), says which rows the model was
    trained on, as far as it knows; None where that can't be told.
    """

    chunk: RowChunk
    predictions: Predictions
    true: NDArray[Any] | None
    known: NDArray[np.bool_] | None
    repeats: NDArray[np.bool_] | None = None


@dataclass(eq=False)
class FileAnswers:
    """Goes through a file once; afterwards `report` and `dropped` tell of all of it."""

    model: TrainedModel
    table: ChunkedTable | ChunkedParquet
    report: TransformReport = field(default_factory=TransformReport)
    dropped: list[DroppedRow] = field(default_factory=list)
    dropped_count: int = 0
    missing_target: int = 0
    unknown_target: int = 0
    repeated: int = 0

    def __post_init__(self) -> None:
        """Check the columns. Raises PreparationError where one is missing."""
        fitted = self.model.fitted
        self._reader = CellReader(fitted, self.model.source, self.table.dialect.decimal)
        absent = [column.name for column in fitted.columns if column.name not in self.table.names]
        if absent:
            shown = ", ".join(f"'{printable(name, 40)}'" for name in absent[:5]) + (
                ", …" if len(absent) > 5 else ""
            )
            raise PreparationError(
                f"the column{'' if len(absent) == 1 else 's'} {shown} "
                f"{'is' if len(absent) == 1 else 'are'} missing, which the network was trained with"
            )
        known = {column.name for column in fitted.columns} | {fitted.target.name}
        self.report.ignored = tuple(name for name in self.table.names if name not in known)

    @property
    def has_target(self) -> bool:
        """Whether the file has the column that is predicted."""
        return self.model.target in self.table.names

    def __iter__(self) -> Iterator[Answers]:
        """The pieces in order. Raises ReadError, and PreparationError as `check_readable` does."""
        checked = False
        for chunk in self.table.chunks(self._reader.numbers):
            self.dropped_count += len(chunk.dropped)
            self.dropped += chunk.dropped[: max(0, MOST_DROPPED - len(self.dropped))]
            if not len(chunk.lines):
                continue
            answers = self._answer(chunk)
            if not checked:
                check_readable(self.model.fitted, self.report)
                checked = True
            yield answers
        check_readable(self.model.fitted, self.report)

    def _answer(self, chunk: RowChunk) -> Answers:
        target = self.model.fitted.target
        cells = self._reader.frame(chunk.frame)
        x, report = self.model.fitted.transform(cells)
        predictions = self.model.answers(x, report)
        add_report(self.report, predictions.report)
        if not self.has_target:
            return Answers(chunk, predictions, None, None)
        column = cells[target.name]
        values = target.read(column)
        y, missing = target.encode(values)
        empty = int(column.isna().sum())
        self.missing_target += empty
        self.unknown_target += int(missing.sum()) - empty
        true, rows = target.actual(values, y), self.model.known_rows
        repeats = None if rows is None else rows.hold(row_digests(x, true)) & ~missing
        if repeats is not None and rows is not None:
            self.repeated += rows.one_in * int(repeats.sum())
        return Answers(chunk, predictions, true, ~missing, repeats)


def notes_on(answers: FileAnswers, path: str) -> list[str]:
    """What a person should know about the rows of the file `path`, when all of them are answered."""
    model, said = answers.model, [*answers.table.warnings]
    if answers.dropped_count:
        first = "; ".join(f"line {row.line}: {row.reason}" for row in answers.dropped[:3])
        more = "; …" if answers.dropped_count > 3 else ""
        lines = counted(answers.dropped_count, "line")
        said.append(f"{lines} could not be read and got no prediction ({first}{more})")
    # The rows are counted first: a file of another length need not be read again for its fingerprint.
    known = answers.has_target and path != "-" and answers.report.rows == model.data.rows
    if known and model.data.sha256 and file_sha256(Path(path)) == model.data.sha256:
        said.append(
            "this is the file that the network was trained on: the score is of its training rows too, and not of "
            "unseen ones alone (evaluate takes those)"
        )
    elif answers.repeated:
        about = "" if model.known_rows is None or model.known_rows.one_in == 1 else "about "
        rows = counted(answers.report.rows, "row")
        said.append(
            f"{about}{answers.repeated:,} of {rows} have the inputs and the answer of a row that the network was "
            "trained on, which flatters the score"
        )
    return [*said, *answers.report.sentences()]


@contextmanager
def open_rows(model: TrainedModel, path: str) -> Iterator[ChunkedTable | ChunkedParquet]:
    """The rows of a new file for a model, read with the texts for missing values that its training file had.

    A dialect that was chosen by hand for the training file is used where it finds the model's columns; else the file's
    own is detected. Raises ReadError.
    """
    opened = open_chunked_parquet(path) if is_parquet(path) else open_chunked(reading_source(model, path))
    with opened as table:
        yield table


def reading_source(model: TrainedModel, path: str) -> Source:
    """How a text table is read for a model; see `open_rows`."""
    source = Source(path, missing_marks=model.source.missing_marks, column_marks=model.source.column_marks)
    if model.source.dialect is None:
        return source
    same = replace(source, dialect=model.source.dialect)
    if path == "-":
        return same
    with open_chunked(same) as table:
        fits = {column.name for column in model.fitted.columns} <= set(table.names)
    return same if fits else source

"""A fitted preparation: plain numbers and words that turn new rows into the network's matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.values import Floats, Mask, Values
from ann_tui.data.choices.imputations import MISSING_NUMBER
from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.preparing.columns import Column, DateColumn, NumberColumn
from ann_tui.data.preparing.fitted_record import FittedRecord
from ann_tui.data.preparing.input_column import InputColumn
from ann_tui.data.preparing.multivariate_imputation import Chain, Neighbours, guesses
from ann_tui.data.preparing.targets import TARGETS, Target
from ann_tui.data.preparing.transform_report import TransformReport
from ann_tui.known_types import make_known

Matrix = npt.NDArray[np.float32]
_OWN = ("training_rows", "inputs", "columns", "neighbours", "chain")


make_known(FittedRecord)


@dataclass(frozen=True)
class FittedPreparation:
    """Everything that was fitted on the training rows; see `transform`.

    `neighbours` and `chain` are for number columns that others help to impute. `training_rows` is the number of rows
    that every statistic comes from.
    """

    target: Target
    training_rows: int
    inputs: tuple[InputColumn, ...]
    columns: tuple[Column, ...]
    neighbours: Neighbours | None = None
    chain: Chain | None = None

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each column of the matrix, such as "island=Dream"."""
        return tuple(name for column in self.columns for name in column.feature_names)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The name of each input of the network: the columns of the matrix, then bins such as "age 31–38"."""
        bins = (name for _, column in self._binned() for name in column.bin_names)
        return (*self.feature_names, *bins)

    @property
    def scaled_edges(self) -> list[tuple[int, npt.NDArray[np.float32]]]:
        """The places in the matrix of the numbers that have bins, with the edges of these as they lie there."""
        return [(start, column.scaled_edges) for start, column in self._binned()]

    def _binned(self) -> Iterator[tuple[int, NumberColumn]]:
        for column, start in self.starts():
            if isinstance(column, NumberColumn) and column.bins is not None:
                yield start, column

    @property
    def feature_origins(self) -> tuple[str, ...]:
        """For each column of the matrix, the raw column that it comes from."""
        return tuple(column.name for column in self.columns for _ in column.feature_names)

    @property
    def bin_counts(self) -> dict[str, int]:
        """How many bins each number column has, of those that have some."""
        return {column.name: len(column.bin_names) for _, column in self._binned()}

    def answers_like(self, other: FittedPreparation) -> bool:
        """Whether both make the same matrix of the same rows, and of it the same answers.

        What is kept for forms and notes alone may differ, as it does between versions.
        """
        return self._answering == other._answering

    @property
    def _answering(self) -> tuple[Any, ...]:
        columns = tuple(_without_spelling(column) for column in self.columns)
        return self.target.without_spelling(), self.training_rows, columns, self.neighbours, self.chain

    def starts(self) -> Iterator[tuple[Column, int]]:
        """Each fitted column with the position of its first feature in the matrix."""
        start = 0
        for column in self.columns:
            yield column, start
            start += len(column.feature_names)

    def transform(self, frame: pd.DataFrame) -> tuple[Matrix, TransformReport]:
        """The matrix of new rows, float32 (n, len(feature_names)), C-contiguous, without NaN or infinity.

        The frame may hold texts as written in a file, or typed columns, in any order. Raises
        PreparationError when a column is missing.
        """
        absent = [column.name for column in self.columns if column.name not in frame.columns]
        if absent:
            shown = ", ".join(f"'{name}'" for name in absent)
            one = len(absent) == 1
            raise PreparationError(
                f"the column{'' if one else 's'} {shown} {'is' if one else 'are'} missing: "
                f"the network was trained with {'it' if one else 'them'}"
            )
        known = {column.name for column in self.columns} | {self.target.name}
        ignored = tuple(str(name) for name in frame.columns if name not in known)
        return self.matrix(lambda column: column.read(frame[column.name]), len(frame), ignored)

    def matrix(
        self,
        read: Callable[[Column], Values],
        rows: int,
        ignored: tuple[str, ...] = (),
        guessed: Mapping[str, Floats] | None = None,
    ) -> tuple[Matrix, TransformReport]:
        """The matrix of cells that `read` gives for each column; see `transform`.

        `guessed` is what `guesses` would give for these rows, where that is known already.
        """
        report = TransformReport(rows=rows, ignored=ignored)
        cleaned = {
            column.name: column.clean(read(column), report)
            for column in self.columns
            if self._is_shared(column)
        }
        if guessed is None:
            guessed = self.guesses(cleaned)
        x = np.empty((rows, len(self.feature_names)), dtype=np.float32)
        for column, start in self.starts():
            out = x[:, start : start + len(column.feature_names)]
            if isinstance(column, NumberColumn) and column.name in cleaned:
                column.write_cleaned(cleaned[column.name], out, report, guessed.get(column.name))
            else:
                column.write(read(column), out, report)
        return x, report

    def guesses(self, cleaned: Mapping[str, Floats]) -> dict[str, Floats]:
        """The numbers of the columns that other columns help to impute, with guesses where they were NaN."""
        found: dict[str, Floats] = {}
        for model, kind in ((self.neighbours, "neighbours"), (self.chain, "chain")):
            if model is not None:
                wanted = [
                    column.name
                    for column in self.columns
                    if isinstance(column, NumberColumn) and MISSING_NUMBER[column.missing].model == kind
                ]
                found |= guesses(model, wanted, cleaned)
        return found

    def _is_shared(self, column: Column) -> TypeGuard[NumberColumn]:
        return isinstance(column, NumberColumn) and (self.neighbours is not None or self.chain is not None)

    def encode_target(self, values: pd.Series | Sequence[object]) -> tuple[npt.NDArray[Any], Mask]:
        """The target of new rows as it is learned, and where it is unknown; see `Target.encode`."""
        cells = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
        return self.target.encode(self.target.read(cells))

    @property
    def record(self) -> FittedRecord:
        """What a model file keeps of it."""
        own = {name: getattr(self, name) for name in _OWN}
        return FittedRecord(**self.target.record, **own)

    @classmethod
    def of(cls, record: FittedRecord) -> FittedPreparation:
        """The inverse of `record`."""
        own = {name: getattr(record, name) for name in _OWN}
        return cls(target=TARGETS[record.task](record), **own)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dicts, lists, texts and numbers; JSON keeps them exactly."""
        plain = msgspec.to_builtins(self.record)
        assert isinstance(plain, dict)
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> FittedPreparation:
        """The inverse of `to_dict`, bit for bit. Raises PreparationError when the dict isn't such a one."""
        try:
            return cls.of(msgspec.convert(dict(plain), FittedRecord))
        except msgspec.ValidationError as error:
            raise PreparationError(f"this is no fitted preparation: {error}") from None


def _without_spelling(column: Column) -> Column:
    """The column without what only says how its cells may be written."""
    match column:
        case DateColumn():
            return msgspec.structs.replace(column, zoned=None)
        case NumberColumn():
            return msgspec.structs.replace(column, form="")
    return column

"""A column's cells as the preparation works on them: numbers with NaN, or codes into a list of labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.dates import with_zone, written_moment
from ann_tui.data.cells.kinds import interpret
from ann_tui.data.cells.parsed import ParsedColumn, parsed
from ann_tui.data.choices.column_kind import ColumnKind

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Numbers:
    """Numbers, or dates as seconds since 1970-01-01. `values` float64 (n,), NaN where missing.

    `unparseable` (n,) marks the cells that held a text but no usable value; `raw` gives the cell at a position as it
    stands in the table. `zoned` (n,) marks the times with a zone; None where they are no dates. `form` is the date
    format or the text of the number form in which they are written.
    """

    values: Floats
    unparseable: Mask
    raw: Callable[[int], str]
    dates: bool = False
    zoned: Mask | None = None
    form: str = ""

    @property
    def missing(self) -> Mask:
        """Where there is no value, bool (n,)."""
        return np.isnan(self.values)

    def take(self, rows: Rows) -> Numbers:
        """The values at these positions, in their order."""
        return Numbers(
            self.values[rows],
            self.unparseable[rows],
            lambda row: self.raw(int(rows[row])),
            self.dates,
            None if self.zoned is None else self.zoned[rows],
            self.form,
        )

    def written(self, row: int) -> str:
        """The value at a position as a reader would write it; "" where it is missing."""
        return written_number(self.values[row], self.dates)


@dataclass(frozen=True)
class Labels:
    """Words. `codes` int64 (n,) are positions in `labels`, -1 where missing."""

    codes: Rows
    labels: tuple[str, ...]

    @property
    def missing(self) -> Mask:
        """Where there is no value, bool (n,)."""
        return self.codes < 0

    @property
    def unparseable(self) -> Mask:
        """Every text is a label: False, bool (n,)."""
        return np.zeros(len(self.codes), dtype=bool)

    def take(self, rows: Rows) -> Labels:
        """The values at these positions, in their order."""
        return Labels(self.codes[rows], self.labels)

    def written(self, row: int) -> str:
        """The label at a position; "" where it is missing."""
        code = int(self.codes[row])
        return self.labels[code] if code >= 0 else ""

    def counts(self) -> Rows:
        """How often each label occurs, int64 (len(labels),)."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels)).astype(np.int64)


Values = Numbers | Labels


def read_numbers(column: ParsedColumn | pd.Series[Any], form: str | None = None) -> Numbers:
    """Reads the cells of a number column, written in the form of this text, or in the one that fits them best.

    A cell without a number in that form, or with one beyond `LARGEST`, is missing.
    """
    column = parsed(column)
    interpreted, cells = interpret(column, ColumnKind.NUMBER, form=form), column.values
    numbers = interpreted.values + 0.0  # -0.0 becomes 0.0
    return Numbers(numbers, interpreted.unparseable, lambda row: str(cells.iloc[row]), form=interpreted.form)


def read_dates(column: ParsedColumn | pd.Series[Any], form: str | None = None) -> Numbers:
    """Reads the cells of a date column, in the date format `form`, or in the one that fits them best."""
    column = parsed(column)
    interpreted, cells = interpret(column, ColumnKind.DATE, form=form), column.values
    moments = interpreted.values.astype("datetime64[s]")
    seconds = moments.astype(np.int64).astype(np.float64)
    seconds[np.isnat(moments)] = np.nan
    return Numbers(
        seconds,
        interpreted.unparseable,
        lambda row: str(cells.iloc[row]),
        True,
        _with_zone(column),
        interpreted.form,
    )


def _with_zone(column: ParsedColumn) -> Mask:
    """Which cells of a date column are times with a zone, bool (n,)."""
    if not column.is_text:
        return np.full(len(column.values), isinstance(column.values.dtype, pd.DatetimeTZDtype))
    texts = column.texts
    zoned: Mask = np.array([*with_zone(texts.labels), False], dtype=bool)
    found: Mask = zoned[texts.codes]
    return found


def read_labels(column: ParsedColumn | pd.Series[Any]) -> Labels:
    """Reads the cells of a column of words, each as its file spells it. A blank cell is missing.

    The labels that occur come in sorted order, whatever the order of the rows.
    """
    texts = parsed(column).written
    labels, places = texts.in_order
    return Labels(places[texts.codes], labels)


def read_values(column: ParsedColumn | pd.Series[Any], kind: str, form: str | None = None) -> Values:
    """Reads the cells of a column as its kind says; see `read_numbers`, `read_dates`, `read_labels`.

    `form` is the date format or the text of the number form, where it is known.
    """
    if kind == ColumnKind.NUMBER:
        return read_numbers(column, form)
    return read_dates(column, form) if kind == ColumnKind.DATE else read_labels(column)


def written_number(value: float, dates: bool = False) -> str:
    """A number in at most 6 digits ("44.5", "1e+09"), or seconds as a date; "" for NaN."""
    if np.isnan(value):
        return ""
    if not dates:
        return f"{value:.6g}"
    return written_moment(value)

"""The plainest way in which pandas reads a file as the app does, if there is one of a few lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ann_tui.data.cells.values import Numbers, Values, read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.number_form import PLAIN_FORM, NumberForm
from ann_tui.data.preparing.columns import DateColumn, LabelColumn, NumberColumn, TextColumn
from ann_tui.data.reading.parquet import is_parquet
from ann_tui.export.reading_code import Reading, Written, read_csv_options, ways_to_write

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData

MOST_MARKS = 12
"""With more different cells that are missing, a call of pandas would be a list of them."""
MOST_NAMES = 100
"""Of more columns a script does not list the names."""
PANDAS_MARKS = frozenset({
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
})  # fmt: skip
"""What pandas takes as missing by itself."""


class Search:
    """Looks for the plainest way in which pandas reads a file as the app does."""

    def __init__(self, prepared: PreparedData, dates: Mapping[str, str]) -> None:
        self.prepared, self.dates, self.path = prepared, dates, prepared.table.path
        dialect = prepared.table.dialect
        self.words = [name for name, kind in kinds_of(prepared).items() if kind == "words"]
        self.options = read_csv_options(dialect)
        self.numbers = {"decimal": dialect.decimal} if dialect.decimal != "." else {}
        self.numbers |= {"thousands": dialect.thousands} if dialect.thousands else {}

    def reading(self) -> Reading | None:
        """The way, None where there is none of a few lines."""
        if self.prepared.file_rows != len(self.prepared.table.frame) or str(self.path) == "-":
            return None
        if is_parquet(str(self.path)):
            plain = Reading(parquet=True)
            return plain if self._reads(plain) else None
        if self.prepared.table.dialect.header:
            plain = Reading({**self.options, **self.numbers}, self.words)
            if self._reads(plain):
                return plain
        return self._closer()

    def _reads(self, reading: Reading) -> bool:
        """Whether it gives what the app has read, in all columns that are used."""
        try:
            return _same(self.prepared, reading.frame(self.path), self.dates)
        except (
            ValueError,
            TypeError,
            OSError,
            UnicodeError,
            AttributeError,
            ImportError,
            pd.errors.ParserError,
        ):
            return False

    def _closer(self) -> Reading | None:
        """A way that says more: names, marks of missing values, numbers as they are written."""
        cells = self._cells()
        if cells is None:
            return None
        columns = [
            _Cells.of(name, kind, values, cells[name]) for name, kind, values in values_of(self.prepared)
        ]
        ways: dict[str, Written] = {}
        for column in columns:
            if column.kind == "numbers" and not column.is_plain(self.numbers):
                found = column.way(self.prepared.table.dialect.decimal)
                if found is None:
                    return None
                ways[column.name] = found
        marks = _marks([column for column in columns if not getattr(ways.get(column.name), "odd", False)])
        if marks is None:
            return None
        grouped: dict[Written, list[str]] = {}
        for name, way in ways.items():
            grouped.setdefault(way, []).append(name)
        plain = any(column.kind == "numbers" and column.name not in ways for column in columns)
        composed = [column.name for column in columns if column.composed]
        options = {**self.options, **(self.numbers if plain else {}), **marks}
        reading = Reading(options, self.words, grouped, composed)
        return reading if self._reads(reading) else None

    def _cells(self) -> pd.DataFrame | None:
        """The cells as they are written, None where pandas finds others; the options name the columns after it."""
        names = [str(name) for name in self.prepared.table.frame.columns]
        used = {name for name, _, _ in values_of(self.prepared)}
        footer = self.prepared.table.dialect.footer
        if footer:
            self.options |= {"skipfooter": footer, "engine": "python"}
        named = {"header": None if self.options.get("header", 0) is None else 0, "names": names}
        for options in ({}, named) if self.prepared.table.dialect.header else (named,):
            found = Reading({**self.options, **options, "keep_default_na": False}, names)
            try:
                frame = found.frame(self.path)
            except (ValueError, OSError, UnicodeError, pd.errors.ParserError):
                continue
            fits = len(frame) == len(self.prepared.table.frame) and used <= set(frame.columns)
            if fits and isinstance(frame.index, pd.RangeIndex) and (len(names) <= MOST_NAMES or not options):
                self.options |= options
                return frame
        return None


@dataclass(frozen=True)
class _Cells:
    """The different cells of a column as they are written, with what each says, and those that are missing."""

    name: str
    kind: str
    known: Mapping[str, Any]
    missing: frozenset[str]
    form: NumberForm
    composed: bool = False

    @classmethod
    def of(cls, name: str, kind: str, values: Values, cells: pd.Series[Any]) -> _Cells:
        gone = values.missing
        places = cells.reset_index(drop=True).drop_duplicates().index
        found = {str(cells.iloc[row]): row for row in places}
        missing = frozenset(text for text, row in found.items() if gone[row])
        if isinstance(values, Numbers):
            known = {text: values.values[row] for text, row in found.items() if not gone[row]}
            form = PLAIN_FORM if values.dates else NumberForm.of(values.form)
            return cls(name, kind, known, missing, form)
        words = {text: values.written(row) for text, row in found.items() if not gone[row]}
        return cls(name, kind, words, missing, PLAIN_FORM, any(text != word for text, word in words.items()))

    def is_plain(self, options: Mapping[str, Any]) -> bool:
        """Whether pandas takes the present cells for numbers, and for these."""
        text = io.StringIO()
        csv.writer(text).writerows([text] for text in ("cells", *self.known))
        found = pd.read_csv(io.StringIO(text.getvalue()), keep_default_na=False, **options)["cells"]
        return not self.known or (
            pd.api.types.is_numeric_dtype(found.dtype)
            and not pd.api.types.is_bool_dtype(found.dtype)
            and np.array_equal(found.to_numpy(np.float64), list(self.known.values()))
        )

    def way(self, decimal: str) -> Written | None:
        """How its numbers can be made of its texts, None where no way of a few lines does."""
        for way in ways_to_write(self.form, list(self.known), decimal):
            texts = [*self.known, *self.missing] if way.odd else list(self.known)
            try:
                found = way.numbers(pd.Series(texts, dtype=object)).to_numpy(np.float64)
            except ValueError:
                continue
            values = [self.known.get(text, np.nan) for text in texts]
            few = len(self.missing) <= MOST_MARKS
            if np.array_equal(found, values, equal_nan=True) and (way.odd or few):
                return way
        return None


def _marks(columns: Sequence[_Cells]) -> dict[str, Any] | None:
    """What pandas must be told of missing cells: nothing, one list, or one for each column; None for too much."""
    gone = {text for column in columns for text in column.missing}
    if len(gone) > MOST_MARKS:
        return None
    if all(column.missing <= PANDAS_MARKS and not PANDAS_MARKS & column.known.keys() for column in columns):
        return {}
    if not any(gone & column.known.keys() for column in columns):
        return {"keep_default_na": False, "na_values": sorted(gone | {""})}
    own = {column.name: sorted(column.missing) for column in columns if column.missing}
    return {"keep_default_na": False, "na_values": own}


def kinds_of(prepared: PreparedData) -> dict[str, str]:
    """Whether each used column, the target among them, is of numbers, dates or words."""
    target = prepared.fitted.target
    kinds = {column.name: _kind(column) for column in prepared.fitted.columns}
    kinds[target.name] = "numbers" if target.kind is ColumnKind.NUMBER else "words"
    return kinds


def _kind(column: object) -> str:
    match column:
        case NumberColumn():
            return "numbers"
        case DateColumn():
            return "dates"
        case LabelColumn() | TextColumn():
            return "words"
    raise AssertionError(column)


def values_of(prepared: PreparedData) -> Iterator[tuple[str, str, Values]]:
    """The cells of each used column as the app reads them."""
    target = prepared.fitted.target
    for column in prepared.fitted.columns:
        form = column.form if isinstance(column, NumberColumn | DateColumn) else None
        yield column.name, _kind(column), read_values(prepared.table.parsed[column.name], column.kind, form)
    yield target.name, kinds_of(prepared)[target.name], target.read(prepared.table.parsed[target.name])


def _same(prepared: PreparedData, frame: pd.DataFrame, dates: Mapping[str, str]) -> bool:
    """Whether a frame holds what the app has read, in all columns that are used."""
    if len(frame) != len(prepared.table.frame) or not isinstance(frame.index, pd.RangeIndex):
        return False
    for name, kind, values in values_of(prepared):
        if name not in frame.columns:
            return False
        cells = frame[name]
        if kind == "words":
            texts = [values.written(row) or None for row in range(len(frame))]
            if [None if cell is None or cell != cell else cell for cell in cells.tolist()] != texts:
                return False
        elif kind == "dates":
            try:
                found = _seconds(pd.to_datetime(cells, format=dates[name], utc=True))
            except (ValueError, TypeError):
                return False
            if not np.array_equal(found, _numbers(values), equal_nan=True):
                return False
        elif not pd.api.types.is_numeric_dtype(cells.dtype) or not np.array_equal(
            cells.to_numpy(np.float64, na_value=np.nan), _numbers(values), equal_nan=True
        ):
            return False
    return True


def _numbers(values: Values) -> np.ndarray[Any, np.dtype[np.float64]]:
    assert isinstance(values, Numbers)
    return values.values


def _seconds(moments: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    seconds: np.ndarray[Any, np.dtype[np.float64]] = (
        moments.dt.tz_localize(None).to_numpy("datetime64[s]").astype(np.int64).astype(np.float64)
    )
    seconds[moments.isna().to_numpy()] = np.nan
    return seconds

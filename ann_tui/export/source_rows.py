"""The rows of an experiment as a script reads them, and the part of the split that each belongs to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ann_tui.data.cells.kinds import date_format
from ann_tui.data.cells.values import Numbers, Values, read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.preparing.columns import DateColumn, LabelColumn, NumberColumn, TextColumn
from ann_tui.export.code_text import written
from ann_tui.relative_paths import path_for

if TYPE_CHECKING:
    from ann_tui.data.choices.source import Dialect
    from ann_tui.data.preparing.prepare import PreparedData

PARTS = ("training", "validation", "test")
EPOCH = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class RowsCode:
    """How a script comes to its rows.

    `code` reads the frame, whose columns of words are texts and whose numbers are numbers; `dates` has the format of
    each date column. `table` is the path of the file that it reads, as code, and `parts` the name of the file beside
    the script that tells the part of each row. `copy` is the table as text, for a file `copy_name` beside the script,
    None where the script reads the file that the experiment names.
    """

    code: str
    dates: dict[str, str]
    table: str
    parts: str
    copy_name: str
    copy: bytes | None


def parts_file(prepared: PreparedData) -> bytes:
    """The part of each row that takes part, by its place in the table from 0, in the order of the table."""
    pairs = sorted((int(row), name) for name in PARTS for row in getattr(prepared, name).rows)
    lines = ["row,part", *(f"{row},{name}" for row, name in pairs)]
    return ("\n".join(lines) + "\n").encode()


def rows_code(prepared: PreparedData, folder: Path, stem: str) -> RowsCode:
    """How a script `stem`.py in `folder` reads the rows: by pandas from the file, or from a clean copy beside it.

    The copy is there for files which pandas does not read, in a call of one line, as the app does.
    """
    parts, copy = f"{stem}.parts.csv", f"{stem}.rows.csv"
    words = [name for name, kind in _kinds(prepared).items() if kind == "words"]
    dates = {
        column.name: date_format(prepared.table.parsed[column.name], prepared.training.rows)
        for column in prepared.fitted.columns
        if isinstance(column, DateColumn)
    }
    types = dict.fromkeys(words, str)
    for options in _ways(prepared) if prepared.file_rows == len(prepared.table.frame) else ():
        try:
            frame = pd.read_csv(prepared.table.path, dtype=types or None, **options)
        except (ValueError, OSError, UnicodeError, pd.errors.ParserError):
            continue
        if _same(prepared, frame, dates):
            path = path_for(folder, str(prepared.table.path), always=True)
            place = f"Path({written(path)})" if Path(path).is_absolute() else f"HERE / {written(path)}"
            return RowsCode(_read(words, options), dates, place, parts, copy, None)
    return RowsCode(
        _read(words, {"keep_default_na": False, "na_values": [""]}),
        dict.fromkeys(dates, EPOCH),
        f"HERE / {written(copy)}",
        parts,
        copy,
        _clean_copy(prepared),
    )


def read_csv_options(dialect: Dialect) -> dict[str, Any]:
    """What pandas must be told of a file's dialect to find its cells."""
    options: dict[str, Any] = {}
    if dialect.collapse and dialect.delimiter == " ":
        options["sep"] = r"\s+"
    elif dialect.delimiter != ",":
        options["sep"] = dialect.delimiter
    if dialect.quote != '"':
        options |= {"quotechar": dialect.quote} if dialect.quote else {"quoting": csv.QUOTE_NONE}
    if dialect.comment:
        options["comment"] = dialect.comment
    if dialect.escape:
        options["escapechar"] = dialect.escape
    if dialect.trim:
        options["skipinitialspace"] = True
    if dialect.encoding.replace("_", "-") not in ("utf-8", "ascii"):
        options["encoding"] = dialect.encoding
    if dialect.skip:
        options["skiprows"] = dialect.skip
    return options


def _ways(prepared: PreparedData) -> Iterator[dict[str, Any]]:
    """Arguments with which pandas may read the file, the plainest first."""
    dialect = prepared.table.dialect
    options = read_csv_options(dialect)
    if dialect.decimal != ".":
        options["decimal"] = dialect.decimal
    if dialect.thousands:
        options["thousands"] = dialect.thousands
    if not dialect.header or prepared.table.path.suffix.casefold() in (".parquet", ".pq"):
        return
    yield options
    yield {**options, "keep_default_na": False, "na_values": [""]}
    yield {**options, "keep_default_na": False, "na_values": ["", "NA", "NaN", "?"]}


def _kinds(prepared: PreparedData) -> dict[str, str]:
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


def _values(prepared: PreparedData) -> Iterator[tuple[str, str, Values]]:
    """The cells of each used column as the app reads them."""
    target = prepared.fitted.target
    for column in prepared.fitted.columns:
        form = column.form if isinstance(column, NumberColumn | DateColumn) else None
        yield column.name, _kind(column), read_values(prepared.table.parsed[column.name], column.kind, form)
    yield target.name, _kinds(prepared)[target.name], target.read(prepared.table.parsed[target.name])


def _same(prepared: PreparedData, frame: pd.DataFrame, dates: dict[str, str]) -> bool:
    """Whether a frame holds what the app has read, in all columns that are used."""
    if len(frame) != len(prepared.table.frame):
        return False
    for name, kind, values in _values(prepared):
        if name not in frame.columns:
            return False
        cells = frame[name]
        if kind == "words":
            texts = [values.written(row) or None for row in range(len(frame))]
            if [None if cell is None or cell != cell else cell for cell in cells.tolist()] != texts:
                return False
        elif kind == "dates":
            try:
                found = _seconds(pd.to_datetime(cells, format=dates[name]))
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
    seconds = moments.to_numpy("datetime64[s]").astype(np.int64).astype(np.float64)
    seconds[moments.isna().to_numpy()] = np.nan
    return seconds


def _clean_copy(prepared: PreparedData) -> bytes:
    """The used columns as text that any reader takes: numbers with a point, dates as ISO 8601, gaps as nothing."""
    columns: dict[str, list[str]] = {}
    for name, kind, values in _values(prepared):
        count = len(prepared.table.frame)
        if kind == "words":
            columns[name] = [values.written(row) for row in range(count)]
        elif kind == "dates":
            moments = pd.to_datetime(pd.Series(_numbers(values)), unit="s")
            columns[name] = ["" if pd.isna(each) else each.strftime(EPOCH) for each in moments]
        else:
            columns[name] = ["" if each != each else repr(float(each)) for each in _numbers(values)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue().encode()


def _read(words: list[str], options: dict[str, Any]) -> str:
    """The call of pandas."""
    typed = [f"dtype=dict.fromkeys({written(words, 4)}, str)"] if words else []
    arguments = ["TABLE", *typed, *(f"{key}={written(value)}" for key, value in options.items())]
    line = f"frame = pd.read_csv({', '.join(arguments)})"
    if len(line) > 100 or "\n" in line:
        line = "frame = pd.read_csv(\n" + "".join(f"    {each},\n" for each in arguments) + ")"
    return line

"""The rows of an experiment as a script reads them, and the part of the split that each belongs to."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ann_tui.data.cells.kinds import date_format
from ann_tui.data.cells.values import Numbers
from ann_tui.data.preparing.columns import DateColumn
from ann_tui.export.code_text import written
from ann_tui.export.reading_code import Reading
from ann_tui.export.reading_search import Search, kinds_of, values_of
from ann_tui.relative_paths import path_for

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData

PARTS = ("training", "validation", "test")
EPOCH = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class RowsCode:
    """How a script comes to its rows.

    `code` reads the frame, whose columns of words are texts and whose numbers are numbers; `dates` has the format of
    each date column. `file` is the path of the file that it reads, from the script's folder where it is no absolute
    one, and `parts` the name of the file beside the script that tells the part of each row. `copy` is the table as
    text, for a file `copy_name` beside the script,
    None where the script reads the file that the experiment names.
    """

    code: str
    dates: dict[str, str]
    file: str
    parts: str
    copy_name: str
    copy: bytes | None

    @property
    def table(self) -> str:
        """The path of the file as code."""
        path = written(self.file)
        return f"Path({path})" if Path(self.file).is_absolute() else f"HERE / {path}"

    @property
    def reads(self) -> bool:
        """Whether the code defines `read(file)`, which frames of new rows need too."""
        return "def read(file)" in self.code


def parts_file(prepared: PreparedData) -> bytes:
    """The part of each row that takes part, by its place in the table from 0, in the order of the table."""
    pairs = sorted((int(row), name) for name in PARTS for row in getattr(prepared, name).rows)
    lines = ["row,part", *(f"{row},{name}" for row, name in pairs)]
    return ("\n".join(lines) + "\n").encode()


def rows_code(prepared: PreparedData, folder: Path, stem: str) -> RowsCode:
    """How a script `stem`.py in `folder` reads the rows: by pandas from the file, or from a clean copy beside it.

    The copy is there for files which pandas does not read, in a few lines, as the app does.
    """
    parts, copy = f"{stem}.parts.csv", f"{stem}.rows.csv"
    dates = {
        column.name: date_format(prepared.table.parsed[column.name], prepared.training.rows)
        for column in prepared.fitted.columns
        if isinstance(column, DateColumn)
    }
    if (reading := Search(prepared, dates).reading()) is not None:
        path = path_for(folder, str(prepared.table.path), always=True)
        return RowsCode(reading.code(), dates, path, parts, copy, None)
    words = [name for name, kind in kinds_of(prepared).items() if kind == "words"]
    plain = Reading({"keep_default_na": False, "na_values": [""]}, words)
    return RowsCode(
        plain.code(),
        dict.fromkeys(dates, EPOCH),
        copy,
        parts,
        copy,
        _clean_copy(prepared),
    )


def _clean_copy(prepared: PreparedData) -> bytes:
    """The used columns as text that any reader takes: numbers with a point, dates as ISO 8601, gaps as nothing."""
    columns: dict[str, list[str]] = {}
    for name, kind, values in values_of(prepared):
        count = len(prepared.table.frame)
        if kind == "words":
            columns[name] = [values.written(row) for row in range(count)]
            continue
        assert isinstance(values, Numbers)
        if kind == "dates":
            moments = pd.to_datetime(pd.Series(values.values), unit="s")
            columns[name] = ["" if pd.isna(each) else each.strftime(EPOCH) for each in moments]
        else:
            columns[name] = ["" if each != each else repr(float(each)) for each in values.values]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue().encode()

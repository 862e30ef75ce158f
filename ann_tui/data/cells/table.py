"""A table as it was read: the cells, where each row stood in the file, and what was not read."""

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.missing_marks import MarkUse
from ann_tui.data.cells.parsed import JoinedCells, ParsedColumns, WrittenCells
from ann_tui.data.cells.spellings import PointGroups, TwoSpellings
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.choices.source import Dialect


@dataclass(frozen=True)
class DroppedRow:
    """A record of the file that could not safely become a row: its first line (1-based) and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Table:
    """The rows of one file.

    `frame` has a RangeIndex. A column that is written in plain numbers throughout is int64 or float64;
    every other column holds text as it stands in the file, with NaN or None where the value is missing.
    `marks` tells of words such as None and NA in columns of text, and whether they were taken as missing.
    `lines` gives for each row the 1-based line of the file on which it starts (for Parquet: its number).
    `spellings` are the columns of numbers whose first rows spell one number in two ways.
    `point_groups` are the columns of numbers whose points may separate thousands.
    `forms` says how the numbers or dates of some columns are written, where a person has said it.
    `written` are the cells as the file spells them, None where a table has none. `parsed` are the columns
    of the frame with what their texts are worth, each parsed once and kept.
    """

    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    dialect: Dialect
    path: Path
    dropped: tuple[DroppedRow, ...] = ()
    warnings: tuple[str, ...] = ()
    marks: tuple[MarkUse, ...] = ()
    spellings: tuple[TwoSpellings, ...] = ()
    point_groups: tuple[PointGroups, ...] = ()
    forms: Mapping[str, NumberForm | str] = field(default_factory=dict)
    written: WrittenCells | None = field(default=None, repr=False, compare=False)
    parsed: ParsedColumns = field(init=False, repr=False, compare=False)
    _joined: "tuple[weakref.ref[Table], weakref.ref[Table]] | None" = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Begins with nothing parsed."""
        object.__setattr__(
            self, "parsed", ParsedColumns(self.frame, self.written, self.forms, self.dialect.decimal)
        )
        object.__setattr__(self, "_joined", None)

    def followed_by(self, second: "Table") -> "Table":
        """This table with the rows of a second one, which has all its columns, below its own.

        As long as anyone holds that table, it is given back, with all that was parsed of it.
        """
        if self._joined is not None:
            below, joined = (each() for each in self._joined)
            if below is second and joined is not None:
                return joined
        frame = pd.concat([self.frame, second.frame[self.frame.columns]], ignore_index=True)
        lines = np.concatenate([self.lines, second.lines])
        joined = replace(self, frame=frame, lines=lines, written=JoinedCells(self.parsed, second.parsed))
        object.__setattr__(self, "_joined", (weakref.ref(second), weakref.ref(joined)))
        return joined

    def __getstate__(self) -> dict[str, Any]:
        """All but the table that was last joined."""
        return {**self.__dict__, "_joined": None}

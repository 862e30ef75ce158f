"""The columns of a table with what their texts are worth, kept for as long as the table is."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.texts import Texts, texts_of
from ann_tui.data.choices.column_kind import ColumnKind


def is_number_column(values: "pd.Series[Any]") -> bool:
    """Whether the column is already numeric in the frame (int, float; not bool)."""
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)


class ParsedColumn:
    """One column. Of text it keeps what was parsed; one that is typed in the frame keeps nothing of its cells.

    `inferred` is the kind that was inferred for it, None before.
    """

    def __init__(self, values: "pd.Series[Any]", texts: Texts | None = None) -> None:
        """`texts` are those of the values, where they are known already."""
        self.values = values
        self.inferred: ColumnKind | None = None
        self._texts = texts

    @property
    def is_text(self) -> bool:
        """Whether the frame holds texts (or any objects)."""
        return self.values.dtype == object or isinstance(self.values.dtype, pd.StringDtype)

    @property
    def texts(self) -> Texts:
        """The different texts; of a typed column they are made anew each time."""
        if not self.is_text:
            return texts_of(self.values)
        if self._texts is None:
            self._texts = texts_of(self.values)
        return self._texts

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        """Equal numbers for equal cells, int64 (n,), -1 for missing."""
        found = self.texts.codes if self.is_text else pd.factorize(self.values)[0]
        return found.astype(np.int64, copy=False)


def parsed(column: "ParsedColumn | pd.Series[Any]") -> ParsedColumn:
    """A column as one that is parsed once; a series that belongs to no table is parsed for this time alone."""
    return column if isinstance(column, ParsedColumn) else ParsedColumn(column)


class ParsedColumns:
    """The columns of one frame, by name. A copy by pickle begins with nothing parsed."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._columns: dict[str, ParsedColumn] = {}

    def know(self, name: str, texts: Texts) -> None:
        """Take the texts of a column from who has parsed them already."""
        self._columns[name] = ParsedColumn(self._frame[name], texts)

    def __getitem__(self, name: str) -> ParsedColumn:
        """The column of this name. Raises KeyError."""
        if name not in self._columns:
            self._columns.setdefault(name, ParsedColumn(self._frame[name]))
        return self._columns[name]

    def __reduce__(self) -> "tuple[Callable[[pd.DataFrame], ParsedColumns], tuple[pd.DataFrame]]":
        """The frame alone."""
        return ParsedColumns, (self._frame,)

"""The columns of a table with what their texts are worth, kept for as long as the table is."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.texts import Texts, texts_of
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.number_form import PLAIN_FORM, NumberForm


def is_number_column(values: "pd.Series[Any]") -> bool:
    """Whether the column is already numeric in the frame (int, float; not bool)."""
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)


class WrittenCells(Protocol):
    """The cells of a table as they stand in its file."""

    def respelled(self, values: "pd.Series[Any]") -> bool:
        """Whether a column of the frame may spell a cell in another way than the file does."""
        ...

    def read(self, names: Collection[str]) -> Mapping[str, npt.NDArray[np.object_]]:
        """The cells of these columns as they are written, object (n,). Raises ReadError."""
        ...


class ParsedColumn:
    """One column. Of text it keeps what was parsed; one that is typed in the frame keeps nothing of its cells.

    `inferred` is the kind that was inferred for it, and `number_form` how its numbers were found to be written, both
    None before. `stated` is how its numbers are written and `stated_date` its date format, None and "" where
    nobody has said it, and `decimal` the decimal sign of its file.
    """

    def __init__(
        self,
        values: "pd.Series[Any]",
        texts: Texts | None = None,
        cells: WrittenCells | None = None,
        stated: NumberForm | str | None = None,
        decimal: str = ".",
    ) -> None:
        """`texts` are those of the values, where they are known already; `cells` those of the file, if there is one."""
        self.values = values
        self.stated = stated if isinstance(stated, NumberForm) else None
        self.stated_date = stated if isinstance(stated, str) else ""
        self.decimal = decimal
        self._found: tuple[NumberForm, float] | None = None
        self.inferred: ColumnKind | None = None
        self.number_form: NumberForm | None = None
        self._texts = texts
        self._cells = cells
        self._written: Texts | None = None

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
    def found_form(self) -> tuple[NumberForm, float]:
        """The form in which most of its texts are numbers, beyond digits alone, and the share of the cells."""
        if self._found is None:
            self._found = self.texts.found_form(self.decimal) if self.is_text else (PLAIN_FORM, 0.0)
        return self._found

    @property
    def respelled(self) -> bool:
        """Whether the file may spell its cells in another way."""
        return self._cells is not None and self._cells.respelled(self.values)

    @property
    def written(self) -> Texts:
        """The different cells as the file spells them, which are labels: 3.10 is not 3.1. Read when first asked for.

        The cells that are missing in the frame are missing here. Raises ReadError where the file is another one now.
        """
        if self._written is None:
            if self._cells is None or not self.respelled:
                return self.texts
            name = str(self.values.name)
            return self.know_written(self._cells.read([name])[name])
        return self._written

    @property
    def knows_written(self) -> bool:
        """Whether nothing need be read again for `written`."""
        return self._written is not None or not self.respelled

    def know_written(self, cells: npt.NDArray[np.object_]) -> Texts:
        """Take the cells as the file spells them, object (n,), from who has read them."""
        present: Any = self.values.notna()
        written = self._written = texts_of(pd.Series(cells).where(present.to_numpy(), None))
        return written

    def cells(self, kind: str, rows: npt.NDArray[np.int64]) -> list[Any]:
        """The cells of these rows: values of the frame for a number or a date, else labels as the file spells them."""
        if kind in (ColumnKind.NUMBER, ColumnKind.DATE):
            found: list[Any] = self.values.iloc[rows].tolist()
            return found
        written = self.written
        return [written.labels[code] if code >= 0 else None for code in written.codes[rows].tolist()]

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

    def __init__(
        self,
        frame: pd.DataFrame,
        cells: WrittenCells | None = None,
        forms: Mapping[str, NumberForm | str] | None = None,
        decimal: str = ".",
    ) -> None:
        """`cells` are those of the file that the frame was read from, `decimal` its decimal sign.

        `forms` says how the numbers of some columns are written, and holds the date formats of others.
        """
        self._frame = frame
        self._cells = cells
        self._forms = forms or {}
        self._decimal = decimal
        self._columns: dict[str, ParsedColumn] = {}

    def know(self, name: str, texts: Texts) -> None:
        """Take the texts of a column from who has parsed them already."""
        self._columns[name] = self._column(name, texts)

    def _column(self, name: str, texts: Texts | None = None) -> ParsedColumn:
        return ParsedColumn(self._frame[name], texts, self._cells, self._forms.get(name), self._decimal)

    def read_written(self, names: Collection[str]) -> None:
        """Read the cells of these columns, where the file may spell them otherwise, at once. Raises ReadError."""
        wanted = [name for name in names if not self[name].knows_written]
        if wanted and self._cells is not None:
            for name, cells in self._cells.read(wanted).items():
                self[name].know_written(cells)

    def __getitem__(self, name: str) -> ParsedColumn:
        """The column of this name. Raises KeyError."""
        if name not in self._columns:
            self._columns.setdefault(name, self._column(name))
        return self._columns[name]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """The frame, where its cells are written, and how its numbers are."""
        return ParsedColumns, (self._frame, self._cells, self._forms, self._decimal)


class JoinedCells:
    """The written cells of two tables, one below the other."""

    def __init__(self, above: ParsedColumns, below: ParsedColumns) -> None:
        self._parts = above, below

    def respelled(self, values: "pd.Series[Any]") -> bool:
        """Whether a table spells a cell otherwise than its file, or the two tables read them in two ways."""
        above, below = (part[str(values.name)] for part in self._parts)
        return above.respelled or below.respelled or above.values.dtype != below.values.dtype

    def read(self, names: Collection[str]) -> Mapping[str, npt.NDArray[np.object_]]:
        """The cells of the first table, then those of the second. Raises ReadError."""
        for part in self._parts:
            part.read_written(names)
        return {
            name: np.concatenate([cells_of(part[name].written) for part in self._parts]) for name in names
        }


def cells_of(texts: Texts) -> npt.NDArray[np.object_]:
    """The cells of a column, object (n,), None where missing."""
    table = np.empty(len(texts.labels) + 1, dtype=object)
    table[:-1] = texts.labels
    table[-1] = None
    cells: npt.NDArray[np.object_] = table[texts.codes]
    return cells

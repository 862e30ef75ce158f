"""The cells of columns as they stand in a text file, read again for those columns alone when they are asked for."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.plain_text import printable, shown_path
from ann_tui.data.reading.opening import Opened, open_bytes
from ann_tui.data.reading.read_error import ReadError

Cells = Mapping[str, npt.NDArray[np.object_]]
State = tuple[int, int] | None
BLOCK = 4 << 20
_ODD = (b"+", b" ", b"\t", b"-0", b"\v", b"\f")


def file_state(path: str) -> State:
    """The time of change and the size of a file; None where they can't be told."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


@dataclass(eq=False)
class FileCells:
    """The cells of the first `rows` rows of a file (None: of all) that was like `state` when it was read.

    `spelled_anew` are the columns whose cells are written in another way in the frame; `again` reads columns.
    """

    source: Source
    dialect: Dialect
    state: State
    spelled_anew: frozenset[str]
    again: Callable[[Source, int | None, Collection[str]], Cells]
    rows: int | None = None
    _whole_are_plain: bool | None = field(default=None, init=False, repr=False)

    def respelled(self, values: "pd.Series[Any]") -> bool:
        """Whether a column of the frame may spell a cell in another way than the file does.

        Fractions may (3.10 is 3.1), and whole numbers where a sign or a space may stand before them.
        """
        if str(values.name) in self.spelled_anew:
            return True
        if values.dtype.kind == "i":
            if self._whole_are_plain is None:
                self._whole_are_plain = self._looks_plain()
            return not self._whole_are_plain
        return values.dtype.kind == "f" and bool(values.notna().any())

    def read(self, names: Collection[str]) -> Cells:
        """The cells of these columns as they are written, object (n,). Raises ReadError."""
        self._check(names)
        found = self.again(self.source, self.rows, names)
        self._check(names)
        return found

    def _check(self, names: Collection[str]) -> None:
        if file_state(self.source.path) != self.state:
            columns = ", ".join(printable(name, 40) for name in names)
            raise ReadError(
                f"{shown_path(self.source.path)} has changed since it was read, and the cells of {columns} are needed "
                "as they are written: open it again"
            )

    def _looks_plain(self) -> bool:
        """Whether no cell of the file can begin or end with what a parser of whole numbers passes over."""
        around = {self.dialect.delimiter.encode(), self.dialect.quote.encode(), b"\n", b"\r"} - {b""}
        if self.dialect.trim or self.dialect.collapse or self.dialect.encoding.startswith("utf-16"):
            return False
        before = b"\n"
        for block in self._blocks():
            for odd in _ODD:
                if odd in block and any(
                    near in block for mark in around for near in (mark + odd, odd + mark)
                ):
                    return False
            edge = before[-4:] + block[:4]
            if any(near in edge for mark in around for odd in _ODD for near in (mark + odd, odd + mark)):
                return False
            before = block
        return True

    def _blocks(self) -> Iterator[bytes]:
        opened: Opened = open_bytes(self.source.path)
        try:
            while block := opened.read(BLOCK):
                yield block
        finally:
            opened.close()


@dataclass(eq=False)
class KeptCells:
    """The cells of an input that can't be read a second time."""

    cells: Cells

    def respelled(self, values: "pd.Series[Any]") -> bool:
        """Whether a column of the frame may spell a cell in another way than the input did."""
        return str(values.name) in self.cells

    def read(self, names: Collection[str]) -> Cells:
        """The cells of these columns as they were written, object (n,)."""
        return {name: self.cells[name] for name in names}

"""Large files without quotes or other peculiarities: pandas reads them as a whole while their bytes are checked.

pandas 3.1 parses a file by its path in several threads, better than pieces that are handed to it one by one. What it
would do silently (fill up short rows, skip blank lines, drop zeros in front of numbers) is found out by counting.
"""

import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ann_tui.data.cells.cell_types import is_missing, is_number
from ann_tui.data.choices.source import Source
from ann_tui.data.reading.footer import cut_footer, without_blank_end
from ann_tui.data.reading.gathering import Gathering
from ann_tui.data.reading.head import Head
from ann_tui.data.reading.opening import Opened
from ann_tui.data.reading.parsing import leading_zeros
from ann_tui.data.reading.read_error import ReadCancelledError

SMALLEST = 16 << 20
LARGEST = 1 << 30
LARGE = 64 << 20
BLOCK = 8 << 20
TAIL = 64 << 10
MOST_COLUMNS = 300
WAIT = 0.05
_FOREIGN = (b'"', b"\0", b"\r")


def looks_regular(opened: Opened, head: Head, source: Source) -> bool:
    """Whether a file is worth trying: plain, of a suitable size, and nothing to cut off at its end."""
    layout = head.layout
    if not head.plan.telling or tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
        return False
    if opened.compression or source.path == "-" or source.sample_rows is not None:
        return False
    if layout.unfilled or layout.grouped or head.one_end:
        return False
    if not SMALLEST <= opened.size <= LARGEST or layout.width > MOST_COLUMNS or head.complete:
        return False
    if head.dialect.encoding not in ("utf-8", "utf-8-sig", "ascii") or head.terminator != b"\n":
        return False
    if (
        not layout.plain
        or layout.trim
        or layout.escape
        or layout.comment
        or head.dialect.skip
        or head.dropped
    ):
        return False
    return not any(mark in head.raw for mark in _FOREIGN) and _clean_tail(source.path, head, source)


def _clean_tail(path: str, head: Head, source: Source) -> bool:
    with Path(path).open("rb") as file:
        file.seek(-TAIL, 2)
        tail = file.read()
    tail = tail[tail.find(b"\n") + 1 :]
    given = None if source.dialect is None else head.dialect.footer
    return (
        bool(tail)
        and tail == tail.rstrip(b"\n\x1a") + b"\n"
        and not cut_footer(tail, 1, head.layout, given).count
        and not without_blank_end(tail, 1, head.layout)[1]
    )


def read_regular(
    opened: Opened,
    head: Head,
    source: Source,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Gathering | None:
    """All columns of a file that `looks_regular`, or None where a look at all of it says otherwise."""
    parsing: _Parsing | None = None
    counted = _Count(head, 1 if opened.size < LARGE else 4)
    with Path(source.path).open("rb", buffering=0) as file:
        file.seek(_data_start(head))
        buffer = bytearray(BLOCK)
        while size := file.readinto(buffer):
            if cancelled is not None and cancelled():
                raise ReadCancelledError(f"reading {source.path} was stopped")
            del buffer[size:]
            if not counted.add(buffer):
                return None
            if parsing is None:
                parsing = _Parsing(source.path, head)
            if progress is not None:
                progress(file.tell() // 2, opened.size)
    if parsing is None:
        return None
    while not parsing.finished(WAIT):
        if cancelled is not None and cancelled():
            raise ReadCancelledError(f"reading {source.path} was stopped")
    if progress is not None:
        progress(opened.size, opened.size)
    frame = parsing.frame
    if frame is None or not isinstance(frame.index, pd.RangeIndex) or not counted.confirms(len(frame)):
        return None
    return _gathered(frame, head)


def _data_start(head: Head) -> int:
    """The place of the first row in the file."""
    place = 0
    for _ in range(head.data_line - 1):
        place = head.raw.find(b"\n", place) + 1
    return place


class _Count:
    """What the bytes say: the lines and delimiters, and whether there is a zero in front of a number.

    Zeros are looked for in one block of `every`.
    """

    def __init__(self, head: Head, every: int) -> None:
        self.layout = head.layout
        self.every = every
        self.numbers = {column for column, plain in enumerate(self.layout.numbers) if plain}
        self.header = b"" if _header_stops_the_parser(head) else self.layout.header
        self.lines = 0
        self.delimiters = 0
        self.blocks = 0
        self.cut = b""

    def add(self, block: bytearray) -> bool:
        """Count a block; False where it holds what needs a closer look."""
        layout = self.layout
        if any(mark in block for mark in _FOREIGN) or (self.header and b"\n" + self.header in block):
            return False
        codes = np.frombuffer(block, dtype=np.uint8)
        is_end = codes == 10
        self.lines += int(np.count_nonzero(is_end))
        self.delimiters += int(np.count_nonzero(codes == layout.delimiter[0]))
        before, here = self.cut, self.blocks % self.every == 0
        self.blocks += 1
        after_last = block.rfind(b"\n") + 1
        self.cut = bytes(memoryview(block)[after_last:]) if after_last else before + bytes(block)
        if not here or not after_last:
            return True
        lines = before + bytes(memoryview(block)[:after_last])
        return not leading_zeros(lines, self.numbers, layout, b"\n", np.flatnonzero(is_end) + len(before))

    def confirms(self, rows: int) -> bool:
        """Whether every line became a row and no row lacks a cell (too many cells are an error of the parser)."""
        return rows == self.lines and self.delimiters == rows * (self.layout.width - 1)


def _header_stops_the_parser(head: Head) -> bool:
    """Whether a header that comes again has a word where a number is due, so that nobody needs to search for it."""
    layout, text = head.layout, head.plan.words | head.plan.texts
    names = layout.header.split(layout.delimiter)
    return any(
        column not in text and not is_number(name) and not is_missing(name)
        for column, name in enumerate(names)
    )


class _Parsing:
    """pandas at work in a thread of its own, which is left alone when the person no longer waits for it."""

    def __init__(self, path: str, head: Head) -> None:
        self.frame: pd.DataFrame | None = None
        self._path = path
        self._head = head
        self._thread = threading.Thread(target=self._run, name="read whole", daemon=True)
        self._thread.start()

    def finished(self, seconds: float) -> bool:
        """Wait so long at most; whether it is done."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        plan = self._head.plan
        text = plan.words | plan.texts
        names = list(range(plan.layout.width))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", pd.errors.DtypeWarning)
                self.frame = self._read(names, text)
        except (ValueError, OverflowError, OSError, MemoryError):
            self.frame = None

    def _read(self, names: list[int], text: frozenset[int]) -> pd.DataFrame:
        plan = self._head.plan
        marks = list(plan.marks)
        frame: pd.DataFrame = pd.read_csv(  # type: ignore[call-overload]
            self._path,
            sep=plan.layout.delimiter.decode(),
            decimal=plan.layout.decimal.decode(),
            header=None,
            names=names,
            dtype=dict.fromkeys(text, object),
            skiprows=self._head.data_line - 1,
            na_values={name: [""] if name in text else marks for name in names} if text else marks,
            keep_default_na=False,
            encoding="utf-8",
            engine="c",
        )
        return frame


def _gathered(frame: pd.DataFrame, head: Head) -> Gathering | None:
    """The columns as if they had been parsed in pieces; None where one turned out to be of another kind."""
    plan = head.plan
    gathered = Gathering(plan, None)
    gathered.rows = gathered.seen = len(frame)
    gathered.lines = [np.arange(head.data_line, head.data_line + len(frame), dtype=np.int64)]
    for column in range(plan.layout.width):
        values: Any = frame[column].to_numpy()
        if column in plan.words or column in plan.texts:
            if values.dtype != object:
                return None
            gathered.texts[column] = [values]
            if column in plan.words:
                gathered.distinct[column] = set(values.tolist())
        elif values.dtype.kind in "if":
            gathered.numbers[column] = [values]
        else:
            return None
    return gathered

"""A file of any length read chunk by chunk, every cell as it is written, for what needs each row only once."""

from __future__ import annotations

import io
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.plain_text import shown_path
from ann_tui.data.reading.chunks import Chunk, chunks
from ann_tui.data.reading.footer import cut_footer
from ann_tui.data.reading.frames import ColumnPlan
from ann_tui.data.reading.head import Head, read_head
from ann_tui.data.reading.no_rows import no_rows
from ann_tui.data.reading.not_a_table import refuse_known_format
from ann_tui.data.reading.opening import Opened, open_bytes
from ann_tui.data.reading.parquet import is_parquet
from ann_tui.data.reading.parsing import Piece, parse_chunk
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.text_blocks import BLOCK, Reader, utf8_blocks, without_lines

CHUNK_BYTES = BLOCK // 4
PIPE_BYTES = 1 << 16
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, eq=False)
class RowChunk:
    """Some rows in a row.

    In `frame` a column that was asked for as numbers is int64 or float64 where all of its cells are plain numbers,
    else a mixture of numbers and texts; all other cells are text as written, NaN where they are empty. `lines` are
    the rows' lines in the file, `dropped` the records among them that could not become rows. The cells as they are
    written stand in `raw`, as records in UTF-8 without line ends that fit any CSV file (commas, double quotes), or
    in `texts`. `batch` is the pyarrow RecordBatch that the rows come from, None in a text table.
    """

    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    dropped: tuple[DroppedRow, ...]
    texts: pd.DataFrame | None
    raw: list[bytes] | None
    batch: Any = None


class ChunkedTable:
    """A text table that is being read; see `open_chunked`."""

    def __init__(self, opened: Opened, source: Source, shown: str) -> None:
        """Read its beginning. Raises ReadError for what is no table."""
        self._opened = opened
        self._source = source
        self._head: Head = read_head(opened, source, shown)
        self._shown = shown

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return self._head.names.names

    @property
    def dialect(self) -> Dialect:
        """How the table is written."""
        return self._head.dialect

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the file, from its beginning."""
        return (*self._opened.warnings, *self._head.warnings)

    @property
    def size(self) -> int:
        """The bytes on disk; 0 where that can't be known."""
        return self._opened.size

    def position(self) -> int:
        """How many of them have been read."""
        return min(self._opened.position(), self.size)

    def chunks(self, numbers: Collection[str] = ()) -> Iterator[RowChunk]:
        """The rows from the first to the last, once. `numbers` names columns to be parsed as numbers."""
        names, layout = self.names, self._head.layout
        places = frozenset(range(len(names)))
        as_text = ColumnPlan(layout, texts=places)
        wanted = frozenset(place for place, name in enumerate(names) if name in numbers)
        typed = replace(as_text, texts=places - wanted, marks=self._head.plan.marks)
        try:
            rows = 0
            dropped: tuple[DroppedRow, ...] = ()
            for chunk, footer in self._records():
                found = self._chunk(chunk, footer, typed, as_text)
                rows, dropped = rows + len(found.lines), dropped or found.dropped
                yield found
            if not rows:
                raise ReadError(no_rows(self._shown, self._head.dialect.header, dropped, 0))
        except OSError as error:
            raise ReadError(f"{self._shown}: cannot be read ({error.strerror or error})") from None

    def _chunk(
        self, chunk: Chunk, footer: tuple[DroppedRow, ...], typed: ColumnPlan, as_text: ColumnPlan
    ) -> RowChunk:
        piece = parse_chunk(chunk.data, chunk.first_line, typed)
        raw = self._raw_records(chunk.data, piece)
        texts = None
        if raw is None:
            written = parse_chunk(chunk.data, chunk.first_line, as_text)
            if not np.array_equal(written.line_numbers(), piece.line_numbers()):
                raise ReadError(
                    f"{self._shown}: the records from line {chunk.first_line} on cannot be told apart: state the "
                    "delimiter and quote yourself"
                )
            texts = self._frame(written)
        return RowChunk(self._frame(piece), piece.line_numbers(), (*piece.dropped, *footer), texts, raw)

    def _frame(self, piece: Piece) -> pd.DataFrame:
        columns: dict[str, Any] = {}
        for place, name in enumerate(self.names):
            parts = piece.columns.get(place, [])
            values = np.concatenate(parts) if parts else np.empty(0, dtype=object)
            columns[name] = pd.Series(values, dtype=object, copy=False) if values.dtype == object else values
        return pd.DataFrame(columns, index=pd.RangeIndex(piece.rows), copy=False)

    def _raw_records(self, data: bytes, piece: Piece) -> list[bytes] | None:
        """The records as they stand in the file, where they could stand in any CSV file and each is one line."""
        layout = self._head.layout
        quoted = bool(layout.quote) and layout.quote in data
        plain = (
            layout.delimiter == b","
            and not layout.collapse
            and (layout.quote == b'"' if quoted else b'"' not in data)
            and not (quoted and layout.trim)
            and not (layout.escape and layout.escape in data)
        )
        if (
            not plain
            or layout.unfilled
            or piece.dropped
            or piece.lines is not None
            or any(vars(piece.notes).values())
        ):
            return None
        records = data.split(layout.terminator)
        if not records[-1]:
            records.pop()
        if len(records) != piece.rows:
            return None
        if layout.terminator == b"\n" and b"\r" in data:
            if data.count(b"\r") != data.count(b"\r\n"):
                return None
            records = [record.removesuffix(b"\r") for record in records]
        return records

    def _records(self) -> Iterator[tuple[Chunk, tuple[DroppedRow, ...]]]:
        """Chunks of whole records below the header, and what was cut off as a footer.

        Records without a value stay: who asks for each row gets an answer for each.
        """
        head = self._head
        read = Reader([head.raw], self._opened)
        lines = without_lines(
            utf8_blocks(read, head.dialect.encoding, CHUNK_BYTES, one_end=head.one_end),
            head.data_line - 1,
            head.layout.terminator,
        )
        given = None if self._source.dialect is None else head.dialect.footer
        for chunk in chunks(lines, head.data_line, head.layout):
            if chunk.last:
                end = cut_footer(chunk.data, chunk.first_line, head.layout, given)
                yield Chunk(end.data, chunk.first_line, True), end.dropped
            else:
                yield chunk, ()


@contextmanager
def open_chunked(source: Source) -> Iterator[ChunkedTable]:
    """The table of a text file (`-`: standard input, which is read as it comes), in constant memory.

    Raises ReadError with one line for what is not there or no table.
    """
    shown = shown_path(source.path)
    if is_parquet(source.path):
        raise ReadError(f"{shown} is a Parquet file: only text tables can be read in chunks")
    opened = _standard_input() if source.path == "-" else open_bytes(source.path)
    try:
        yield ChunkedTable(opened, source, shown)
    finally:
        opened.close()


def _standard_input() -> Opened:
    """Standard input as it comes; what is compressed, or shorter than a few bytes, is read to its end first."""
    stream: Any = getattr(sys.stdin, "buffer", None)
    if not hasattr(stream, "peek") or sys.stdin.isatty():
        return open_bytes("-")
    first = stream.peek(4096)
    if len(first) < max(map(len, _PACKED)) or first.startswith(_PACKED):
        return open_bytes("-")
    refuse_known_format(first, "standard input")
    return Opened(_Pipe(stream), 0, lambda: 0, "")  # type: ignore[arg-type]


class _Pipe:
    """A pipe read piece by piece: one long read would not notice a Ctrl-C that comes between its pieces."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.readline = stream.readline
        self.close = stream.close

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end only."""
        parts = []
        while size > 0 and (part := self._stream.read1(min(size, PIPE_BYTES))):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

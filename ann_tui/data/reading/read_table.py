"""From a file to a table."""

import os
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ann_tui.data.cells.numerals import plain_numbers
from ann_tui.data.cells.spellings import PointGroups, TwoSpellings, point_groups, two_spellings
from ann_tui.data.cells.table import DroppedRow, Table
from ann_tui.data.cells.texts import texts_of
from ann_tui.data.choices.source import Source
from ann_tui.data.plain_text import shown_path
from ann_tui.data.reading.assemble import Assembled, as_written, assemble
from ann_tui.data.reading.chunks import Chunk, chunks, record_end
from ann_tui.data.reading.footer import cut_footer, without_blank_end
from ann_tui.data.reading.frames import ColumnPlan
from ann_tui.data.reading.gathering import Gathering
from ann_tui.data.reading.head import Head, read_head
from ann_tui.data.reading.layout import Layout
from ann_tui.data.reading.no_rows import no_rows, with_rows
from ann_tui.data.reading.opening import Opened, open_bytes
from ann_tui.data.reading.parquet import is_parquet, read_parquet
from ann_tui.data.reading.parsing import Piece, parse_chunk
from ann_tui.data.reading.read_error import ReadCancelledError, ReadError, TooLargeError
from ann_tui.data.reading.regular_file import looks_regular, read_regular
from ann_tui.data.reading.room import refuse_too_large
from ann_tui.data.reading.text_blocks import BLOCK, Padding, Reader, utf8_blocks, without_lines
from ann_tui.data.reading.warning_lines import reading_warnings
from ann_tui.data.reading.written_cells import Cells, FileCells, KeptCells, file_state

__all__ = ["ReadCancelledError", "ReadError", "TooLargeError", "read_preview", "read_table"]

MOST_WORKERS = 6
LARGEST_BLOCK = 48 << 20
FEWEST_ROWS = 1000
LARGE = 64 << 20
LOOKED_AT_ROWS = 20_000
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def read_table(
    source: Source, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Table:
    """All rows of the file (or `source.sample_rows` random ones), in file order.

    `progress` is called with the bytes read so far and their total, `cancelled` is asked about four times
    a second of work; when it says yes, ReadCancelledError is raised. Raises ReadError with one line for a file that is
    no table, and TooLargeError before reading one that would not fit in memory.
    """
    if is_parquet(source.path):
        return read_parquet(source, progress=progress, cancelled=cancelled)
    opened = open_bytes(source.path)
    try:
        return _Reading(source, opened, progress, cancelled).table()
    except MemoryError:
        raise ReadError(
            f"{shown_path(source.path)} does not fit in memory: read a sample of its rows"
        ) from None
    except OSError as error:
        raise ReadError(f"{shown_path(source.path)}: cannot be read ({error.strerror or error})") from None
    finally:
        opened.close()


def read_preview(source: Source, rows: int = 500) -> Table:
    """The first rows of the file, at most `rows`; only its beginning is read, whatever its size."""
    if is_parquet(source.path):
        return read_parquet(source, rows=rows)
    opened = open_bytes(source.path)
    try:
        return _Reading(source, opened, None, None).preview(rows)
    except OSError as error:
        raise ReadError(f"{shown_path(source.path)}: cannot be read ({error.strerror or error})") from None
    finally:
        opened.close()


def _again(source: Source, rows: int | None, names: Collection[str]) -> Cells:
    """The cells of some columns as the file spells them, object (n,): of all rows that are read, or of `rows`."""
    opened = open_bytes(source.path)
    try:
        return _Reading(source, opened, None, None).written(names, rows)
    except OSError as error:
        raise ReadError(f"{shown_path(source.path)}: cannot be read ({error.strerror or error})") from None
    finally:
        opened.close()


class _Reading:
    """One file being read."""

    def __init__(
        self, source: Source, opened: Opened, progress: Progress | None, cancelled: Cancelled | None
    ) -> None:
        self.source = source
        self.opened = opened
        self.shown = shown_path(source.path)
        self.state = file_state(source.path)
        self.progress = progress
        self.cancelled = cancelled
        self.head = read_head(opened, source, self.shown)
        self.footer: tuple[DroppedRow, ...] = ()
        self.blank_end: tuple[int, ...] = ()
        self.padding = Padding()

    def preview(self, rows: int) -> Table:
        """The first rows, from the bytes that are read already."""
        head = self.head
        read = Reader([head.raw])
        pieces = self._gather(head.plan, read, len(head.raw), not head.complete, rows)
        return self._finish(pieces, preview=rows)

    def table(self) -> Table:
        """All rows; a second time for columns whose kind shows only late."""
        head = self.head
        refuse_too_large(self.opened, head, self.source, self.shown)
        gathered = None
        if looks_regular(self.opened, head, self.source):
            gathered = read_regular(self.opened, head, self.source, self.progress, self.cancelled)
        if gathered is None:
            gathered = self._gather(head.plan, Reader([head.raw], self.opened))
        return self._finish(gathered)

    def _finish(self, gathered: Gathering, preview: int | None = None) -> Table:
        head = self.head
        if gathered.late:
            self._read_again(gathered, preview)
        if not gathered.rows:
            raise ReadError(no_rows(self.shown, head.dialect.header, gathered.dropped, len(self.blank_end)))
        names = head.names.names
        dialect = head.dialect
        if self.source.dialect is None and self.footer:
            dialect = replace(dialect, footer=len(self.footer))
        lines = gathered.line_numbers()
        assembled = assemble(
            gathered, names, self.source, dialect, head.in_numbers, min(MOST_WORKERS, _cores())
        )
        frame, drop_warning = _without_unnamed(assembled.frame, head)
        if (preview is None or head.complete) and _is_blank(frame):
            raise ReadError(
                f"{with_rows(self.shown, head.dialect.header, len(frame))}, but every cell in them is blank or missing"
            )
        if preview is not None and len(frame) > preview:
            frame, lines = frame.iloc[:preview], lines[:preview]
        dropped = sorted((*head.dropped, *gathered.dropped, *self.footer), key=lambda row: row.line)
        dialect, notes = reading_warnings(
            gathered, dialect, self.source, head.grouped_names, self.blank_end, self.padding.size
        )
        table = Table(
            frame,
            lines,
            dialect,
            Path(self.source.path),
            tuple(dropped),
            (*self.opened.warnings, *head.warnings, *drop_warning, *notes),
            tuple(assembled.marks),
            *self._spellings(assembled, names),
            self.source.forms,
            self._written_cells(assembled, preview),
        )
        if len(frame) == gathered.rows:
            for name in assembled.texts.keys() & set(frame.columns):
                table.parsed.know(name, assembled.texts[name])
        return table

    def written(self, names: Collection[str], rows: int | None) -> Cells:
        """The cells of some columns as they stand in the file, object (n,), of the rows that a table of it has."""
        places = {self.head.names.names.index(name): name for name in names}
        gathered = self._as_text(frozenset(places), rows)
        found = {name: as_written(gathered, place, self.head.dialect) for place, name in places.items()}
        return found if rows is None else {name: cells[:rows] for name, cells in found.items()}

    def _written_cells(self, assembled: Assembled, preview: int | None) -> FileCells | KeptCells:
        """Where the cells are found as they are written; those of standard input are kept."""
        anew = assembled.spelled_anew
        if self.source.path != "-":
            return FileCells(self.source, self.head.dialect, self.state, anew, _again, preview)
        frame = assembled.frame
        fractions = {str(name) for name in frame.columns if frame[name].dtype.kind == "f"}
        return KeptCells(self.written(sorted(anew | fractions), preview) if anew | fractions else {})

    def _spellings(
        self, assembled: Assembled, names: tuple[str, ...]
    ) -> tuple[tuple[TwoSpellings, ...], tuple[PointGroups, ...]]:
        """The columns of numbers of which the rows at the beginning spell one number in two ways.

        Also those whose points may separate thousands.
        """
        frame = assembled.frame
        fractions = [name for name in names if name in frame.columns and frame[name].dtype.kind == "f"]
        if not fractions:
            return (), ()
        footer, blank_end, self.progress = self.footer, self.blank_end, None
        first = self._as_text(frozenset(names.index(name) for name in fractions), LOOKED_AT_ROWS)
        self.footer, self.blank_end = footer, blank_end
        lines = first.line_numbers()
        found, grouped = [], []
        for name in fractions:
            cells = pd.Series(as_written(first, names.index(name), self.head.dialect), dtype=object)
            texts = texts_of(cells)
            numbers = plain_numbers(texts.labels, self.head.dialect.decimal)
            found.append(two_spellings(name, texts.codes, texts.labels, numbers, lines))
            if self.head.dialect.decimal == ".":
                grouped.append(point_groups(name, texts.codes, texts.labels, lines))
        return tuple(filter(None, found)), tuple(filter(None, grouped))

    def _as_text(self, places: frozenset[int], preview: int | None) -> Gathering:
        """Some columns read once more, as text; of a preview those that are read already."""
        plan = replace(self.head.plan, words=places, texts=frozenset(), only=tuple(sorted(places)))
        if preview is not None:
            size = len(self.head.raw)
            return self._gather(plan, Reader([self.head.raw]), size, not self.head.complete, preview)
        self.opened.stream.seek(0)
        return self._gather(plan, Reader([], self.opened))

    def _read_again(self, gathered: Gathering, preview: int | None) -> None:
        """Read the columns that hold text after all once more, as text."""
        late = frozenset(gathered.late)
        again = self._as_text(late, preview)
        for column in late:
            gathered.numbers.pop(column, None)
        gathered.texts.update(again.texts)
        gathered.distinct.update(again.distinct)

    def _gather(
        self,
        plan: ColumnPlan,
        read: Reader,
        block: int | None = None,
        cut: bool = False,
        rows: int | None = None,
    ) -> Gathering:
        """Parse every chunk, several at a time, and collect the pieces in order."""
        gathered = Gathering(plan, self.source.sample_rows)
        workers = min(MOST_WORKERS, _cores())
        waiting: deque[Future[Piece]] = deque()
        pieces = self._chunks(plan.layout, read, block, cut, rows)
        first = next(pieces, None)
        if first is None:
            return gathered
        if first.last or workers == 1:
            for number, chunk in enumerate(_chain(first, pieces)):
                gathered.add(parse_chunk(chunk.data, chunk.first_line, plan, self._looked_at(number, chunk)))
            gathered.finish_sample()
            return gathered
        with ThreadPoolExecutor(workers, thread_name_prefix="read") as pool:
            try:
                for number, chunk in enumerate(_chain(first, pieces)):
                    look = self._looked_at(number, chunk)
                    waiting.append(pool.submit(parse_chunk, chunk.data, chunk.first_line, plan, look))
                    while len(waiting) > workers + 1 or (waiting and waiting[0].done()):
                        gathered.add(waiting.popleft().result())
                while waiting:
                    gathered.add(waiting.popleft().result())
            finally:
                for future in waiting:
                    future.cancel()
        gathered.finish_sample()
        return gathered

    def _looked_at(self, number: int, chunk: Chunk) -> bool:
        """Whether zeros in front of numbers are looked for: everywhere, or in every fourth part of a large file."""
        return self.opened.size < LARGE or chunk.last or number % 4 == 0

    def _chunks(
        self, layout: Layout, read: Reader, block: int | None, cut: bool, rows: int | None
    ) -> Iterator[Chunk]:
        """The chunks of the rows, without the footer; `cut`: what is read ends in the middle of the file."""
        head = self.head
        lines = without_lines(
            self._watched(
                utf8_blocks(
                    read,
                    head.dialect.encoding,
                    block or max(BLOCK, min(LARGEST_BLOCK, int(head.record_bytes * FEWEST_ROWS))),
                    one_end=head.one_end,
                    padding=self.padding,
                )
            ),
            head.data_line - 1,
            layout.terminator,
        )
        given = None if self.source.dialect is None else head.dialect.footer
        for chunk in chunks(lines, head.data_line, layout):
            if chunk.last and not cut:
                filled, self.blank_end = without_blank_end(chunk.data, chunk.first_line, layout)
                end = cut_footer(filled, chunk.first_line, layout, given)
                self.footer = end.dropped
                chunk = Chunk(end.data, chunk.first_line, True)
            elif chunk.last:
                chunk = Chunk(_first_records(chunk.data, layout, rows), chunk.first_line, True)
            yield chunk

    def _watched(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The blocks, with progress told and cancelling looked at between them."""
        for block in blocks:
            if self.cancelled is not None and self.cancelled():
                raise ReadCancelledError(f"reading {self.shown} was stopped")
            if self.progress is not None:
                self.progress(min(self.opened.position(), self.opened.size), self.opened.size)
            yield block


def _chain(first: Chunk, rest: Iterator[Chunk]) -> Iterator[Chunk]:
    yield first
    yield from rest


def _first_records(data: bytes, layout: Layout, rows: int | None) -> bytes:
    """Whole records from the beginning of what was cut off in the middle: some more than `rows`."""
    place = 0
    for _ in range(2 * (rows or 500) + 50):
        place = data.find(layout.terminator, place) + 1
        if not place:
            break
    part = data[:place] if place else data
    end = record_end(part, layout)
    return part[:end] if end else data[: record_end(data, layout)] or part


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _is_blank(frame: pd.DataFrame) -> bool:
    """Whether no cell of the frame has a value."""
    columns: Any = (frame[name] for name in frame.columns)
    return not any(column.iat[0] == column.iat[0] or column.notna().any() for column in columns)


def _without_unnamed(frame: pd.DataFrame, head: Head) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The frame without a last column that has neither a name nor a value (a delimiter ends every line)."""
    if not head.names.unnamed_last or frame.shape[1] < 2:
        return frame, ()
    last = frame.columns[-1]
    values: Any = frame[last]
    if bool(np.asarray(values.isna()).all()):
        return frame.drop(columns=[last]), ()
    return frame, (f"Column {frame.shape[1]} has no name; it is called {last}.",)

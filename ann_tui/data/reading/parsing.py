"""Whole records parsed by pandas, with cheap proofs that no row was lost, joined or cut on the way."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.reading.chunks import well_formed_ends
from ann_tui.data.reading.frames import ColumnPlan, parse_records
from ann_tui.data.reading.layout import Ending, Layout, split_record
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.repair import Notes, fix_utf8, repair

Ints = npt.NDArray[np.int64]
FEW = 200
CACHED = 1 << 17


@dataclass
class Piece:
    """The parsed rows of one chunk. `lines` None: consecutive from `first_line`.

    `zeros` are the columns of numbers that have a zero in front of a whole number.
    """

    columns: dict[int, list[Any]]
    distinct: dict[int, set[Any]]
    rows: int
    first_line: int
    lines: Ints | None = None
    dropped: list[DroppedRow] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    zeros: frozenset[int] = frozenset()
    beyond_ascii: bool = False

    def line_numbers(self) -> Ints:
        """The first line of each row."""
        if self.lines is None:
            return np.arange(self.first_line, self.first_line + self.rows, dtype=np.int64)
        return self.lines


def parse_chunk(data: bytes, first_line: int, plan: ColumnPlan, look: bool = True) -> Piece:
    """Parse whole records. Records that are not as they should be are repaired or set aside with a reason.

    `look`: whether to look for numbers with zeros in front.
    """
    notes = Notes()
    layout = plan.layout
    beyond_ascii = not data.isascii()
    if beyond_ascii:
        try:
            data.decode()
        except UnicodeDecodeError:
            data = fix_utf8(data, first_line, layout, notes)
    piece = _parse_as_it_is(data, first_line, plan, look) if data and _promising(data, layout) else None
    if piece is None:
        repaired = repair(data, first_line, layout, notes)
        line_ends = np.flatnonzero(np.frombuffer(repaired.data, dtype=np.uint8) == 10)
        parsed = parse_records(repaired.data, len(line_ends), plan)
        if parsed.rows != len(repaired.lines):
            raise ReadError(
                f"the records from line {first_line} on cannot be told apart: state the delimiter and quote yourself"
            )
        lines = np.array(repaired.lines, dtype=np.int64)
        zeros = leading_zeros(
            repaired.data, parsed.numbers - plan.words - plan.texts, layout, b"\n", line_ends
        )
        piece = Piece(
            parsed.columns, parsed.distinct, parsed.rows, first_line, lines, repaired.dropped, zeros=zeros
        )
    piece.notes.add(notes)
    piece.beyond_ascii = beyond_ascii
    return piece


def _promising(data: bytes, layout: Layout) -> bool:
    """Whether the parser knows all that the records use."""
    if not layout.plain or b"\0" in data or (layout.escape and layout.escape in data):
        return False
    if layout.header and (data.startswith(layout.header) or layout.terminator + layout.header in data):
        return False
    if layout.comment:
        return not data.startswith(layout.comment) and layout.terminator + layout.comment not in data
    return True


def _parse_as_it_is(data: bytes, first_line: int, plan: ColumnPlan, look: bool) -> Piece | None:
    """The records as pandas reads them, or None where a check fails."""
    layout = plan.layout
    quoted = bool(layout.quote) and layout.quote in data
    codes = np.frombuffer(data, dtype=np.uint8)
    ends = well_formed_ends(data, layout) if quoted else None
    if quoted and ends is None:
        return None
    first_end = int(ends[0]) if ends is not None and len(ends) else data.find(layout.terminator)
    first = data[: first_end if first_end >= 0 else len(data)].removesuffix(b"\r")
    cells, ending = split_record(first, layout)
    if ending is not Ending.CLOSED or not layout.fits(len(cells)):
        return None
    line_ends = np.flatnonzero(codes == layout.terminator[0])
    total = len(line_ends) + (not data.endswith(layout.terminator))
    try:
        parsed = parse_records(data, total, plan)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OverflowError):
        return None
    if parsed.widened:
        return None
    rows, last = parsed.rows, parsed.last_missing
    lines: Ints | None = None
    blank: Ints | None = None
    suspicious = layout.width > 1 and bool(last.any())
    if rows != total or suspicious:
        every_end = line_ends if len(line_ends) == total else np.append(line_ends, len(data))
        if ends is None:
            ends = every_end
        elif len(ends) == 0 or ends[-1] < len(data) - 1:
            ends = np.append(ends, len(data))
        starts = np.append(0, ends[:-1] + 1)
        first_lines = np.searchsorted(every_end, starts) + first_line
        lengths = ends - starts
        if layout.terminator == b"\n":
            lengths = lengths - ((lengths > 0) & (codes[np.maximum(ends - 1, 0)] == 13))
        empty = lengths == 0
        if rows != len(ends) - int(empty.sum()):
            return None
        starts, ends, lines, blank = starts[~empty], ends[~empty], first_lines[~empty], first_lines[empty]
        if suspicious and _some_short(data, codes, starts, ends, last, layout, quoted):
            return None
        if rows == total:
            lines = None
    piece = Piece(parsed.columns, parsed.distinct, rows, first_line, lines)
    if blank is not None:
        piece.notes.blank.extend(int(line) for line in blank)
    if look:
        numbers = parsed.numbers - plan.words - plan.texts
        piece.zeros = leading_zeros(data, numbers, layout, layout.terminator, line_ends)
    return piece


def _some_short(
    data: bytes,
    codes: npt.NDArray[np.uint8],
    starts: Ints,
    ends: Ints,
    last: npt.NDArray[np.bool_],
    layout: Layout,
    quoted: bool,
) -> bool:
    """Whether a record whose last cell is missing has too few cells."""
    suspects = np.flatnonzero(last)
    if len(suspects) <= FEW:
        for row in suspects:
            record = data[starts[row] : ends[row]].removesuffix(b"\r")
            if not layout.fits(len(split_record(record, layout)[0])):
                return True
        return False
    delimiters = np.flatnonzero(codes == layout.delimiter[0])
    if quoted:
        quotes = np.flatnonzero(codes == layout.quote[0])
        delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
    counts = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts)
    return not np.isin(counts + 1, (layout.width, layout.width - layout.unfilled)).all()


def leading_zeros(
    data: bytes, numbers: set[int], layout: Layout, terminator: bytes, line_ends: Ints
) -> frozenset[int]:
    """The columns of numbers in which a whole number begins with a zero (007), which the parser drops.

    `line_ends` are the places of the terminators.
    """
    if not numbers:
        return frozenset()
    marks = [layout.parser_delimiter[0]]
    if layout.parser_quote and layout.parser_quote in data:
        marks.append(layout.parser_quote[0])
    if layout.trim:
        marks.append(32)
    codes = np.frombuffer(data, dtype=np.uint8)
    line_starts = (
        np.append(0, line_ends[line_ends < len(codes) - 1] + 1) if 0 in numbers else np.zeros(0, np.int64)
    )
    found: list[Ints] = [line_starts[codes[line_starts] == 48]] if len(codes) else []
    begins, marked = np.empty(CACHED, dtype=bool), np.empty(CACHED, dtype=bool)
    for start in range(1, len(codes) - 1, CACHED):
        here = codes[start : min(start + CACHED, len(codes) - 1)]
        before = codes[start - 1 : start - 1 + len(here)]
        size = len(here)
        np.equal(before, marks[0], out=begins[:size])
        for mark in marks[1:]:
            np.logical_or(begins[:size], np.equal(before, mark, out=marked[:size]), out=begins[:size])
        np.logical_and(begins[:size], np.equal(here, 48, out=marked[:size]), out=begins[:size])
        if begins[:size].any():
            found.append(np.flatnonzero(begins[:size]) + start)
    places = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    following = codes[np.minimum(places + 1, len(codes) - 1)]
    places = np.sort(places[(following >= 48) & (following <= 57) & (places + 1 < len(codes))])
    if not len(places):
        return frozenset()
    return frozenset(_columns_at(data, places, layout, terminator) & numbers)


def _columns_at(data: bytes, places: Ints, layout: Layout, terminator: bytes) -> set[int]:
    """The columns in which the cells that begin after the places stand."""
    codes = np.frombuffer(data, dtype=np.uint8)
    delimiters = np.flatnonzero(codes == layout.parser_delimiter[0])
    ends = np.flatnonzero(codes == terminator[0])
    if layout.parser_quote and layout.parser_quote in data:
        quotes = np.flatnonzero(codes == layout.parser_quote[0])
        delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    row = np.searchsorted(ends, places)
    begins = np.append(0, np.searchsorted(delimiters, ends))
    return {int(column) for column in np.unique(np.searchsorted(delimiters, places) - begins[row])}

"""The text of a file in pieces that end where a record ends."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ann_tui.data.reading.layout import Ending, Layout, split_record
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.text_blocks import BLOCK

GLANCE = 4 << 10
LONGEST_RECORD = 64 << 20
LONGEST_LINE = 1 << 30


@dataclass(frozen=True)
class Chunk:
    """Whole records as UTF-8 and the 1-based number of their first line; `last` ends the file."""

    data: bytes
    first_line: int
    last: bool


def chunks(blocks: Iterator[bytes], first_line: int, layout: Layout) -> Iterator[Chunk]:
    """Group blocks into chunks that end at the end of a record; the last one holds all records without a value at the
    end of the file, however many there are.

    A record longer than 64 MiB is cut at a line end (its quote is then taken for a lone one); a single line
    longer than 1 GiB raises ReadError.
    """
    held: list[Chunk] = []
    for chunk in _chunks(blocks, first_line, layout):
        if held and (chunk.data[:GLANCE].strip(layout.blanks) or chunk.data.strip(layout.blanks)):
            yield from held
            held = []
        held.append(chunk)
    if held:
        yield Chunk(b"".join(chunk.data for chunk in held), held[0].first_line, True)


def _chunks(blocks: Iterator[bytes], first_line: int, layout: Layout) -> Iterator[Chunk]:
    rest: list[bytes] = []
    size = 0
    line = first_line
    waiting: Chunk | None = None
    for block in blocks:
        rest.append(block)
        size += len(block)
        if layout.terminator not in block:
            if size > LONGEST_LINE:
                raise ReadError(f"line {line} is longer than 1 GB: this is no table of text")
            continue
        data = b"".join(rest)
        end = record_end(data, layout)
        if not end and size > LONGEST_RECORD:
            end = data.rfind(layout.terminator) + 1
        if end:
            if waiting is not None:
                yield waiting
            waiting = Chunk(data[:end], line, False)
            line += data.count(layout.terminator, 0, end)
            data = data[end:]
        rest = [data] if data else []
        size = len(data)
    data = b"".join(rest)
    if data and waiting is not None and len(data) < BLOCK // 8:
        yield Chunk(waiting.data + data, waiting.first_line, True)
        return
    if waiting is not None:
        yield Chunk(waiting.data, waiting.first_line, not data)
    if data:
        yield Chunk(data, line, True)


def record_end(data: bytes, layout: Layout) -> int:
    """The place after the last record that is complete in `data` (which begins with a record), or 0."""
    if not layout.quote or layout.quote not in data:
        return data.rfind(layout.terminator) + 1
    if layout.plain and not layout.escape:
        ends = well_formed_ends(data, layout)
        if ends is not None:
            return int(ends[-1]) + 1 if len(ends) else 0
    place = data.rfind(layout.terminator)
    for _ in range(200):
        before = data.rfind(layout.terminator, 0, place)
        text = data[before + 1 : place].removesuffix(b"\r")
        cells, ending = split_record(text, layout)
        if ending is Ending.CLOSED and layout.fits(len(cells)):
            return place + 1
        if before < 0:
            return 0
        place = before
    return 0


def well_formed_ends(data: bytes, layout: Layout) -> "np.ndarray[tuple[int], np.dtype[np.int64]] | None":
    """The places of the terminators that end a record, or None if some quote is out of place.

    In well-formed text an opening quote follows a delimiter, a line end or a closing quote, and a closing
    quote is followed by one of them or the end, so that counting quotes tells which line ends are quoted.
    """
    codes = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(codes == layout.quote[0])
    ends = np.flatnonzero(codes == layout.terminator[0])
    allowed = np.zeros(256, dtype=bool)
    allowed[[layout.delimiter[0], layout.quote[0], 10, 13]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = opening[opening > 0] - 1
    after = closing[closing < len(codes) - 1] + 1
    before_allowed = allowed.copy()
    if layout.trim:
        before_allowed[32] = True
    if not before_allowed[codes[before]].all() or not allowed[codes[after]].all():
        return None
    inside = np.searchsorted(quotes, ends) % 2 == 1
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = ends[~inside]
    return found

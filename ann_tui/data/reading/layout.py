"""How a record is written, in bytes: the dialect as the tokenizer and the parser need it."""

import re
from dataclasses import dataclass
from enum import Enum

from ann_tui.data.choices.source import Dialect


class Ending(Enum):
    """How a record ended: as it should, inside quotes, or with quotes that fit no rule."""

    CLOSED = "closed"
    OPEN = "open"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Layout:
    """The dialect in UTF-8 bytes. `quote`, `escape` and `comment` are empty where there is none.

    `numbers` says of each column whether it is written in plain numbers; its length is the width. `header` is the
    header as it is written, to recognize it further down. `unfilled` counts the last columns for which the rows have
    no cells. `grouped` are the columns whose numbers have commas between thousands that are no delimiters.
    """

    delimiter: bytes = b","
    quote: bytes = b'"'
    escape: bytes = b""
    comment: bytes = b""
    terminator: bytes = b"\n"
    collapse: bool = False
    trim: bool = False
    decimal: bytes = b"."
    numbers: tuple[bool, ...] = ()
    header: bytes = b""
    unfilled: int = 0
    grouped: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.numbers)

    def fits(self, count: int) -> bool:
        """Whether a record of so many cells is whole."""
        return count == self.width or count == self.width - self.unfilled

    @property
    def blanks(self) -> bytes:
        """All that can stand in records without a value."""
        return self.delimiter + self.quote + b" \t\r\n"

    @property
    def plain(self) -> bool:
        """Whether a parser that knows one-byte delimiters and doubled quotes reads the records as they are."""
        return len(self.delimiter) == 1 and not self.collapse

    @property
    def parser_delimiter(self) -> bytes:
        """The delimiter of what is handed to the parser."""
        return self.delimiter if self.plain else b","

    @property
    def parser_quote(self) -> bytes:
        """The quote of what is handed to the parser (empty: none)."""
        return self.quote if self.plain else b'"'


def layout_of(dialect: Dialect, terminator: bytes = b"\n", numbers: tuple[bool, ...] = ()) -> Layout:
    """The layout of a dialect."""
    return Layout(
        delimiter=dialect.delimiter.encode(),
        quote=dialect.quote.encode(),
        escape=dialect.escape.encode(),
        comment=dialect.comment.encode(),
        terminator=terminator,
        collapse=dialect.collapse,
        trim=dialect.trim,
        decimal=dialect.decimal.encode(),
        numbers=numbers,
    )


def split_record(text: bytes, layout: Layout, *, lenient: bool = False) -> tuple[list[bytes], Ending]:
    """The cells of a record without its line end.

    Strictly (RFC 4180), a quoted cell ends before a delimiter or the end. `lenient` takes a quote inside a
    quoted cell that is followed by anything else as part of the text.
    """
    if layout.collapse:
        text = text.strip(b" \t")
    quote, delimiter = layout.quote, layout.delimiter
    if (not quote or quote not in text) and (not layout.escape or layout.escape not in text):
        if layout.collapse:
            return re.split(rb"[ \t]+", text) if delimiter in b" \t" else _runs(
                text, delimiter
            ), Ending.CLOSED
        cells = text.split(delimiter)
        return ([cell.strip(b" ") for cell in cells] if layout.trim else cells), Ending.CLOSED
    cells = []
    place = 0
    while True:
        if layout.trim:
            while text[place : place + 1] == b" ":
                place += 1
        if quote and text.startswith(quote, place):
            cell, place, ending = _quoted(text, place + len(quote), layout, lenient)
            if ending is not Ending.CLOSED:
                return cells, ending
        else:
            cell, place = _unquoted(text, place, layout)
        cells.append(cell)
        if place >= len(text):
            return cells, Ending.CLOSED
        place += len(delimiter)
        if layout.collapse:
            while text.startswith(delimiter, place) or text[place : place + 1] in (b" ", b"\t"):
                place += 1


def _runs(text: bytes, delimiter: bytes) -> list[bytes]:
    return re.split(b"(?:" + re.escape(delimiter) + b")+", text)


def _unquoted(text: bytes, place: int, layout: Layout) -> tuple[bytes, int]:
    if layout.escape and layout.escape in text:
        cell = bytearray()
        while place < len(text) and not text.startswith(layout.delimiter, place):
            following = text[place + 1 : place + 2]
            if text.startswith(layout.escape, place) and following in (
                layout.delimiter,
                layout.quote,
                layout.escape,
            ):
                place += 1
            cell += text[place : place + 1]
            place += 1
        return bytes(cell), place
    end = text.find(layout.delimiter, place)
    end = len(text) if end < 0 else end
    cell_text = text[place:end]
    return (cell_text.rstrip(b" ") if layout.trim else cell_text), end


def _quoted(text: bytes, start: int, layout: Layout, lenient: bool) -> tuple[bytes, int, Ending]:
    quote, delimiter = layout.quote, layout.delimiter
    parts: list[bytes] = []
    while True:
        end = text.find(quote, start)
        if end < 0:
            return b"", len(text), Ending.OPEN
        if layout.escape and _escaped(text, end, start, layout.escape):
            parts.append(text[start : end - len(layout.escape)] + quote)
            start = end + len(quote)
            continue
        after = end + len(quote)
        if text.startswith(quote, after):
            parts.append(text[start:after])
            start = after + len(quote)
            continue
        rest = after
        while text[rest : rest + 1] == b" " and not text.startswith(delimiter, rest):
            rest += 1
        if rest >= len(text) or text.startswith(delimiter, rest):
            parts.append(text[start:end])
            whole = b"".join(parts)
            if layout.escape:
                whole = whole.replace(layout.escape * 2, layout.escape)
            return whole, rest, Ending.CLOSED
        if not lenient:
            return b"", end, Ending.MALFORMED
        parts.append(text[start:after])
        start = after


def _escaped(text: bytes, place: int, start: int, escape: bytes) -> bool:
    """Whether the character at `place` stands behind an odd number of escapes."""
    count = 0
    while place - count - 1 >= start and text[place - count - 1 : place - count] == escape:
        count += 1
    return count % 2 == 1


def join_record(cells: list[bytes], layout: Layout) -> bytes:
    """A record for the parser, with quotes where a cell needs them; the inverse of `split_record`."""
    delimiter, quote = layout.parser_delimiter, layout.parser_quote
    written = []
    for cell in cells:
        if quote and (
            delimiter in cell or quote in cell or b"\n" in cell or b"\r" in cell or cell[:1] == b" "
        ):
            cell = quote + cell.replace(quote, quote * 2) + quote
        elif not quote:
            cell = cell.replace(delimiter, b" ").replace(b"\n", b" ").replace(b"\r", b" ")
        written.append(cell)
    line = delimiter.join(written)
    return line if line or not quote else quote * 2

"""Finding out the dialect of a text file from its first lines.

The delimiter is chosen by data consistency: the records should have the same number of cells, and the cells should
look like values (van den Burg, Nazábal and Sutton, Wrangling messy CSV files by detecting row and type
patterns, 2019).
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice

from ann_tui.data.cells.cell_types import is_clean, is_number, is_typed
from ann_tui.data.cells.number_format import find_number_format
from ann_tui.data.choices.source import Dialect
from ann_tui.data.reading.above_table import (
    body_width,
    comment_fits,
    comment_mark,
    commented_header,
    groups_above,
    preamble,
)
from ann_tui.data.reading.header import with_joined_numbers
from ann_tui.data.reading.header_row import has_header
from ann_tui.data.reading.layout import Layout, layout_of
from ann_tui.data.reading.line_ends import TRIED_BYTES, find_terminator, split_lines
from ann_tui.data.reading.names_above import names_in_another_delimiter
from ann_tui.data.reading.sample_records import Lines, Record, sample_records

SCORED_RECORDS = 200
KEPT_RECORDS = 1000
TRIED_LINES = 20_000
FEWEST_TRIED = 5
DELIMITERS = (",", ";", "\t", "|", " ", ":", "~", "^", "\x1f", "\x01", "::", "||", "¦", "§", "#", "*", "!")
_SINGLE = 1e-3
SPACED = 0.7
NO_HEADER = 0.3
_RARE = ("，", "、", "；", "،", "@", "&", "$", "=", "%", "\x02", "\x1c", "\x1d", "\x1e")
_USUAL = (b",", b";", b"\t", b"|")
_WEAK = (b" ", b":", b"*", b"#", b"!")


@dataclass(frozen=True)
class Detected:
    """A dialect with the line end, the records from the header on, and whether a quote stays open at the end."""

    dialect: Dialect
    terminator: bytes
    records: tuple[Record, ...]
    unclosed: bool = False


def detect_dialect(data: bytes, encoding: str, cut: bool = False) -> Detected:
    """The dialect of UTF-8 bytes that begin a file and end at a line end; `cut`: the file goes on."""
    terminator = find_terminator(data)
    lines = split_lines(data, terminator)
    skip = 0
    stated = re.fullmatch(rb"\s*\"?sep=(.)\"?\r?", lines[0]) if lines else None
    if stated:
        skip = 1
    below = Lines(lines[skip:]) if skip else lines
    base = Dialect(encoding=encoding, skip=skip)
    comment = comment_mark(below)
    if comment and all(line.startswith(comment.encode() + b" ") for line in below if line.strip()):
        return Detected(replace(base, comment=comment), terminator, ())
    counted = (
        Lines(b"" if line.startswith(comment.encode()) else line for line in below) if comment else below
    )
    if stated:
        found = _best(counted, cut, base, terminator, (stated[1].decode("utf-8", "replace"),))
    else:
        found = _best(counted, cut, base, terminator, DELIMITERS)
    if comment and not comment_fits(below, cut, found, comment, terminator):
        comment = ""
        counted = below
        found = _best(counted, cut, base, terminator, (found.delimiter,))
    found = replace(found, comment=comment)
    records = list(islice(sample_records(counted, layout_of(found, terminator), skip + 1, cut), KEPT_RECORDS))
    unclosed = any(record.unclosed for record in records)
    records = [record for record in records if record.cells]
    layout = layout_of(found, terminator)
    told = with_joined_numbers(records) if found.delimiter == "," else records
    above = preamble(told, layout)
    above += groups_above(told[above:])
    told, records = told[above:], records[above:]
    if above and records:
        found = replace(found, skip=records[0].line - 1)
    found, records = commented_header(lines, found, records, terminator)
    cells = [record.cells for record in (told if len(told) == len(records) else records)]
    if records:
        width = body_width(list(map(len, cells)))
        other = names_in_another_delimiter(records[0], records[1:], width, layout)
        cells[0] = other.names if other is not None else cells[0]
    decimal, thousands = find_number_format(cells[1:] or cells, found.delimiter)
    found = replace(found, header=has_header(cells), decimal=decimal, thousands=thousands)
    return Detected(found, terminator, tuple(records), unclosed)


def _best(lines: Lines, cut: bool, base: Dialect, terminator: bytes, delimiters: tuple[str, ...]) -> Dialect:
    """The candidate of the highest score; a delimiter that does not occur where no candidate makes columns."""
    text = _tried_text(lines, terminator)
    best, best_score = replace(base, delimiter=delimiters[0]), 0.0
    for delimiter in delimiters:
        mark = delimiter.encode()
        doubled = delimiter * 2 in delimiters
        if mark not in text or (doubled and text.count(mark) == 2 * text.count(mark * 2)):
            continue
        if delimiter == " " and best_score > 0 and best.delimiter == "\t":
            continue
        for candidate in _variants(replace(base, delimiter=delimiter), text):
            score = _score(lines, cut, layout_of(candidate, terminator), len(delimiters) == 1)
            if score > best_score * (1 + 1e-9):
                best, best_score = candidate, score
    if best_score and not best.escape and _all_escapes(text, best):
        escaped = replace(best, escape="\\")
        if _score(lines, cut, layout_of(escaped, terminator), len(delimiters) == 1) > 0.99 * best_score:
            return escaped
    if best_score == 0.0 and len(delimiters) > 1:
        rare = (replace(base, delimiter=mark) for mark in _RARE if mark.encode() in text)
        regular = (each for each in rare if _all_alike(lines, cut, layout_of(each, terminator)))
        return next(regular, None) or replace(best, delimiter=_not_in_cells(lines, base, terminator))
    return best


def _all_escapes(text: bytes, dialect: Dialect) -> bool:
    """Whether some quote has a backslash before it, and every backslash stands before what an escape is for."""
    quote, delimiter = dialect.quote.encode(), dialect.delimiter.encode()
    if not quote or b"\\" + quote not in text:
        return False
    escapes = rb"\\(?:\\|" + re.escape(quote) + b"|" + re.escape(delimiter) + b")"
    return b"\\" not in re.sub(escapes, b"", text)


def _tried_text(lines: Lines, terminator: bytes) -> bytes:
    """The first lines, few where they are long, but some at least."""
    size, count = 0, 0
    for line in lines[:TRIED_LINES]:
        if size > TRIED_BYTES and count >= FEWEST_TRIED:
            break
        size += len(line)
        count += 1
    return terminator.join(lines[:count])


def _all_alike(lines: Lines, cut: bool, layout: Layout) -> bool:
    """Whether every one of at least three records has the same three or more cells."""
    records = islice(sample_records(lines, layout, 1, cut), SCORED_RECORDS)
    widths = [len(record.cells) for record in records if record.cells]
    return len(widths) >= 3 and len(set(widths)) == 1 and widths[0] >= 3


def _not_in_cells(lines: Lines, base: Dialect, terminator: bytes) -> str:
    """For a single column: a delimiter that stands in no cell, the comma if possible."""
    for delimiter in (",", "\t", "|", ";", "\x1f"):
        layout = layout_of(replace(base, delimiter=delimiter), terminator)
        if all(len(record.cells) == 1 for record in islice(sample_records(lines, layout), KEPT_RECORDS)):
            return delimiter
    return "\x1e"


def _variants(dialect: Dialect, text: bytes) -> list[Dialect]:
    """The dialect with the quotes, escapes and spaces that the text gives reason to try."""
    delimiter = dialect.delimiter.encode()
    quotes = ['"']
    if _single_quoted(text, delimiter):
        quotes.append("'")
    found = []
    for quote in quotes:
        variant = replace(dialect, quote=quote)
        found.append(variant)
        if b"\\" + quote.encode() in text or b"\\" + delimiter in text:
            found.append(replace(variant, escape="\\"))
    if dialect.delimiter == " ":
        found += [replace(variant, collapse=True) for variant in found]
    elif dialect.delimiter != "\t" and _spaced(text, delimiter):
        found += [replace(variant, trim=True) for variant in found]
    return found


def _spaced(text: bytes, delimiter: bytes) -> bool:
    """Whether nearly all delimiters are followed by a space."""
    return text.count(delimiter + b" ") >= SPACED * (text.count(delimiter) - text.count(delimiter * 2))


def _single_quoted(text: bytes, delimiter: bytes) -> bool:
    """Whether cells are enclosed in apostrophes."""
    mark = re.escape(delimiter)
    opening = len(re.findall(rb"(?:^|[\r\n]|" + mark + rb" ?)'", text))
    closing = len(re.findall(rb"'(?=[\r\n]|$|" + mark + rb")", text))
    return min(opening, closing) >= 2 and opening <= 2 * closing and closing <= 2 * opening


def _score(lines: Lines, cut: bool, layout: Layout, told: bool) -> float:
    """Data consistency of a candidate: pattern score times type score, 0 where it makes no columns."""
    records = [
        record for record in islice(sample_records(lines, layout, 1, cut), SCORED_RECORDS) if record.cells
    ]
    if not records:
        return 0.0
    if layout.delimiter == b",":
        records = with_joined_numbers(records)
    width = body_width([len(record.cells) for record in records])
    if width < 2 and not told:
        return 0.0
    start = preamble(records, layout)
    body = records[start:]
    if names_in_another_delimiter(body[0], body[1:], width, layout) is not None:
        records, body = [*records[:start], *body[1:]], body[1:]
    counts = Counter(len(record.cells) for record in records)
    fitting = sum(len(record.cells) == width for record in body)
    share = fitting / len(body)
    if not told and start and _one_column(lines, records, start, layout):
        return 0.0
    least = 0.95 if layout.delimiter in _WEAK else 0.3 if _names_more(body, width) else 0.5
    if not told and (fitting < min(2, len(records)) or (2 * start > len(records) and fitting < 3)):
        return 0.0
    if not told and share < least:
        return 0.0
    if not told and len(body) < 2 and len(records) > 1:
        return 0.0
    pattern = sum(count * max(_SINGLE, size - 1) / size for size, count in counts.items()) / len(counts)
    clean, total = 0.0, 0
    for record in body:
        for cell in record.cells[:100]:
            total += 1
            clean += layout.delimiter in cell or b"\n" in cell or is_clean(cell)
            if not layout.trim and cell[:1] == b" " and len(cell) > 1:
                clean -= 0.1
            if not layout.collapse and layout.delimiter == b" " and not cell:
                clean -= 0.5
    improper = sum(not record.proper for record in records) / len(records)
    if not told and _loses_header(records, start):
        if _others_fit(lines, layout):
            return 0.0
        share *= NO_HEADER
    penalty = 0.999 if layout.trim or layout.collapse or layout.escape or layout.quote != b'"' else 1.0
    tidy = float(max(0.0, clean / total) ** 1.5)
    return pattern / len(records) * tidy * (1 - 0.8 * improper) * share * penalty


def _loses_header(records: list[Record], start: int) -> bool:
    """Whether a line right above a table without a header would be no part of it."""
    if not start or records[start - 1].line + records[start - 1].lines != records[start].line:
        return False
    return not has_header([record.cells for record in records[start:]])


def _others_fit(lines: Lines, layout: Layout) -> bool:
    """Whether another usual delimiter stands equally often in every line, the first one included."""
    filled = [line for line in lines[:SCORED_RECORDS] if line.strip()]
    counts = ({line.count(mark) for line in filled} for mark in _USUAL if mark != layout.delimiter)
    return any(len(found) == 1 and 0 not in found for found in counts)


def _one_column(lines: Lines, records: list[Record], start: int, layout: Layout) -> bool:
    """Whether what stands above is the name of a single column whose values only look as if they had delimiters:
    times of day below "time", decimal commas below "height", first and last names below "name"."""
    above, body = records[0], records[start:]
    if start != 1 or len(above.cells) != 1 or above.line + above.lines != body[0].line:
        return False
    whole = [lines[record.line - 1] for record in body if record.lines == 1]
    if len(whole) == len(body) and all(map(is_typed, whole)):
        return True
    typed = any(is_number(cell) for record in body[1:] for cell in record.cells)
    return layout.delimiter in _WEAK and not (typed and has_header([record.cells for record in body]))


def _names_more(body: list[Record], width: int) -> bool:
    """Whether a header names all columns of a table whose rows often end early."""
    header, *rows = (record.cells for record in body)
    return (
        len(header) == width > 2
        and len(set(header)) == width
        and all(cell.strip() and not is_typed(cell) for cell in header)
        and all(len(row) <= width for row in rows)
        and sum(len(row) == width for row in rows) >= 2
        and has_header([header, *rows])
    )

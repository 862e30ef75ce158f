"""The beginning of a file: its encoding, its dialect, its names, and how its columns are to be parsed."""

import re
from dataclasses import dataclass, replace
from itertools import islice

from ann_tui.data.cells.cell_types import is_missing, is_number, is_plain_number
from ann_tui.data.cells.grammar import (
    COMMON_MARKS,
    LEADING_ZERO_CELL,
    PARSER_WORDS,
    USUAL_MARKS,
    folded,
    folded_marks,
)
from ann_tui.data.cells.missing_marks import expand_marks
from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading.chunks import utf8_blocks
from ann_tui.data.reading.dialect import KEPT_RECORDS, Detected, detect_dialect, find_terminator, split_lines
from ann_tui.data.reading.frames import ColumnPlan
from ann_tui.data.reading.header_names import Names, column_names
from ann_tui.data.reading.layout import Layout, layout_of
from ann_tui.data.reading.not_a_table import refuse_binary
from ann_tui.data.reading.opening import Opened
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.sample_records import Lines, Record, sample_records
from ann_tui.data.reading.text_encoding import detect_encoding

HEAD_BYTES = 256 << 10
LONGEST_HEAD = 32 << 20
ENOUGH = 4 << 20
FEWEST_LINES = 30
PLAN_RECORDS = 250
SAMPLES = 16
SAMPLE_BYTES = 32 << 10
MOST_COLUMNS = 100_000
MOST_HEADERS = 3
FEWEST_BELOW = 3
LOOKED_BELOW = 50


@dataclass(frozen=True)
class Head:
    """What the beginning of a file says about all of it.

    `raw` are the bytes read so far, `text` the same as UTF-8 up to a line end, `data_line` the 1-based line
    of the first row; `record_bytes` the mean size of a row in UTF-8 and `text_bytes` the part of it that
    is text in columns that do not repeat their values.
    """

    raw: bytes
    complete: bool
    dialect: Dialect
    terminator: bytes
    names: Names
    plan: ColumnPlan
    data_line: int
    in_numbers: frozenset[str]
    record_bytes: float
    text_bytes: float
    warnings: tuple[str, ...]
    dropped: tuple[DroppedRow, ...] = ()

    @property
    def layout(self) -> Layout:
        """How a record is written."""
        return self.plan.layout


def read_head(opened: Opened, source: Source, shown: str) -> Head:
    """Read as much of the file as is needed to know how to read it all.

    Raises ReadError for a file without a table in it.
    """
    wanted, cut = HEAD_BYTES, True
    raw, complete = _beginning(opened, shown, b"", wanted)
    while True:
        extra = [] if complete else _spread_samples(opened, len(raw))
        text, encoding = _text(raw, complete, extra, source, shown)
        if _is_wide(encoding):
            extra = []
        detected = _detected(text, encoding, source, cut and not complete)
        few = detected.unclosed and len(detected.records) < FEWEST_LINES and not complete
        if few and len(raw) < ENOUGH:
            raw, complete = _beginning(opened, shown, raw, 4 * len(raw))
        elif few and cut and len(detected.records) < 3:
            cut = False
        else:
            break
    if not detected.records:
        raise ReadError(f"{shown} has no rows: every line in it is blank or a comment")
    return _described(raw, complete, detected, extra, source, shown, split_lines(text, detected.terminator))


def _text(raw: bytes, complete: bool, extra: list[bytes], source: Source, shown: str) -> tuple[bytes, str]:
    """The beginning as UTF-8 up to a line end, and its encoding."""
    told = source.dialect.encoding if source.dialect else ""
    encoding = told or detect_encoding(raw + b"".join(extra), complete and not extra)
    if not _is_wide(encoding):
        refuse_binary(raw[:65536], shown)
    try:
        text = b"".join(utf8_blocks(_once(raw), encoding))
    except LookupError:
        raise ReadError(
            f"{shown}: the encoding {encoding!r} is not known; try utf-8, cp1252 or utf-16"
        ) from None
    text = _valid(text)
    if not complete:
        text = text[: text.rfind(find_terminator(text)) + 1] or text
    if not text.strip(b" \t\r\n\x1a\0"):
        raise ReadError(f"{shown} is empty: it holds nothing but blank lines")
    return text, encoding


def _is_wide(encoding: str) -> bool:
    """Whether a character is several bytes, so that a line end in the middle of a file may be none."""
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))


def _beginning(opened: Opened, shown: str, raw: bytes, wanted: int) -> tuple[bytes, bool]:
    """The first bytes: enough for some lines, even long ones, and whether that is the whole file."""
    raw += opened.read(wanted - len(raw))
    while len(raw) >= wanted:
        if max(raw.count(b"\n"), raw.count(b"\r")) >= FEWEST_LINES or len(raw) >= LONGEST_HEAD:
            return raw, False
        wanted *= 2
        raw += opened.read(wanted - len(raw))
    if not raw:
        raise ReadError(f"{shown} is empty: there is nothing to read")
    return raw, True


def _spread_samples(opened: Opened, done: int) -> list[bytes]:
    """Whole lines from places spread over the rest of an uncompressed file; the position is kept."""
    if opened.compression or opened.size < 2 * done:
        return []
    samples = []
    here = opened.stream.tell()
    step = (opened.size - done) // SAMPLES
    for number in range(SAMPLES):
        place = opened.size - SAMPLE_BYTES if number == SAMPLES - 1 else done + number * step
        opened.stream.seek(max(done, place))
        block = opened.read(SAMPLE_BYTES)
        start, end = block.find(b"\n"), block.rfind(b"\n")
        if 0 <= start < end:
            samples.append(block[start + 1 : end + 1])
    opened.stream.seek(here)
    return samples


def _once(data: bytes) -> "Reader":
    return Reader([data])


class Reader:
    """Calls that give some bytes each, then whatever comes after them, as `file.read` does."""

    def __init__(self, first: list[bytes], then: Opened | None = None) -> None:
        self._first = first
        self._then = then

    def __call__(self, size: int) -> bytes:
        if self._first:
            return self._first.pop(0)
        return self._then.read_lines(size) if self._then is not None else b""


def _valid(text: bytes) -> bytes:
    """The text with bytes that are not UTF-8 replaced."""
    try:
        text.decode()
        return text
    except UnicodeDecodeError:
        return text.decode("utf-8", "replace").encode()


def _detected(text: bytes, encoding: str, source: Source, cut: bool) -> Detected:
    if source.dialect is None:
        return detect_dialect(text, encoding, cut)
    terminator = find_terminator(text)
    dialect = source.dialect
    if not dialect.delimiter:
        raise ReadError("the delimiter is empty: give one character, such as , or ;")
    if len(dialect.quote) > 1 or len(dialect.escape) > 1 or dialect.decimal not in (".", ","):
        raise ReadError("quote and escape are one character or none, and the decimal sign is . or ,")
    layout = layout_of(dialect, terminator)
    lines = Lines(split_lines(text, terminator)[dialect.skip :])
    if layout.comment:
        lines = Lines(b"" if line.startswith(layout.comment) else line for line in lines)
    records = list(islice(sample_records(lines, layout, dialect.skip + 1, cut), KEPT_RECORDS))
    unclosed = any(record.unclosed for record in records)
    return Detected(dialect, terminator, tuple(record for record in records if record.cells), unclosed)


def _described(
    raw: bytes,
    complete: bool,
    detected: Detected,
    extra: list[bytes],
    source: Source,
    shown: str,
    raw_lines: list[bytes],
) -> Head:
    dialect, records = detected.dialect, detected.records
    header = records[0] if dialect.header else None
    rows = records[1:] if dialect.header else records
    if not rows:
        raise ReadError(f"{shown} has a header ({_counted(len(records[0].cells))}) but no rows")
    written = [cell.decode("utf-8", "replace").rstrip("\r") for cell in header.cells] if header else None
    if written and written[0].startswith("\ufeff"):
        written[0] = written[0].lstrip("\ufeff")
    hashed = written is not None and len(written) > 1 and re.match(r"#\s*\w", written[0]) is not None
    if written and hashed and not any(record.cells[0].startswith(b"#") for record in rows):
        written[0] = written[0][1:].lstrip()
    widths = [len(record.cells) for record in rows]
    widest = max(widths)
    last_empty = not any(record.cells[-1].strip() for record in rows if len(record.cells) == widest)
    names = column_names(written, widths, last_empty)
    width = len(names.names)
    if width > MOST_COLUMNS:
        raise ReadError(f"{shown} would have {width} columns; at most {MOST_COLUMNS} can be read")
    layout = replace(layout_of(dialect, detected.terminator), header=_raw_header(header, raw_lines))
    cells = _plan_cells(rows, extra, layout, dialect.encoding, width)
    plan, in_numbers, text_bytes = _plan(cells, layout, width, source)
    second = _second_headers(rows, plan) if header else ()
    if second:
        rows = rows[len(second) :]
        cells = _plan_cells(rows, extra, layout, dialect.encoding, width)
        plan, in_numbers, text_bytes = _plan(cells, layout, width, source)
    sizes = [sum(map(len, record)) + width for record in cells] or [1]
    warnings = list(names.warnings)
    if dialect.skip:
        lines = "1 line" if dialect.skip == 1 else f"{dialect.skip} lines"
        warnings.insert(
            0,
            f"{lines} above the header skipped."
            if dialect.header
            else f"{lines} above the first row skipped.",
        )
    last = (second or (header,))[-1] if header else None
    data_line = last.line + last.lines if last else dialect.skip + 1
    dropped = tuple(DroppedRow(record.line, "a second line of headers, not a row") for record in second)
    return Head(
        raw, complete, dialect, detected.terminator, names, plan, data_line, in_numbers,
        sum(sizes) / len(sizes), text_bytes, tuple(warnings), dropped,
    )  # fmt: skip


def _second_headers(rows: tuple[Record, ...], plan: ColumnPlan) -> tuple[Record, ...]:
    """The records below the header that go on naming (units, say): words above at least two columns of numbers."""
    for count in range(1, min(MOST_HEADERS, len(rows) - FEWEST_BELOW) + 1):
        above, below = rows[:count], rows[count:]
        columns = [
            column
            for column in range(plan.layout.width)
            if all(column < len(record.cells) and _is_word(record.cells[column]) for record in above)
            and _numbers_below(below[:LOOKED_BELOW], column, plan.layout.decimal)
        ]
        if len(columns) < 2:
            return rows[: count - 1]
    return rows[: min(MOST_HEADERS, max(0, len(rows) - FEWEST_BELOW))]


def _numbers_below(rows: tuple[Record, ...], column: int, decimal: bytes) -> bool:
    """Whether a column holds nothing but numbers and missing values, and some number."""
    cells = [record.cells[column] for record in rows if column < len(record.cells)]
    present = [cell for cell in cells if not is_missing(cell)]
    return len(present) >= FEWEST_BELOW and all(is_plain_number(cell, decimal) for cell in present)


def _is_word(cell: bytes) -> bool:
    return not is_missing(cell) and not is_number(cell)


def _raw_header(header: Record | None, lines: list[bytes]) -> bytes:
    """The header as it is written, where it is one line of several cells that could stand in the file again."""
    if header is None or header.lines != 1 or len(header.cells) < 2:
        return b""
    return lines[header.line - 1].removesuffix(b"\r")


def _counted(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _plan_cells(
    rows: tuple[Record, ...], extra: list[bytes], layout: Layout, encoding: str, width: int
) -> list[tuple[bytes, ...]]:
    """The cells of records from all over the file that have the right width."""
    few = max(16, min(PLAN_RECORDS, 8_000 // max(1, width)))
    step = max(1, len(rows) // few)
    taken = rows[::step]
    cells = [record.cells[:width] for record in taken if _fills(record.cells, width)]
    if 2 * len(cells) < len(taken):
        short = (record.cells for record in taken if width > len(record.cells) >= width / 2)
        cells += [record + (b"",) * (width - len(record)) for record in short]
    each = max(2, few // 16)
    for block in extra:
        text = b"".join(utf8_blocks(_once(block), _markless(encoding)))
        lines = Lines(split_lines(text, layout.terminator)[:each])
        found = (record for record in sample_records(lines, layout) if record.proper)
        cells += [record.cells for record in found if len(record.cells) == width]
    return cells


def _fills(cells: tuple[bytes, ...], width: int) -> bool:
    """Whether the cells are as many as the columns, empty ones behind them aside."""
    return len(cells) == width or (len(cells) == width + 1 and not cells[-1].strip())


def _markless(encoding: str) -> str:
    """The encoding for bytes from the middle of a file (a byte order mark stands at its beginning only)."""
    return {"utf-8-sig": "utf-8"}.get(encoding, encoding)


def _plan(
    cells: list[tuple[bytes, ...]], layout: Layout, width: int, source: Source
) -> tuple[ColumnPlan, frozenset[str], float]:
    words, texts, numbers = set(), set(), []
    in_numbers: set[str] = set()
    text_bytes = 0.0
    telling = True
    with_marks: set[int] = set()
    marks = folded_marks(source.missing_marks)
    for column in range(width):
        values = [record[column] for record in cells]
        plain, used, some = _number_column(values, layout.decimal, marks)
        numbers.append(plain)
        if plain:
            in_numbers |= used if some else set()
            if used:
                with_marks.add(column)
            continue
        telling = telling and any(map(_telling, values))
        distinct = len(set(values))
        if distinct <= max(2, 0.5 * len(values)):
            words.add(column)
        else:
            texts.add(column)
            text_bytes += sum(map(len, values)) / max(1, len(values))
    marks_of_numbers = _marks_for_parser(in_numbers, marks, source)
    plan = ColumnPlan(
        replace(layout, numbers=tuple(numbers)),
        frozenset(words),
        frozenset(texts),
        marks_of_numbers,
        None,
        telling,
    )
    return plan, frozenset(in_numbers), text_bytes


def _telling(cell: bytes) -> bool:
    """Whether no parser takes the cell for a number, a truth value or a missing one."""
    return not (is_missing(cell) or is_number(cell) or cell.strip().lower() in PARSER_WORDS)


def _marks_for_parser(used: set[str], marks: frozenset[str], source: Source) -> tuple[str, ...]:
    """The marks that the parser is told, which are few because it is slow with many.

    Another one that appears later makes its column text at first, which is put right at the end.
    """
    told_first = (COMMON_MARKS & marks) | used | (marks - USUAL_MARKS)
    told = [mark for mark in source.missing_marks if folded(mark) in told_first]
    return expand_marks(told)


def _number_column(values: list[bytes], decimal: bytes, marks: frozenset[str]) -> tuple[bool, set[str], bool]:
    """Whether all cells are plain numbers or missing, the marks that were used, and whether there is a number."""
    used: set[str] = set()
    some = False
    for value in values:
        if is_plain_number(value, decimal):
            if LEADING_ZERO_CELL.match(value):
                return False, set(), True
            some = True
            continue
        text = folded(value.decode("utf-8", "replace")) if len(value) < 100 else "text"
        if text not in marks:
            return False, set(), some
        used.add(text)
    return True, used - {""}, some


__all__ = ["Head", "Reader", "read_head"]

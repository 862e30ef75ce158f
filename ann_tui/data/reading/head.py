"""The beginning of a file: its encoding, its dialect, its names, and how its columns are to be parsed."""

from dataclasses import dataclass, replace
from itertools import islice

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading.column_plan import plan_cells, plan_columns
from ann_tui.data.reading.dialect import KEPT_RECORDS, Detected, detect_dialect
from ann_tui.data.reading.frames import ColumnPlan
from ann_tui.data.reading.header import read_header, second_headers
from ann_tui.data.reading.header_names import Names
from ann_tui.data.reading.layout import Layout, layout_of
from ann_tui.data.reading.line_ends import (
    TRIED_BYTES,
    ends_are_mixed,
    find_terminator,
    split_lines,
    with_one_end,
)
from ann_tui.data.reading.not_a_table import refuse_binary
from ann_tui.data.reading.opening import Opened
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.sample_records import Lines, sample_records
from ann_tui.data.reading.text_blocks import Reader, utf8_blocks
from ann_tui.data.reading.text_encoding import detect_encoding

HEAD_BYTES = 256 << 10
LONGEST_HEAD = 32 << 20
ENOUGH = 4 << 20
FEWEST_LINES = 30
PADDING = bytes(64)
SAMPLES = 16
SAMPLE_BYTES = 32 << 10
MOST_COLUMNS = 100_000


@dataclass(frozen=True)
class Head:
    """What the beginning of a file says about all of it.

    `raw` are the bytes read so far, `text` the same as UTF-8 up to a line end, `data_line` the 1-based line
    of the first row; `record_bytes` the mean size of a row in UTF-8 and `text_bytes` the part of it that
    is text in columns that do not repeat their values. `one_end`: lines end in several ways, see `utf8_blocks`.
    """

    raw: bytes
    complete: bool
    dialect: Dialect
    terminator: bytes
    one_end: bool
    names: Names
    plan: ColumnPlan
    data_line: int
    in_numbers: frozenset[str]
    record_bytes: float
    text_bytes: float
    warnings: tuple[str, ...]
    dropped: tuple[DroppedRow, ...] = ()

    @property
    def grouped_names(self) -> tuple[str, ...]:
        """The columns whose numbers stand in several cells."""
        return tuple(self.names.names[column] for column in self.layout.grouped)

    @property
    def layout(self) -> Layout:
        """How a record is written."""
        return self.plan.layout


@dataclass(frozen=True)
class _Beginning:
    """The first lines as UTF-8 up to a line end, samples of lines further down as they stand in the file, and whether
    lines that end in several ways were given one end."""

    text: bytes
    encoding: str
    samples: list[bytes]
    one_end: bool

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of it."""
        ends = (
            "Some lines end with a line feed and some with a lone carriage return; each is taken as a line."
        )
        return (ends,) if self.one_end else ()


def read_head(opened: Opened, source: Source, shown: str) -> Head:
    """Read as much of the file as is needed to know how to read it all.

    Raises ReadError for a file without a table in it.
    """
    wanted, cut = HEAD_BYTES, True
    raw, complete = _read_beginning(opened, shown, b"", wanted)
    while True:
        samples = [] if complete else _spread_samples(opened, len(raw))
        beginning = _text(raw, complete, samples, source, shown)
        detected = _detected(beginning.text, beginning.encoding, source, cut and not complete)
        few = detected.unclosed and len(detected.records) < FEWEST_LINES and not complete
        if few and len(raw) < ENOUGH:
            raw, complete = _read_beginning(opened, shown, raw, 4 * len(raw))
        elif few and cut and len(detected.records) < 3:
            cut = False
        else:
            break
    if not detected.records:
        raise ReadError(f"{shown} has no rows: every line in it is blank or a comment")
    return _described(raw, complete, detected, beginning, source, shown)


def _text(raw: bytes, complete: bool, samples: list[bytes], source: Source, shown: str) -> _Beginning:
    told = source.dialect.encoding if source.dialect else ""
    encoding = told or detect_encoding(raw + b"".join(samples), complete and not samples)
    if _is_wide(encoding):
        samples = []
    else:
        refuse_binary((raw.rstrip(b"\0\r\n\x1a") if complete else raw)[:65536], shown)
    try:
        text = b"".join(utf8_blocks(Reader([raw]), encoding))
    except LookupError:
        raise ReadError(
            f"{shown}: the encoding {encoding!r} is not known; try utf-8, cp1252 or utf-16"
        ) from None
    text = _valid(text)
    one_end = ends_are_mixed(b"\n".join((text[:TRIED_BYTES], *samples)))
    if one_end:
        text = b"".join(with_one_end(iter([text])))
    if not complete:
        text = text[: text.rfind(find_terminator(text)) + 1] or text
    if not text.strip(b" \t\r\n\x1a\0"):
        raise ReadError(f"{shown} is empty: it holds nothing but blank lines")
    return _Beginning(text, encoding, samples, one_end)


def _is_wide(encoding: str) -> bool:
    """Whether a character is several bytes, so that a line end in the middle of a file may be none."""
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))


def _read_beginning(opened: Opened, shown: str, raw: bytes, wanted: int) -> tuple[bytes, bool]:
    """The first bytes: enough for some lines, even long ones, and whether that is the whole file."""
    raw += opened.read(wanted - len(raw))
    while len(raw) >= wanted:
        enough = max(raw.count(b"\n"), raw.count(b"\r")) >= FEWEST_LINES and not raw.endswith(PADDING)
        if enough or len(raw) >= LONGEST_HEAD:
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
    beginning: _Beginning,
    source: Source,
    shown: str,
) -> Head:
    dialect, records = detected.dialect, detected.records
    if len(records) == dialect.header:
        raise ReadError(f"{shown} has a header ({_counted(len(records[0].cells))}) but no rows")
    layout = layout_of(dialect, detected.terminator)
    header = read_header(records, dialect.header, layout)
    width = len(header.names.names)
    if width > MOST_COLUMNS:
        raise ReadError(f"{shown} would have {width} columns; at most {MOST_COLUMNS} can be read")
    layout = replace(layout, header=header.written, unfilled=header.unfilled, grouped=header.grouped)
    second = second_headers(header.rows, width) if header.record else ()
    rows = header.rows[len(second) :]
    cells = plan_cells(rows, beginning.samples, layout, dialect.encoding, width, beginning.one_end)
    plan, in_numbers, text_bytes = plan_columns(cells, layout, width, source)
    sizes = [sum(map(len, record)) + width for record in cells] or [1]
    last = (second or (header.record,))[-1]
    return Head(
        raw=raw,
        complete=complete,
        dialect=dialect,
        terminator=detected.terminator,
        one_end=beginning.one_end,
        names=header.names,
        plan=plan,
        data_line=last.line + last.lines if last else dialect.skip + 1,
        in_numbers=in_numbers,
        record_bytes=sum(sizes) / len(sizes),
        text_bytes=text_bytes,
        warnings=(*_above(dialect), *beginning.warnings, *header.warnings),
        dropped=tuple(DroppedRow(record.line, "a second line of headers, not a row") for record in second),
    )


def _above(dialect: Dialect) -> tuple[str, ...]:
    """What was skipped above the table, in a sentence."""
    if not dialect.skip:
        return ()
    lines = "1 line" if dialect.skip == 1 else f"{dialect.skip} lines"
    return (f"{lines} above the {'header' if dialect.header else 'first row'} skipped.",)


def _counted(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


__all__ = ["Head", "read_head"]

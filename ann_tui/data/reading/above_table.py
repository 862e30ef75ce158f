"""What stands above a table: titles, comments, and a header that is written as one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice

from ann_tui.data.cells.cell_types import begins_with_error, is_missing, is_typed
from ann_tui.data.choices.source import Dialect
from ann_tui.data.reading.header import second_headers
from ann_tui.data.reading.header_row import has_header, typed_columns
from ann_tui.data.reading.layout import Layout, layout_of
from ann_tui.data.reading.names_above import is_header_above
from ann_tui.data.reading.sample_records import Lines, Record, sample_records

MARKED_LINES = 5000
MOST_GROUPINGS = 2
_COMMENTS = ("#", "%", "//")


def body_width(widths: list[int]) -> int:
    """The usual number of cells, the later records counting as much as the earlier ones."""
    body = widths[len(widths) // 4 :] or widths
    counts = Counter(width for width in body if width > 1) or Counter(body)
    most = max(counts.values())
    return max(width for width, count in counts.items() if count == most)


def preamble(records: list[Record], layout: Layout) -> int:
    """How many records stand above the header: those of another width before the table begins."""
    widths = [len(record.cells) for record in records]
    if not widths:
        return 0
    width = body_width(widths)
    if width < 2 or not any(cell.strip() for record in records for cell in record.cells):
        return 0
    start = 0
    while start < len(records) - 1 and not _may_begin(records, start, width):
        start += 1
    if not _may_begin(records, start, width):
        return 0
    if start and is_header_above(records[start - 1], records[start:], width, layout):
        return start - 1
    while start < len(records) - 2 and _padded_title(records[start], width):
        start += 1
    return start


def _may_begin(records: list[Record], place: int, width: int) -> bool:
    """Whether the table can begin here: the width fits, or the next ones do and this is nearly as wide."""
    here = len(records[place].cells)
    if here == width:
        return True
    following = [len(record.cells) for record in records[place + 1 : place + 4]]
    near = here in (width - 1, width + 1) and here > 1
    return near and bool(following) and all(size == width for size in following) and width > 2


def groups_above(records: list[Record]) -> int:
    """How many records at the beginning only group the columns: they repeat names or lack some, and the next one names
    them all, each in its own way, above two columns of numbers or dates at least."""
    for count in range(1, min(MOST_GROUPINGS, len(records) - 2) + 1):
        names, below = records[count].cells, records[count + 1 :]
        body = [record.cells for record in below[len(second_headers(below, len(names))) :]]
        grouping = all(_repeats_or_lacks(record.cells) for record in records[:count])
        if grouping and not _repeats_or_lacks(names) and not any(map(_is_value, names)):
            return count if typed_columns(body, len(names)) >= 2 else 0
    return 0


def _repeats_or_lacks(cells: tuple[bytes, ...]) -> bool:
    names = {cell.strip() for cell in cells}
    return len(names) < len(cells) or b"" in names


def _padded_title(record: Record, width: int) -> bool:
    """A title line that a spreadsheet has filled up with empty cells."""
    return width >= 3 and sum(bool(cell.strip()) for cell in record.cells) <= 1


def comment_mark(lines: Lines) -> str:
    """The mark that some, but not all, lines begin with, where it could begin a comment (#DIV/0! begins none)."""
    filled = [line for line in lines[:MARKED_LINES] if line.strip()]
    for mark in _COMMENTS:
        marked = [line for line in filled if line.startswith(mark.encode())]
        if any(map(begins_with_error, marked)):
            continue
        begun = len(marked)
        if 0 < begun < len(filled) or (
            begun and all(line.startswith(mark.encode() + b" ") for line in filled)
        ):
            return mark
    return ""


def comment_fits(lines: Lines, cut: bool, dialect: Dialect, mark: str, terminator: bytes) -> bool:
    """Whether the lines with the mark are no rows: they stand above the table, or have another width."""
    layout = layout_of(dialect, terminator)
    records = [
        record for record in islice(sample_records(lines, layout, 1, cut), MARKED_LINES) if record.cells
    ]
    marked = [lines[record.line - 1].startswith(mark.encode()) for record in records]
    if all(marked) or not any(marked):
        return any(marked)
    width = body_width(
        [len(record.cells) for record, is_marked in zip(records, marked, strict=True) if not is_marked]
    )
    above = marked.index(False)
    last_above = records[above - 1] if above else None
    fitting = [
        record
        for record, is_marked in zip(records, marked, strict=True)
        if is_marked and len(record.cells) == width and record is not last_above
    ]
    if above == sum(marked):
        spaced = last_above is not None and lines[last_above.line - 1].startswith(mark.encode() + b" ")
        one_of_many = last_above is not None and len(last_above.cells) != width
        return not fitting and (width == 1 or one_of_many or spaced or _typed_below(records[above:]))
    return (width > 1 and len(fitting) <= 0.2 * sum(marked)) or above > 0 or _amid_numbers(records, marked)


def _amid_numbers(records: list[Record], marked: list[bool]) -> bool:
    """Whether the first cells of all records without the mark, the header aside, are numbers or dates."""
    first = [record.cells[0] for record, is_marked in zip(records, marked, strict=True) if not is_marked]
    body = first[1:]
    return len(body) >= 2 and all(is_typed(cell) for cell in body)


def _typed_below(records: list[Record]) -> bool:
    """Whether the first record below is no header, so that the line above it may be one."""
    return not has_header([record.cells for record in records])


def commented_header(
    lines: Lines, dialect: Dialect, records: list[Record], terminator: bytes
) -> tuple[Dialect, list[Record]]:
    """The dialect and the records, with the header among them where it is the last comment above (#id,name)."""
    if not dialect.comment or not records or has_header([record.cells for record in records]):
        return dialect, records
    layout = layout_of(dialect, terminator)
    mark = dialect.comment.encode()
    for place in range(records[0].line - 2, -1, -1):
        line = lines[place].removesuffix(b"\r")
        if not line.strip():
            continue
        if not line.startswith(mark):
            break
        header = next(iter(sample_records(Lines([line]), layout)), None)
        cells = header.cells if header else ()
        later = any(below.startswith(mark) for below in lines[place + 1 :])
        if (
            len(cells) == len(records[0].cells)
            and len(cells) > 1
            and not any(map(_is_value, cells))
            and not later
        ):
            return replace(dialect, comment="", skip=place), [
                Record(place + 1, 1, cells, text=line),
                *records,
            ]
        break
    return dialect, records


def _is_value(cell: bytes) -> bool:
    return is_missing(cell) or is_typed(cell)

"""The header of a table: what names its columns, and the lines around it that help to name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ann_tui.data.cells.cell_types import is_missing, is_typed, is_void
from ann_tui.data.plain_text import printable
from ann_tui.data.reading.grouped_numbers import grouped_columns, joined_cells
from ann_tui.data.reading.header_names import Names, column_names
from ann_tui.data.reading.layout import Layout
from ann_tui.data.reading.names_above import are_names, names_in_another_delimiter
from ann_tui.data.reading.row_names import begins_with_row_names
from ann_tui.data.reading.sample_records import Record

MOST_HEADERS = 3
FEWEST_BELOW = 3
LOOKED_BELOW = 50
SHOWN = 5
LOOKED_FOR_NAMES = 20
_MARKS = {",": ",", ";": ";", "\t": "tab", "|": "|", " ": "space"}
_IN_BRACKETS = re.compile(rb"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*")


@dataclass(frozen=True)
class Header:
    """The names of the columns, and the rows below.

    `record` is None where nothing names them, `written` is it as one line that could stand in the file again (empty:
    it couldn't). The last `unfilled` columns have a name and no cells in any row; `grouped` as in `Layout`.
    """

    record: Record | None
    rows: tuple[Record, ...]
    names: Names
    written: bytes
    unfilled: int = 0
    grouped: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


def read_header(records: Sequence[Record], named: bool, layout: Layout) -> Header:
    """The header of the records, the first of which names the columns if it is `named`.

    The rows are as wide as the table where a number stands in several cells, and there are at least as many as
    records less one.
    """
    record = records[0] if named else None
    rows = tuple(records[1:] if named else records)
    if record is None:
        return Header(None, rows, column_names(None, _widths(rows)), b"")
    warnings: list[str] = []
    width = _usual(rows)
    other = names_in_another_delimiter(record, rows, width, layout)
    if other is not None:
        record = replace(record, cells=other.names)
        here = layout.delimiter.decode("utf-8", "replace")
        warnings.append(
            f"The header is written with {_mark(other.delimiter)} where the rows have {_mark(here)}."
        )
    written = _texts(record, rows)
    cells = [row.cells for row in rows if row.cells != record.cells]
    grouped = grouped_columns(cells, len(written)) if layout.delimiter == b"," else ()
    if grouped and begins_with_row_names(written, cells):
        shown = printable(written[grouped[0]], 40)
        warnings.append(
            "The first cell of each row is taken as its name, for the header has one name fewer; if the numbers of "
            f"{shown} have commas between their thousands, put quotes around them."
        )
        grouped = ()
    if grouped:
        rows = joined_rows(rows, len(written), grouped)
    widths = _widths(rows)
    widest = max(widths)
    last_empty = not any(row.cells[-1].strip() for row in rows if len(row.cells) == widest)
    unfilled = len(written) - widest if _names_more_than(written, widths) else 0
    names = column_names(written, widths, last_empty)
    if unfilled:
        warnings.append(_without_cells(written[widest:], len(written), widest))
    return Header(record, rows, names, _as_one_line(record), unfilled, grouped, (*names.warnings, *warnings))


def with_joined_numbers(records: list[Record]) -> list[Record]:
    """The records with numbers that stand in several cells joined, if some are longer than a line of names above."""
    for place, record in enumerate(records[:LOOKED_FOR_NAMES]):
        if len(record.cells) > 1 and are_names(record.cells):
            width, rows = len(record.cells), records[place + 1 :]
            cells = [row.cells for row in rows if row.cells != record.cells]
            columns = grouped_columns(cells, width)
            if not columns or begins_with_row_names(
                [str(name, "utf-8", "replace") for name in record.cells], cells
            ):
                return records
            return [*records[: place + 1], *joined_rows(rows, width, columns)]
    return records


def joined_rows(rows: Sequence[Record], width: int, columns: Sequence[int]) -> tuple[Record, ...]:
    """The rows with the numbers of these columns in one cell each, where there is one way to join them."""
    found = []
    for row in rows:
        cells = joined_cells(row.cells, width, columns)
        found.append(row if cells is None else replace(row, cells=tuple(cells)))
    return tuple(found)


def _usual(rows: Sequence[Record]) -> int:
    return Counter(_widths(rows)).most_common(1)[0][0]


def _widths(rows: Sequence[Record]) -> list[int]:
    return [len(row.cells) for row in rows]


def _mark(delimiter: str) -> str:
    return _MARKS.get(delimiter, printable(delimiter, 10))


def _texts(record: Record, rows: Sequence[Record]) -> list[str]:
    """The names as texts, without a byte order mark or a comment sign before the first."""
    written = [cell.decode("utf-8", "replace").rstrip("\r") for cell in record.cells]
    written[0] = written[0].lstrip("\ufeff")
    hashed = len(written) > 1 and re.match(r"#\s*\w", written[0]) is not None
    if hashed and not any(row.cells[0].startswith(b"#") for row in rows):
        written[0] = written[0][1:].lstrip()
    return written


def _names_more_than(written: Sequence[str], widths: Sequence[int]) -> bool:
    """Whether the last names stand above no cell: all rows have as many cells or fewer, and most the same number."""
    widest = max(widths)
    return (
        1 < widest < len(written)
        and all(name.strip() for name in written[widest:])
        and 2 * widths.count(widest) > len(widths)
    )


def _without_cells(names: Sequence[str], count: int, cells: int) -> str:
    shown = ", ".join(printable(name, 30) for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    empty = "1 column is" if len(names) == 1 else f"{len(names)} columns are"
    return f"The rows have {cells} cells, fewer cells than the {count} names above them: {empty} empty ({shown}{more})."


def _as_one_line(record: Record) -> bytes:
    """The header as it is written, where it is one line of several cells that could stand in the file again."""
    return record.text if record.lines == 1 and len(record.cells) > 1 else b""


def second_headers(rows: Sequence[Record], width: int) -> tuple[Record, ...]:
    """The first rows as far as they are none but go on naming: descriptions, units.

    Two columns of numbers or dates below say so, or units in brackets above one, or words in brackets throughout.
    """
    for count in range(min(MOST_HEADERS, len(rows) - FEWEST_BELOW), 0, -1):
        below = rows[count : count + LOOKED_BELOW]
        if all(_goes_on_naming(row, below, width) for row in rows[:count]):
            return tuple(rows[:count])
    return ()


def _goes_on_naming(row: Record, below: Sequence[Record], width: int) -> bool:
    cells = row.cells[:width]
    words = [place for place, cell in enumerate(cells) if _is_word(cell)]
    above = [place for place in words if _typed_below(below, place)]
    if len(above) >= 2:
        return True
    bracketed = bool(words) and all(_IN_BRACKETS.fullmatch(cell) for cell in cells if cell.strip())
    if bracketed and (above or _are_words_in_brackets(below, [(place, cells[place]) for place in words])):
        return True
    others = [cell for place, cell in enumerate(cells) if place not in above]
    return (
        bool(above)
        and all(is_missing(cell) or _IN_BRACKETS.fullmatch(cell) for cell in others)
        and any(_typed_below(below, place) for place in range(len(cells)) if place not in above)
    )


def _typed_below(rows: Sequence[Record], column: int) -> bool:
    """Whether a column holds nothing but numbers, dates and missing values, and some of the former."""
    present = 0
    for row in rows:
        if column < len(row.cells) and not is_void(row.cells[column]):
            if not is_typed(row.cells[column]):
                return False
            present += 1
    return present >= FEWEST_BELOW


def _are_words_in_brackets(below: Sequence[Record], cells: Sequence[tuple[int, bytes]]) -> bool:
    """Whether cells in brackets hold letters, above columns without any cell in brackets."""
    return all(
        any(bytes([code]).isalpha() for code in cell)
        and not any(place < len(row.cells) and _IN_BRACKETS.fullmatch(row.cells[place]) for row in below)
        for place, cell in cells
    )


def _is_word(cell: bytes) -> bool:
    return not is_missing(cell) and not is_typed(cell)

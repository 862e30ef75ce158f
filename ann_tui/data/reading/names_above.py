"""A line right above the rows that names their columns although it has another number of cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ann_tui.data.cells.cell_types import is_missing, is_typed
from ann_tui.data.reading.header_row import has_header, names_surely
from ann_tui.data.reading.layout import Ending, Layout, split_record
from ann_tui.data.reading.sample_records import Record

LOOKED_AT = 100
USUAL = (",", ";", "\t", "|")


@dataclass(frozen=True)
class OtherNames:
    """Names as another delimiter divides them."""

    names: tuple[bytes, ...]
    delimiter: str


def names_in_another_delimiter(
    record: Record, rows: Sequence[Record], width: int, layout: Layout
) -> OtherNames | None:
    """The names in a record that another usual delimiter divides into as many as the rows have cells (`width`).

    One fewer will do where the rows may begin with a name of their own. None where there are no such names, and where
    that delimiter divides the rows as well.
    """
    count = len(record.cells)
    if width < 2 or record.lines != 1 or count == width or 1 < count == width - 1:
        return None
    for wanted in (width, width - 1):
        for delimiter in USUAL:
            other = replace(
                layout, delimiter=delimiter.encode(), quote=layout.quote or b'"', collapse=False, comment=b""
            )
            if other.delimiter == layout.delimiter or wanted < 2:
                continue
            cells, ending = split_record(record.text, other)
            fits = ending is Ending.CLOSED and len(cells) == wanted and are_names(cells)
            if fits and not _divides(rows[:LOOKED_AT], wanted, other):
                return OtherNames(tuple(cells), delimiter)
    return None


def _divides(rows: Sequence[Record], width: int, layout: Layout) -> bool:
    """Whether most rows have so many cells in the layout."""
    return 2 * sum(len(split_record(row.text, layout)[0]) == width for row in rows) > len(rows)


def is_header_above(record: Record, body: Sequence[Record], width: int, layout: Layout) -> bool:
    """Whether a record of another width, right above the body of the table, names its columns.

    It names more columns than the rows have cells, the first columns alone, or is divided by another delimiter.
    """
    if record.line + record.lines != body[0].line:
        return False
    cells = [row.cells for row in body]
    headless = not has_header(cells)
    if 1 < len(record.cells) < width:
        return headless and are_names(record.cells)
    if len(record.cells) > width and are_names(record.cells):
        names: Sequence[bytes] = record.cells[:width]
    else:
        other = names_in_another_delimiter(record, body, width, layout)
        if other is None:
            return False
        names = other.names
    if headless:
        return has_header([names, *cells]) or len(names) < width
    tidy = all(name == name.strip() for name in names)
    return tidy and not (are_names(cells[0]) and names_surely(cells[0], cells[1:]))


def are_names(cells: Sequence[bytes]) -> bool:
    """Whether the cells are words, each another one."""
    names = [cell.strip() for cell in cells]
    return len(set(names)) == len(names) and not any(is_missing(name) or is_typed(name) for name in names)

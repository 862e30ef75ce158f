"""Numbers whose commas between thousands are also the delimiter, so that one number stands in several cells."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, islice

from ann_tui.data.cells.cell_types import is_missing, is_number

MOST_WAYS = 50
MOST_EXTRA = 12
MOST_COLUMNS = 12
MOST_TOGETHER = 3
NEARLY_ALL = 0.8
MOSTLY = 0.8
_MONEY = rb"(?:\$|\xe2\x82\xac|\xc2\xa3|\xc2\xa5)?"
_FIRST = re.compile(rb"\s*\(?[+-]?\s*" + _MONEY + rb"\s*-?[1-9]\d{0,2}")
_NEXT = re.compile(rb"\d{3}")
_LAST = re.compile(rb"\d{3}(?:\.\d*)?\s*(?:%|" + _MONEY + rb")\)?\s*")
_THOUSANDS = re.compile(rb"\D*\d{4,}.*")

Cells = Sequence[bytes]


def ways_to_join(
    cells: Cells, width: int, columns: Collection[int] | None = None
) -> list[tuple[frozenset[int], list[bytes]]]:
    """Every way (at most some 50) to make `width` cells of more by joining the groups of numbers such as 1,234.50.

    Each is the columns that were joined, all of `columns` if given, with the cells. There are none for a dozen more.
    """
    return list(islice(_ways(list(cells), 0, width, columns), MOST_WAYS))


def _ways(
    cells: list[bytes], column: int, width: int, columns: Collection[int] | None
) -> Iterator[tuple[frozenset[int], list[bytes]]]:
    """The ways for the cells from `column` on."""
    most = len(cells) - width
    if most == 0:
        yield frozenset(), cells
    if most > MOST_EXTRA:
        return
    for place in range(column, width):
        if (columns is not None and place not in columns) or not _FIRST.fullmatch(cells[place]):
            continue
        for end in range(place + 1, place + most + 1):
            if _LAST.fullmatch(cells[end]):
                joined = [*cells[:place], b"".join(cells[place : end + 1]), *cells[end + 1 :]]
                for others, found in _ways(joined, place + 1, width, columns):
                    yield others | {place}, found
            if not _NEXT.fullmatch(cells[end]):
                break


def joined_cells(cells: Cells, width: int, columns: Collection[int]) -> list[bytes] | None:
    """The cells with the numbers of these columns joined to `width` cells; None unless there is one way to do so."""
    if not columns or len(cells) <= width:
        return None
    found = ways_to_join(cells, width, columns)
    return found[0][1] if len(found) == 1 else None


def grouped_columns(rows: Sequence[Cells], width: int) -> tuple[int, ...]:
    """The columns of numbers that stand in several cells, of a table of `width` columns; () where none can be told.

    They are the fewest columns that explain the cells too many of nearly all longer rows (of all, where no other row
    says how many cells a row has), each in one way. A column
    that holds words in the other rows is none, nor one with a number of four digits, for there it has no comma.
    """
    long = [_trimmed(cells, width) for cells in rows]
    long = [cells for cells in long if len(cells) > width]
    found = [ways_to_join(cells, width) for cells in long]
    explained = [ways for ways in found if ways and len(ways) < MOST_WAYS]
    whole = [cells for cells in rows if len(cells) == width]
    least = NEARLY_ALL * len(long) if whole else len(long)
    if not long or len(explained) < least:
        return ()
    possible = {column for ways in explained for columns, _ in ways for column in columns}
    possible = {column for column in possible if _below_thousand([cells[column] for cells in whole])}
    if len(possible) > MOST_COLUMNS:
        return ()
    for count in range(1, MOST_TOGETHER + 1):
        fitting = [
            chosen
            for chosen in combinations(sorted(possible), count)
            if _explain(explained, set(chosen)) >= least
        ]
        if fitting:
            return fitting[0] if len(fitting) == 1 else ()
    return ()


def _explain(rows: Sequence[Sequence[tuple[frozenset[int], list[bytes]]]], chosen: set[int]) -> int:
    """How many rows can be joined in one way within the columns."""
    return sum(sum(columns <= chosen for columns, _ in ways) == 1 for ways in rows)


def _trimmed(cells: Cells, width: int) -> Cells:
    """The cells without empty ones beyond the width."""
    return cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells


def _below_thousand(cells: Cells) -> bool:
    """Whether the cells are numbers below a thousand, but for a few that may be words."""
    present = [cell for cell in cells if not is_missing(cell)]
    numbers = [cell for cell in present if is_number(cell)]
    return len(numbers) >= MOSTLY * len(present) and not any(map(_THOUSANDS.fullmatch, numbers))

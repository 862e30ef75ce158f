"""Numbers whose commas between thousands are also the delimiter, so that one number stands in several cells."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, islice

from ann_tui.data.cells.cell_types import is_missing, is_number

MOST_WAYS = 50
MOST_EXTRA = 12
MOST_CELLS = 1 << 30
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
Span = tuple[int, int]


def ways_to_join(
    cells: Cells, width: int, columns: Collection[int] | None = None
) -> list[tuple[frozenset[int], list[bytes]]]:
    """Every way (at most some 50) to make `width` cells of more by joining the groups of numbers such as 1,234.50.

    Each is the columns that were joined, all of `columns` if given, with the cells. There are none for a dozen more.
    """
    extra = len(cells) - width
    if not 0 < extra <= MOST_EXTRA:
        return []
    search = _Search(_numbers_in(cells, extra), columns)
    return [_joined(cells, spans) for spans in islice(search.spans(0, extra, 0), MOST_WAYS)]


def _numbers_in(cells: Cells, extra: int) -> list[Span]:
    """All first and last cells of what could be one number in up to `extra` cells more, in order."""
    found = []
    for first, cell in enumerate(cells[:-1]):
        if not _FIRST.fullmatch(cell):
            continue
        for last in range(first + 1, min(len(cells), first + extra + 1)):
            if _LAST.fullmatch(cells[last]):
                found.append((first, last))
            if not _NEXT.fullmatch(cells[last]):
                break
    return found


class _Search:
    """The choices among possible numbers that do not overlap and have a given number of cells more together."""

    def __init__(self, numbers: list[Span], columns: Collection[int] | None) -> None:
        self._numbers = numbers
        self._columns = columns
        self._next = [bisect_right(numbers, (last, MOST_CELLS)) for _, last in numbers]
        self._reachable = [1] * (len(numbers) + 1)
        for place in range(len(numbers) - 1, -1, -1):
            first, last = numbers[place]
            with_it = self._reachable[self._next[place]] << (last - first)
            self._reachable[place] = self._reachable[place + 1] | with_it

    def spans(self, place: int, extra: int, joined: int) -> Iterator[list[Span]]:
        """The choices from a place on, where `joined` cells were joined before it."""
        if extra == 0:
            yield []
            return
        for here in range(place, len(self._numbers)):
            if not self._reachable[here] >> extra & 1:
                return
            first, last = self._numbers[here]
            rest = extra - (last - first)
            allowed = self._columns is None or first - joined in self._columns
            if rest >= 0 and allowed and self._reachable[self._next[here]] >> rest & 1:
                for others in self.spans(self._next[here], rest, joined + last - first):
                    yield [(first, last), *others]


def _joined(cells: Cells, spans: list[Span]) -> tuple[frozenset[int], list[bytes]]:
    """The columns of the numbers, and the cells with each number in one."""
    found: list[bytes] = []
    columns = set()
    place = 0
    for first, last in spans:
        found += cells[place:first]
        columns.add(len(found))
        found.append(b"".join(cells[first : last + 1]))
        place = last + 1
    return frozenset(columns), [*found, *cells[place:]]


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

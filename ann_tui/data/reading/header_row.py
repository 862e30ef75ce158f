"""Whether the first record of a table holds the names of its columns."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ann_tui.data.cells.cell_types import is_date, is_missing, is_number, is_typed, is_void

Cells = Sequence[bytes]
LOOKED_AT = 100
FEWEST = 10
MOST_CELLS = 10_000
MOST_COLUMNS = 500
TYPED = 0.8


def has_header(records: Sequence[Cells]) -> bool:
    """Whether the first record names the columns rather than being a row.

    Each column votes: a word above numbers or dates speaks for a header, a number above numbers against it, and
    so does a word that occurs again further down. Names are unique. Without any evidence there is a header.
    """
    if not records:
        return True
    first, body = records[0], records[1 : LOOKED_AT + 1]
    body = [record for record in body if record != first] or body
    if not body:
        return not any(is_number(cell) and cell.strip() for cell in first)
    width = len(first)
    if _counts_up(first, body):
        return True
    votes = 0.0
    body = body[: max(FEWEST, MOST_CELLS // max(1, width))]
    step = max(1, width // MOST_COLUMNS)
    for column, name in enumerate(first[::step]):
        column *= step
        cells = [record[column] for record in body if column < len(record) and not is_void(record[column])]
        votes += _vote(name, cells)
    names = [name.strip() for name in first if name.strip()]
    if len(set(names)) < len(names):
        votes -= 0.5
    if (
        names
        and all(re.fullmatch(rb"[A-Za-z_][\w .,()$%/#+:-]*", name) for name in names)
        and len(set(names)) == len(names)
    ):
        votes += 0.25
    return votes >= 0


def names_surely(first: Cells, body: Sequence[Cells]) -> bool:
    """Whether some column has a word in the first record and numbers or dates below it."""
    return any(
        not is_missing(name) and not is_typed(name) and _typed_share(body, column) > TYPED
        for column, name in enumerate(first)
    )


def typed_columns(body: Sequence[Cells], width: int) -> int:
    """How many columns hold numbers or dates, but for a few cells."""
    return sum(_typed_share(body, column) > TYPED for column in range(width))


def _typed_share(body: Sequence[Cells], column: int) -> float:
    """The share of the cells that are numbers or dates; 0 where there are none."""
    cells = [record[column] for record in body[:LOOKED_AT] if column < len(record)]
    present = [cell for cell in cells if not is_void(cell)]
    return sum(map(is_typed, present)) / len(present) if present else 0.0


def _vote(name: bytes, cells: list[bytes]) -> float:
    if not cells:
        return 0.0
    typed = sum(map(is_typed, cells)) / len(cells)
    if is_missing(name):
        return -0.3 if name.strip() and typed > 0.8 else 0.0
    if is_date(name) and typed > 0.8 and sum(map(is_date, cells)) < 0.2 * len(cells):
        return 1.0
    if is_typed(name):
        return -1.5 if typed > 0.5 else -0.2
    if typed > 0.8:
        return 1.0
    again = cells.count(name)
    if again:
        return -1.0 if len(cells) >= 3 or again == len(cells) else -0.3
    lengths = {len(cell) for cell in cells}
    if (
        len(cells) >= 5
        and len(lengths) == 1
        and all(any(48 <= code <= 57 for code in cell) for cell in cells[:20])
    ):
        return 0.7 if len(name) not in lengths else -0.3
    few = len(cells) >= 10 and len(set(cells)) <= len(cells) / 3
    return 0.7 if few else 0.0


def _counts_up(first: Cells, body: Sequence[Cells]) -> bool:
    """Names that are numbers in order: years, or 0, 1, 2, … while the row below does not go on so."""
    numbers = [int(cell) for cell in first if re.fullmatch(rb"\s*\d{1,4}\s*", cell)]
    if len(numbers) < 2 or len(numbers) < len(first) - 2:
        return False
    steps = {after - before for before, after in pairwise(numbers)}
    below = [int(cell) for cell in body[0] if re.fullmatch(rb"\s*\d{1,4}\s*", cell)]
    below_steps = {after - before for before, after in pairwise(below)}
    same = len(below) == len(numbers) and len(below_steps) == 1
    years = all(1500 <= number <= 2200 for number in numbers)
    counted = numbers[0] in (0, 1) and len(numbers) >= 3
    return steps == {1} and not same and (years or counted)

"""Rows that begin with a name of their own, as R writes them, told from rows with one cell too many."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ann_tui.data.cells.cell_types import is_number

MOSTLY = 0.5
FEWEST = 3
_COUNTER = re.compile(r"(?:^|[_ .])(?:id|ids|index|idx|key|no|nr|num|number|row|#|n°|nummer)$", re.IGNORECASE)


def begins_with_row_names(names: Sequence[str], rows: Sequence[Sequence[bytes]]) -> bool:
    """Whether the first cells of the rows, of which most have one cell more than there are names, are their names.

    Row names differ from row to row, and are words or count up; where the first column is called a counter, it is
    that which counts. Too few rows say nothing.
    """
    longer = [cells for cells in rows if len(cells) == len(names) + 1]
    if len(longer) <= MOSTLY * len(rows) or (len(longer) < len(rows) and len(longer) >= FEWEST):
        return False
    first = [cells[0].strip() for cells in longer]
    if len(longer) < FEWEST:
        return True
    if len(set(first)) < len(first):
        return False
    if not all(map(is_number, first)):
        return True
    counts = all(cell.isdigit() for cell in first) and all(
        int(after) == int(before) + 1 for before, after in pairwise(first)
    )
    return counts and _COUNTER.search(names[0].strip()) is None

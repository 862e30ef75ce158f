"""Whether the numbers of a file have a decimal point or a decimal comma, and what separates thousands."""

import re
from collections.abc import Sequence

from ann_tui.data.cells.cell_types import is_number, is_void
from ann_tui.data.cells.grammar import EITHER_COMMA, IN_GROUPS, MONEY, SIGNED_DIGITS_CELL, SURELY_DECIMAL

LOOKED_AT = 400
PLAIN = b"0123456789.,+-' "
"""Of these alone no currency is written."""

DIGIT = re.compile(rb"\d")
FEWEST = 10
MOST_CELLS = 6_000
MOST_COLUMNS = 500


def find_number_format(records: Sequence[Sequence[bytes]], delimiter: str) -> tuple[str, str]:
    """The decimal sign and the separator of thousands ("" for none) of the numbers in the records.

    A sign is taken for decimal where it cannot separate thousands (1,5 or 1.234,5) in more cells than the
    other; the point is the default. Only columns that consist mostly of numbers are looked at.
    """
    width = max(map(len, records[:LOOKED_AT]), default=1)
    cells = _cells_of_number_columns(records[: max(FEWEST, min(LOOKED_AT, MOST_CELLS // width))])
    commas = sum(SURELY_DECIMAL[b","].fullmatch(cell) is not None for cell in cells)
    points = sum(SURELY_DECIMAL[b"."].fullmatch(cell) is not None for cell in cells)
    if commas == points == 0 and delimiter != ",":
        decimal = "," if _varied_groups(cells) else "."
    else:
        decimal = "," if commas > points else "."
    for mark in (b"." if decimal == "," else b",", b"'", b" "):
        if any(IN_GROUPS[mark].fullmatch(cell) for cell in cells) and _only_groups(cells, mark):
            return decimal, mark.decode()
    return decimal, ""


def _cells_of_number_columns(records: Sequence[Sequence[bytes]]) -> list[bytes]:
    """The cells with a sign other than digits in them, of the columns in which most cells are numbers."""
    found = []
    width = max(map(len, records), default=0)
    for column in range(0, width, max(1, width // MOST_COLUMNS)):
        cells = [_without_currency(record[column]) for record in records if column < len(record)]
        present = [cell for cell in cells if not is_void(cell)]
        signed = [cell for cell in present if 2 < len(cell) < 40 and not cell.isdigit()]
        if signed and sum(map(is_number, present)) >= 0.8 * len(present):
            found += signed
    return found


def _without_currency(cell: bytes) -> bytes:
    """The cell without a sign or code of a currency before or behind it."""
    if len(cell) > 40 or not cell.translate(None, PLAIN) or DIGIT.search(cell) is None:
        return cell
    return MONEY.sub("", cell.decode("utf-8", "replace")).encode()


def _varied_groups(cells: list[bytes]) -> bool:
    """Numbers such as 0,123 next to 12,500 among cells of one to three digits, a comma and three digits."""
    grouped = [cell.strip() for cell in cells if EITHER_COMMA.fullmatch(cell)]
    return any(cell.lstrip(b"+-").startswith(b"0") for cell in grouped)


def _only_groups(cells: list[bytes], mark: bytes) -> bool:
    """Whether the mark stands in numbers only where it separates groups of three digits."""
    marked = [cell for cell in cells if mark in cell.strip() and SIGNED_DIGITS_CELL.fullmatch(cell)]
    return sum(IN_GROUPS[mark].fullmatch(cell) is not None for cell in marked) >= 0.9 * len(marked)

"""Telling at a glance what a single cell is: a number, a date, empty, or words."""

import re
from collections.abc import Callable
from functools import lru_cache

from ann_tui.data.cells.grammar import (
    DATE_CELL,
    ERROR_AT_START,
    MISSING_CELL,
    NO_NUMBER_CELL,
    NUMBER_CELL,
    PLAIN_CELL,
)

_TROUBLE = re.compile(rb"[,;\t|]")


def _glance(expression: re.Pattern[bytes]) -> Callable[[bytes], bool]:
    """Whether a short cell matches. Answers are kept, for the same cells are asked about again and again."""

    @lru_cache(maxsize=1 << 13)
    def matches(cell: bytes) -> bool:
        return expression.fullmatch(cell) is not None

    return matches


_missing, _number, _date = _glance(MISSING_CELL), _glance(NUMBER_CELL), _glance(DATE_CELL)
_no_number = _glance(NO_NUMBER_CELL)
_plain = {decimal: _glance(expression) for decimal, expression in PLAIN_CELL.items()}


def is_missing(cell: bytes) -> bool:
    """Whether the cell is empty or one of the usual marks of a missing value."""
    return len(cell) < 12 and _missing(cell)


def is_void(cell: bytes) -> bool:
    """Whether the cell has no value in a column of numbers: it is missing, infinite, or an error of a spreadsheet."""
    return is_missing(cell) or (len(cell) < 24 and _no_number(cell))


def begins_with_error(line: bytes) -> bool:
    """Whether a line begins with an error of a spreadsheet (#DIV/0!), which is a cell and no comment."""
    return ERROR_AT_START.match(line) is not None


def is_number(cell: bytes) -> bool:
    """Whether the cell is a number, with currency, percent and separators of thousands allowed."""
    return len(cell) < 60 and _number(cell)


def is_plain_number(cell: bytes, decimal: bytes = b".") -> bool:
    """Whether the cell is a number in digits alone, with the given decimal sign."""
    return len(cell) < 60 and _plain[decimal](cell)


def is_date(cell: bytes) -> bool:
    """Whether the cell looks like a date or a time."""
    return len(cell) < 60 and _date(cell)


def is_typed(cell: bytes) -> bool:
    """Whether the cell is a number or a date, and no words."""
    return is_number(cell) or is_date(cell)


def is_clean(cell: bytes) -> bool:
    """Whether the cell looks like one value: typed, or words without a delimiter in them."""
    return is_missing(cell) or is_typed(cell) or _TROUBLE.search(cell[:2000]) is None

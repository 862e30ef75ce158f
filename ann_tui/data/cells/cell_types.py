"""Telling at a glance what a single cell is: a number, a date, empty, or words."""

import re

_DIGITS = rb"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
_NUMBER = re.compile(rb"\s*" + _DIGITS + rb"\s*")
_FORMATTED = re.compile(
    rb"\s*\(?[+-]?\s*(?:\$|\xe2\x82\xac|\xc2\xa3|\xc2\xa5)?\s*-?(?:\d{1,3}(?:[., '\xc2\xa0]{1,2}\d{3})+(?:[.,]\d+)?|"
    + _DIGITS
    + rb")\s*(?:%|\$|\xe2\x82\xac|\xc2\xa3|\xc2\xa5)?\)?\s*"
)
_DATE = re.compile(
    rb"\s*(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"
    rb"|[A-Za-z]{3,9} \d{1,2},? \d{4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\s*"
    rb"|\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*"
)
_MISSING = re.compile(rb"\s*(?:|na|n/a|nan|null|none|\?|--?|\.|#n/a|unknown|<na>|\\n)\s*", re.IGNORECASE)
_TROUBLE = re.compile(rb"[,;\t|]")


def is_missing(cell: bytes) -> bool:
    """Whether the cell is empty or one of the usual marks of a missing value."""
    return len(cell) < 12 and _MISSING.fullmatch(cell) is not None


def is_number(cell: bytes) -> bool:
    """Whether the cell is a number, with currency, percent and separators of thousands allowed."""
    return len(cell) < 60 and _FORMATTED.fullmatch(cell) is not None


def is_plain_number(cell: bytes, decimal: bytes = b".") -> bool:
    """Whether the cell is a number in digits alone, with the given decimal sign."""
    other = b"," if decimal == b"." else b"."
    return len(cell) < 60 and other not in cell and _NUMBER.fullmatch(cell) is not None


def is_date(cell: bytes) -> bool:
    """Whether the cell looks like a date or a time."""
    return len(cell) < 60 and _DATE.fullmatch(cell) is not None


def is_typed(cell: bytes) -> bool:
    """Whether the cell is a number or a date, and no words."""
    return is_number(cell) or is_date(cell)


def is_clean(cell: bytes) -> bool:
    """Whether the cell looks like one value: typed, or words without a delimiter in them."""
    return is_missing(cell) or is_typed(cell) or _TROUBLE.search(cell[:2000]) is None

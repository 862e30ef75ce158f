"""The first of the four choices: which file, how it is read, and what its columns mean."""

from dataclasses import dataclass, field
from typing import Literal

DEFAULT_MISSING_MARKS = (
    "", "NA", "N/A", "NaN", "null", "none", "?", "-", "--", ".", "#N/A", "unknown", "<NA>", "\\N",
)  # fmt: skip
"""The texts that stand for a missing value; upper and lower case and surrounding spaces do not matter."""


@dataclass(frozen=True)
class Dialect:
    """How a text file spells a table. The defaults are those of RFC 4180 with a header.

    ``skip`` counts the lines above the header, ``footer`` the records below the last row; both are
    reported, never silently left out. ``quote``, ``thousands``, ``comment`` and ``escape`` are empty where
    the file has none. ``collapse`` joins a run of delimiters into one (columns aligned with spaces) and
    ``trim`` ignores the spaces that follow a delimiter.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    decimal: str = "."
    thousands: str = ""
    header: bool = True
    comment: str = ""
    skip: int = 0
    footer: int = 0
    escape: str = ""
    collapse: bool = False
    trim: bool = False


@dataclass(frozen=True)
class Source:
    """Which file, which target, and what the person decided about the columns.

    Only what differs from the detected or inferred is stored, so that an empty source of a path means
    "as the file says". ``included`` names columns that a finding would leave out and the person keeps.
    ``column_marks`` replaces, for one column, the texts that stand for a missing value.
    ``sample_rows`` reads that many random rows in file order instead of all of them.
    """

    path: str
    target: str | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    dialect: Dialect | None = None
    missing_marks: tuple[str, ...] = DEFAULT_MISSING_MARKS
    column_marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    task: Literal["classification", "regression"] | None = None
    sample_rows: int | None = None

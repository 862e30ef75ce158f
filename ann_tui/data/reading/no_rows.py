"""What is said of a file in which no row has a value."""

from collections.abc import Sequence

from ann_tui.data.cells.table import DroppedRow


def no_rows(shown: str, header: bool, dropped: Sequence[DroppedRow], blank: int) -> str:
    """Why a file gives no row: the first of those that were dropped, or `blank` records without a value."""
    if dropped:
        return (
            f"{shown} has no rows that fit its header; the first: line {dropped[0].line}, {dropped[0].reason}"
        )
    if blank:
        return f"{with_rows(shown, header, blank)}, but every cell in them is blank"
    return f"{shown} has a header but no rows"


def with_rows(shown: str, header: bool, rows: int) -> str:
    """The file with what it has."""
    count = "1 row" if rows == 1 else f"{rows:,} rows"
    return f"{shown} has {'a header and ' if header else ''}{count}"

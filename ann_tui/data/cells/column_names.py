"""What is said of a column that a table doesn't have."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

LISTED = 12
"""So many columns are named where none resembles the one that is missing."""


def no_column(name: str, columns: Sequence[str]) -> str:
    """That there is no column of this name, with those that may have been meant."""
    near = difflib.get_close_matches(name.casefold(), [column.casefold() for column in columns], 3)
    meant = [repr(column) for word in near for column in columns if column.casefold() == word]
    if meant:
        return f"there is no column {name!r}; did you mean {' or '.join(dict.fromkeys(meant))}?"
    more = ", …" if len(columns) > LISTED else ""
    return f"there is no column {name!r}; the columns are: {', '.join(columns[:LISTED])}{more}"

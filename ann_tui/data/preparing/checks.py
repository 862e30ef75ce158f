"""Checks of numbers that come back from a file."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ann_tui.data.plain_text import printable


def check_finite(*numbers: float) -> None:
    """Raises ValueError when a number is NaN or infinite."""
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("a fitted number isn't finite")


def check(holds: bool, message: str) -> None:
    """Raises ValueError with the message unless the condition holds."""
    if not holds:
        raise ValueError(message)


def check_distinct(what: str, names: Sequence[str]) -> None:
    """Raises ValueError when one of the names, each that of a `what`, is there twice."""
    known: set[str] = set()
    for name in names:
        check(name not in known, f"the {what} '{printable(name, 40)}' is there twice")
        known.add(name)

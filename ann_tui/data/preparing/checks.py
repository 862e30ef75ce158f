"""Checks of numbers that come back from a file."""

from __future__ import annotations

import math


def check_finite(*numbers: float) -> None:
    """Raises ValueError when a number is NaN or infinite."""
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("a fitted number isn't finite")


def check(holds: bool, message: str) -> None:
    """Raises ValueError with the message unless the condition holds."""
    if not holds:
        raise ValueError(message)

"""A letter for each group of rows, so that bars can be read without colours."""

from __future__ import annotations

import string
from collections.abc import Sequence

from rich.cells import cell_len

SPARE = string.ascii_uppercase + string.ascii_lowercase + string.digits
COLOURS = ("accent", "line-validation", "success", "foreground")
"""Colours of the theme, in turn."""
NOBODY = "?"


def group_marks(names: Sequence[str], spare: str = SPARE) -> tuple[str, ...]:
    """A character of one cell for each name, all different as far as there are any: its own first one that is free.

    Names without one of their own get the first of the `spare` ones that is free.
    """
    taken: set[str] = set()
    found = []
    for name in names:
        own = [letter for letter in name if letter.isalnum() and cell_len(letter) == 1]
        mark = next((letter for letter in [*own, *spare] if letter not in taken), NOBODY)
        taken.add(mark)
        found.append(mark)
    return tuple(found)


def group_colour(place: int) -> str:
    """The name of the colour of a group."""
    return COLOURS[place % len(COLOURS)]

"""How classes are told apart in a picture: by a letter and by a colour."""

from __future__ import annotations

import string
from collections.abc import Sequence

from ann_tui.data.plain_text import printable
from ann_tui.tui.charts.group_marks import group_marks

HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#b8a800", "#8c6bb1")
"""Colours for people with any kind of colour blindness (Okabe & Ito 2008), but for the last two."""


def letters_of(names: Sequence[str]) -> tuple[str, ...]:
    """A capital letter or digit for each class: the first of its name that is still free; `?` where none is left."""
    capitals = [printable(name, 40).upper() for name in names]
    return group_marks(capitals, string.ascii_uppercase + string.digits)


def hue_of(code: int) -> str:
    """The colour of a class, '#rrggbb'; of more than there are some have the same."""
    return HUES[code % len(HUES)]

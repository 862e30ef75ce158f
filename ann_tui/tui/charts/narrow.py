"""Texts of so many cells at most, as a canvas holds them."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from ann_tui.data.plain_text import printable


def narrow(text: object, limit: int) -> str:
    """The text on one line in at most `limit` cells, with an ellipsis where it is cut."""
    found = printable(text, max(limit, 1))
    if cell_len(found) > limit:
        found = set_cell_size(found, max(limit - 1, 0)).rstrip() + ("…" if limit > 0 else "")
    return found

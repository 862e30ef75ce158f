"""Texts of characters one cell wide, as a canvas holds them."""

from __future__ import annotations

from rich.cells import cell_len

from ann_tui.data.plain_text import printable


def narrow(text: object, limit: int) -> str:
    """The text in at most `limit` cells; characters of another width than one cell are `□`."""
    found = printable(text, max(limit, 1))
    if len(found) != cell_len(found) or not found.isascii():
        found = "".join(character if cell_len(character) == 1 else "□" for character in found)
    return found[: max(limit, 0)]

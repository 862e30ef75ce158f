"""Styled text for widgets: whatever comes from a file goes through here, and is never read as markup."""

from __future__ import annotations

from rich.text import Text

from ann_tui.data.plain_text import printable


def plain(value: object, limit: int = 60, style: str = "") -> Text:
    """Text from a file, shown as it is: no markup, control characters made visible, at most `limit` wide."""
    return Text(printable(str(value), limit), style=style, no_wrap=True, end="")


def right(value: object, style: str = "") -> Text:
    """A right-aligned cell of a table, usually a figure."""
    return Text(str(value), style=style, justify="right", no_wrap=True, end="")


def line(*parts: str | tuple[str, str] | Text) -> Text:
    """One line of text put together from pieces, each plain, with a style, or a text already."""
    return Text.assemble(*parts, no_wrap=True, overflow="ellipsis", end="")


def unforeseen(error: Exception) -> str:
    """One line for an error that nobody has thought of."""
    return f"unexpected {type(error).__name__}: {' '.join(str(error).split())[:200]}"

"""Elements of HTML and SVG whose text is always escaped: what is no `Html` already is shown as it is."""

from __future__ import annotations

import html
from collections.abc import Iterable

from ann_tui.data.plain_text import visible

EMPTY = frozenset({"meta", "circle", "line", "path", "rect", "polyline", "br"})
"""Elements without content."""


class Html(str):
    """Text that is HTML. Only `element` and `joined` make it of other text, which they escape."""

    __slots__ = ()


def text(value: object) -> Html:
    """A text from anywhere as HTML that shows it; what would reorder or hide text is shown by its number."""
    return value if isinstance(value, Html) else Html(html.escape(visible(str(value))))


def element(tag: str, *children: object, **attributes: object) -> Html:
    """An element. Attributes that are None are left out; `class_` is class, `_` in a name is -."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(visible(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if tag in EMPTY:
        return Html(f"<{tag}{told}/>")
    return Html(f"<{tag}{told}>{joined(children)}</{tag}>")


def joined(children: Iterable[object]) -> Html:
    """Several texts and elements, one behind the other."""
    return Html("".join(map(text, children)))

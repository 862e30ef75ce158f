"""The page of the lesson that lies under a screen: its title, its sentences, and what to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

if TYPE_CHECKING:
    from ann_tui.tui.lesson.page import PageInView


class LessonStrip(Static):
    """As many lines as its words take, above the keys."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LessonStrip {
        dock: bottom;
        height: auto;
        max-height: 40%;
        margin: 0 0 1 0;
        padding: 0 1;
        background: $boost;
        color: $foreground;
    }
    """

    def show_page(self, page: PageInView) -> None:
        """Show a page."""
        self.update(words_of(page, self.app.theme_variables["accent"]))


def words_of(page: PageInView, accent: str) -> Text:
    """The words of a page, its keys in the accent's colour and bold."""
    key = f"bold {accent}"
    text = Text.assemble(
        (f"Lesson {page.number} of {page.of}: {page.title}", "bold"),
        "   ",
        *(("<", key), " back  ") if page.number > 1 else (),
        *((">", key), " on  ") if page.number < page.of else (),
        ("L", key),
        " leaves it\n" if page.number < page.of else " ends it\n",
        f"{page.says}\n",
        ("Try: ", "bold"),
    )
    for place, piece in enumerate(page.tries.split("`")):
        text.append(piece, key if place % 2 else "")
    return text

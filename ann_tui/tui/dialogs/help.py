"""Help for the screen in front: the word of the panel in focus, what the screen is for, its keys, its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from ann_tui.experiments.workbench import Workbench
from ann_tui.tui.bound_actions import BoundAction, bound_actions
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.dialogs.help_texts import HELP, HelpText
from ann_tui.tui.words.word import Word, place_of_word


class HelpScreen(Dialog[None]):
    """A page of help, scrolled with the arrow keys; `tab` walks through the words of the screen."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,f1,question_mark,q", "close", "close", show=False),
        Binding("tab", "word(1)", "next word", show=False),
        Binding("shift+tab", "word(-1)", "word before", show=False),
    ]

    def __init__(
        self, text: HelpText, actions: Sequence[BoundAction], workbench: Workbench, places: Sequence[str] = ()
    ) -> None:
        """`places` are what is in focus, from the narrowest to the widest, as `Word.places` names them."""
        super().__init__()
        self._text, self._actions, self._workbench = text, actions, workbench
        self._word = place_of_word(text.words, places)

    @classmethod
    def of(cls, screen: Screen[Any], mode: str, workbench: Workbench) -> HelpScreen:
        """The help of a screen, its own `HELP_PAGE` or the step's: its keys now, the word of what is in focus."""
        places = getattr(screen, "places_in_focus", ())
        page = getattr(screen, "HELP_PAGE", mode)
        return cls(HELP.get(page, HELP["start"]), tuple(bound_actions(screen)), workbench, places)

    def compose(self) -> ComposeResult:
        """A word, purpose, keys, views, words."""
        with VerticalScroll(id="help") as page:
            page.border_title = Text(self._text.title)
            words = "tab next word   " if self._text.words else ""
            page.border_subtitle = f"{words}↑ ↓ scroll   esc closes"
            if self._text.words:
                yield Static("", id="word")
            yield Static(Text(self._text.purpose), classes="paragraph")
            bound = [action for action in self._actions if action.keys]
            yield Static(_keys([action for action in bound if not action.everywhere], "On this screen"))
            views = [(action.name, action.explanation) for action in self._actions if not action.keys]
            if views:
                yield Static(_pairs(views, "Views"))
            if everywhere := [action for action in bound if action.everywhere]:
                yield Static(_keys(everywhere, "Everywhere"))
            if self._text.words:
                yield Static(_pairs([(word.name, word.says) for word in self._text.words], "Words"))

    def on_mount(self) -> None:
        """The arrow keys scroll."""
        self.query_one("#help").focus()
        self._show_word()

    def _show_word(self) -> None:
        if self._text.words:
            word = self._text.words[self._word]
            self.query_one("#word", Static).update(
                _word_text(word, self._word + 1, len(self._text.words), self._workbench, self._accent)
            )

    @property
    def _accent(self) -> str:
        return self.app.theme_variables["accent"]

    def action_word(self, step: int) -> None:
        """The next word of the screen, at the top of the page."""
        if self._text.words:
            self._word = (self._word + step) % len(self._text.words)
            self._show_word()
            self.query_one("#help").scroll_home(animate=False)

    def action_close(self) -> None:
        """Back to the screen."""
        self.dismiss(None)


def _word_text(word: Word, number: int, of: int, workbench: Workbench, accent: str) -> Text:
    """The word with what it is, what it is called elsewhere, and what it is here."""
    text = Text.assemble(
        (word.name, f"bold {accent}"), (f"   word {number} of {of}", "dim"), "\n", _sentence(word.says)
    )
    if word.elsewhere:
        text.append(f" Elsewhere: {word.elsewhere}.", "dim")
    here = word.here(workbench)
    if here:
        text.append(f"\n{here}")
    return text


def _sentence(says: str) -> str:
    return f"{says[0].upper()}{says[1:]}" + ("" if says.endswith(".") else ".")


def _keys(actions: Sequence[BoundAction], heading: str) -> Table:
    return _pairs([("  ".join(action.keys), action.explanation) for action in actions], heading)


def _pairs(pairs: Sequence[tuple[str, str]], heading: str) -> Table:
    table = Table(box=None, show_header=True, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text(heading, style="bold"), no_wrap=True, min_width=14)
    table.add_column("")
    for left, right in pairs:
        table.add_row(Text(left), Text(right))
    return table

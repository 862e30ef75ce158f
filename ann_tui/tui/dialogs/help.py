"""Help for the screen in front: what it is for, its keys, its words."""

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

from ann_tui.tui.bound_actions import BoundAction, bound_actions
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.dialogs.help_texts import HELP, HelpText


class HelpScreen(Dialog[None]):
    """A page of help, scrolled with the arrow keys."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar = [Binding("escape,f1,question_mark,q", "close", "close", show=False)]

    def __init__(self, text: HelpText, actions: Sequence[BoundAction]) -> None:
        super().__init__()
        self._text = text
        self._actions = actions

    @classmethod
    def of(cls, screen: Screen[Any], mode: str) -> HelpScreen:
        """The help of a screen, with the keys that work on it now."""
        return cls(HELP.get(mode, HELP["start"]), tuple(bound_actions(screen)))

    def compose(self) -> ComposeResult:
        """Purpose, keys, views, words."""
        with VerticalScroll(id="help") as page:
            page.border_title = Text(self._text.title)
            page.border_subtitle = "esc closes"
            yield Static(Text(self._text.purpose), classes="paragraph")
            bound = [action for action in self._actions if action.keys]
            yield Static(_keys([action for action in bound if not action.everywhere], "On this screen"))
            views = [(action.name, action.explanation) for action in self._actions if not action.keys]
            if views:
                yield Static(_pairs(views, "Views"))
            yield Static(_keys([action for action in bound if action.everywhere], "Everywhere"))
            if self._text.words:
                yield Static(_pairs(self._text.words, "Words"))

    def on_mount(self) -> None:
        """The arrow keys scroll."""
        self.query_one("#help").focus()

    def action_close(self) -> None:
        """Back to the screen."""
        self.dismiss(None)


def _keys(actions: Sequence[BoundAction], heading: str) -> Table:
    return _pairs([("  ".join(action.keys), action.explanation) for action in actions], heading)


def _pairs(pairs: Sequence[tuple[str, str]], heading: str) -> Table:
    table = Table(box=None, show_header=True, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text(heading, style="bold"), no_wrap=True, min_width=14)
    table.add_column("")
    for left, right in pairs:
        table.add_row(Text(left), Text(right))
    return table

"""One column before and after the preparation: two histograms, and each step in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from ann_tui.figures import counted
from ann_tui.tui.latest import Latest, WorkedOut
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.effects_table import effects_text
from ann_tui.tui.widgets.histogram_view import ROWS_AT_ONCE, HistogramView

if TYPE_CHECKING:
    from ann_tui.data.preparing.before_after import BeforeAfter
    from ann_tui.data.preparing.prepare import PreparedData


class ChangePanel(Vertical):
    """Shows what the preparation makes of one column."""

    DEFAULT_CSS = """
    ChangePanel #before-after { height: 1fr; min-height: 4; }
    ChangePanel #before-after > Vertical { width: 1fr; height: 1fr; }
    ChangePanel #before-after > Vertical > Static { height: 1; color: $muted; }
    ChangePanel #arrow { width: 3; height: 1; content-align: center middle; color: $muted; }
    ChangePanel #detail-scroll { height: auto; max-height: 40%; }
    ChangePanel #detail { height: auto; }
    """

    def __init__(self, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)
        self._found: Latest[BeforeAfter] = Latest(self)
        self._shown: tuple[PreparedData, str] | None = None

    def compose(self) -> ComposeResult:
        """Before, after, and the steps below them."""
        with Horizontal(id="before-after"):
            with Vertical():
                yield Static("", id="before-title")
                yield HistogramView(id="before")
            yield Static("→", id="arrow")
            with Vertical():
                yield Static("", id="after-title")
                yield HistogramView(id="after", focusable=False)
        with VerticalScroll(id="detail-scroll", can_focus=False):
            yield Static("", id="detail")

    def show(self, prepared: PreparedData, name: str) -> None:
        """Show a feature or the target; of a long table the histograms come when a thread has counted them."""
        from ann_tui.data.preparing.before_after import before_after

        self._shown = prepared, name
        at_once = len(prepared.table.frame) <= ROWS_AT_ONCE
        found = self._found.ask(prepared, name, lambda: before_after(prepared, name), at_once=at_once)
        self.border_title = Text(f"{plain(name, 40).plain}: before → after")
        self.query_one("#detail", Static).update(effects_text(prepared, name))
        if found is None or isinstance(found, str):
            self._draw(Text(""), Text(""), instead=found or "counting …")
            return
        before = Text(f"as read · {counted(found.before.rows, 'row')}")
        rows = sum(len(part.rows) for part in (prepared.training, prepared.validation, prepared.test))
        fewer = "" if rows == found.before.rows else f" · {counted(rows, 'row')}"
        after = Text(f"for the network: {plain(found.what, 30).plain}{fewer}")
        self._draw(before, after, found)

    def say(self, text: Text) -> None:
        """Say something in the place of a column."""
        self._shown = None
        self.border_title = "Before → after"
        self._draw(Text(""), Text(""))
        self.query_one("#detail", Static).update(text)

    def _draw(self, before: Text, after: Text, found: BeforeAfter | None = None, instead: str = "") -> None:
        self.query_one("#before-title", Static).update(before)
        self.query_one("#after-title", Static).update(after)
        none = "a number for each hash: no single picture" if found is not None else ""
        self.query_one("#before", HistogramView).show(
            None if found is None else found.before, instead=instead
        )
        self.query_one("#after", HistogramView).show(None if found is None else found.after, instead=none)
        self.query_one("#arrow").display = found is not None

    @on(WorkedOut)
    def _worked_out(self, message: WorkedOut) -> None:
        message.stop()
        self._found.take(message)
        if self._shown is not None:
            self.show(*self._shown)

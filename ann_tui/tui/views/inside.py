"""What views of a network's inside share: a picture that is worked out beside the keyboard, and a cursor in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static

from ann_tui.insight.weight_tables import WeightTable, grouped_inputs, weight_tables
from ann_tui.training.snapshot import ENDED
from ann_tui.tui.charts.canvas import Canvas
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.text import unforeseen
from ann_tui.tui.views.view import Inside, ViewWidget

if TYPE_CHECKING:
    from ann_tui.network.network import Network

A_SECOND = 4
"""So often a second a picture is worked out anew while a training goes on, at most."""
REST = 25
"""After each of them so many times as long passes as it took, so that the training is hardly held up."""


class InsideView(ViewWidget[Inside], can_focus=True):
    """A picture of a network's inside, and a line or two under it.

    A subclass says in `find` what takes time, and in `paint` how it is drawn. Arrows move the cursor.
    """

    DEFAULT_CSS = """
    InsideView {
        height: 1fr;
        & > .caption { height: auto; max-height: 4; color: $muted; padding: 0 1; }
    }
    """
    FILLS: ClassVar[bool] = True
    SLOW: ClassVar[bool] = True
    """Whether `find` is done in a thread."""
    BINDINGS: ClassVar = [
        Binding("up", "step(-1, 0)", "input", show=False),
        Binding("down", "step(1, 0)", "input", show=False),
        Binding("left", "step(0, -1)", "unit", show=False),
        Binding("right", "step(0, 1)", "unit", show=False),
        Binding("pageup", "step(-10, 0)", "input", show=False),
        Binding("pagedown", "step(10, 0)", "input", show=False),
        Binding("left_square_bracket", "table(-1)", "layer", key_display="[ ]"),
        Binding("right_square_bracket", "table(1)", "next layer", show=False),
        Binding("comma", "member(-1)", "member before", show=False),
        Binding("full_stop", "member(1)", "next member", show=False),
        Binding("enter", "open", "its page", key_display="enter"),
    ]

    class Found(Message):
        """What takes time has been worked out, or can't be."""

        def __init__(self, data: Inside, key: object, found: Any, seconds: float, problem: str) -> None:
            super().__init__()
            self.data, self.key, self.found, self.seconds, self.problem = data, key, found, seconds, problem

    class Opened(Message):
        """The person wants to look closer at the unit under the cursor."""

    class Moved(Message):
        """The cursor has moved."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted: Inside | None = None
        self._busy = self._waits = False
        self._next = 0.0
        self._found: tuple[object, Any] | None = None
        self.painted: Inside | None = None

    def compose(self) -> ComposeResult:
        """The picture and the lines under it."""
        yield Picture(classes="inside-picture")
        yield Static("", classes="caption")

    # -- what a subclass says ------------------------------------------------------------------------------

    def find(self, data: Inside, cancelled: Callable[[], bool]) -> Any:
        """What takes time."""
        return None

    def found_from(self, data: Inside) -> tuple[object, ...]:
        """What `find` follows from."""
        return data.run, data.epoch, data.row, data.cursor.member

    def paint(self, data: Inside, found: Any, width: int, height: int) -> Canvas:
        """The picture."""
        raise NotImplementedError

    def caption(self, data: Inside, found: Any) -> Text:
        """The lines under it."""
        return Text("")

    def heading(self, title: str, data: Inside) -> str:
        """With the epoch, the member, and a word where another network answers new rows."""
        several = data.network.members
        member = f" · member {data.cursor.member + 1} of {several} ( , . )" if several > 1 else ""
        again = " · before it was trained again" if data.run.refitted is not None else ""
        return f"{title} · epoch {data.epoch:,}{member}{again}"

    # -- working it out ------------------------------------------------------------------------------------

    def draw(self, data: Inside) -> None:
        """Bring the picture up to date, now or a little later."""
        self._wanted = data
        key = self.found_from(data)
        if self._found is not None and _alike(self._found[0], key):
            self._show(data, self._found[1])
        elif not self.SLOW:
            self._found = key, self.find(data, lambda: False)
            self._show(data, self._found[1])
        else:
            self._begin()

    def _begin(self) -> None:
        data = self._wanted
        if self._busy or data is None or self._waits:
            return
        wait = self._next - time.monotonic()
        if data.snapshot.state not in ENDED and wait > 0:
            self._waits = True
            self.set_timer(wait, self._go_on)
            return
        self._busy = True
        self.run_worker(partial(self._work, data, self.found_from(data)), thread=True, group="inside")

    def _go_on(self) -> None:
        self._waits = False
        self._begin()

    def _work(self, data: Inside, key: object) -> None:
        began, problem, found = time.thread_time(), "", None
        try:
            found = self.find(data, lambda: not self.is_attached)
        except Exception as error:
            problem = unforeseen(error)
        self.post_message(self.Found(data, key, found, time.thread_time() - began, problem))

    def on_inside_view_found(self, message: Found) -> None:
        """Show it, and begin with what is wanted by now."""
        message.stop()
        self._busy = False
        self._next = time.monotonic() + max(1 / A_SECOND, REST * message.seconds)
        if message.problem:
            self.query_one(".caption", Static).update(Text(message.problem))
            return
        self._found = message.key, message.found
        wanted = self._wanted
        if wanted is None:
            return
        if _alike(self.found_from(wanted), message.key):
            self._show(wanted, message.found)
        else:
            self._show(message.data, message.found)
            self._begin()

    def _show(self, data: Inside, found: Any) -> None:
        self.painted = data
        self.query_one(Picture).show(partial(self.paint, data, found))
        caption = self.caption(data, found)
        self.query_one(".caption", Static).update(caption)

    # -- the cursor ----------------------------------------------------------------------------------------

    def tables(self, data: Inside) -> tuple[WeightTable, ...]:
        """The tables of the member that is looked at."""
        return tables_of(data)

    def action_step(self, down: int, across: int) -> None:
        """Move the cursor over inputs and units."""
        data = self.data
        if data is None:
            return
        table = self.tables(data)[data.cursor.table]
        cursor = data.cursor
        cursor.input = max(0, min(table.inputs - 1, cursor.input + down))
        cursor.unit = max(0, min(table.units - 1, cursor.unit + across))
        self.moved()

    def action_table(self, step: int) -> None:
        """Go to another layer."""
        data = self.data
        if data is None:
            return
        data.cursor.go_to(
            data.cursor.table + step, [(table.units, table.inputs) for table in self.tables(data)]
        )
        self.moved()

    def action_member(self, step: int) -> None:
        """Go to another member."""
        data = self.data
        if data is not None:
            data.cursor.member = (data.cursor.member + step) % data.network.members
            self.moved()

    def action_open(self) -> None:
        """Look closer at the unit under the cursor."""
        self.post_message(self.Opened())

    def moved(self) -> None:
        """Draw the cursor where it is now."""
        self.post_message(self.Moved())
        if self.data is not None:
            self.show(self.data)


def _alike(one: object, other: object) -> bool:
    return (
        isinstance(one, tuple)
        and isinstance(other, tuple)
        and len(one) == len(other)
        and all(a is b or (isinstance(a, int | str) and a == b) for a, b in zip(one, other, strict=True))
    )


def member_of(data: Inside) -> Network:
    """The member that is looked at, as a network of its own."""
    return data.network.member(min(data.cursor.member, data.network.members - 1))


def tables_of(data: Inside) -> tuple[WeightTable, ...]:
    """The weights of the member that is looked at, by name."""
    fitted = data.run.prepared.fitted
    return weight_tables(member_of(data), fitted.input_names, fitted.target.output_names)


def input_order(data: Inside, table: int) -> list[int]:
    """The order in which a table's inputs are listed.

    Those of the network itself stand by column, that with the largest weight first; bins stand behind their number,
    or behind all others where they weigh little.
    """
    values = tables_of(data)[table].values
    if table:
        return list(range(len(values)))
    fitted = data.run.prepared.fitted
    bins = [(place, len(edges) - 1) for place, edges in fitted.scaled_edges]
    return grouped_inputs(fitted.feature_origins, bins, np.abs(values).max(axis=1))

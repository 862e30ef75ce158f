"""The page of one unit of a network, and the way to its neighbours."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message

from ann_tui.experiments.inside import Inquiry, Relevant
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.dialogs.network_dialog import NetworkDialog
from ann_tui.tui.text import plain
from ann_tui.tui.views.inside import tables_of
from ann_tui.tui.views.neuron_page import Neuron, paint_neuron
from ann_tui.tui.views.view import Inside


class NeuronScreen(NetworkDialog):
    """What a unit listens to, how it bends the sum, for which rows it fires, and where it sends to."""

    CSS_PATH = "neuron.tcss"
    BINDINGS: ClassVar = [Binding("enter", "leave", "leave", show=False)]

    class Relevance(Message):
        """How relevant the units are."""

        def __init__(self, member: int, found: Relevant | None) -> None:
            super().__init__()
            self.member, self.found = member, found

    def __init__(self, data: Inside) -> None:
        """The unit under the cursor of what the views show."""
        super().__init__(data)
        self._at = 0
        self._inquiry: Inquiry | None = None
        self._relevant: dict[int, Relevant] = {}

    def compose(self) -> ComposeResult:
        """The picture."""
        with Vertical(id="neuron-box", classes="table-box"):
            yield Picture(id="neuron")

    def on_mount(self) -> None:
        """Show it; what takes longer follows."""
        self._ask()
        self._show()

    def _ask(self) -> None:
        data, member = self.data, self.data.cursor.member
        self._inquiry = inquiry = Inquiry(data.run.prepared, data.network.member(member))
        if member not in self._relevant:

            def work() -> None:
                self.post_message(self.Relevance(member, inquiry.silenced(lambda: not self.is_attached)))

            self.run_worker(work, thread=True, group="relevance", exit_on_error=False)

    def on_neuron_screen_relevance(self, message: Relevance) -> None:
        """It is known now."""
        message.stop()
        if message.found is not None:
            self._relevant[message.member] = message.found
            self._show()

    def show_unit(self, *, other_unit: bool = False, other_member: bool = False) -> None:
        """Begin with its strongest weight; another member is asked anew."""
        self._at = 0 if other_unit else self._at
        if other_member:
            self._ask()
        self._show()

    def _show(self) -> None:
        data, cursor = self.data, self.data.cursor
        tables = tables_of(data)
        table = tables[cursor.table]
        assert self._inquiry is not None
        values = np.abs(np.asarray(table.values[:, cursor.unit], np.float64))
        order = np.argsort(-values, kind="stable")
        self._at = max(0, min(self._at, len(order) - 1))
        layer = self._inquiry.unit(table, cursor.unit)
        sends: tuple[tuple[str, float], ...] = ()
        if cursor.table + 1 < len(tables):
            above = tables[cursor.table + 1]
            weights = np.asarray(above.values[cursor.unit], np.float64)
            strongest = np.argsort(-np.abs(weights), kind="stable")[:12]
            sends = tuple((above.unit_names[place], float(weights[place])) for place in strongest.tolist())
        relevant = self._relevant.get(cursor.member)
        classes = tuple(plain(name, 24).plain for name in data.classes)
        found = Neuron(
            table,
            cursor.unit,
            order,
            layer.sums,
            layer.codes,
            classes,
            layer.curve,
            layer.answers,
            sends,
            None if relevant is None else relevant.of(table.layer, cursor.unit),
            self._inquiry.course(data.run, data.cursor.member, table, int(order[self._at]), cursor.unit),
            data.epoch,
        )
        self.query_one("#neuron", Picture).show(partial(paint_neuron, found, self._at))
        box = self.query_one("#neuron-box")
        several = (
            f" · member {cursor.member + 1} of {data.network.members}" if data.network.members > 1 else ""
        )
        name = table.unit_names[cursor.unit]
        title = name if table.title in name else f"{table.title}, {name}"
        box.border_title = plain(f"{title} · epoch {data.epoch:,}{several}", 90)
        box.border_subtitle = "← → units   ↑ ↓ weights   \\[ ] layers   esc"

    def action_weight(self, step: int) -> None:
        """Another weight of the unit."""
        self._at += step
        self._show()

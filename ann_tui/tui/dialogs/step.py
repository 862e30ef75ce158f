"""One step of the training on one row, as numbers, in four stops."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from ann_tui.experiments.chosen_row import judging_rows, row_at
from ann_tui.experiments.inside import Step, StepError, batch_step_at, step_at
from ann_tui.figures import counted
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.dialogs.network_dialog import NetworkDialog
from ann_tui.tui.text import plain
from ann_tui.tui.views.inside import input_order, tables_of
from ann_tui.tui.views.step_words import STOPS, StepPlace, most_moved, paint_slice, step_words
from ann_tui.tui.views.view import Inside


class StepScreen(NetworkDialog):
    """Forward, cost, backward, update: on a copy, so that the run stays as it is."""

    CSS_PATH = "step.tcss"
    BINDINGS: ClassVar = [
        Binding("space,enter", "stop(1)", "on", show=False),
        Binding("backspace", "stop(-1)", "back", show=False),
        Binding("e", "row", "next row", show=False),
        Binding("shift+down", "scroll(1)", "scroll", show=False),
        Binding("shift+up", "scroll(-1)", "scroll back", show=False),
        Binding("N", "batch", "the next batch", show=False),
    ]

    def __init__(self, data: Inside) -> None:
        """On the chosen row of what the views show."""
        super().__init__(data)
        self._stop = 0
        self._step: Step | None = None
        self._row = data.row
        self._on_batch = False
        self._goes_to_most = data.cursor.all[:3] == (0, 0, 0)

    def compose(self) -> ComposeResult:
        """The words."""
        with VerticalScroll(id="step-box", classes="table-box", can_focus=False):
            yield Static("", id="step")
            yield Picture(id="step-slice")

    def on_mount(self) -> None:
        """Work it out, and begin with the forward pass."""
        if self._row is None or self._row.place is None:
            self._row = row_at(self.data.run.prepared, 0)
        self._trace()

    def _trace(self) -> None:
        data, row = self.data, self._row
        assert row is not None
        try:
            at = data.run, data.network, data.epoch, data.cursor.member
            self._step = batch_step_at(*at) if self._on_batch else step_at(*at, row)
        except StepError as error:
            self._step = None
            self.query_one("#step", Static).update(plain(str(error), 200))
            return
        if self._goes_to_most:
            self._goes_to_most = False
            self._go_to_most(self._step)
        self._show()

    def _go_to_most(self, step: Step) -> None:
        """Begin at the weight that the row moves most."""
        data = self.data
        found = most_moved(step, tables_of(data))
        if found is not None:
            data.cursor.table, data.cursor.unit, source = found
            data.cursor.input = input_order(data, data.cursor.table).index(source)

    def show_unit(self, *, other_unit: bool = False, other_member: bool = False) -> None:
        """The same stop there; another member takes a step of its own."""
        if other_member:
            self._trace()
        else:
            self._show()

    def _show(self) -> None:
        data, step = self.data, self._step
        if step is None:
            return
        cursor, network = data.cursor, data.network
        order = input_order(data, cursor.table)
        place = StepPlace(
            tables_of(data),
            cursor.table,
            cursor.unit,
            order[min(cursor.input, len(order) - 1)],
            data.classes,
            step.truth,
            network.design.cost_for(network.outputs),
        )
        self.query_one("#step", Static).update(step_words(step, place, self._stop))
        picture = self.query_one("#step-slice", Picture)
        picture.display = self._stop == len(STOPS) - 1
        picture.show(partial(paint_slice, step))
        box = self.query_one("#step-box")
        member = f" · member {cursor.member + 1} of {network.members}" if network.members > 1 else ""
        rows = f"the next batch, {counted(step.rows, 'row')}" if self._on_batch else step.first
        title = (
            f"One step · {rows} · epoch {data.epoch:,}{member} · {self._stop + 1} of 4: {STOPS[self._stop]}"
        )
        box.border_title = plain(title, 100)
        box.border_subtitle = "space, backspace  ← → unit  ↑ ↓ weight  \\[ ] layer  e row  N batch"

    def action_stop(self, by: int) -> None:
        """To another stop; behind the last one it begins again."""
        self._stop = (self._stop + by) % len(STOPS)
        self._show()

    def action_weight(self, by: int) -> None:
        """Another weight of the unit."""
        cursor = self.data.cursor
        cursor.input = (cursor.input + by) % tables_of(self.data)[cursor.table].inputs
        self._show()

    @property
    def places_in_focus(self) -> tuple[str, ...]:
        """What help speaks of first: the stop."""
        return (f"step:{STOPS[self._stop]}", *super().places_in_focus)

    def action_scroll(self, by: int) -> None:
        """Show more of what has no room."""
        self.query_one("#step-box").scroll_relative(y=3 * by, animate=False)

    def action_batch(self) -> None:
        """On the batch that the training takes next, or on the one row again."""
        self._on_batch = not self._on_batch
        self._trace()

    def action_row(self) -> None:
        """The next row."""
        self._on_batch = False
        prepared = self.data.run.prepared
        place = -1 if self._row is None or self._row.place is None else self._row.place
        self._row = row_at(prepared, (place + 1) % len(judging_rows(prepared).rows))
        self._trace()

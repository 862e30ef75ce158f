"""The layers' health over the epochs: how large weights, outputs and gradients are, and which units have stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from ann_tui.experiments.inside import Inquiry
from ann_tui.figures import number, percent
from ann_tui.insight.health import LayerHealth, health
from ann_tui.training.snapshot import ENDED
from ann_tui.tui.charts.axis import Axis
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.inks import FAINT, HERE, TEXT
from ann_tui.tui.charts.layers import Line
from ann_tui.tui.views.inside import InsideView, tables_of
from ann_tui.tui.views.view import INSIDE, Inside, view

MOST_EPOCHS = 60
"""Of so many kept epochs at most, and of the newest, health is told."""
A_TURN = 6
"""Of so many epochs more health is told at a time while a training goes on."""
HEALTHY = "nothing speaks against it"
MANY_DEAD, FAST = 0.25, 0.5
"""A share of units that is worth a word; by how much an epoch may change a layer before it is worth one."""
ROWS = ("weights", "outputs", "gradients", "update", "stopped")


@dataclass(frozen=True, eq=False)
class Course:
    """The health of each layer at kept epochs, (epochs,) of them."""

    epochs: tuple[int, ...]
    layers: tuple[tuple[LayerHealth, ...], ...]


def verdict(course: list[LayerHealth]) -> str:
    """What speaks against a layer at the newest of some epochs, in a few words; `HEALTHY` where nothing does."""
    newest = course[-1]
    if not np.isfinite(newest.weights).all():
        return "its weights are no numbers any more"
    if newest.dead >= MANY_DEAD:
        return f"{percent(newest.dead, 0)} of its units are dead: less rate, or leaky relu"
    if newest.saturated >= MANY_DEAD:
        return f"{percent(newest.saturated, 0)} of its units are saturated: less rate, or a norm before"
    if newest.update is not None and newest.update > FAST:
        return "an epoch changes much of it: the rate may be too high"
    return HEALTHY


@view(
    INSIDE,
    "health",
    "Layers' health",
    "how large a layer's weights, outputs and gradients are over the epochs, and which of its units have stopped",
    classes=True,
    numbers=True,
    place=4,
)
class HealthView(InsideView):
    """Five small rows of the layer that the cursor is in: bands from 5 to 95 %, the update, stopped units."""

    DEFAULT_CSS: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[int, int], tuple[LayerHealth, ...]] = {}
        self._known_of: object = None

    def found_from(self, data: Inside) -> tuple[object, ...]:
        """The run, the member, and how far it has come."""
        return data.run, data.cursor.member, data.snapshot.epoch, data.snapshot.state

    def find(self, data: Inside, cancelled: Callable[[], bool]) -> Course:
        """The health at kept epochs; what is known already is taken."""
        run, member = data.run, data.cursor.member
        if self._known_of is not run:
            self._known, self._known_of = {}, run
        timeline = run.timeline
        kept = () if timeline is None else timeline.epochs
        if not kept:
            inquiry = Inquiry(run.prepared, data.network.member(member))
            return Course((data.epoch,), (health(inquiry.network, inquiry.x, inquiry.y, inquiry.weight),))
        # Every second, fourth, … of them, so that what is known stays of use as more are kept.
        stride = 1
        while len(kept) > stride * MOST_EPOCHS:
            stride *= 2
        epochs = [*kept[:-1:stride], kept[-1]]
        before: tuple[int, NDArray[Any]] | None = None
        network = run.network.copy()
        assert timeline is not None
        left = len(epochs) if data.snapshot.state in ENDED else A_TURN
        for epoch in epochs:
            weights = timeline.at(epoch)
            if weights is None or cancelled():
                continue
            if (epoch, member) not in self._known:
                if left == 0 and epoch != epochs[-1]:
                    continue
                left = max(0, left - 1)
                network.weights[:], network.statistics[:] = weights.weights, weights.statistics
                inquiry = Inquiry(run.prepared, network.member(member))
                own = network.member(member)
                of_before = None
                if before is not None and epoch > before[0]:
                    earlier = before[1].reshape(network.members, -1)[member]
                    of_before = earlier, epoch - before[0]
                self._known[epoch, member] = health(
                    own, inquiry.x, inquiry.y, inquiry.weight, before=of_before
                )
            before = epoch, weights.weights
        found = [(epoch, self._known[epoch, member]) for epoch in epochs if (epoch, member) in self._known]
        return Course(tuple(epoch for epoch, _ in found), tuple(layers for _, layers in found))

    def paint(self, data: Inside, found: Course, width: int, height: int) -> Canvas:
        """The rows, one above the other, over the same epochs."""
        canvas = Canvas(width, height)
        if not found.epochs:
            canvas.write(0, 0, "no epoch is kept yet", FAINT)
            return canvas
        place = self._place(data, found)
        names = [each.name for each in found.layers[0]]
        titles = [table.title for table in tables_of(data)]
        title = titles[min(data.cursor.table, len(titles) - 1)]
        canvas.write(0, 0, f"{title} ({names[place].replace('_', ' ')})", HERE)
        words = verdict([each[place] for each in found.layers])
        start = len(title) + len(names[place]) + 5
        canvas.write(0, start, words[: max(0, width - start)], Ink("warning") if words != HEALTHY else TEXT)
        margin, figures = 11, 19 if width >= 56 else 0
        columns = width - margin - figures
        rows = max(1, (height - 2) // len(ROWS))
        of_layer = [each[place] for each in found.layers]
        epochs = np.array(found.epochs, np.float64)
        low, high = float(epochs[0]), max(float(epochs[-1]), float(epochs[0]) + 1)
        for line, name in enumerate(ROWS):
            top = 1 + line * rows
            canvas.write(top, 0, name, TEXT)
            self._row(canvas, name, of_layer, epochs, Axis(low, high), top, margin, columns, rows, figures)
        bottom = 1 + len(ROWS) * rows
        last = f"{int(high):,}"
        if len(found.epochs) == 1:
            canvas.write(bottom, margin, f"only epoch {int(low):,} is kept: ← goes back to others", FAINT)
            return canvas
        canvas.write(bottom, margin, f"epoch {int(low):,}", FAINT)
        canvas.write(bottom, margin + columns - len(last), last, FAINT)
        here = round((data.epoch - low) / (high - low) * (columns - 1))
        if 8 < here < columns - len(last) - 1:
            canvas.write(bottom, margin + here, "▴", HERE)
        return canvas

    def _place(self, data: Inside, found: Course) -> int:
        """Which of the layers that have weights the cursor is in."""
        tables = tables_of(data)
        layers = list(dict.fromkeys(table.layer for table in tables))
        place = layers.index(tables[data.cursor.table].layer)
        return min(place, len(found.layers[0]) - 1)

    def _row(
        self,
        canvas: Canvas,
        name: str,
        found: list[LayerHealth],
        epochs: NDArray[np.float64],
        x: Axis,
        top: int,
        margin: int,
        columns: int,
        rows: int,
        figures: int,
    ) -> None:
        plot = Canvas(columns, rows)
        words = ""
        if name in ("weights", "outputs", "gradients"):
            field = {"outputs": "activations"}.get(name, name)
            bands = np.array([getattr(each, field) for each in found], np.float64)
            log = name == "gradients"
            shown = np.where(bands > 0, bands, np.nan) if log else bands
            if np.isfinite(shown).any():
                y = Axis.around(shown, log=log)
                for band, strength in ((0, 0.5), (4, 0.5), (1, 0.75), (3, 0.75), (2, 1.0)):
                    Line(epochs, shown[:, band], Ink("line-training", strength), thick=False).draw(plot, x, y)
            newest = bands[-1]
            words = f"{number(float(newest[0]), 2)} … {number(float(newest[4]), 2)}"
        elif name == "update":
            values = np.array([np.nan if each.update is None else each.update for each in found], np.float64)
            values = np.where(values > 0, values, np.nan)
            if np.isfinite(values).any():
                Line(epochs, values, Ink("line-validation"), thick=False).draw(
                    plot, x, Axis.around(values, log=True)
                )
                words = f"{percent(float(values[np.isfinite(values)][-1]), 2)} an epoch"
        else:
            for values, ink in (
                (np.array([each.saturated for each in found]), Ink("line-training")),
                (np.array([each.dead for each in found]), Ink("warning")),
            ):
                Line(epochs, values.astype(np.float64), ink, thick=False).draw(plot, x, Axis(-0.02, 1.02))
            words = f"{percent(found[-1].dead, 0)} dead {percent(found[-1].saturated, 0)} flat"
        canvas.paste(plot, top, margin)
        if figures:
            canvas.write(top, margin + columns + 1, words[: figures - 1], FAINT)
        elif rows > 1:
            canvas.write(top + 1, 0, words.split(" … ")[-1][: margin - 1], FAINT)

    def caption(self, data: Inside, found: Course) -> Text:
        """What the rows mean."""
        return Text(
            "lines: 5, 25, 50, 75 and 95 % of weights, outputs, gradients lie below; update: how much an epoch changes "
            "the weights; stopped: dead or flat units"
        )

"""The way that the training took over the landscape of its cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual.widgets import Static

from ann_tui.figures import number, percent
from ann_tui.insight.landscape import Landscape, landscape
from ann_tui.insight.sampling import evenly_spaced
from ann_tui.training.snapshot import ENDED
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.half_cells import draw_halves, strength
from ann_tui.tui.charts.inks import FAINT
from ann_tui.tui.views.inside import InsideView, member_of
from ann_tui.tui.views.view import INSIDE, Inside, view

MOST_EPOCHS = 40
"""So many kept epochs make the path at most, evenly spread."""
FINE, COARSE = 41, 21
"""So many lines the grid has; fewer while a training goes on."""
LEVELS, HUE = 10, "line-training"


@dataclass(frozen=True, eq=False)
class Descent:
    """The landscape around the network in view, the epochs of the path, that in view last, and how many rows it is of.

    Where there is no plane, `problem` says why.
    """

    epochs: tuple[int, ...]
    land: Landscape | None
    rows: int
    problem: str = ""


@view(
    INSIDE,
    "descent",
    "Descent",
    "the cost as a landscape around the weights, and the way that the training took down through it",
    classes=True,
    numbers=True,
    place=5,
)
class DescentView(InsideView):
    """Heights by shade, the path of the epochs on them; an arrow takes other directions."""

    def __init__(self) -> None:
        super().__init__()
        self._random = False

    def found_from(self, data: Inside) -> tuple[object, ...]:
        """The network, and the directions."""
        return data.run, data.epoch, data.cursor.member, int(self._random), data.snapshot.state in ENDED

    def find(self, data: Inside, cancelled: Callable[[], bool]) -> Descent:
        """The cost of training rows over the plane of the path, or of random directions."""
        run, member = data.run, data.cursor.member
        kept = () if run.timeline is None else run.timeline.epochs
        others = [epoch for epoch in kept if epoch != data.epoch]
        places = {*evenly_spaced(len(others), MOST_EPOCHS).tolist(), *([len(others) - 1] if others else ())}
        chosen = [others[place] for place in sorted(places)]
        path: list[NDArray[np.float32]] = []
        epochs: list[int] = []
        for epoch in chosen:
            weights = None if run.timeline is None else run.timeline.at(epoch)
            if weights is not None:
                path.append(weights.weights.reshape(data.network.members, -1)[member])
                epochs.append(epoch)
        own = member_of(data)
        part = run.prepared.training
        rows = evenly_spaced(len(part.x), 300)
        weight = None if part.weight is None else part.weight[rows]
        try:
            land = landscape(
                own,
                part.x[rows],
                part.y[rows],
                weight,
                [*path, own.weights],
                size=FINE if data.snapshot.state in ENDED else COARSE,
                directions="random" if self._random else "path",
                cancelled=cancelled,
            )
        except ValueError as error:
            return Descent((*epochs, data.epoch), None, len(rows), str(error))
        return Descent((*epochs, data.epoch), land, len(rows))

    def paint(self, data: Inside, found: Descent, width: int, height: int) -> Canvas:
        """Shades in half cells, tenths of the height as digits, and the path."""
        canvas = Canvas(width, height)
        land = found.land
        if land is None:
            canvas.write(0, 0, found.problem or "…", FAINT)
            return canvas
        rows = height
        levels = _levels(land)
        size = len(levels)
        lines = np.linspace(size - 1, 0, 2 * rows).round().astype(int)
        columns = np.linspace(0, size - 1, width).round().astype(int)
        grid = levels[lines][:, columns]
        lower = grid[1::2]
        draw_halves(canvas, grid, lambda level: (HUE, strength(level, LEVELS)))
        for row in range(1, rows, 3):
            for column in range(4 + row % 2 * 5, width, 10):
                level = int(lower[row, column])
                behind = Ink("muted", behind=HUE, behind_strength=strength(level, LEVELS))
                canvas.write(row, column, str(level), behind)
        last, newer = len(land.places) - 1, _newest(found) is not None
        for at, (across, up) in enumerate(land.places.tolist()):
            column = _cell(across, land.across, width)
            row = rows - 1 - _cell(up, land.up, rows)
            mark = "◆" if at == last else "○" if at == 0 else "■" if at == last - 1 and newer else "•"
            level = int(lower[row, column])
            ink = Ink("foreground", bold=True, behind=HUE, behind_strength=strength(level, LEVELS))
            canvas.write(row, column, mark, ink)
        return canvas

    def caption(self, data: Inside, found: Descent) -> Text:
        """What the plane is, and the true costs of the path's ends."""
        land = found.land
        if land is None:
            return Text("")
        low, high = number(land.lowest, 3), number(land.highest, 3)
        text = Text(f"cost of {found.rows:,} training rows, 0: {low}, {LEVELS - 1}: {high} (log)")
        first, last, newest = found.epochs[0], found.epochs[-1], _newest(found)
        off = float(np.nanmax(np.abs(land.path_costs - land.plane_costs)))
        if land.explained is None:
            text.append("\ntwo random directions; ← → the plane of the path")
        else:
            share = percent(sum(land.explained), 0)
            text.append(f"\n{share} of the way lies in this plane, {number(off, 2)} off at most")
        text.append(f"\n○ epoch {first:,}: {number(float(land.path_costs[0]), 3)}", "bold")
        text.append(f"   ◆ epoch {last:,}: {number(float(land.path_costs[-1]), 3)}", "bold")
        if newest is not None:
            text.append(f"   ■ epoch {newest:,}: {number(float(land.path_costs[-2]), 3)}", "bold")
        return text

    def action_step(self, down: int, across: int) -> None:
        """To the left or the right: the plane of the path, or of random directions."""
        if across and self.data is not None:
            self._random = not self._random
            words = "two random directions …" if self._random else "the plane of the path …"
            self.query_one(".caption", Static).update(Text(words))
            self.draw(self.data)


def _newest(found: Descent) -> int | None:
    """The newest epoch, where that in view is an earlier one."""
    return found.epochs[-2] if len(found.epochs) > 1 and found.epochs[-2] > found.epochs[-1] else None


def _levels(land: Landscape) -> NDArray[np.intp]:
    """Tenths of the height, by the logarithm where costs are above 0; what isn't finite is as high as can be."""
    costs = land.costs
    low, high = land.lowest, land.highest
    if not np.isfinite(low) or high <= low:
        return np.zeros(costs.shape, np.intp)
    with np.errstate(all="ignore"):
        if low > 0:
            shares = (np.log(costs) - np.log(low)) / (np.log(high) - np.log(low))
        else:
            shares = (costs - low) / (high - low)
    shares = np.where(np.isfinite(costs), np.nan_to_num(shares, nan=1.0), 1.0)
    found: NDArray[np.intp] = np.clip((shares * LEVELS).astype(np.intp), 0, LEVELS - 1)
    return found


def _cell(value: float, axis: NDArray[np.float64], cells: int) -> int:
    share = (value - axis[0]) / (axis[-1] - axis[0]) if axis[-1] > axis[0] else 0.5
    return int(min(max(round(share * (cells - 1)), 0), cells - 1))

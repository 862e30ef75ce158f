"""What the network would answer over a plane of inputs, with the validation rows on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual.widgets import Static

from ann_tui.experiments.inside import Inquiry
from ann_tui.figures import number
from ann_tui.insight.boundary import (
    Plane,
    answers,
    line_of_column,
    number_inputs,
    places,
    plane_of_columns,
    plane_of_components,
)
from ann_tui.insight.sampling import evenly_spaced
from ann_tui.network.scoring import predict
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.class_marks import hue_of, letters_of
from ann_tui.tui.charts.half_cells import draw_halves, strength
from ann_tui.tui.charts.inks import FAINT, TEXT
from ann_tui.tui.charts.narrow import narrow
from ann_tui.tui.text import plain
from ann_tui.tui.views.inside import InsideView, member_of
from ann_tui.tui.views.view import INSIDE, Inside, view

if TYPE_CHECKING:
    from ann_tui.data.preparing.fitted import FittedPreparation

LEVELS = 6
"""So many strengths a colour has: the surer the network, the stronger."""
FAINTEST = 0.18
RAMP = "·:░▒▓█"
MOST_POINTS = 300
COMPONENTS = "main directions"


@dataclass(frozen=True, eq=False)
class Map:
    """Answers over a plane, and the rows on it.

    `values` are probabilities (height, width, classes) or numbers (height, width), two lines a cell; `rows` and
    `columns` (n,) say where rows lie on that grid, `truths` their classes or numbers, `wrong` which are told wrong.
    `kind` is whose rows they are, `axes` the names of the columns across and upwards.
    """

    plane: Plane
    values: NDArray[Any]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    truths: NDArray[Any]
    wrong: NDArray[np.bool_]
    kind: str
    axes: tuple[str, str]


@view(
    INSIDE,
    "boundary",
    "Boundary",
    "what the network would answer over two columns, and where the validation rows lie",
    classes=True,
    numbers=True,
    place=3,
)
class BoundaryView(InsideView):
    """A map of the answers over two columns; left and right choose that across, up and down that upwards."""

    def __init__(self) -> None:
        super().__init__()
        self._axes: tuple[str, str] | None = None
        self._axes_of: object = None
        self._planes: tuple[tuple[Any, ...], Plane] | None = None

    def on_resize(self) -> None:
        """Another number of cells asks for other answers."""
        if self.data is not None:
            self.draw(self.data)

    def found_from(self, data: Inside) -> tuple[object, ...]:
        """The network, the axes, the row that holds the other columns, and the size."""
        width, height = self._room
        return data.run, data.epoch, data.row, *self._chosen(data), width, height

    @property
    def _room(self) -> tuple[int, int]:
        return max(4, self.size.width), max(2, self.size.height - 6)

    def _chosen(self, data: Inside) -> tuple[str, str]:
        """The columns across and upwards that the person has chosen, or that were found; two empty texts for none."""
        fitted = data.run.prepared.fitted
        if self._axes_of is not fitted:
            self._axes_of, self._axes = fitted, None
        return self._axes or ("", "")

    def find(self, data: Inside, cancelled: Callable[[], bool]) -> Map:
        """The answers of all members, and where the rows lie."""
        width, height = self._room
        across, up = self._chosen(data)
        fitted = data.run.prepared.fitted
        inquiry = Inquiry(data.run.prepared, member_of(data))
        if not across:
            across, up = _most_relevant(fitted, inquiry, cancelled)
        some = evenly_spaced(len(inquiry.x), MOST_POINTS)
        x, y = inquiry.x[some], inquiry.y[some]
        plane, rows, columns = self._plane(fitted, x, across, up, width, 2 * height)
        if data.row is not None and across != COMPONENTS:
            plane = _held_at(plane, fitted, data.row.x[0], {across, up})
        values = answers(data.network, plane, fitted)
        told = predict(data.network, x)
        if data.classes:
            wrong = told.argmax(axis=1) != y
            truths: NDArray[Any] = y.astype(np.intp)
        else:
            target = fitted.target
            truths = np.asarray(target.decode(y), np.float64)
            errors = np.abs(np.asarray(target.decode(told), np.float64) - truths)
            wrong = errors > 2 * np.sqrt(np.mean(np.square(errors))) if len(errors) else np.zeros(0, bool)
        return Map(plane, values, rows, columns, truths, wrong, inquiry.rows, (across, up))

    def _plane(
        self, fitted: FittedPreparation, x: NDArray[Any], across: str, up: str, width: int, height: int
    ) -> tuple[Plane, NDArray[np.intp], NDArray[np.intp]]:
        key = (fitted, across, up, width, height)
        if across == COMPONENTS or up == COMPONENTS:
            plane, lies = plane_of_components(x, width, height)
            columns, rows = places(plane, lies[:, 0], lies[:, 1])
            return plane, rows, columns
        if self._planes is None or self._planes[0] != key:
            made = (
                line_of_column(fitted, across, width)
                if across == up
                else plane_of_columns(fitted, across, up, width, height)
            )
            if across == up:
                made = replace(made, height=height, matrix=np.tile(made.matrix, (height, 1)))
            self._planes = key, made
        plane = self._planes[1]
        starts = {column.name: start for column, start in fitted.starts()}
        grid = plane.matrix.reshape(height, width, -1)
        columns = _steps(grid[0, :, starts[across]], x[:, starts[across]])
        if across == up:
            # Rows of one column are spread over the height, so that they don't lie on one another.
            return plane, (np.arange(len(x)) * 7 + height // 3) % height, columns
        rows = height - 1 - _steps(grid[::-1, 0, starts[up]], x[:, starts[up]])
        return plane, rows, columns

    def _show(self, data: Inside, found: Map) -> None:
        if self._axes is None:
            self._axes = found.axes
            self._found = self.found_from(data), found
        super()._show(data, found)

    def paint(self, data: Inside, found: Map, width: int, height: int) -> Canvas:
        """The answers in half cells, the rows as letters on them, the axes' names and ends below."""
        canvas = Canvas(width, height)
        plane = found.plane
        rows = min(plane.height // 2, height - 2)
        columns = min(plane.width, width)
        values = found.values[: 2 * rows, :columns]
        if data.classes:
            self._regions(canvas, data, found, values)
        else:
            self._surface(canvas, found, values)
        low, high = (number(end, 3) for end in (plane.across.low, plane.across.high))
        name = narrow(plane.across.name, max(4, width - len(low) - len(high) - 6))
        canvas.write(rows, 0, low, FAINT)
        canvas.write(rows, columns - len(high), high, FAINT)
        canvas.write(rows, max(len(low) + 1, (columns - len(name) - 2) // 2), f"{name} →", TEXT)
        if plane.up.name and plane.up.name != plane.across.name:
            ends = f"{number(plane.up.low, 3)} … {number(plane.up.high, 3)}"
            canvas.write(rows + 1, 0, f"↑ {narrow(plane.up.name, max(4, width - len(ends) - 3))}", TEXT)
            canvas.write(rows + 1, width - len(ends), ends, FAINT)
        return canvas

    def _regions(self, canvas: Canvas, data: Inside, found: Map, values: NDArray[Any]) -> None:
        codes, sure = values.argmax(axis=2), values.max(axis=2)
        least = 1 / values.shape[2]
        levels = np.clip(((sure - least) / (1 - least) * LEVELS).astype(int), 0, LEVELS - 1)
        halves = codes * LEVELS + levels
        lower = halves[1::2]
        draw_halves(canvas, halves, lambda half: (hue_of(half // LEVELS), _strength(half % LEVELS)))
        letters = letters_of(data.classes)
        for row in range(1, lower.shape[0], 3):
            for column in range(3 + row % 2 * 4, lower.shape[1], 8):
                code, level = divmod(int(lower[row, column]), LEVELS)
                if code == codes[2 * row, column]:
                    ink = Ink("muted", behind=hue_of(code), behind_strength=_strength(level))
                    canvas.write(row, column, letters[code].lower(), ink)
        for row, column, truth, wrong in self._points(found, values):
            code, level = divmod(int(lower[row, column]), LEVELS)
            ink = (
                Ink("background", bold=True, behind="foreground")
                if wrong
                else Ink("foreground", bold=True, behind=hue_of(code), behind_strength=_strength(level))
            )
            canvas.write(row, column, letters[int(truth)], ink)

    def _surface(self, canvas: Canvas, found: Map, values: NDArray[Any]) -> None:
        surface = values[::2].astype(np.float64)
        low, high = _span(found)
        shares = np.clip((surface - low) / (high - low), 0, 1)
        levels = np.minimum((shares * len(RAMP)).astype(int), len(RAMP) - 1)
        ramp = np.array([ord(character) for character in RAMP], np.uint32)
        palette = [Ink("line-training", 0.4 + 0.1 * level) for level in range(len(RAMP))]
        canvas.cells(0, 0, ramp[levels], levels, palette)
        for row, column, truth, wrong in self._points(found, values):
            tenth = min(9, max(0, int((truth - low) / (high - low) * 10)))
            ink = Ink("background", bold=True, behind="foreground") if wrong else Ink("foreground", bold=True)
            canvas.write(row, column, str(tenth), ink)

    @staticmethod
    def _points(found: Map, values: NDArray[Any]) -> list[tuple[int, int, Any, bool]]:
        """Rows on the map that lie inside, right ones first so that wrong ones are seen."""
        height, width = values.shape[:2]
        order = np.argsort(found.wrong, kind="stable")
        inside = (found.columns >= 0) & (found.columns < width) & (found.rows >= 0) & (found.rows < height)
        return [
            (
                int(found.rows[each]) // 2,
                int(found.columns[each]),
                found.truths[each],
                bool(found.wrong[each]),
            )
            for each in order.tolist()
            if inside[each]
        ]

    def caption(self, data: Inside, found: Map) -> Text:
        """What the letters are, and at which values the other columns are held."""
        text = Text()
        if data.classes:
            letters = letters_of(data.classes)
            most = max(4, self.size.width // 5)
            for code, name in enumerate(data.classes[:most]):
                text.append(f" {letters[code]} ", f"bold #ffffff on {hue_of(code)}")
                text.append(" ").append(plain(name, 16)).append("  ")
            if len(data.classes) > most:
                text.append(f"and {len(data.classes) - most} more  ")
        else:
            low, high = _span(found)
            text.append(f"{RAMP[0]} {number(low, 3)} … {RAMP[-1]} {number(high, 3)}; rows as tenths of it  ")
        count = int(found.wrong.sum())
        text.append(f"{len(found.wrong):,} {found.kind} rows, {count:,} ")
        text.append("told wrong, inverted" if data.classes else "far off, inverted")
        text.append("\n← → ↑ ↓ other columns.")
        if found.axes[0] == found.axes[1] != COMPONENTS:
            text.append(" Rows are spread upwards only to be seen.")
        if COMPONENTS in found.axes:
            text.append(" Main directions: the mixtures of all inputs in which rows differ most.")
        if found.plane.held and data.row is not None:
            text.append(f" The others are held as in {data.row.name}.")
        elif found.plane.held:
            held = [
                f"{plain(name, 14).plain} {plain(value, 10).plain}"
                for name, value in found.plane.held.items()
            ]
            text.append(
                f" The others are held at typical values: {', '.join(held[:6])}{' …' if len(held) > 6 else ''}"
            )
        return text

    def action_step(self, down: int, across: int) -> None:
        """Other columns on the axes."""
        data = self.data
        if data is None:
            return
        names = _axes(data.run.prepared.fitted)
        if self._axes is None:
            return
        here = list(self._axes)
        at = 0 if across else 1
        step = across or -down
        options = [name for name in names if name == here[at] or name not in here or name == COMPONENTS]
        place = options.index(here[at]) if here[at] in options else 0
        chosen = options[(place + (1 if step > 0 else -1)) % len(options)]
        if chosen == COMPONENTS:
            here = [COMPONENTS, COMPONENTS]
        elif COMPONENTS in here:
            others = [name for name in names if name not in (chosen, COMPONENTS)]
            here = [chosen, others[0] if others else chosen]
        else:
            here[at] = chosen
        self._axes = here[0], here[1]
        self.query_one(".caption", Static).update(Text(f"→ {here[0]}, ↑ {here[1]} …"))
        self.draw(data)


def _axes(fitted: FittedPreparation) -> list[str]:
    """What can be an axis: the columns that are numbers, and the main directions of several features."""
    names = list(number_inputs(fitted))
    if len(fitted.feature_names) > 2 or len(names) != len(fitted.feature_names):
        names.append(COMPONENTS)
    return names or [COMPONENTS]


def _most_relevant(
    fitted: FittedPreparation, inquiry: Inquiry, cancelled: Callable[[], bool]
) -> tuple[str, str]:
    """The two columns of numbers that the network relies on most; one for both axes, or the main directions."""
    names = number_inputs(fitted)
    if len(names) > 2:
        ranked = [each.name for each in inquiry.permuted(cancelled) if each.name in names]
        names = (*ranked, *(name for name in names if name not in ranked))
    if not names:
        return COMPONENTS, COMPONENTS
    return names[0], names[1 if len(names) > 1 else 0]


def _held_at(plane: Plane, fitted: FittedPreparation, x: NDArray[Any], axes: set[str]) -> Plane:
    """The plane with all other columns as a row has them."""
    others = np.array([origin not in axes for origin in fitted.feature_origins])
    matrix = plane.matrix.copy()
    matrix[:, others] = x[others]
    return replace(plane, matrix=matrix)


def _steps(grid: NDArray[Any], values: NDArray[Any]) -> NDArray[np.intp]:
    """The step of a rising grid that each value is nearest to; -1 for one that lies outside."""
    if len(grid) < 2 or grid[-1] <= grid[0]:
        return np.zeros(len(values), np.intp)
    places = np.interp(values, grid, np.arange(len(grid)))
    inside = (values >= grid[0]) & (values <= grid[-1])
    return np.where(inside, np.rint(places), -1).astype(np.intp)


def _span(found: Map) -> tuple[float, float]:
    """The lowest and the highest of answers and truths."""
    both = np.concatenate([found.values.ravel().astype(np.float64), np.asarray(found.truths, np.float64)])
    both = both[np.isfinite(both)]
    low, high = (float(both.min()), float(both.max())) if len(both) else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _strength(level: int) -> float:
    return strength(level, LEVELS, FAINTEST)

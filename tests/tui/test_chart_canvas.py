"""Lines as dots, against points that are looked at one by one; and what wins a cell."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.style import Style

from ann_tui.tui.charts.axis import Axis
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.layers import Dots, Level, Line, Marks, Upright
from ann_tui.tui.charts.raster import line_dots, point_dots

RED, BLUE = Ink("red"), Ink("blue", 0.5)
UNIT = Axis(0.0, 1.0)
SHARES = st.one_of(
    st.integers(-500, 1500).map(lambda share: share / 1000),
    st.just(float("nan")),
    st.sampled_from([0.0, 1.0, -1e9, 1e9]),
)
POINTS = st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=6)
SIZE = st.integers(1, 12)


def looked_at(x: list[float], y: list[float], width: int, height: int) -> np.ndarray:
    """Places on the polyline inside the grid, in dots from the top left, (n, 2), close together."""
    across, down = width * 2 - 1, height * 4 - 1
    found = [(a * across, (1 - b) * down) for a, b in zip(x, y, strict=True)]
    for (x0, y0), (x1, y1) in pairwise(found):
        if np.isfinite([x0, y0, x1, y1]).all() and max(map(abs, (x0, y0, x1, y1))) < 1e4:
            steps = int(max(abs(x1 - x0), abs(y1 - y0)) * 8) + 1
            found = [
                *found,
                *((x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps) for k in range(steps)),
            ]
    places = np.array([place for place in found if np.isfinite(place).all()]).reshape(-1, 2)
    return places[((places >= -1e-9) & (places <= [across + 1e-9, down + 1e-9])).all(axis=1)]


def farthest(ones: np.ndarray, others: np.ndarray) -> float:
    """The largest distance of one of `ones` to the nearest of `others`, along an axis."""
    if not len(ones):
        return 0.0
    if not len(others):
        return np.inf
    return float(np.abs(ones[:, None] - others[None]).max(axis=2).min(axis=1).max())


@settings(max_examples=300, deadline=None)
@given(POINTS.filter(lambda points: all(abs(c) < 1e4 or c != c for p in points for c in p)), SIZE, SIZE)
@example([(0.0, 0.0), (1.0, 1.0)], 3, 2)
@example([(0.5, 0.5)], 1, 1)
def test_dots_of_a_line_lie_on_it_and_leave_no_gap(
    points: list[tuple[float, float]], width: int, height: int
) -> None:
    x, y = map(list, zip(*points, strict=True))
    mask = line_dots(np.array(x), np.array(y), width, height)
    assert mask.shape == (height * 4, width * 2)
    dots, places = np.argwhere(mask)[:, ::-1], looked_at(x, y, width, height)
    assert farthest(places, dots) <= 1 + 1e-6
    for dot in dots:
        assert near_line(dot, x, y, width, height)


def near_line(dot: np.ndarray, x: list[float], y: list[float], width: int, height: int) -> bool:
    """Whether a dot is one that a point of the polyline, half a dot outside of the grid at most, rounds to."""
    across, down = width * 2 - 1, height * 4 - 1
    places = [(a * across, (1 - b) * down) for a, b in zip(x, y, strict=True)]
    found = [np.array(place) for place in places if np.isfinite(place).all()]
    for one, other in pairwise(places):
        if np.isfinite([*one, *other]).all():
            steps = int(np.abs(np.subtract(one, other)).max() * 20) + 1
            found += [np.add(one, np.subtract(other, one) * k / steps) for k in range(steps + 1)]
    return any(np.abs(place - dot).max() <= 0.56 for place in found)


@given(POINTS, SIZE, SIZE)
def test_far_points_are_cut_off(points: list[tuple[float, float]], width: int, height: int) -> None:
    x, y = np.array(points).T
    mask = line_dots(x, y, width, height)
    assert (mask | point_dots(x, y, width, height) == mask).all()


def test_a_line_between_far_points_goes_through_the_grid() -> None:
    assert line_dots(np.array([0.5, 0.5]), np.array([-1e9, 1e9]), 3, 3).any(axis=1).all()
    across = line_dots(np.array([-1e9, 1e9]), np.array([-1e9, 1e9]), 3, 3)
    assert across.any(axis=0).all() and across.any(axis=1).all()
    assert not line_dots(np.array([-1.0, 2.0]), np.array([1.5, 1.5]), 3, 3).any()


@pytest.mark.parametrize("points", [2_000, 100_000])
def test_many_points_draw_what_all_of_them_would(points: int) -> None:
    """Column by column from the lowest to the highest; a single spike is seen."""
    generator = np.random.default_rng(0)
    x, y = np.linspace(0, 1, points), 0.4 + 0.1 * generator.random(points)
    y[points // 3] = 0.99
    mask = line_dots(x, y, 40, 10)
    rows, columns = np.rint((1 - y) * 39).astype(int), np.rint(x * 79).astype(int)
    for column in range(80):
        there = rows[columns == column]
        drawn = np.flatnonzero(mask[:, column])
        assert drawn.min() == there.min() and drawn.max() == there.max()
        assert len(drawn) == drawn.max() - drawn.min() + 1


def test_a_line_is_interrupted_where_nothing_was_measured() -> None:
    x, y = np.linspace(0, 1, 5), np.array([0.5, 0.5, np.nan, 0.5, 0.5])
    columns = line_dots(x, y, 10, 2).any(axis=0)
    assert columns[:5].all() and columns[-5:].all() and not columns[7:13].any()


def test_thin_lines_are_braille_and_thick_ones_quarters() -> None:
    canvas = Canvas(2, 1)
    dots = np.zeros((4, 4), bool)
    dots[0, 0] = dots[3, 1] = dots[1, 3] = True
    canvas.thin(dots, RED)
    assert canvas.lines == ["⢁⠐"]
    canvas = Canvas(2, 1)
    canvas.thick(dots, RED)
    assert canvas.lines == ["▚▝"]


def test_later_layers_win_a_cell_and_faint_ones_never_cover() -> None:
    flat = np.array([0.0, 1.0]), np.array([1.0, 1.0])
    canvas = Canvas(4, 1)
    Line(*flat, RED).draw(canvas, UNIT, UNIT)
    assert canvas.lines == ["⠉⠉⠉⠉"]
    Dots(np.array([0.0]), np.array([0.0]), BLUE).draw(canvas, UNIT, UNIT)
    assert canvas.lines == ["⡉⠉⠉⠉"], "dots of strong thin layers are added"
    Marks(np.array([1.0, 2.0, np.nan]), np.array([0.0, 0.0, 0.0]), "◆", BLUE).draw(canvas, UNIT, UNIT)
    for faint in (Level(1.0, "┈", RED), Upright(0.0, "│", RED), Line(*flat, RED, thick=True, faint=True)):
        faint.draw(canvas, UNIT, UNIT)
        assert canvas.lines == ["⡉⠉⠉◆"]
    strip = canvas.strips(Style(), lambda ink: Style(color=ink.colour))[0]
    assert [(part.text, part.style.color.name) for part in strip] == [
        ("⡉", "blue"),
        ("⠉⠉", "red"),
        ("◆", "blue"),
    ]
    canvas = Canvas(3, 2)
    for faint in (
        Upright(0.5, "│", RED),
        Level(0.0, "┈", BLUE),
        Upright(7.0, "┃", RED),
        Level(7.0, "━", RED),
    ):
        faint.draw(canvas, UNIT, UNIT)
    assert canvas.lines == [" │ ", "┈│┈"]


def test_texts_are_cut_at_the_edges_and_canvases_put_into_others() -> None:
    canvas, inner = Canvas(5, 2), Canvas(2, 1)
    canvas.write(0, 3, "abc", RED)
    canvas.write(0, -1, "xy", RED)
    canvas.write(9, 0, "no", RED)
    inner.write(0, 0, "o", BLUE)
    canvas.paste(inner, 1, 2)
    assert canvas.lines == ["y  ab", "  o  "]
    strips = canvas.strips(Style(bold=True), lambda ink: Style(color=ink.colour))
    assert [strip.cell_length for strip in strips] == [5, 5]
    coloured = [part for part in strips[1] if part.style.color is not None]
    assert [(part.text, part.style.color.name, part.style.bold) for part in coloured] == [("o", "blue", True)]

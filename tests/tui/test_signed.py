"""Numbers as characters, classes as letters, names in cells."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.class_marks import letters_of
from ann_tui.tui.charts.half_cells import draw_halves
from ann_tui.tui.charts.narrow import narrow
from ann_tui.tui.charts.signed import NEGATIVE, POSITIVE, draw_signed, largest


def drawn(values: list[list[float]], most: float, across: int = 1) -> list[str]:
    canvas = Canvas(len(values[0]) * across, len(values))
    draw_signed(canvas, 0, 0, np.array(values), most, across=across)
    return canvas.lines


def test_size_is_density_and_sign_is_shape() -> None:
    assert drawn([[0.0, 0.1, 0.3, 0.5, 0.7, 1.0, 9.0]], 1.0) == [" ·░▒▓██"]
    assert drawn([[0.0, -0.1, -0.3, -0.5, -0.7, -1.0, -9.0]], 1.0) == [" -⠒⠶⣶⣿⣿"]
    assert drawn([[1.0, -1.0]], 1.0, across=2) == ["██⣿⣿"]
    assert drawn([[float("nan"), float("inf")]], 1.0) == ["??"]
    assert not set(POSITIVE[2:]) & set(NEGATIVE[2:])


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=9))
def test_a_larger_number_is_never_fainter(values: list[float]) -> None:
    line = drawn([[abs(value) for value in values]], 5.0)[0]
    levels = [POSITIVE.index(character) for character in line]
    order = np.argsort(np.abs(values), kind="stable")
    assert (np.diff(np.array(levels)[order]) >= 0).all()


def test_the_most_is_of_finite_numbers() -> None:
    assert largest(np.array([1.0, -3.0, np.nan, np.inf])) == 3.0
    assert largest(np.zeros(3)) == 1.0


@given(st.lists(st.text(max_size=12), max_size=36))
def test_each_class_has_a_letter_of_its_own(names: list[str]) -> None:
    letters = letters_of(names)
    assert len(letters) == len(names) == len(set(letters))
    assert all(cell_len(letter) == 1 for letter in letters)


def test_letters_are_those_of_the_names() -> None:
    assert letters_of(["Adelie", "Chinstrap", "Gentoo"]) == ("A", "C", "G")
    assert letters_of(["yes", "yellow", "y"]) == ("Y", "E", "A")


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_narrow_text_fits(text: str, limit: int) -> None:
    found = narrow(text, limit)
    assert cell_len(found) <= limit and "\n" not in found


@given(st.lists(st.sampled_from("aé面😀·█"), min_size=1, max_size=12), st.integers(0, 8), st.integers(-4, 8))
def test_a_wide_character_takes_two_cells(characters: list[str], other: int, column: int) -> None:
    """Whatever is written over whatever, each line has as many cells as the canvas."""
    canvas = Canvas(10, 1)
    canvas.write(0, column, "".join(characters), Ink("muted"))
    canvas.write(0, other, "面x", Ink("accent"))
    strip = canvas.strips(Style(), lambda ink: Style(bold=ink.colour == "accent"))[0]
    assert cell_len(strip.text) == 10
    if other <= 7:
        assert "面x" in strip.text


def test_each_half_of_a_cell_has_its_own_shade() -> None:
    canvas = Canvas(2, 1)
    draw_halves(canvas, np.array([[0, 3], [1, 3]]), lambda code: (f"#00000{code}", code / 10))
    strips = canvas.strips(Style(), lambda ink: Style(color=ink.colour, bgcolor=ink.behind))
    found = [(segment.text, segment.style) for segment in strips[0]]
    assert found == [
        ("▀", Style(color="#000000", bgcolor="#000001")),
        ("▀", Style(color="#000003", bgcolor="#000003")),
    ]

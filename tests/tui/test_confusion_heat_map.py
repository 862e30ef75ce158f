"""The heat map of many classes: what fits, what it says without colours, and that its text can be read."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from app_driver import Open
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.color import Color
from textual.widget import Widget

from ann_tui.evaluation.confusion import ConfusionMatrix, with_most_mistakes
from ann_tui.tui.app.theme import DARK, LIGHT
from ann_tui.tui.widgets.confusion_heat_map import heat_map, heat_map_layout, pair_text
from ann_tui.tui.widgets.heat_colours import LEVELS, HeatColours, cell_style

PLAIN = HeatColours("#14171c", "#d5d9de", "#6cb6ff", "#e3b341", "#8b949e")


def matrix_of(classes: int, each: int = 15, labels: tuple[str, ...] | None = None) -> ConfusionMatrix:
    """So many rows a class; every third class has three of them taken for the next but one."""
    counts = np.diag(np.full(classes, each))
    for true in range(0, classes - 2, 3):
        counts[true, true], counts[true, true + 2] = each - 3, 3
    return ConfusionMatrix(labels or tuple(map(str, range(classes))), counts)


def letters(each: int = 15) -> ConfusionMatrix:
    return matrix_of(26, each, tuple(string.ascii_uppercase))


def drawn(
    matrix: ConfusionMatrix, width: int, height: int, cursor: tuple[int, int] | None = None
) -> list[str]:
    layout = heat_map_layout(matrix, width, height)
    return [strip.text for strip in heat_map(matrix, layout, width, height, PLAIN, cursor)]


@given(
    st.integers(9, 60), st.integers(1, 5000), st.integers(24, 190), st.integers(4, 60), st.integers(0, 2**32)
)
@settings(deadline=None)
def test_it_keeps_to_its_room(classes: int, each: int, width: int, height: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    counts = generator.integers(0, each, (classes, classes)) * (generator.random((classes, classes)) < 0.3)
    labels = tuple(f"{'class ' * (index % 2)}{index}" for index in range(classes))
    matrix = ConfusionMatrix(labels, counts)
    layout = heat_map_layout(matrix, width, height)
    strips = heat_map(matrix, layout, width, height, PLAIN, (layout.shown[0], layout.shown[-1]))
    assert len(strips) <= height and all(strip.cell_length <= width for strip in strips)
    assert layout.lines <= height
    head = strips[1].text
    assert len(head.split()) >= len(layout.shown) or layout.cell == 1 or len(head) == width


@pytest.mark.parametrize(
    ("width", "height", "cell", "two"), [(57, 31, 2, False), (76, 15, 2, True), (46, 31, 1, False)]
)
def test_the_alphabet_is_whole(width: int, height: int, cell: int, two: bool) -> None:
    layout = heat_map_layout(letters(), width, height)
    assert (len(layout.shown), layout.cell, layout.two, layout.keys) == (26, cell, two, False)


def test_numbers_stand_in_cells_where_they_have_room_and_shades_where_not() -> None:
    ten = drawn(matrix_of(10, 36), 57, 31)
    assert ten[1].split() == [*"0123456789", "recall"]
    assert ten[2].split() == ["0", "33", "·", "3", *"·······", "92", "%"]
    assert drawn(letters(), 57, 31)[2].split()[:4] == ["A", "█", "·", "3"]
    assert drawn(letters(40), 57, 31)[3].split()[2] == "█"
    half = ConfusionMatrix(letters().labels, np.full((26, 26), 10))
    assert set(drawn(half, 57, 31)[2].split()[1:-1]) == {"░"}


def test_two_classes_of_one_line_are_its_upper_and_lower_half() -> None:
    lines = drawn(letters(), 76, 15)
    assert lines[2].startswith("A B ▀▀▄▄▀▀")
    assert "▀▀" not in lines[3][:8]
    rare = letters(100)
    assert drawn(rare, 76, 15)[2].startswith("A B ▀▀▄▄▀ ")


def test_of_too_many_those_with_the_most_mistakes_are_shown_and_counted() -> None:
    counts = np.diag(np.full(200, 9))
    counts[150, 7] = counts[33, 120] = 4
    many = ConfusionMatrix(tuple(f"class {index}" for index in range(200)), counts)
    shown = heat_map_layout(many, 57, 31).shown
    assert {7, 33, 120, 150} <= set(shown) and list(shown) == sorted(shown)
    assert f"({len(shown)} of 200 classes" in drawn(many, 57, 31)[0]
    assert shown == with_most_mistakes(many, len(shown))


def test_keys_stand_for_names_that_are_too_long() -> None:
    named = matrix_of(26, labels=tuple(f"kind of thing {index}" for index in range(26)))
    lines = drawn(named, 57, 31)
    assert lines[1].split()[:26] == list(string.ascii_lowercase)
    assert [line.split()[0] for line in lines[2:28]] == list(string.ascii_lowercase)


def test_the_pairs_come_worst_first_as_many_as_there_is_room_for() -> None:
    counts = np.diag(np.full(10, 36))
    counts[3, 8], counts[5, 1], counts[0, 9] = 4, 7, 1
    counts[3, 3] = 32
    matrix = ConfusionMatrix(tuple("0123456789"), counts)
    assert drawn(matrix, 57, 15)[-2:] == [
        "  5 taken for 1: 7 of 43 rows",
        "  3 taken for 8: 4 of 36 rows",
    ]
    assert drawn(matrix, 57, 31)[-1] == "  0 taken for 9: 1 of 37 rows"
    assert pair_text(matrix, 3, 3) == "3 found: 32 of 36 rows"


def test_the_cursor_is_seen_without_colours() -> None:
    for height in (31, 16):
        matrix = letters()
        layout = heat_map_layout(matrix, 76, height)
        strips = heat_map(matrix, layout, 76, height, PLAIN, (3, 5))
        reversed_ = [
            segment.text.strip()
            for strip in strips
            for segment in strip
            if segment.style is not None and segment.style.reverse
        ]
        assert {"F", "D"} <= set(reversed_)
        assert "▸ D taken for F: 3 of 15 rows" in [strip.text for strip in strips]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_shade(theme: object) -> None:
    assert theme in (DARK, LIGHT)
    variables = {
        "background": theme.background,  # type: ignore[attr-defined]
        "foreground": theme.foreground,  # type: ignore[attr-defined]
        "accent": theme.accent,  # type: ignore[attr-defined]
        "warning": theme.warning,  # type: ignore[attr-defined]
        "muted": theme.variables["muted"],  # type: ignore[attr-defined]
    }
    colours = HeatColours.of_theme(variables)
    for right in (True, False):
        shades = set()
        for level in range(LEVELS + 1):
            style = cell_style(colours, level / LEVELS, right)
            assert style.color is not None and style.bgcolor is not None
            assert _contrast(style.color.name, style.bgcolor.name) >= 4.5
            shades.add(style.bgcolor.name)
        assert len(shades) >= LEVELS - 4


def _contrast(one: str, other: str) -> float:
    def luminance(name: str) -> float:
        parts = [value / 255 for value in Color.parse(name).rgb]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_terminals_own_colours_do_not_break_it() -> None:
    own = replace_all(PLAIN, "default")
    assert heat_map(letters(), heat_map_layout(letters(), 57, 31), 57, 31, own)


def replace_all(colours: HeatColours, name: str) -> HeatColours:
    return HeatColours(*([name] * len(colours)))


async def test_the_cursor_opens_the_rows_of_a_cell(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "digits.csv", (120, 40)) as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        app.app.edit(plan=replace(experiment.plan, epochs=2))
        await app.ready()
        await app.press("t")
        await app.trained()
        await app.press("5")
        await app.sees("most often confused", "▸ ")
        cells = app.app.screen.query_one("#confusion", Widget)
        before = app.text()
        for key in ("up", "left"):
            await app.press(*[key] * 10)
        await app.sees("▸ 0 found")
        assert app.text() != before and cells.display
        await app.press("enter")
        await app.sees("of 0 found, the surest first")

"""The confusion matrix as a table: how many classes find room, and what is left out first."""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console

from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.tui.widgets.confusion_table import confusion_table, shown_classes


def ten_digits(each: int = 36) -> ConfusionMatrix:
    """Ten classes of `each` rows; 8 is taken for 1 twice."""
    counts = np.diag(np.full(10, each))
    counts[8, 8], counts[8, 1] = each - 2, 2
    return ConfusionMatrix(tuple("0123456789"), counts)


def drawn(matrix: ConfusionMatrix, width: int) -> list[str]:
    console = Console(width=200, color_system=None)
    with console.capture() as capture:
        console.print(confusion_table(matrix, width, accent="blue", warning="yellow"))
    return [line.rstrip() for line in capture.get().splitlines()]


@pytest.mark.parametrize(
    ("width", "classes", "last"),
    [(90, 10, "precision"), (60, 10, "prec %"), (46, 10, "9"), (40, 6, "prec %"), (12, 2, "prec %")],
)
def test_precisions_give_way_before_classes_do(width: int, classes: int, last: str) -> None:
    matrix = ten_digits()
    assert len(shown_classes(matrix, width)) == classes
    assert drawn(matrix, width)[-1].startswith(last)


@pytest.mark.parametrize("each", [5, 36, 40_000])
def test_it_keeps_to_its_width(each: int) -> None:
    matrix = ten_digits(each)
    for width in range(32, 100):
        heading, *lines = drawn(matrix, width)
        assert max(map(len, lines)) <= width
        assert heading.lstrip().startswith("predicted →")
        assert f"{each - 2:,}" in "\n".join(lines)


def test_the_classes_with_most_mistakes_stay() -> None:
    assert {1, 8} <= set(shown_classes(ten_digits(), 20))
    assert "(2 of 10 classes)" in drawn(ten_digits(), 20)[0]


def test_a_share_keeps_its_percent_sign_where_there_is_room() -> None:
    two = ConfusionMatrix(("no", "yes"), np.diag([36, 36]))
    assert drawn(two, 56)[-1].split() == ["precision", "100", "%", "100", "%"]


def test_a_long_name_takes_the_room_that_short_ones_leave() -> None:
    penguins = ConfusionMatrix(("Adelie", "Chinstrap", "Gentoo"), np.diag([30, 14, 25]))
    assert drawn(penguins, 46)[1].split() == ["true", "↓", "Adelie", "Chinstrap", "Gentoo", "recall"]
    assert max(map(len, drawn(penguins, 46))) <= 46


def test_names_of_unlike_lengths_keep_to_the_width() -> None:
    matrix = ConfusionMatrix(
        ("a", "a rather long name", "b", "another rather long name"), np.diag([3, 4, 5, 6])
    )
    for width in range(44, 100):
        assert max(map(len, drawn(matrix, width))) <= width


def test_names_that_begin_alike_are_told_apart() -> None:
    matrix = ConfusionMatrix(
        tuple(f"class number {index}" for index in range(10, 50)), np.diag(np.full(40, 3))
    )
    _, header, *lines = drawn(matrix, 46)
    assert header.split()[2:5] == ["…10", "…11", "…12"]
    assert [line.split()[0] for line in lines[:2]] == ["…10", "…11"]

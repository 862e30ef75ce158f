"""Two networks on the same rows: figures, intervals and rows against slow plain references."""

from __future__ import annotations

import numpy as np
import pytest

from ann_tui.evaluation.answers import Answers
from ann_tui.evaluation.comparison import compare, said


def class_answers(lines: list[int], actual: str, given: str, classes: tuple[str, ...]) -> Answers:
    codes = {label: place for place, label in enumerate(classes)}
    return Answers(
        np.array(lines, np.int64),
        np.array([codes[label] for label in actual], np.int64),
        np.array([codes[label] for label in given], np.int64),
        classes,
    )


def test_rows_are_told_by_their_line_and_classes_by_their_text() -> None:
    a = class_answers([2, 3, 4, 5, 9], "xyzxy", "xyxxx", ("x", "y", "z"))
    b = class_answers([9, 5, 4, 3, 7], "yxzyx", "yyzyx", ("z", "y", "x"))
    found = compare(a, b)
    assert found is not None
    assert found.a.lines.tolist() == found.b.lines.tolist() == [3, 4, 5, 9]
    assert (found.of_a, found.of_b, found.metric) == (0.5, 0.75, "accuracy")
    assert found.a.lines[found.only_a].tolist() == [5]
    assert found.a.lines[found.only_b].tolist() == [4, 9]
    assert found.both == 1 and found.difference is None, "four rows are too few"


def test_other_rows_and_other_targets_are_not_compared() -> None:
    a = class_answers([1, 2], "xy", "xy", ("x", "y"))
    assert compare(a, class_answers([3, 4], "xy", "xy", ("x", "y"))) is None
    assert compare(a, class_answers([1, 2], "pq", "pq", ("p", "q"))) is None
    numbers = Answers(a.lines, np.array([1.0, 2.0]), np.array([1.0, 2.0]), ())
    assert compare(a, numbers) is None


@pytest.mark.parametrize("rows", [40, 400])
def test_the_interval_is_that_of_a_plain_paired_bootstrap(rows: int) -> None:
    rng = np.random.default_rng(rows)
    actual = rng.integers(0, 3, rows)
    given = [np.where(rng.random(rows) < right, actual, (actual + 1) % 3) for right in (0.7, 0.85)]
    classes = ("x", "y", "z")
    lines = np.arange(rows)
    found = compare(*(Answers(lines, actual, each, classes) for each in given))
    assert found is not None and found.difference is not None
    plain = []
    for _ in range(4000):
        drawn = rng.integers(0, rows, rows)
        plain.append(
            float((given[1][drawn] == actual[drawn]).mean() - (given[0][drawn] == actual[drawn]).mean())
        )
    low, high = np.quantile(plain, [0.025, 0.975])
    assert found.difference.low == pytest.approx(low, abs=1 / rows + 0.008)
    assert found.difference.high == pytest.approx(high, abs=1 / rows + 0.008)


def test_the_interval_of_numbers_is_that_of_a_plain_paired_bootstrap() -> None:
    rng = np.random.default_rng(5)
    actual = rng.normal(100, 20, 300)
    given = [actual + rng.normal(0, spread, 300) for spread in (10, 6)]
    found = compare(*(Answers(np.arange(300), actual, each, ()) for each in given))
    assert found is not None and found.difference is not None and found.metric == "r2"

    def r2(true: np.ndarray, answer: np.ndarray) -> float:
        return float(1 - ((answer - true) ** 2).sum() / ((true - true.mean()) ** 2).sum())

    assert (found.of_a, found.of_b) == pytest.approx((r2(actual, given[0]), r2(actual, given[1])))
    plain = []
    for _ in range(3000):
        drawn = rng.integers(0, 300, 300)
        plain.append(r2(actual[drawn], given[1][drawn]) - r2(actual[drawn], given[0][drawn]))
    low, high = np.quantile(plain, [0.025, 0.975])
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high), abs=0.02)
    errors = [np.abs(each - actual) for each in given]
    clearest = found.only_b[0]
    assert errors[0][clearest] - errors[1][clearest] == pytest.approx((errors[0] - errors[1]).max())
    assert len(found.only_a) + len(found.only_b) == 300


@pytest.mark.parametrize(
    ("better", "sentence"),
    [
        (
            30,
            "B is better by 30.0 points on the 100 validation rows that judged both (60.0 % and 90.0 %; 95 %: +2",
        ),
        (
            -30,
            "A is better by 30.0 points on the 100 validation rows that judged both (60.0 % and 30.0 %; 95 %: +2",
        ),
        (1, "No clear difference: B is ahead by 1.0 points"),
        (0, "A and B are as good as each other on the 100 validation rows"),
    ],
)
def test_what_is_said(better: int, sentence: str) -> None:
    actual = np.zeros(100, np.int64)
    a, b = actual.copy(), actual.copy()
    a[60:] = 1
    b[60 + better :] = 1
    found = compare(*(Answers(np.arange(100), actual, each, ("x", "y")) for each in (a, b)))
    assert found is not None
    assert said(found, "A", "B", "validation row").startswith(sentence)


def test_of_too_few_rows_nothing_is_claimed() -> None:
    answers = class_answers([1, 2], "xy", "xy", ("x", "y")), class_answers([1, 2], "xy", "xx", ("x", "y"))
    found = compare(*answers)
    assert found is not None
    assert said(found, "A", "B", "validation row").endswith("too few rows to tell which is better.")

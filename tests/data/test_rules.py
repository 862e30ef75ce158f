"""Rules that a person states."""

import pandas as pd
import pytest

from ann_tui.data.cells.rules import RuleError, broken, parse_rule

COLUMNS = ["age", "sex", "house price", "in", "a in b"]


@pytest.mark.parametrize(
    ("text", "column", "minimum", "maximum", "allowed", "strict"),
    [
        ("age in 0..120", "age", 0, 120, None, False),
        (" age in -1.5 .. 1e3 ", "age", -1.5, 1000, None, False),
        ("age in 18..", "age", 18, None, None, False),
        ("age in ..99", "age", None, 99, None, False),
        ("age >= 0", "age", 0, None, None, False),
        ("age<5", "age", None, 5, None, True),
        ("house price > 0", "house price", 0, None, None, True),
        ("sex in {male, female}", "sex", None, None, ("male", "female"), False),
        ("sex in {\"male\", 'female'}", "sex", None, None, ("male", "female"), False),
        ("in in 0..1", "in", 0, 1, None, False),
        ("a in b in 0..1", "a in b", 0, 1, None, False),
    ],
)
def test_rules_are_understood(text, column, minimum, maximum, allowed, strict) -> None:  # type: ignore[no-untyped-def]
    rule = parse_rule(text, COLUMNS)
    assert (rule.column, rule.minimum, rule.maximum, rule.allowed, rule.strict) == (
        column, minimum, maximum, allowed, strict,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("height in 0..3", "there is no column"),
        ("height > 3", "there is no column"),
        ("age", "not understood"),
        ("age in", "not understood"),
        ("age in x..y", "needs numbers"),
        ("age in 5..1", "allows nothing"),
        ("age in ..", "no limit"),
        ("sex in {}", "allows nothing"),
        ("age in nan..3", "needs numbers"),
        ("age > ", "not understood|compares"),
    ],
)
def test_other_texts_are_refused_with_one_line(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message) as caught:
        parse_rule(text, COLUMNS)
    assert "\n" not in str(caught.value)


def test_broken_rules() -> None:
    ages = pd.Series(["5", "-1", None, "x", "120", "121"], dtype=object)
    assert broken(parse_rule("age in 0..120", COLUMNS), ages).tolist() == [
        False,
        True,
        False,
        False,
        False,
        True,
    ]
    assert broken(parse_rule("age < 120", COLUMNS), ages).tolist() == [False, False, False, False, True, True]
    sexes = pd.Series(["male", "other", None, " female "], dtype=object)
    assert broken(parse_rule("sex in {male, female}", COLUMNS), sexes).tolist() == [False, True, False, False]

"""One grammar of cells: what the expressions must agree on, and where they may differ."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ann_tui.data
from ann_tui.data.cells import grammar
from ann_tui.data.cells.cell_types import is_date, is_missing, is_number, is_plain_number
from ann_tui.data.cells.dates import looks_like_date
from ann_tui.data.cells.missing_marks import expand_marks, spaced
from ann_tui.data.cells.numerals import has_leading_zero, parse_number
from ann_tui.data.choices.source import DEFAULT_MISSING_MARKS

PIECES = [
    *"0123456789",
    "00",
    "123",
    ".",
    ",",
    "'",
    " ",
    "\u00a0",
    "+",
    "-",
    "(",
    ")",
    "%",
    "€",
    "$",
    "e",
    "E5",
    "e-3",
]
NUMERIC = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
SPELT = st.sampled_from(DEFAULT_MISSING_MARKS).flatmap(
    lambda mark: st.tuples(*[st.sampled_from([sign.lower(), sign.upper()]) for sign in mark]).map("".join)
)
AROUND = st.sampled_from(["", " ", "  ", "\t"])


@given(NUMERIC)
def test_a_plain_number_is_what_python_reads_and_a_number_by_every_other_measure(text: str) -> None:
    cell = text.encode()
    if not is_plain_number(cell):
        return
    assert grammar.PLAIN.fullmatch(text.strip())
    assert is_number(cell) and grammar.SIGNED_DIGITS.fullmatch(text.strip())
    value = float(text)
    assert parse_number(text) == value or not math.isfinite(value)


@given(NUMERIC)
def test_points_and_commas_change_places_in_a_plain_number(text: str) -> None:
    swapped = text.translate(str.maketrans(".,", ",."))
    assert is_plain_number(text.encode(), b",") == is_plain_number(swapped.encode())


@given(NUMERIC)
def test_points_and_commas_change_places_in_what_is_surely_decimal_and_in_groups(text: str) -> None:
    cell, swapped = text.encode(), text.translate(str.maketrans(".,", ",.")).encode()
    for patterns in (grammar.SURELY_DECIMAL, grammar.IN_GROUPS):
        assert bool(patterns[b","].fullmatch(cell)) == bool(patterns[b"."].fullmatch(swapped))
    assert not all(pattern.fullmatch(cell) for pattern in grammar.SURELY_DECIMAL.values())
    if grammar.EITHER_COMMA.fullmatch(cell):
        begins_with_nought = cell.strip().lstrip(b"+-").startswith(b"0,")
        assert bool(grammar.SURELY_DECIMAL[b","].fullmatch(cell)) == begins_with_nought
        assert not grammar.SURELY_DECIMAL[b"."].fullmatch(cell)


@given(st.integers(0, 10**12), st.sampled_from([".", ",", "'", " "]))
def test_groups_of_three_digits_are_found_by_their_mark_alone(value: int, mark: str) -> None:
    cell = f"{value:,}".replace(",", mark).encode()
    found = {sign.decode() for sign, pattern in grammar.IN_GROUPS.items() if pattern.fullmatch(cell)}
    assert found == ({mark} if value >= 1000 else set())


@given(NUMERIC)
def test_a_zero_in_front_is_seen_in_bytes_wherever_it_is_in_text(text: str) -> None:
    if has_leading_zero(text) and is_plain_number(text.encode()):
        assert grammar.LEADING_ZERO_CELL.match(text.encode())
        assert not np.isnan(parse_number(text))


@given(SPELT, AROUND, AROUND)
def test_every_usual_mark_is_missing_in_any_case_and_with_spaces(mark: str, before: str, behind: str) -> None:
    text = before + mark + behind
    assert is_missing(text.encode()) and grammar.folded(text) in grammar.USUAL_MARKS


@given(st.text(alphabet="nNaAuUlLoOeEkKwW/<>#\\?-. \t", max_size=9))
def test_nothing_else_is_missing(text: str) -> None:
    assert is_missing(text.encode()) == (grammar.folded(text) in grammar.USUAL_MARKS)
    if grammar.MISSING_AS_SPELT.fullmatch(text.encode()):
        assert is_missing(text.encode())


def test_a_short_record_passes_with_the_marks_as_they_are_usually_spelt() -> None:
    passes = [mark for mark in DEFAULT_MISSING_MARKS if grammar.MISSING_AS_SPELT.fullmatch(mark.encode())]
    assert passes == [mark for mark in DEFAULT_MISSING_MARKS if mark != "<NA>"]
    for spelt in (b"UNKNOWN", b"#n/a", b"nAN", b"\\n", b"nULL"):
        assert is_missing(spelt) and not grammar.MISSING_AS_SPELT.fullmatch(spelt)


def test_the_marks_with_a_part_of_their_own_are_usual_ones() -> None:
    for marks in (grammar.COMMON_MARKS, grammar.DOUBTFUL_WORDS, grammar.DOUBTFUL_SIGNS):
        assert marks < grammar.USUAL_MARKS - {""}
    assert {"?", "-", "--", "."} == grammar.DOUBTFUL_SIGNS
    assert all(word.isalpha() for word in grammar.DOUBTFUL_WORDS)
    for spelt in spaced(expand_marks(DEFAULT_MISSING_MARKS)):
        assert is_missing(spelt.encode()) or len(spelt) > 11, spelt


@pytest.mark.parametrize(
    "text",
    ["2020-01-02", "2020-01", "2.1.2020", "02/01/20", "2 Jan 2020", "2-January-2020", "Jan 2, 2020", "12:30",
     "12:30:05.5", "2020-01-02T12:30:05Z", "2020/1/2 12:30"],
)  # fmt: skip
def test_what_is_a_date_at_a_glance_is_tried_as_one(text: str) -> None:
    assert is_date(f" {text} ".encode()) and looks_like_date(text)
    assert not is_missing(text.encode()) and not is_plain_number(text.encode())


def test_words_for_yes_and_no_are_folded_and_differ() -> None:
    for pair in grammar.BOOLEAN_PAIRS:
        assert len(set(pair)) == 2 and all(grammar.folded(word) == word for word in pair)


def test_no_other_module_spells_a_number_or_a_missing_mark() -> None:
    """An expression with a digit class and a decimal sign, or a text that is a usual mark with letters."""
    marks = {mark.casefold() for mark in DEFAULT_MISSING_MARKS if len(mark) > 3 or "/" in mark}
    allowed = {"cells/grammar.py", "choices/source.py"}
    root = Path(ann_tui.data.__file__).parent
    for path in root.rglob("*.py"):
        name = path.relative_to(root).as_posix()
        if name in allowed:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
                assert "[eE]" not in text and "d+\\.?" not in text, (name, text)
                assert text.casefold() not in marks - {"none", "unknown"}, (name, text)

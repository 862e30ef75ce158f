"""Text from a file, made safe to show."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ann_tui.data.plain_text import printable

HIDING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_known_dangers() -> None:
    assert printable("\x1b[31mred\x1b[0m") == "␛[31mred␛[0m"
    assert printable("a\nb\tc\rd\x00e\x7f") == "a⏎b⇥c␍d␀e␡"
    assert printable("\u202eevil\u202c") == "<U+202E>evil<U+202C>"
    assert printable("a\u200bb\ufeff") == "a<U+200B>b<U+FEFF>"
    assert printable("\x9b31m") == "<U+009B>31m"
    assert printable("[bold]x[/] 😀 été 你好") == "[bold]x[/] 😀 été 你好"
    assert printable("a\u00a0b\u3000c") == "a b c"
    assert printable(3.5) == "3.5"
    assert printable("") == ""


def test_emoji_that_are_joined_stay_readable() -> None:
    assert "<U+" not in printable("👨\u200d👩\u200d👧 ❤\ufe0f 🇫🇷")


def test_joiners_between_letters_are_shown() -> None:
    assert printable("a\u200db") == "a<U+200D>b"


def test_long_texts_are_cut_quickly() -> None:
    assert printable("x" * 10_000_000, 10) == "x" * 9 + "…"
    assert printable("\x1b" * 300, 20) == "␛" * 19 + "…"
    assert len(printable("\u202e" * 300, 20)) == 20
    assert printable("x" * 10, 10) == "x" * 10


@given(st.text(st.characters(codec=None)), st.integers(1, 50))
def test_nothing_invisible_is_left_and_the_length_is_bounded(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert not any(unicodedata.category(character) in HIDING for character in shown)
    shown.encode()


@given(st.text(st.characters(whitelist_categories=("L", "N", "P", "S")), max_size=30))
def test_ordinary_text_is_unchanged(text: str) -> None:
    shown = printable(text)
    assert shown == text or any(mark in text for mark in "\u115f\u1160\u3164\uffa0")

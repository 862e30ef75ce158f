"""The bytes of a terminal: whatever is sent, in whatever pieces, only keys are keys."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser

from ann_tui.tui.terminal.input_bytes import (
    PASTE_BEGINS,
    PASTE_ENDS,
    Alt,
    Burst,
    Escape,
    InputBytes,
    Piece,
    Sequence,
)


def pieces(*reads: bytes, apart: float = 0.01) -> list[Piece]:
    """What these reads say, so many seconds apart, and a long silence after them."""
    reader, said, now = InputBytes(ANSI_SEQUENCES_KEYS), [], 0.0
    for read in reads:
        now += apart
        said += [*reader.tick(now), *reader.feed(read, now)]
    return [*said, *reader.tick(now + 10)]


def cut(data: bytes, *places: int) -> list[bytes]:
    return [data[one:other] for one, other in pairwise((0, *sorted(places), len(data)))]


@pytest.mark.parametrize("key", [key for key in ANSI_SEQUENCES_KEYS if len(key) > 2 and key.isascii()])
def test_every_sequence_of_a_key_is_one_in_two_pieces_too(key: str) -> None:
    data = key.encode()
    assert pieces(data) == [Sequence(key)]
    for place in range(2, len(data)):
        assert pieces(*cut(data, place)) == [Sequence(key)]


REPLIES = (
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b]4;1;rgb:00/00/00\x07",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[?62;22c",
    b"\x1b[<NaN;NaN;NaNM",
    b"\x1b[MC\xa0!",
    b"\x1b[116;1:3u",
    b"\x1b[48;0;80;0;640t",
    b"\x1b[99999999999999;5u",
    b"\x1b[97;1;55296u",
)


@pytest.mark.parametrize("reply", REPLIES)
def test_what_is_no_key_says_nothing_however_it_is_cut(reply: bytes) -> None:
    for place in range(2, len(reply)):
        assert pieces(*cut(reply, place)) == []
    assert pieces(reply + b"t") == [Sequence("t")]


def test_a_press_with_its_event_is_the_key_without() -> None:
    assert pieces(b"\x1b[116;1:1u") == [Sequence("\x1b[116;1u")]
    assert pieces(b"\x1b[116:84;2:2;84u") == [Sequence("\x1b[116;2;84u")]


def test_the_escape_key_is_known_by_the_silence_after_it() -> None:
    assert pieces(b"\x1b", b"j", apart=0.01) == [Alt("j")]
    assert pieces(b"\x1b", b"j", apart=0.2) == [Escape(), Sequence("j")]
    assert pieces(b"\x1b\r") == [Escape(), Sequence("\r")]
    assert pieces(b"\x1b\x1b[A") == [Escape(), Sequence("\x1b[A")]


def test_half_a_sequence_is_given_up() -> None:
    assert pieces(b"\x1b[1;", b"t", apart=1) == [Sequence("t")]
    assert pieces(b"\x1b]", b"t", apart=0.2) == [Sequence("t")]


def test_letters_at_once_are_a_burst_and_a_key_held_down_is_none() -> None:
    assert pieces(b"size\r3t\r") == [Burst("size\r3t\r", False)]
    assert pieces(b"size", b"3", b"t", apart=0.01) == [
        Burst("size", False), Burst("3", True), Burst("t", True)
    ]  # fmt: skip
    assert pieces(b"size", b"t", apart=0.2) == [Burst("size", False), Sequence("t")]
    assert pieces(b"jjjjjjjj") == [Sequence("jjjjjjjj")]
    assert pieces(b"3t\r") == [Sequence("3t\r")]
    assert pieces(b"\x1b[B" * 9) == [Sequence("\x1b[B")] * 9


def test_a_marked_paste_stays_one_whatever_it_holds() -> None:
    marked = PASTE_BEGINS + b"a\x1b[A\r\nt\x00\xe4" + PASTE_ENDS
    whole = [Sequence("\x1b[200~a[A\r\nt\x1b[201~"), Sequence("t")]
    assert pieces(marked + b"t") == whole
    for place in range(2, len(marked)):
        assert pieces(*cut(marked + b"t", place)) == whole
    assert pieces(PASTE_BEGINS + b"abc", b"t", apart=5) == [
        Sequence("\x1b[200~abc\x1b[201~"), Sequence("t")
    ]  # fmt: skip


FRAGMENTS = st.one_of(
    st.sampled_from([key.encode() for key in ANSI_SEQUENCES_KEYS] + list(REPLIES)),
    st.binary(max_size=6),
    st.text("\x1b[]O<>?;:0123456789uMmtR$y~", max_size=12).map(str.encode),
)


@given(st.lists(FRAGMENTS, max_size=8), st.data())
def test_textual_understands_all_that_comes_through(fragments: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(fragments)
    places = data.draw(st.lists(st.integers(0, len(whole)), max_size=4))
    parser = XTermParser()
    for piece in pieces(*cut(whole, *places)):
        if isinstance(piece, Sequence):
            for message in parser.feed(piece.text):
                assert not isinstance(message, events.Key) or message.key

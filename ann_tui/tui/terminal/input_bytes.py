"""What a terminal's bytes say: whole sequences that are known, text, and text that came at once; nothing else.

Terminals send more than keys: answers to questions, reports of the mouse in four forms, bytes of other encodings, and
halves of all these. Whatever is not known is dropped whole, so that no part of it is taken as a key.
Sources: ECMA-48 (control sequences and strings), xterm's ctlseqs (mouse reports), kitty's keyboard protocol.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Container, Generator, Iterator
from dataclasses import dataclass

ESC = 0x1B
BURST = 4
"""So many different characters in one read were not typed: they were pasted."""

BURST_LASTS = 0.05
"""Seconds in which the next read still belongs to what was pasted."""

ESCAPE_WAITS, SEQUENCE_WAITS, PASTE_WAITS = 0.1, 0.5, 2.0
"""Seconds until a lone escape is the key, half a sequence is given up, and a paste without an end is taken as it is."""

LONGEST_STRING, LONGEST_PASTE = 1 << 16, 1 << 20
LARGEST_SIDE = 2_000
"""Columns or lines of the largest window that is believed."""

PASTE_BEGINS, PASTE_ENDS = b"\x1b[200~", b"\x1b[201~"
CONTROL_SEQUENCE = re.compile(rb"\x1b\[([0-9]+\$|[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e])")
CONTROL_SEQUENCE_SO_FAR = re.compile(rb"\x1b\[[\x30-\x3f]*[\x20-\x2f]*")
MOUSE = re.compile(rb"\x1b\[<[^\x00-\x1f\x7f-\xff]{0,60}?[Mm]")
MOUSE_SO_FAR = re.compile(rb"\x1b\[<[^\x00-\x1f\x7f-\xffMm]{0,60}")
OLD_MOUSE, OLD_MOUSE_BYTES = b"\x1b[M", 6
STRING = re.compile(rb"\x1b[\]P_^X][^\x1b\x07]*(\x07|\x1b\\)")
STRING_SO_FAR = re.compile(rb"\x1b[\]P_^X][^\x1b\x07]*\x1b?")

KNOWN_MOUSE = re.compile(r"\x1b\[<\d{1,3};-?\d{1,6};-?\d{1,6}[Mm]")
KNOWN_REPORT = re.compile(r"\x1b\[(I|O|\?\d{1,5};\d\$y|\d{1,5};\d{1,5}R)")
KNOWN_SIZE = re.compile(r"\x1b\[48((?:;\d{1,6}(?::\d*)*){4})t")
KEY = re.compile(r"\x1b\[(\d*)(?::[\d:]*)?(?:;(\d*)(?::(\d*))?(?:;([\d:]*))?)?([u~ABCDEFHPQRS])")
RELEASED = "3"


@dataclass(frozen=True)
class Sequence:
    """A known sequence, or text that was typed, as the terminal wrote it."""

    text: str


@dataclass(frozen=True)
class Escape:
    """The escape key."""


@dataclass(frozen=True)
class Alt:
    """A character typed with the alt key."""

    character: str


@dataclass(frozen=True)
class Burst:
    """Text that came at once and without the marks of a paste; `continues` where its beginning came before."""

    text: str
    continues: bool


Piece = Sequence | Escape | Alt | Burst


class InputBytes:
    """Takes bytes as they are read, in pieces of any size, and gives what they say."""

    def __init__(self, known: Container[str]) -> None:
        """`known` are the sequences that stand for keys, beside those that follow from a protocol."""
        self._known = known
        self._waiting = b""
        self._since = 0.0
        self._paste: bytearray | None = None
        self._burst_until = 0.0
        self._decoder = getincrementaldecoder("utf-8")("ignore")

    def feed(self, data: bytes, now: float) -> Iterator[Piece]:
        """What these bytes complete; `now` is a clock's time in seconds."""
        data = self._waiting + data
        self._waiting, self._since = b"", now
        while data:
            if self._paste is not None:
                data = yield from self._gather(data)
            elif data[0] == ESC:
                length = self._sequence_length(data)
                if length is None:
                    self._waiting = data
                    return
                yield from self._sequence(data[:length])
                data = data[length:]
            else:
                end = data.find(ESC)
                run, data = (data, b"") if end < 0 else (data[:end], data[end:])
                yield from self._text(run, now)

    def tick(self, now: float) -> Iterator[Piece]:
        """What follows from nothing more having come until now."""
        waited = now - self._since
        if self._paste is not None:
            if waited >= PASTE_WAITS:
                self._paste += self._waiting
                self._waiting = b""
                yield from self._pasted()
        elif self._waiting == b"\x1b":
            if waited >= ESCAPE_WAITS:
                self._waiting = b""
                yield Escape()
        elif self._waiting and waited >= (ESCAPE_WAITS if len(self._waiting) == 2 else SEQUENCE_WAITS):
            self._waiting = b""

    # -- text ----------------------------------------------------------------------------------------------

    def _text(self, run: bytes, now: float) -> Iterator[Piece]:
        text = "".join(
            character for character in self._decoder.decode(run) if not 0x7F < ord(character) < 0xA0
        )
        if not text:
            return
        printable = [character for character in text if character.isprintable()]
        continues = now < self._burst_until
        if continues or (len(printable) >= BURST and len(set(printable)) > 1):
            self._burst_until = now + BURST_LASTS
            yield Burst(text, continues)
        else:
            yield Sequence(text)

    def _gather(self, data: bytes) -> Generator[Piece, None, bytes]:
        """Take what is pasted; give what comes behind its end."""
        assert self._paste is not None
        self._paste += data
        end = self._paste.find(PASTE_ENDS)
        if end < 0:
            return b""
        behind = bytes(self._paste[end + len(PASTE_ENDS) :])
        del self._paste[end:]
        yield from self._pasted()
        return behind

    def _pasted(self) -> Iterator[Piece]:
        assert self._paste is not None
        text = bytes(self._paste[:LONGEST_PASTE]).decode("utf-8", "ignore")
        self._paste = None
        text = "".join(character for character in text if character.isprintable() or character in "\t\r\n")
        yield Sequence(f"{PASTE_BEGINS.decode()}{text}{PASTE_ENDS.decode()}")

    # -- sequences -----------------------------------------------------------------------------------------

    def _sequence_length(self, data: bytes) -> int | None:
        """How many bytes the sequence at the beginning has, known or not; None where it may go on."""
        if len(data) == 1:
            return None
        if data[1] == ESC:
            return 1
        if data[1:2] in b"]P_^X":
            return _length(STRING, STRING_SO_FAR, data, LONGEST_STRING)
        if data[1:2] == b"O":
            return 3 if len(data) > 2 else None
        if data[1:2] != b"[":
            typed_after = data[1] > 0x7F or (
                not 0x20 <= data[1] < 0x7F and data[:2].decode() not in self._known
            )
            return 1 if typed_after else 2
        if data.startswith(OLD_MOUSE):
            return OLD_MOUSE_BYTES if len(data) >= OLD_MOUSE_BYTES else None
        if data.startswith(b"\x1b[["):
            return 4 if len(data) > 3 else None
        if data.startswith(b"\x1b[<"):
            return _length(MOUSE, MOUSE_SO_FAR, data, 64)
        return _length(CONTROL_SEQUENCE, CONTROL_SEQUENCE_SO_FAR, data, 64)

    def _sequence(self, data: bytes) -> Iterator[Piece]:
        if data == PASTE_BEGINS:
            self._paste = bytearray()
        elif data == b"\x1b":
            yield Escape()
        elif not data.startswith(OLD_MOUSE) and data[1:2] not in b"]P_^X":
            text = data.decode("latin-1")
            if (understood := self._understood(text)) is not None:
                yield Sequence(understood)
            elif len(text) == 2 and text[1] not in "[O":
                yield Alt(text[1])

    def _understood(self, text: str) -> str | None:
        """The sequence as it can be taken, or None."""
        if text in self._known or KNOWN_MOUSE.fullmatch(text) or KNOWN_REPORT.fullmatch(text):
            return text
        if size := KNOWN_SIZE.fullmatch(text):
            lines, columns, high, wide = (int(side.partition(":")[0]) for side in size[1].split(";")[1:])
            return text if 0 < lines <= LARGEST_SIDE >= columns > 0 and high > 0 < wide else None
        key = KEY.fullmatch(text)
        return None if key is None else _key(key)


def _key(match: re.Match[str]) -> str | None:
    """A key of kitty's protocol without what only says how it was pressed; None for its release, and for no key."""
    code, modifiers, event, text, end = (group or "" for group in match.groups())
    if event == RELEASED or int(modifiers or 1) > 256 or not _character(int(code or 1)):
        return None
    characters = [int(each) for each in text.split(":") if each]
    if not all(_character(each) and chr(each).isprintable() for each in characters):
        return None
    written = ";" + ":".join(map(str, characters)) if characters else ""
    return f"\x1b[{code or 1};{modifiers or 1}{written}{end}"


def _character(code: int) -> bool:
    return 0 < code < 0x110000 and not 0xD800 <= code < 0xE000


def _length(whole: re.Pattern[bytes], so_far: re.Pattern[bytes], data: bytes, longest: int) -> int | None:
    """The length of the match, of what is broken off where it can't go on, or None where it may."""
    if match := whole.match(data):
        return match.end()
    match = so_far.match(data)
    assert match is not None
    if match.end() == len(data) <= longest:
        return None
    end = match.end()
    return end - 1 if data[end - 1] == ESC else end

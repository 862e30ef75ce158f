"""How the lines of a text end: with a line feed, a carriage return, both, or one line so and another so."""

import re
from collections import Counter
from collections.abc import Iterator

from ann_tui.data.reading.sample_records import Lines

TRIED_BYTES = 256 << 10
_USUAL = (b",", b";", b"\t", b"|", b" ")
_QUOTED = re.compile(rb'"[^"]*"')
_END = re.compile(rb"\r+\n|\r")


def find_terminator(data: bytes) -> bytes:
    """Line feed (alone or after a carriage return), or carriage return for files that end lines with it alone."""
    if b"\r" not in data:
        return b"\n"
    plain = _QUOTED.sub(b"", data[:TRIED_BYTES])
    pairs = plain.count(b"\r\n")
    return b"\r" if plain.count(b"\r") - pairs > plain.count(b"\n") else b"\n"


def split_lines(data: bytes, terminator: bytes) -> Lines:
    """The lines without terminator; what follows the last terminator counts if it is not empty."""
    lines = Lines(data.split(terminator))
    if not lines[-1]:
        lines.pop()
    return lines


def ends_are_mixed(data: bytes) -> bool:
    """Whether lone carriage returns and line feeds both end lines of a text.

    They do where that gives more lines of one width than one of them alone; quoted cells are looked over.
    """
    if b"\r" not in data or b"\n" not in data:
        return False
    plain = re.sub(rb"\r+\n", b"\n", _QUOTED.sub(b'""', data))
    if b"\r" not in plain or b"\n" not in plain:
        return False
    both = plain.replace(b"\r", b"\n").split(b"\n")
    single = max(_of_one_width(plain.split(b"\n")), _of_one_width(plain.split(b"\r")))
    return _of_one_width(both) > single


def _of_one_width(lines: list[bytes]) -> float:
    """The share of the lines that have the usual number of a delimiter (more than none), for the best delimiter."""
    filled = [line for line in lines if line.strip()]
    best = 0.0
    for mark in _USUAL:
        counts = Counter(line.count(mark) for line in filled)
        del counts[0]
        best = max(best, max(counts.values(), default=0) / max(1, len(filled)))
    return best


def with_one_end(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks of a text with a line feed at the end of each line; quoted cells stay as they are."""
    inside, rest = False, b""
    for block in blocks:
        data = rest + block
        text = data.rstrip(b"\r")
        rest = data[len(text) :]
        parts = text.split(b'"')
        for place in range(int(inside), len(parts), 2):
            parts[place] = _END.sub(b"\n", parts[place])
        inside ^= len(parts) % 2 == 0
        yield b'"'.join(parts)
    if rest:
        yield rest if inside else _END.sub(b"\n", rest)

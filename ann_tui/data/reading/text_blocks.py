"""The text of a file as UTF-8, in blocks as they come."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ann_tui.data.reading.line_ends import with_one_end
from ann_tui.data.reading.opening import Opened

BLOCK = 8 << 20


class Reader:
    """Calls that give some bytes each, then whatever comes after them, as `file.read` does."""

    def __init__(self, first: list[bytes], then: Opened | None = None) -> None:
        self._first = first
        self._then = then

    def __call__(self, size: int) -> bytes:
        if self._first:
            return self._first.pop(0)
        return self._then.read_lines(size) if self._then is not None else b""


@dataclass
class Padding:
    """How many NUL bytes stood behind the last character of a text."""

    size: int = 0


def utf8_blocks(
    read: Callable[[int], bytes],
    encoding: str,
    block: int = BLOCK,
    *,
    one_end: bool = False,
    padding: Padding | None = None,
) -> Iterator[bytes]:
    """The bytes of a file as UTF-8 without byte order mark; UTF-8 itself passes through unchecked.

    NUL bytes at the end are left out, and counted in `padding`. `one_end`: lines that end in several ways all end
    with a line feed then.
    """
    blocks = _without_padding(_decoded(read, encoding, block), padding or Padding())
    return with_one_end(blocks) if one_end else blocks


def _decoded(read: Callable[[int], bytes], encoding: str, block: int) -> Iterator[bytes]:
    name = codecs.lookup(encoding).name
    if name in ("utf-8", "utf-8-sig", "ascii"):
        first = True
        while data := read(block):
            yield data.removeprefix(codecs.BOM_UTF8) if first else data
            first = False
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data := read(block):
        yield decoder.decode(data).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _without_padding(blocks: Iterator[bytes], padding: Padding) -> Iterator[bytes]:
    """The blocks without the NUL characters at the end of the last one."""
    for block in blocks:
        text = block.rstrip(b"\0") if block.endswith(b"\0") else block
        if text:
            yield bytes(padding.size) + text if padding.size else text
            padding.size = 0
        padding.size += len(block) - len(text)


def without_lines(blocks: Iterator[bytes], count: int, terminator: bytes) -> Iterator[bytes]:
    """The blocks without their first `count` lines."""
    for block in blocks:
        start = 0
        while count and start < len(block):
            end = block.find(terminator, start)
            if end < 0:
                start = len(block)
                break
            start = end + 1
            count -= 1
        if start < len(block):
            yield block[start:]

"""Text from a file, made safe to show: nothing in it can move the cursor, reverse a line or fill the screen."""

import codecs
import re
import sys
import unicodedata
from typing import IO

_HIDDEN = {
    "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180e", "\u3164", "\ufeff", "\uffa0",
}  # fmt: skip
_HARMLESS = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\u02ff]*")
_BESIDE_HARMLESS = re.compile(r"[^\x20-\x7e\xa1-\xac\xae-\u02ff]+")
_LEADS = {"\n": "⏎", "\t": "⇥", "\r": "␍"}


def printable(text: object, limit: int = 200) -> str:
    """The text on one line of at most `limit` characters, with nothing invisible left in it.

    Control characters become their Unicode pictures (ESC is ␛, a line break ⏎, a tab ⇥), characters that
    reorder, join or hide text become `<U+202E>`, and a text that is cut ends in `…`. Everything else,
    markup and emoji included, stays as it is: showing it as markup or not is up to the caller's widget.
    """
    string = text if isinstance(text, str) else str(text)
    cut = len(string) > limit
    if cut:
        string = string[: max(limit, 1)]
    if _HARMLESS.fullmatch(string) is None:
        before = ["", *string]
        string = "".join(map(_visible, string, before))
    if cut or len(string) > limit:
        string = string[: max(limit - 1, 0)] + "…"
    return string


def _visible(character: str, before: str) -> str:
    if character in _LEADS:
        return _LEADS[character]
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    category = unicodedata.category(character)
    if character == "\u200d" or 0xFE00 <= code <= 0xFE0F:
        joins = before != "" and (unicodedata.category(before) in ("So", "Sk", "Mn") or before == "\u200d")
        return "" if joins else f"<U+{code:04X}>"
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or character in _HIDDEN:
        return f"<U+{code:04X}>"
    return " " if category == "Zs" else character


def shown_path(path: object) -> str:
    """A path for a message: safe to show, and whole as far as 300 characters go."""
    return "standard input" if str(path) == "-" else printable(path, 300)


def visible(text: str) -> str:
    """A text of several lines with nothing in it that a terminal acts upon, but for its line breaks."""
    return "\n".join(printable(line, sys.maxsize) for line in text.split("\n"))


def visible_json(text: str) -> str:
    """The same value as JSON, in which what a terminal might act upon is written as `\\u009b`."""
    return _BESIDE_HARMLESS.sub(lambda found: "".join(map(_escaped, found[0])), text)


def _escaped(character: str) -> str:
    if unicodedata.category(character)[0] not in "CZ" or character == " ":
        return character
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


class VisibleLines:
    """A file of bytes in UTF-8 in front of another, a terminal's, that gets them as `visible` text."""

    def __init__(self, terminal: IO[bytes]) -> None:
        """`terminal` takes what is written."""
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> int:
        """Write some of the bytes; a character may come in two parts."""
        self._terminal.write(visible(self._decoder.decode(data)).encode())
        return len(data)

    def flush(self) -> None:
        """Let the terminal show what was written."""
        self._terminal.flush()

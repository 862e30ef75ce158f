"""Finding out how the bytes of a text file stand for characters."""

import codecs
import re

from ann_tui.data.reading.code_pages import code_page

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PROBED = 1 << 16
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


def is_utf8(data: bytes, complete: bool) -> bool:
    """Whether the bytes are UTF-8; unless complete, a character may be cut off at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=complete)
    except UnicodeDecodeError:
        return False
    return True


def detect_encoding(data: bytes, complete: bool) -> str:
    """The Python codec name for the bytes of a file's beginning (and further samples, cut at line ends).

    A byte order mark decides; then UTF-16 and UTF-32 by their zero bytes; then UTF-8 if it fits; then the code page
    whose letters are those of one language; then Windows-1252 for Latin letters among ASCII, and
    charset-normalizer's judgement for everything else.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    wide = _without_mark(data)
    if wide:
        return wide
    if data.isascii() or is_utf8(data, complete):
        return "utf-8"
    if _mostly_utf8(data):
        return "utf-8"
    return _eight_bit(data)


def _without_mark(data: bytes) -> str:
    """UTF-16 or UTF-32 without a byte order mark: zero bytes at regular places."""
    probe = data[: len(data) // 4 * 4][:4096]
    if len(probe) < 8:
        probe = data[: len(data) // 2 * 2]
    if not probe or b"\0" not in probe:
        return ""
    zeros = [
        sum(1 for byte in probe[place::4] if byte == 0) / max(1, len(probe[place::4])) for place in range(4)
    ]
    for name, empty, full in (
        ("utf-32-le", (1, 2, 3), (0,)),
        ("utf-32-be", (0, 1, 2), (3,)),
        ("utf-16-le", (1, 3), (0, 2)),
        ("utf-16-be", (0, 2), (1, 3)),
    ):
        if min(zeros[place] for place in empty) >= 0.7 and max(zeros[place] for place in full) <= 0.05:
            return name
    return next((name for name in ("utf-16-le", "utf-16-be") if _is_text(data, name)), "")


def _is_text(data: bytes, name: str) -> bool:
    """Whether the bytes are lines of letters in an encoding; in a wrong one some character is not assigned."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(data[:PROBED])
    except UnicodeDecodeError:
        return False
    signs = sum(character < "\x7f" for character in text)
    return (
        "\n" in text
        and signs >= 0.1 * len(text)
        and all(character.isprintable() or character in "\t\r\n" for character in text)
    )


def _mostly_utf8(data: bytes) -> bool:
    """Whether nearly all characters beyond ASCII are UTF-8, so that the rest must be damage."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    good = sum(1 for character in text if character > "\x7f") - text.count("\ufffd")
    return good >= 2 and good > 2 * bad


def _eight_bit(data: bytes) -> str:
    lines = b"\n".join(line for line in data.splitlines() if _HIGH.search(line))[:65536]
    page = code_page(lines)
    if page:
        return page
    words = _HIGH_WORD.findall(lines)
    high = sum(len(_HIGH.findall(word)) for word in words)
    letters = sum(len(word) for word in words)
    if not _UNDEFINED_1252.search(lines) and high <= 0.5 * letters + len(words) * 0.5:
        guess = _normalizer(lines, among=("cp1250", "cp1252", "latin_1", "cp1254", "cp1257", "iso8859_2"))
        return guess if guess in ("cp1250", "iso8859_2") and _reads_better(lines, guess) else "cp1252"
    return _normalizer(lines) or "cp1252"


def _reads_better(lines: bytes, guess: str) -> bool:
    """Whether another code page turns the bytes into letters where Windows-1252 has signs inside words."""
    odd = re.compile(r"(?<=[^\W\d_])[^\w\s.,;:'’\-/\"|\t()&](?=[^\W\d_])")
    return len(odd.findall(lines.decode("cp1252", "replace"))) > len(
        odd.findall(lines.decode(guess, "replace"))
    )


def _normalizer(lines: bytes, among: tuple[str, ...] = ()) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(lines, cp_isolation=list(among) or None).best()
    if best is None or best.encoding == "utf_8" or b"a,1\n".decode(best.encoding, "replace") != "a,1\n":
        return ""
    return best.encoding.replace("_", "-")

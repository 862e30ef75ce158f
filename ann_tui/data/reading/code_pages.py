"""Telling code pages of one byte a letter apart by the letters of the languages that are written in them.

A few names are too little for statistics of letter pairs, but enough for an alphabet: with the right code page, all
letters beyond ASCII belong to one language, and with a wrong one a Polish word has a pound sign in it.
"""

import re

_NO_LETTERS = rb"\x80\x82\x84-\x89\x8b\x91-\x99\x9b\xa0\xa6\xa7\xa9\xab-\xae\xb0\xb7\xbb"
_WORD = re.compile(rb"(?:(?![" + _NO_LETTERS + rb"])[A-Za-z\x80-\xff])+")
_WESTERN = (
    "àâæçéèêëîïôœùûüÿ", "äöüß", "áéíóúüñ¿¡ªº", "áâãàçéêíóôõúüªº", "àèéìíîòóùúªº", "åäöæøéüá", "áðéíóúýþæö",
    "éëïóöüèêáí",
)  # fmt: skip
"""The letters of French, German, Spanish, Portuguese, Italian, the Nordic languages, Icelandic and Dutch."""
_POLISH, _CZECH_AND_SLOVAK = "ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕäô"
_OTHERS = (
    ("cp1250", _POLISH, 2),
    ("cp1250", _CZECH_AND_SLOVAK, 4),
    ("cp1250", "áéíóöőúüű", 4),
    ("cp1250", "čćđšž", 2),
    ("cp1250", "ăâîşţ", 3),
    ("iso8859-2", _POLISH, 2),
    ("iso8859-2", _CZECH_AND_SLOVAK, 4),
    ("cp1254", "çğıöşüâîûİ", 3),
    ("cp1257", "ąčęėįšųūžāēģīķļņ", 4),
    ("iso8859-15", "àâæçéèêëîïôœùûüÿ€šž", 1),
)
"""Code pages, the letters of a language that is written in them, and how many of these are evidence enough."""
_ACCENTED = frozenset("άέήίόύώΐΰΆΈΉΊΌΎΏ")
_FEWEST_GREEK = 3


def code_page(data: bytes) -> str:
    """The Python codec name of the code page in which all words with bytes beyond ASCII belong to one language.

    "" where the words are of several languages, or none that is known here.
    """
    words = [word for word in _WORD.findall(data) if len(word) > 1 and not word.isascii()]
    text = b" ".join(words)
    letters = _high(text, "cp1252")
    if not letters:
        return ""
    if any(letters <= _both_cases(alphabet) for alphabet in _WESTERN):
        return "cp1252"
    for name, alphabet, enough in _OTHERS:
        found = _high(text, name)
        if len({letter.lower() for letter in found}) >= enough and found <= _both_cases(alphabet):
            return name
    return "cp1253" if _is_greek(words) else ""


def _both_cases(letters: str) -> set[str]:
    return {*letters, *letters.upper()}


def _high(text: bytes, name: str) -> set[str]:
    return {letter for letter in text.decode(name, "replace") if letter > "\x7f"}


def _is_greek(words: list[bytes]) -> bool:
    """Whether nearly all words in Greek letters have one accent each, and ς stands at their ends alone."""
    greek = [word.decode("cp1253", "replace") for word in words if len(word) > 3]
    fitting = sum(
        all("\u0370" <= letter <= "\u03ff" for letter in word)
        and sum(letter in _ACCENTED for letter in word) == 1
        and "ς" not in word[:-1]
        for word in greek
    )
    return len(greek) >= _FEWEST_GREEK and fitting >= 0.8 * len(greek)

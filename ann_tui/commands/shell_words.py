"""Words of a command line, written so that they can be pasted into a shell as they are shown."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable

from ann_tui.data.plain_text import printable, visible


def shell_line(words: Iterable[str]) -> str:
    """The words on one line, in which nothing is left that would be shown as something else."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if "\n" not in word and visible(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(map(_escaped, word)) + "'"


def _escaped(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    if printable(character) == character:
        return character
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(character))

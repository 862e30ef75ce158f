"""Telling a person who looks at another window: the bell, and what terminals show as a notification."""

from __future__ import annotations

from ann_tui.data.plain_text import printable

LONGEST = 200


def call_back(text: str) -> str:
    """What rings and says a line: BEL, OSC 9 (iTerm2, Windows Terminal) and OSC 777 (urxvt, foot, Ghostty).

    Nothing in the text ends them early. Terminals that know neither leave them out.
    """
    said = printable(text, LONGEST).replace(";", ",")
    return f"\a\x1b]9;ann-tui: {said}\a\x1b]777;notify;ann-tui;{said}\a"

"""What the terminal tells the app beside keys and the mouse."""

from __future__ import annotations

from textual.message import Message


class PastedUnmarked(Message):
    """Text that came at once, from a terminal that does not mark what is pasted."""

    def __init__(self, text: str, continues: bool) -> None:
        super().__init__()
        self.text, self.continues = text, continues


class TerminalGone(Message):
    """The terminal can't be read or written any more."""


class InputFailed(Message):
    """The thread that reads the terminal could not go on."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

"""The installed command in a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest


class Terminal:
    """Runs `ann-tui` in a pseudo-terminal and reads its screen as a person would."""

    def __init__(self, *arguments: str, columns: int = 120, lines: int = 36) -> None:
        command = shutil.which("ann-tui", path=str(Path(sys.executable).parent)) or shutil.which("ann-tui")
        assert command is not None, "ann-tui is not installed: see the README's test command"
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            command,
            list(arguments),
            dimensions=(lines, columns),
            timeout=30,
            env=_environment(),
        )
        self.raw = b""

    def read(self) -> str:
        """What is on the screen now."""
        try:
            while True:
                piece = self.child.read_nonblocking(65536, timeout=0.05)
                self.raw += piece
                self._stream.feed(piece)
        except (pexpect.TIMEOUT, pexpect.EOF):
            pass
        return "\n".join(self.screen.display)

    def until(self, *texts: str, seconds: float = 60) -> str:
        """The screen as soon as all these texts stand on it, whatever the width of their gaps."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            shown = self.read()
            if all(_squeezed(text) in _squeezed(shown) for text in texts):
                return shown
        raise AssertionError(f"waited in vain for {texts}; on screen:\n{self.read()}")

    def press(self, keys: str) -> None:
        """Type keys."""
        self.child.send(keys)

    def ended(self) -> int | None:
        """Wait for the end and give the exit status."""
        end = time.monotonic() + 30
        while self.child.isalive() and time.monotonic() < end:
            self.read()
        self.read()
        self.child.close()
        return self.child.exitstatus


def _environment() -> dict[str, str]:
    """That of the tests, but for the size of a terminal: a test runner may set its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def _squeezed(text: str) -> str:
    return re.sub(" +", " ", text)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Starts terminals, and ends those that a failed test left behind."""
    started: list[Terminal] = []

    def start(*arguments: str, **size: int) -> Terminal:
        started.append(Terminal(*arguments, **size))
        return started[-1]

    yield start
    for each in started:
        each.child.close(force=True)

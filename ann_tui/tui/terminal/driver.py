"""Textual's driver with three doors of our own: what the terminal sends, what is written to it, and when it is gone."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable
from typing import IO, Any

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from ann_tui.tui.terminal.input_bytes import Alt, Burst, Escape, InputBytes, Piece
from ann_tui.tui.terminal.input_messages import InputFailed, PastedUnmarked, TerminalGone


class LastingFile:
    """A file to write to that loses what it can't write, and says so once."""

    def __init__(self, file: IO[str], lost: Callable[[], None]) -> None:
        self._file, self._lost = file, lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, text: str) -> int:
        """Write it, or lose it."""
        self._try(lambda: self._file.write(text))
        return len(text)

    def flush(self) -> None:
        """Bring what was written to the terminal."""
        self._try(self._file.flush)

    def _try(self, write: Callable[[], object]) -> None:
        try:
            write()
        except (OSError, ValueError):
            lost, self._lost = self._lost, lambda: None
            lost()


class TerminalDriver(LinuxDriver):
    """Gives the app the keys, reports and pastes that its terminal sends, and nothing else of its bytes."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        assert self._file is not None
        lasting = LastingFile(self._file, lambda: self.send_message(TerminalGone()))
        self._file = lasting  # type: ignore[assignment]

    def run_input_thread(self) -> None:
        """Read until the app ends or the terminal is gone."""
        input_bytes, parser = InputBytes(ANSI_SEQUENCES_KEYS), XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(0.05)
                now = time.monotonic()
                try:
                    data = os.read(self.fileno, 1 << 14) if ready else None
                except OSError:
                    data = b""
                if data == b"":
                    self.send_message(TerminalGone())
                    return
                for piece in input_bytes.feed(data, now) if data else input_bytes.tick(now):
                    self._process(piece, parser)

    def _process(self, piece: Piece, parser: XTermParser) -> None:
        try:
            match piece:
                case Burst(text, continues):
                    self.process_message(PastedUnmarked(text, continues))
                case Escape():
                    self.process_message(events.Key("escape", "\x1b"))
                case Alt(character):
                    self.process_message(events.Key(f"alt+{character}", None))
                case _:
                    for message in parser.feed(piece.text):
                        self.process_message(message)
        except Exception as error:
            self.send_message(InputFailed(error))

    def process_message(self, message: Message) -> None:
        """Send it to the app; what the mouse did beyond the window happens at its edge."""
        if isinstance(message, events.MouseEvent):
            width, height = self._app.size
            message._x = message._screen_x = min(max(message._x, 0), max(width - 1, 0))
            message._y = message._screen_y = min(max(message._y, 0), max(height - 1, 0))
        super().process_message(message)

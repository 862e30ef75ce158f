"""Somebody who presses anything: seeded keys, bursts, pastes, clicks and sizes, as bytes of a terminal.

`python -m tests.monkey [KEYS] [SEED] [FILE...]` presses so many keys (20,000) on the samples and a wide table of
numbers, and says how long the slowest of them took.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import numpy as np
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.geometry import Size
from textual.message import Message

from ann_tui.tui.app.app import AnnApp
from ann_tui.tui.terminal.input_bytes import Alt, Burst, Escape, InputBytes
from ann_tui.tui.terminal.input_messages import PastedUnmarked

LETTERS = (*"ttt", *"123456" * 2, *"uUnmslfvcdkixaeprRwyojgb", *"[]+-=/?")
NAMED = (
    *("\r",) * 8, *("\t",) * 4, *("\x1b",) * 5, *("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D") * 5, " ", " ", "\x7f",
    "\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~", "\x1b[3~", "\x1bOP", "\x1bOQ", "\x10", "\x13", "\x0f", "\x15", "\x1b[Z",
)  # fmt: skip
TEXTS = (
    "0.5",
    "-1",
    "1e400",
    "nan",
    "abc",
    "[/]",
    "[red]x",
    "64 relu, 32 relu",
    "acid in 0..3",
    "x.ann",
    "x.toml",
)
REPORTS = (
    b"\xe4",
    b"\x1b[MC\xa0!",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b[116;1:3u",
    b"\x1b[<NaN;1;1M",
    b"\x1b[I",
)


class Monkey:
    """Presses keys on an app; `seed` decides which."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.size = (120, 40)
        self.pressed = 0
        self._bytes, self._parser = InputBytes(ANSI_SEQUENCES_KEYS), XTermParser()
        self._now = 0.0

    def read(self) -> bytes:
        """What one read of the terminal gives."""
        chance = self.random.random()
        if chance < 0.55:
            return self._key().encode()
        if chance < 0.75:
            return b"".join(self._key().encode() for _ in range(self.random.randrange(2, 6)))
        if chance < 0.8:
            key = self._key()
            return (key * self.random.randrange(2, 12)).encode()
        if chance < 0.86:
            text = self.random.choice(TEXTS) + self.random.choice(("", "\r", "\rt\r3"))
            return text.encode() if chance < 0.83 else f"\x1b[200~{text}\x1b[201~".encode()
        if chance < 0.9:
            return self.random.choice(REPORTS)
        x, y = (self.random.randrange(1, side + 2) for side in self.size)
        button = self.random.choice((0, 0, 0, 2, 64, 65, 35))
        down = f"\x1b[<{button};{x};{y}M"
        return (
            down + (f"\x1b[<{button};{x};{y}m" * self.random.randrange(1, 3) if button < 3 else "")
        ).encode()

    def _key(self) -> str:
        return self.random.choice(NAMED if self.random.random() < 0.5 else LETTERS)

    def messages(self, data: bytes) -> Iterator[Message]:
        """What a driver would post of these bytes."""
        self._now += 1
        for piece in (*self._bytes.feed(data, self._now), *self._bytes.tick(self._now + 0.6)):
            self.pressed += 1
            match piece:
                case Burst(text, continues):
                    yield PastedUnmarked(text, continues)
                case Escape():
                    yield events.Key("escape", "\x1b")
                case Alt(character):
                    yield events.Key(f"alt+{character}", None)
                case _:
                    yield from self._parser.feed(piece.text)

    def resized(self) -> events.Resize | None:
        """Another size of the window, now and then."""
        if self.random.random() > 0.03:
            return None
        self.size = self.random.randrange(20, 251), self.random.randrange(6, 71)
        return events.Resize(Size(*self.size), Size(*self.size))

    async def press(self, app: AnnApp, keys: int, settle: Callable[[], Awaitable[None]]) -> None:
        """Press so many keys; `settle` returns when the app has handled what came in."""
        end = self.pressed + keys
        while self.pressed < end:
            resized = self.resized()
            if resized is not None:
                app.post_message(resized)
            data = self.read()
            for message in self.messages(data):
                message.set_sender(app)
                app.post_message(message)
            await settle()
            if not app.is_running or app.return_code is not None:
                raise AssertionError(f"the app has ended after {data!r}")


async def drive(app: AnnApp, monkey: Monkey, keys: int) -> float:
    """Press keys on an app of its own; the seconds that the slowest took to be handled."""
    slowest = 0.0

    async def quit_never() -> None:
        return None

    app.action_quit = quit_never  # type: ignore[method-assign]
    async with app.run_test(size=monkey.size, notifications=True) as pilot:

        async def settle() -> None:
            nonlocal slowest
            begin = time.perf_counter()
            for _ in range(3):
                await pilot._wait_for_screen()
            slowest = max(slowest, time.perf_counter() - begin)

        await monkey.press(app, keys, settle)
    return slowest


def wide_table(path: Path) -> Path:
    """2,000 rows of 80 numbers."""
    values = np.random.default_rng(0).normal(size=(2_000, 80))
    header = ",".join(f"x{index}" for index in range(80))
    np.savetxt(path, values, "%.4f", ",", header=header, comments="")
    return path


def main() -> None:
    """Press keys on each table in turn, until there were enough."""
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 30)
    samples = sorted((Path(__file__).parent.parent / "sample_data").absolute().glob("*.csv"))
    files = [Path(name).absolute() for name in sys.argv[3:]]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        os.chdir(folder)
        files = files or [*samples, wide_table(Path(folder) / "wide.csv")]
        print(f"seed {seed}")
        for index, file in enumerate(files):
            monkey = Monkey(seed + index)
            slowest = asyncio.run(drive(AnnApp(str(file)), monkey, keys // len(files)))
            print(f"{file.name}: {monkey.pressed:,} keys, the slowest {slowest:.2f} s", flush=True)


if __name__ == "__main__":
    main()

"""How soon the first frame stands, and how soon keys answer while a network trains and while a file is read.

    python -m tests.benchmarks.app [REPEATS]
    python -m tests.benchmarks.app --reading [REPEATS]

All run the installed `ann-tui` in a pseudo-terminal. The first frame is measured side by side with a bare Textual
app, in turn, and given as a ratio of medians. A key is pressed on the Data screen from the moment that the first
rows of a file stand there until the whole of it has been read and prepared, and half a second longer; it is answered
when the name of the column to which it leads comes back.
"""

from __future__ import annotations

import os
import select
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pexpect

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
BARE = """
from textual.app import App
from textual.widgets import OptionList, Static

class Bare(App):
    BINDINGS = [("ctrl+q", "quit", "quit")]
    def compose(self):
        yield Static("a bare app")
        yield OptionList("penguins", "churn", "cars")

Bare().run()
"""


def _command() -> str:
    return str(Path(sys.executable).parent / "ann-tui")


def _spawn(command: str, *arguments: str) -> pexpect.spawn[bytes]:
    state = tempfile.mkdtemp()
    homes = dict.fromkeys(("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), state)
    environment = {**os.environ, "TERM": "xterm-256color", **homes}
    return pexpect.spawn(command, list(arguments), dimensions=(36, 120), env=environment, timeout=60)


def first_frame_seconds(command: str, *arguments: str) -> float:
    """Seconds from the start of a process to the first screen that lists the samples."""
    start = time.perf_counter()
    child = _spawn(command, *arguments)
    child.expect_exact(b"penguins")
    seconds = time.perf_counter() - start
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    return seconds


def measure_first_frame(repeats: int) -> None:
    """Print the median times and the median of the ratios, one pair a repeat."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        pairs = [
            (first_frame_seconds(_command()), first_frame_seconds(sys.executable, str(bare)))
            for _ in range(repeats + 1)
        ]
    ours, theirs = zip(*pairs[1:], strict=True)
    ratio = statistics.median(a / b for a, b in pairs[1:])
    print(
        f"first frame: ann-tui {statistics.median(ours):.3f} s, bare Textual app {statistics.median(theirs):.3f} s, "
        f"ratio {ratio:.2f} (goal 1.5), {repeats} pairs"
    )


def _drain(child: pexpect.spawn[bytes], seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([child.child_fd], [], [], left)[0]:
            os.read(child.child_fd, 1 << 16)


def _answer_seconds(child: pexpect.spawn[bytes], key: bytes) -> float:
    start = time.perf_counter()
    os.write(child.child_fd, key)
    select.select([child.child_fd], [], [], 5)
    seconds = time.perf_counter() - start
    _drain(child, 0.03)
    return seconds


def measure_keys(presses: int) -> None:
    """Print how long a cursor key takes to reach the screen while digits trains, 50th and 99th percentile."""
    child = _spawn(_command(), str(SAMPLES / "digits.csv"))
    child.expect_exact(b"Rows")
    _drain(child, 3)
    # On the Layers screen: a million epochs, and no early stopping.
    for key in (b"3", b"\t", *[b"\x1b[B"] * 6, b"\r", *b"1000000\r".decode(), b"\x1b[B", b"\x1b[C"):
        os.write(child.child_fd, key if isinstance(key, bytes) else key.encode())
        _drain(child, 0.4)
    os.write(child.child_fd, b"t")
    _drain(child, 2)
    os.write(child.child_fd, b"2")
    _drain(child, 1)
    seconds = sorted(_answer_seconds(child, b"\x1b[B" if n % 24 < 12 else b"\x1b[A") for n in range(presses))
    os.write(child.child_fd, b"4")
    child.expect_exact(b"of 1,000,000")
    os.write(child.child_fd, b"s")
    _drain(child, 3)
    child.close(force=True)
    p50, p99 = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.99)]
    print(
        f"keys while digits trains: median {p50 * 1e3:.1f} ms, 99th percentile {p99 * 1e3:.1f} ms (goal 50), "
        f"{presses} keys"
    )


FILES = {"100,000 x 500": (100_000, 500), "1,000,000 x 30": (1_000_000, 30), "2,000 x 2,000": (2_000, 2_000)}
"""Rows and columns of the files that are read."""
BLOCK = 1_000


def write_numbers(path: Path, rows: int, columns: int) -> None:
    """A table of numbers with three decimals and a target of two classes; its rows repeat after a block."""
    values = np.random.default_rng(0).normal(size=(BLOCK, columns - 1))
    lines = [",".join([*(f"{value:.3f}" for value in row), "yes" if row[0] > 0 else "no"]) for row in values]
    block = "\n".join(lines) + "\n"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"column{place:04}" for place in range(columns - 1)) + ",target\n")
        for _ in range(rows // BLOCK):
            file.write(block)


def _until(child: pexpect.spawn[bytes], wanted: bytes, longest: float) -> tuple[float, bytes]:
    """Seconds until bytes come from the app, at most `longest`; and all that came."""
    start, came = time.perf_counter(), b""
    while wanted not in came and (left := start + longest - time.perf_counter()) > 0:
        if select.select([child.child_fd], [], [], left)[0]:
            came += os.read(child.child_fd, 1 << 16)
    return time.perf_counter() - start, came


def keys_while_reading(path: Path, rows: int) -> list[float]:
    """Seconds until each key was answered while a file was read."""
    child = _spawn(_command(), str(path))
    child.expect_exact(b"column0003")
    answers: list[float] = []
    end = float("inf")
    while time.monotonic() < end:
        place = len(answers) % 12
        down = place < 6
        os.write(child.child_fd, b"\x1b[B" if down else b"\x1b[A")
        seconds, came = _until(child, b"column%04d" % (place + 1 if down else 11 - place), 30)
        answers.append(seconds)
        came += _until(child, b"\0", 0.03)[1]
        if end == float("inf") and f"{rows:,} rows".encode() in came:
            end = time.monotonic() + 0.5
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    return answers


def measure_reading(repeats: int) -> None:
    """Print how long keys take while files of some shapes are read, 50th and 99th percentile and the slowest."""
    with tempfile.TemporaryDirectory() as folder:
        for name, shape in FILES.items():
            path = Path(folder) / "table.csv"
            write_numbers(path, *shape)
            seconds = sorted(second for _ in range(repeats) for second in keys_while_reading(path, shape[0]))
            p50, p99 = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.99)]
            print(
                f"keys while {name} is read: median {p50 * 1e3:.1f} ms, 99th percentile {p99 * 1e3:.1f} ms "
                f"(goal 100), slowest {seconds[-1] * 1e3:.0f} ms, {len(seconds)} keys, {repeats} times",
                flush=True,
            )


if __name__ == "__main__":
    if "--reading" in sys.argv:
        sys.argv.remove("--reading")
        measure_reading(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
        sys.exit()
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    measure_first_frame(repeats)
    measure_keys(repeats * 40)

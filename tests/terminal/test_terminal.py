"""The installed `ann-tui`, keys in, screen out."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CTRL_Q = "\x11"
Start = Callable[..., Any]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


def long_training(sample: Path, folder: Path) -> str:
    """An experiment with a million epochs, and no early stopping."""
    path = folder / "long.toml"
    path.write_text(
        f'[source]\npath = "{sample.as_posix()}"\n[training]\nepochs = 1000000\nearly_stopping = false\n'
    )
    return str(path)


def test_t_trains_penguins_to_the_end(terminal: Start, sample_data: Path) -> None:
    app = terminal(str(sample_data / "penguins.csv"))
    app.until("bill_length_mm", "Rows 1")
    app.press("t")
    app.until("finished", "enter: how good it is")
    app.press("5")
    shown = app.until("Confusion matrix", "test rows", "logistic")
    assert "Chinstrap" in shown and "recall" in shown
    app.press("6")
    app.until("What the network says")
    app.press(CTRL_Q)
    assert app.ended() == 0


def test_space_pauses_and_resumes_and_s_stops(terminal: Start, sample_data: Path, tmp_path: Path) -> None:
    app = terminal(long_training(sample_data / "digits.csv", tmp_path), columns=80, lines=24)
    app.until("pixel_0_0", "digit")
    app.press("t")
    app.until("training", "epoch")
    app.press(" ")
    app.until("paused: space goes on")
    app.press(" ")
    app.until(" training  epoch")
    app.press("s")
    app.until("stopped", "enter: how good it is")
    app.press(CTRL_Q)
    assert app.ended() == 0


def test_quitting_while_training_restores_the_terminal(
    terminal: Start, sample_data: Path, tmp_path: Path
) -> None:
    app = terminal(long_training(sample_data / "penguins.csv", tmp_path))
    app.until("Rows 1")
    app.press("t")
    app.until(" training  epoch")
    app.press(CTRL_Q)
    app.until("Stop it and quit?")
    app.press("y")
    assert app.ended() == 0
    for leave in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l"):
        assert app.raw.rfind(leave) > app.raw.rfind(leave[:-1] + (b"h" if leave.endswith(b"l") else b"l"))


def test_terminal_modes_are_those_from_before(sample_data: Path) -> None:
    """The line discipline of the terminal (echo, line editing) is as it was when the app began."""
    leader, follower = pty.openpty()
    import shutil
    import sys

    before = termios.tcgetattr(follower)
    command = shutil.which("ann-tui", path=str(Path(sys.executable).parent)) or "ann-tui"
    child = subprocess.Popen([command], stdin=follower, stdout=follower, stderr=follower, close_fds=True)
    seen = b""
    while b"penguins" not in seen:
        seen += os.read(leader, 65536)
    os.write(leader, CTRL_Q.encode())
    os.set_blocking(leader, False)
    while child.poll() is None:
        with contextlib.suppress(BlockingIOError):
            os.read(leader, 65536)
    assert child.returncode == 0
    assert termios.tcgetattr(follower) == before
    os.close(leader)
    os.close(follower)


def test_a_file_that_is_no_table_is_said_in_the_app(
    terminal: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    monkeypatch.chdir(tmp_path)
    app = terminal("photo.csv", columns=80, lines=24)
    app.until("photo.csv is a PNG image", "penguins")
    app.press("\r")
    app.until("species", "body_mass_g")
    app.press(CTRL_Q)
    assert app.ended() == 0

"""Bytes that terminals really send, and ends that nobody asked for: the app stays, or ends orderly."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")

NO_KEYS = {
    "an old-style mouse report beyond column 95": b"\x1b[MC\xa0!",
    "a Latin-1 letter": b"\xe4",
    "a key press of kitty's protocol that no key is bound to": b"\x1b[57441;1:1u",
    "a key that is let go": b"\x1b[116;1:3u",
    "a colour reply": b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "a colour reply that ends with a bell": b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "a device reply": b"\x1b[?62;22c",
    "a second device reply": b"\x1b[>0;276;0c",
    "a name of the terminal": b"\x1bP>|XTerm(370)\x1b\\",
    "a mouse report without numbers": b"\x1b[<NaN;NaN;NaNM",
    "a mouse report beyond the window": b"\x1b[<0;900;900M\x1b[<0;900;900m",
    "a window without a size": b"\x1b[48;0;0;0;0t",
    "unknown control sequences": b"\x1b[999;999;999X\x1b[?1;2;3z",
    "pasted text without marks": b"price,size\r3t\r",
    "pasted text with marks": b"\x1b[200~price,size\r3t\r\x1b[201~",
}


def test_no_byte_of_it_is_a_key(terminal: Start, sample_data: Path) -> None:
    app = terminal(str(sample_data / "penguins.csv"))
    app.until("species", "island", "344 rows")
    for what, data in NO_KEYS.items():
        app.child.send(data)
        app.read()
        assert app.child.isalive(), what
    shown = app.until("1 Data")
    assert "t train" in shown or "species" in shown
    app.press("2")
    app.until("missing numbers")
    app.child.send(b"\x1b[51;1:1u")
    app.until("64 relu")
    app.press("\x11")
    assert app.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_orderly(number: signal.Signals, terminal: Start, sample_data: Path) -> None:
    app = terminal(str(sample_data / "penguins.csv"))
    app.until("species", "island")
    app.press("t")
    app.until("Evaluate")
    app.child.kill(number)
    assert app.ended() == 128 + number
    assert b"\x1b[?1049l" in app.raw and app.raw.rindex(b"\x1b[?25h") > app.raw.rindex(b"\x1b[?25l")


def test_a_terminal_that_is_gone_ends_it(sample_data: Path) -> None:
    """Without the signal too, which only the first process of a session gets."""
    leader, follower = pty.openpty()
    command = Path(sys.executable).with_name("ann-tui")
    child = subprocess.Popen([command], stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    seen = b""
    while b"penguins" not in seen:
        seen += os.read(leader, 65536)
    os.close(leader)
    assert child.wait(timeout=30) == 1

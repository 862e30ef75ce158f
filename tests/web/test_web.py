"""`ann-tui web`: the app in a browser, for this computer alone unless told otherwise."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("textual_serve")
pytest.importorskip("aiohttp")

import aiohttp
from command_line import Run as Command

from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.web.origins import is_loopback, may_ask
from ann_tui.web.serving import warning_of

PICTURES = os.environ.get("ANN_TUI_PICTURES")
"""The folder in which pictures are kept, such as the one that stands beside this file."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def served(*words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server, and its address as it says it."""
    command = [sys.executable, "-u", "-m", "ann_tui", "web", "--port", str(free_port()), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("open http://127.0.0.1:"), line
        yield line.split()[1], process
    finally:
        process.send_signal(signal.SIGINT)
        killer = threading.Timer(30, process.kill)
        killer.start()
        process.communicate()
        killer.cancel()


@pytest.mark.parametrize(
    ("host", "origin", "serves", "may"),
    [
        ("127.0.0.1:8000", None, "127.0.0.1", True),
        ("localhost:8000", "http://localhost:8000", "127.0.0.1", True),
        ("[::1]:8000", "http://[::1]:8000", "::1", True),
        ("evil.example:8000", None, "127.0.0.1", False),
        ("evil.example:8000", "http://evil.example:8000", "127.0.0.1", False),
        ("127.0.0.1:8000", "http://evil.example", "127.0.0.1", False),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", "127.0.0.1", False),
        ("127.0.0.1:8000", "null", "127.0.0.1", False),
        ("127.0.0.1.evil.example:8000", None, "127.0.0.1", False),
        ("lab.example:8000", "http://lab.example:8000", "0.0.0.0", True),
        ("lab.example:8000", "http://evil.example", "0.0.0.0", False),
    ],
)
def test_whose_requests_are_answered(host: str, origin: str | None, serves: str, may: bool) -> None:
    """Those of its own page, for its own address."""
    assert may_ask(host, origin, serves) == may


def test_the_warning_says_that_there_is_no_password() -> None:
    """And more where others can reach it."""
    assert is_loopback("127.0.0.1") and not is_loopback("0.0.0.0") and not is_loopback("127.evil.example")
    assert all("there is no password" in warning_of(host) for host in ("127.0.0.1", "0.0.0.0"))
    assert "over the network" in warning_of("0.0.0.0") and "over the network" not in warning_of("localhost")


async def test_it_listens_on_this_computer_alone_and_ends_with_a_signal(sample_data: Path) -> None:
    """Its page names no other site, another site's page gets nothing, and the port is free again afterwards."""
    with served(str(sample_data / "penguins.csv")) as (address, process):
        async with aiohttp.ClientSession() as session:
            async with session.get(address) as answer:
                text = await answer.text()
                assert (
                    answer.status == 200 and "default-src 'self'" in answer.headers["Content-Security-Policy"]
                )
            assert "//" not in text.replace(f"ws://{urlsplit(address).netloc}/ws", "").replace("</", "")
            for header in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
                async with session.get(f"{address}/ws", headers=header) as answer:
                    assert answer.status == 403
        addresses = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        port = urlsplit(address).port
        for outer in addresses - {"127.0.0.1", "127.0.1.1"}:
            with socket.socket() as knocking:
                assert knocking.connect_ex((str(outer), port or 0)) != 0
    assert process.returncode == 0


def test_a_port_that_is_taken_and_a_file_that_is_not_there(run: Command, tmp_path: Path) -> None:
    """One line each."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("web", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2 and "is taken by another program" in ended.err and not ended.out
    ended = run("web", str(tmp_path / "none.csv"))
    assert ended.code == 2 and "there is no such file" in ended.err


@pytest.mark.parametrize("host", ["999.1.1.1", "192.0.2.1", "no such host", "a" * 70 + ".example"])
def test_an_address_that_this_computer_does_not_have(host: str, run: Command) -> None:
    """The advice is about the address, not about the port."""
    ended = run("web", "--host", host, "--port", str(free_port()))
    assert ended.code == 2 and "is no address of this computer: leave out --host" in ended.err
    assert "--port" not in ended.err and ended.err.count("\n") == 1


def test_a_file_that_the_app_could_not_open_is_refused_at_once(
    run: Command, tmp_path: Path, sample_data: Path
) -> None:
    """Before anything listens, in one line each."""
    (tmp_path / "bad.toml").write_text("[source\n")
    (tmp_path / "lost.toml").write_text('[source]\npath = "lost.csv"\n')
    (tmp_path / "bad.ann").write_bytes(b"no model")
    for name, said in (
        (str(tmp_path), "is a folder: name a file in it"),
        (str(tmp_path / "bad.toml"), "this is no TOML"),
        (str(tmp_path / "lost.toml"), "lost.csv is not there"),
        (str(tmp_path / "bad.ann"), "bad.ann"),
        ("-", "name a file"),
    ):
        ended = run("web", name, "--port", str(free_port()))
        assert ended.code == 2 and said in ended.err and ended.err.count("\n") == 1, ended.err
        assert not ended.out


async def test_penguins_to_a_matrix_in_a_browser(sample_data: Path, tmp_path: Path) -> None:
    """With keys alone; it asks for nothing but what the server has, and a picture is kept."""
    pytest.importorskip("pyte")
    from web.browser import browsing, chromium

    if chromium() is None:
        pytest.skip("there is no Chromium")
    with served(str(sample_data / "penguins.csv")) as (address, _):
        async with browsing(tmp_path / "profile") as browser:
            await browser.open(address, 1200, 760)
            await browser.sees("1 Data", "species", "penguins")
            await browser.press("t")
            await browser.sees("Adelie", "finished", "was best")
            await browser.press("5")
            await browser.sees("Confusion matrix", "Adelie", "Chinstrap", "Gentoo", "recall", "logistic")
            kept = Path(PICTURES or tmp_path) / "penguins-in-a-browser.png"
            await browser.picture(kept)
            assert kept.read_bytes().startswith(b"\x89PNG") and kept.stat().st_size > 20_000
            hosts = {urlsplit(asked).netloc for asked in browser.asked if not asked.startswith("data:")}
            assert hosts == {urlsplit(address).netloc}
            assert any(asked.startswith("ws://") for asked in browser.asked)
            await browser.press("Escape")
            await browser.sees("4 Train")
    (kept_run,) = RunStore().runs()
    assert kept_run.model is not None and kept_run.record.target == "species", (
        "the page was left, the run stays"
    )

"""A headless Chromium, driven over its own protocol: keys, pictures, what it asks for and what a terminal gets."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyte

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CODES = {"Enter": 13, "Escape": 27, "Tab": 9}


def chromium() -> str | None:
    """The program; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page. `asked` has the addresses that it asked for, and `screen` what its terminal was sent."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._number = socket, 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.asked: list[str] = []
        self.closed = False
        self.screen = pyte.Screen(200, 80)
        self._stream = pyte.ByteStream(self.screen)
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
                continue
            what = told["params"]
            match told["method"]:
                case "Network.requestWillBeSent":
                    self.asked.append(what["request"]["url"])
                case "Network.webSocketCreated":
                    self.asked.append(what["url"])
                case "Network.webSocketFrameReceived" if what["response"]["opcode"] == 2:
                    self._stream.feed(base64.b64decode(what["response"]["payloadData"]))
                case "Network.webSocketClosed":
                    self.closed = True

    async def do(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser for something and give its answer."""
        self._number += 1
        future = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        told: dict[str, Any] = await asyncio.wait_for(future, 30)
        assert "error" not in told, told
        return told["result"]

    async def open(self, address: str, width: int, height: int) -> None:
        """Open a page in a window of this size."""
        for domain in ("Network", "Page"):
            await self.do(f"{domain}.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.do("Emulation.setDeviceMetricsOverride", **size)
        await self.do("Page.navigate", url=address)

    async def press(self, key: str) -> None:
        """Press a key: a letter, or one of `CODES`."""
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        code = CODES.get(key) or ord(key.upper())
        about = {"key": key, "windowsVirtualKeyCode": code, "text": text}
        await self.do("Input.dispatchKeyEvent", type="keyDown", **about)
        await self.do("Input.dispatchKeyEvent", type="keyUp", **about)

    @property
    def text(self) -> str:
        """What stands in the terminal."""
        return "\n".join(self.screen.display)

    async def until(self, true: Callable[[], bool], what: str) -> None:
        """Return as soon as something is true; fail after a minute."""
        for _ in range(1200):
            if true():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"waited in vain for {what}; in the terminal:\n{self.text}")

    async def sees(self, *texts: str) -> None:
        """Return when all of these stand in the terminal."""
        await self.until(lambda: all(text in self.text for text in texts), str(texts))

    async def picture(self, path: Path) -> None:
        """Keep what the page looks like."""
        found = await self.do("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Browser]:
    """A browser whose files are in a folder; it ends with the block."""
    program = chromium()
    assert program is not None
    quiet = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--enable-unsafe-swiftshader")  # fmt: skip
    process = subprocess.Popen(
        [program, *quiet, "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        told = folder / "DevToolsActivePort"
        for _ in range(600):
            if told.exists() and told.read_text().count("\n"):
                break
            await asyncio.sleep(0.05)
        port = told.read_text().split("\n")[0]
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [each for each in await answer.json(content_type=None) if each["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Browser(socket)
    finally:
        process.terminate()
        process.wait(30)

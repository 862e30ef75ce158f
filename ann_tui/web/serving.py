"""The server of the app in a browser, by textual-serve, which runs one app for each visit."""

from __future__ import annotations

import asyncio
import logging
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

from ann_tui.web.origins import is_loopback, may_ask
from ann_tui.web.page import HEADERS, SCRIPT, page_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FONT_SIZES = range(6, 49)
SHUTDOWN = 10.0
"""So many seconds the apps of all visits have to end."""


class AppServer(Server):
    """Serves the app, on a file when one is given; `ready` is called with the address once it listens.

    It answers requests from its own page alone; see `may_ask`.
    """

    def __init__(self, file: str | None, host: str, port: int, ready: Callable[[str], object]) -> None:
        """Nothing listens yet."""
        super().__init__(app_command(file), host, port, title=_title(file))
        self._ready = ready
        self._visits: set[asyncio.Task[object]] = set()

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def initialize_logging(self) -> None:
        """Only what goes wrong is said."""
        logging.basicConfig(level=logging.WARNING, format="%(message)s")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()

        @web.middleware
        async def own_page_only(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not may_ask(request.host, request.headers.get("Origin"), self.host):
                raise web.HTTPForbidden(text="this server answers its own page alone\n")
            return await handler(request)

        app.middlewares.append(own_page_only)
        app.router.add_get("/page.js", self.handle_script)
        return app

    def serve(self, debug: bool = False) -> None:
        """Serve until a signal ends it. Raises OSError where the port can't be had."""
        self.initialize_logging()
        web.run_app(
            self._make_app(),
            host=self.host,
            port=self.port,
            shutdown_timeout=SHUTDOWN,
            access_log=None,
            print=self._said,
        )

    def _said(self, *words: object) -> None:
        self._ready(self.address)

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is said before the port is had."""

    async def on_shutdown(self, app: web.Application) -> None:
        """End the apps of all visits, which keep what was made."""
        for visit in self._visits:
            visit.cancel()

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page."""
        asked = request.query.get("fontsize", "16")
        size = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in FONT_SIZES else 16
        text = page_of(self.title, request.host, secure=request.secure, font_size=size)
        return web.Response(text=text, content_type="text/html", headers=HEADERS)

    async def handle_script(self, request: web.Request) -> web.Response:
        """What the page does by itself."""
        return web.Response(text=SCRIPT, content_type="text/javascript")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One visit: an app runs until it ends or the page is left."""
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        try:
            return await super().handle_websocket(request)
        finally:
            self._visits.discard(visit)


def app_command(file: str | None) -> str:
    """The command of the app as a shell takes it."""
    words = [sys.executable, "-m", "ann_tui", *([] if file is None else ["open", str(Path(file).absolute())])]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def _title(file: str | None) -> str:
    return "ann-tui" if file is None else f"{Path(file).name} – ann-tui"


def warning_of(host: str) -> str:
    """What a person has to know of an address before she lets the app be reached there."""
    if is_loopback(host):
        return (
            "there is no password: whoever uses this computer can open it, and read and write files as you; other "
            "computers can't reach it"
        )
    return (
        "there is no password, and nothing is encrypted: whoever reaches this address over the network can read and "
        "write files as you; leave out --host to keep it to this computer"
    )

"""Driving the app: waits for what should be true instead of sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Static

from ann_tui.tui.app.app import AnnApp

HOPS = 4
"""A key goes from the app to a widget, an action or a message from there to a screen, and that paints."""


class Driver:
    """The app under test, with the few things that tests do again and again."""

    def __init__(self, app: AnnApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def until(self, true: Callable[[], bool], what: str = "the condition") -> None:
        """Return as soon as something is true; fail after some 12 s."""
        for _ in range(1200):
            if true():
                await self._settle()
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited in vain for {what}; on screen:\n{self.text()}")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, and let each be handled.

        The pilot would wait for the process to be idle, which it never is while a thread works.
        """
        for key in keys:
            self.app.post_message(_key_event(key))
            await self._settle()

    async def burst(self, *keys: str) -> None:
        """Press keys that arrive in one packet: none is handled before all are there."""
        for key in keys:
            self.app.post_message(_key_event(key))
        for _ in range(len(keys) + 1):
            await self._settle()

    async def paste(self, text: str) -> None:
        """Put text where the cursor is, as a terminal does that pastes."""
        self.app.post_message(Paste(text))
        await self._settle()

    async def _settle(self) -> None:
        """Let the app, the screen and its widgets handle what has come in, and what comes of that."""
        for _ in range(HOPS):
            await self.pilot._wait_for_screen()

    async def ready(self) -> None:
        """Return when nothing is left to be worked out."""
        await self.until(
            lambda: not self.app.busy and self.app.workbench.up_to_date, "the data to be prepared"
        )

    async def sees(self, *texts: str) -> None:
        """Return when all of these texts stand on the screen."""
        await self.until(lambda: all(text in self.text() for text in texts), f"{texts} on the screen")

    async def trained(self) -> None:
        """Return when the latest run has ended and been judged."""
        workbench = self.app.workbench
        await self.until(
            lambda: workbench.runs.front is not None and workbench.runs.training is None, "the run to end"
        )

    def text(self) -> str:
        """What is on the screen, as plain text."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(
            "".join(segment.text for segment in strip)[:width].rstrip() for strip in strips[:height]
        )

    def static(self, selector: str) -> str:
        """The text of a static widget of the screen in front."""
        return str(self.app.screen.query_one(selector, Static).render())


def _key_event(key: str) -> Key:
    """A key as a terminal sends it: by its name, or by its letter."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    named = {"space": " ", "enter": "\r", "tab": "\t"}
    return Key(name, key if len(key) == 1 else named.get(key))


Open = Callable[..., AbstractAsyncContextManager[Driver]]

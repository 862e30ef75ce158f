"""Driving the app: waits for what should be true instead of sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from textual.pilot import Pilot
from textual.widgets import Static

from ann_tui.tui.app.app import AnnApp


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
        """Press keys, and let each be handled.

        While a network trains the process is never idle, which the pilot would wait for.
        """
        if self.app.workbench.runs.training is None:
            await self.pilot.press(*keys)
        else:
            for key in keys:
                self.app.simulate_key(key)
                await asyncio.sleep(0.05)
        await self._settle()

    async def _settle(self) -> None:
        if self.app.workbench.runs.training is None:
            await self.pilot.pause()

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


Open = Callable[..., AbstractAsyncContextManager[Driver]]

"""Where the lesson stands in the app: its strip under the screen in front, and the way to what a page speaks of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ann_tui.tui.dialog import Dialog
from ann_tui.tui.lesson.strip import LessonStrip

if TYPE_CHECKING:
    from textual.app import App

    from ann_tui.tui.lesson.page import PageInView


class LessonPlace:
    """Keeps a strip under every screen that is seen while a page is shown, and leads to what the page speaks of."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._strips: list[LessonStrip] = []
        self._number = 0

    def show(self, page: PageInView | None) -> None:
        """Lay the page under the screens, in place of the one before; None takes it away."""
        self._strips = [strip for strip in self._strips if strip.is_attached]
        if page is None:
            for shown in self._strips:
                shown.remove()
            return
        if not self._app.is_running:
            return
        for screen in self._app.screen_stack:
            strip = next((each for each in self._strips if each.parent is screen), None)
            if strip is None:
                strip = LessonStrip()
                self._strips.append(strip)
                screen.mount(strip)
            strip.show_page(page)

    def lead(self, mode: str, actions: Sequence[str], arrived: Callable[[], None]) -> None:
        """Do actions on the screen of a mode, each after the one before is painted, and call `arrived`.

        Another way that begins meanwhile, another screen or a question over it ends this one.
        """
        self._number += 1
        self._go_on(self._number, mode, actions, arrived)

    def _go_on(self, number: int, mode: str, actions: Sequence[str], arrived: Callable[[], None]) -> None:
        async def do_first() -> None:
            screen = self._app.screen
            if number != self._number or self._app.current_mode != mode:
                return
            if isinstance(screen, Dialog):
                if screen.answered:
                    self._go_on(number, mode, actions, arrived)
                return
            if not actions:
                arrived()
                return
            await screen.run_action(actions[0])
            self._go_on(number, mode, actions[1:], arrived)

        self._app.call_after_refresh(do_first)

"""Where the lesson stands in the app: its strip under the screen in front, and the way to what a page speaks of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ann_tui.tui.dialog import Dialog
from ann_tui.tui.lesson.strip import LessonStrip

if TYPE_CHECKING:
    from textual.app import App

    from ann_tui.tui.lesson.page import PageInView


def show_page(app: App[Any], page: PageInView | None) -> None:
    """Lay the page under every screen that is seen, in place of the one before; None takes it away."""
    if not app.is_running or not app.screen_stack:
        return
    for screen in app.screen_stack:
        strips = screen.query(LessonStrip)
        if page is None:
            strips.remove()
            continue
        strip = next(iter(strips), None)
        if strip is None:
            strip = LessonStrip()
            screen.mount(strip)
        strip.show_page(page)


class Way:
    """The way to what a page speaks of: actions of the screen in front, each after the one before is painted."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._number = 0

    def go(self, mode: str, actions: Sequence[str], arrived: Callable[[], None]) -> None:
        """Do the actions on the screen of a mode and call `arrived`.

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

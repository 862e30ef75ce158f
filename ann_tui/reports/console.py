"""Consoles for text from files: nothing passes them that a terminal acts upon, but what Rich itself says to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from ann_tui.data.plain_text import visible


class SafeConsole(Console):
    """A console that shows whatever it is given as `visible` text.

    It leaves it to the command line what becomes of a pipe that nobody reads; Rich would exit with 1.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The pieces of text to show, none of which but Rich's own steers the terminal."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=visible(segment.text))

    def on_broken_pipe(self) -> None:
        """Called while a BrokenPipeError is handled."""
        raise


def report_console(**options: Any) -> Console:
    """A console for text from files: no highlighting, and 140 columns where it is no terminal."""
    console = SafeConsole(highlight=False, **options)
    return console if console.is_terminal else SafeConsole(highlight=False, width=140, **options)

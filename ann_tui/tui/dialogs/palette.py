"""The command palette, answered once as every other dialog."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.command import CommandPalette
from textual.theme import ThemeProvider

from ann_tui.tui.dialog import AnsweredOnce


class Palette(AnsweredOnce, CommandPalette):
    """Textual's palette; a second answer in the same packet would run the command again and close a screen more."""


def show_palette(app: App[Any]) -> None:
    """Lay the palette of commands over the screen, unless one lies there."""
    if not CommandPalette.is_open(app):
        app.push_screen(Palette())


def show_themes(app: App[Any]) -> None:
    """Lay the palette of colour themes over the screen."""
    app.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes…"))

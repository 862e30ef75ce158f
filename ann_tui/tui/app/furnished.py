"""What the app is furnished with before anything is opened: colours, keys, notices, as the person has set them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import App, SystemCommand
from textual.events import AppBlur, AppFocus, Event, Key, MouseDown
from textual.filter import LineFilter
from textual.screen import Screen

from ann_tui.data.plain_text import shown_path
from ann_tui.figures import counted
from ann_tui.own_folders import settings_file
from ann_tui.tui.app.no_color import EverySegmentStyled
from ann_tui.tui.app.theme import DARK, LIGHT, colours_for_text
from ann_tui.tui.option_list import mend_option_lists
from ann_tui.tui.terminal.away import call_back
from ann_tui.tui.user_settings import ensure_file, read_settings, remember_theme

if TYPE_CHECKING:
    from textual.driver import Driver

    from ann_tui.tui.copying import Copy


class FurnishedApp(App[None]):
    """An app with the person's theme, keys and notices; `settings` is what their file says."""

    def __init__(self) -> None:
        super().__init__()
        mend_option_lists()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.settings = read_settings(self.available_themes)
        self.theme = self.settings.theme or DARK.name
        self.animation_level = "none"
        self._speaks_of = ""
        self._in_front: bool | None = None

    # -- colours -------------------------------------------------------------------------------------------

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The project's own colour names, for themes that don't set them."""
        return {
            "muted": "#8b949e",
            "line-training": "#6cb6ff",
            "line-validation": "#e3b341",
        }

    def get_css_variables(self) -> dict[str, str]:
        """The variables of stylesheets; texts are styled with `theme_variables`."""
        variables = super().get_css_variables()
        self.theme_variables = colours_for_text(self.theme_variables)
        return variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters of every line that is painted."""
        filters = super().get_line_filters()
        return [EverySegmentStyled(), *filters] if self.no_color else filters

    def search_themes(self) -> None:
        """Show the palette of colour themes."""
        from ann_tui.tui.dialogs.palette import show_themes

        show_themes(self)

    def watch_theme(self, theme: str) -> None:
        """Remember the theme that a person chose."""
        if not self.is_running or theme == (self.settings.theme or DARK.name):
            return
        try:
            remember_theme(theme)
        except (OSError, ValueError) as error:
            self.say(f"the theme can't be remembered: {getattr(error, 'strerror', None) or error}")

    # -- the terminal --------------------------------------------------------------------------------------

    def get_driver_class(self) -> type[Driver]:
        """The driver that takes only keys, reports and pastes from the terminal, where Textual's own would stand."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from ann_tui.tui.terminal.driver import TerminalDriver

        return TerminalDriver

    @on(AppFocus)
    def _note_focus(self) -> None:
        self._in_front = True

    @on(AppBlur)
    def _note_blur(self) -> None:
        self._in_front = False

    def call_back(self, text: str) -> None:
        """Ring, and say a line, where the person may look at another window; unless that is set off."""
        if self.settings.when_away and self._in_front is not True and self._driver is not None:
            self._driver.write(call_back(text))

    # -- the person's settings -----------------------------------------------------------------------------

    def furnish(self) -> None:
        """Give the actions the keys that the person has set, and say what of their settings is ignored."""
        if self.settings.keys:
            self.set_keymap(dict(self.settings.keys))
        problems = self.settings.problems
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self.say(f"a setting is ignored: {problems[0]}{more}")

    def _show_settings_file(self) -> None:
        try:
            self.say(
                f"settings stand in {shown_path(ensure_file())}; they hold from the next start", warning=False
            )
        except OSError as error:
            self.say(f"{shown_path(settings_file())} can't be written: {error.strerror or error}")

    # -- copying -------------------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Copy what is in focus; where that may be several things, ask which."""
        from ann_tui.tui.copying import copies
        from ann_tui.tui.prompt import Choice, PickList

        offered = copies(self.screen)
        if len(offered) < 2:
            self._copy(next(iter(offered), None))
            return
        choices = [
            Choice(str(place), counted(len(copy.text.splitlines()), "line"), copy.what)
            for place, copy in enumerate(offered)
        ]
        self.push_screen(
            PickList("Copy", choices, numbered=True),
            lambda place: None if place is None else self._copy(offered[int(place)]),
        )

    def _copy(self, copy: Copy | None) -> None:
        from ann_tui.tui.copying import LONGEST

        if copy is None:
            self.say("nothing to copy is in focus", warning=False)
        elif len(copy.text.encode()) > LONGEST:
            self.say(f"{copy.what} is too long for a terminal's clipboard ({LONGEST // 1000} kB)")
        else:
            self.copy_to_clipboard(copy.text)
            self.say(f"copied: {copy.what}, {counted(len(copy.text.splitlines()), 'line')}", warning=False)

    # -- notices -------------------------------------------------------------------------------------------

    def say(self, notice: str, *, warning: bool = True, about: str = "") -> None:
        """Say one line at the bottom of the screen, in place of the one before.

        It goes after some seconds, with the next key, or when what it is `about` is over.
        """
        self.clear_notifications()
        if warning or self.settings.information:
            severity: Any = "warning" if warning else "information"
            self.notify(notice, severity=severity, markup=False, timeout=self.settings.seconds)
            self._speaks_of = about

    def over(self, about: str) -> None:
        """Take away the notice that speaks of something, which is over."""
        if self._speaks_of == about:
            self._speaks_of = ""
            # It may be on its way to the screen.
            self.call_later(self.clear_notifications)

    async def on_event(self, event: Event) -> None:
        """A key or a click takes away what was said before it."""
        if isinstance(event, Key | MouseDown) and self._notifications:
            self.clear_notifications()
        await super().on_event(event)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers beside the keys' actions."""
        yield SystemCommand(
            "Colour theme", "Choose the colours: dark, light, and others", self.action_change_theme
        )
        yield SystemCommand(
            "Settings file", "Say where theme, keys, bounds and notices are set", self._show_settings_file
        )
        yield SystemCommand(
            "Picture of the screen",
            "Write what is on the screen as an SVG file",
            lambda: self.set_timer(0.1, self.deliver_screenshot),
        )

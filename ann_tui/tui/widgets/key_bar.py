"""The bar at the bottom: the keys of the screen, as many as fit, and always the way to help."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget


class KeyBar(Widget):
    """Shows the screen's bindings that ask to be shown, in their order; each can be clicked."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "KeyBar { height: 1; dock: bottom; background: $panel; color: $foreground; }"
    ALWAYS = (("train", "t", "train"), ("help", "f1", "help"))
    """Action, the key where no binding of it is active, and label of what is always there."""

    def __init__(self) -> None:
        super().__init__()
        self._spots: list[tuple[int, int, str]] = []

    def compose(self) -> ComposeResult:
        """Nothing inside: the bar is one line of text."""
        yield from ()

    def on_mount(self) -> None:
        """Follow the bindings as the focus moves."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh()

    def render(self) -> Text:
        """The keys that fit."""
        key_style = f"bold {self.app.theme_variables['accent']}"
        keys = {
            active.binding.action: active.binding for active in reversed(self.screen.active_bindings.values())
        }
        always = [
            (self.app.get_key_display(keys[action]) if action in keys else key, label, f"app.{action}")
            for action, key, label in self.ALWAYS
        ]
        tail = Text("  ".join(f"{key} {label}" for key, label, _ in always), no_wrap=True)
        room = self.size.width - tail.cell_len - 3
        text = Text(" ", no_wrap=True)
        self._spots = []
        for key, label, action in [*self._shown(), *always]:
            entry = Text.assemble((key, key_style), f" {label}", no_wrap=True)
            last = (key, label, action) in always
            if (key, label, action) == always[0]:
                text.append(" " * max(room - text.cell_len + 1, 0))
            elif not last and text.cell_len + entry.cell_len > room:
                continue
            self._spots.append((text.cell_len, text.cell_len + entry.cell_len, action))
            text.append_text(entry)
            text.append("  ")
        return text

    async def on_click(self, event: Click) -> None:
        """Do what the clicked key does."""
        for start, end, action in self._spots:
            if start <= event.x < end:
                await self.screen.run_action(action)

    def _shown(self) -> list[tuple[str, str, str]]:
        shown: dict[str, tuple[str, str, str]] = {}
        advertises = getattr(self.screen, "advertises", lambda action: True)
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not (binding.show and active.enabled and binding.description):
                continue
            if binding.action in shown or not advertises(binding.action):
                continue
            key = binding.key_display or self.app.get_key_display(binding)
            namespace = {id(self.app): "app", id(self.screen): "screen"}.get(id(active.node), "focused")
            action = binding.action if "." in binding.action else f"{namespace}.{binding.action}"
            shown[binding.action] = (key, binding.description, action)
        return list(shown.values())

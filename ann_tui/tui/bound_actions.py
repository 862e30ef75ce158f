"""What the keys do on the screen in front, as help and palette list it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding
from textual.screen import Screen


@dataclass(frozen=True)
class BoundAction:
    """An action with its keys, its name and what it does; keys, help and palette all come from the bindings.

    Without keys it goes to one of the screen's views.
    """

    keys: tuple[str, ...]
    name: str
    explanation: str
    action: str
    everywhere: bool


def bound_actions(screen: Screen[object]) -> Iterator[BoundAction]:
    """The screen's actions that explain themselves, those of the screen first, each once, and its views."""
    found: dict[tuple[bool, str], list[str]] = {}
    details: dict[tuple[bool, str], tuple[str, str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.tooltip:
            continue
        everywhere = active.node is screen.app
        place = (everywhere, binding.action)
        key = binding.key_display or screen.app.get_key_display(binding)
        found.setdefault(place, []).append(key)
        details[place] = (binding.description, binding.tooltip)
    for everywhere, action in sorted(found, key=lambda place: place[0]):
        name, explanation = details[everywhere, action]
        yield BoundAction(
            tuple(dict.fromkeys(found[everywhere, action])), name, explanation, action, everywhere
        )
    for title, summary, action in getattr(screen, "listed_views", ()):
        yield BoundAction((), title, summary, action, everywhere=False)


def named_bindings() -> dict[str, Binding]:
    """Each binding of the app, its screens and its widgets that has a name, by this name."""
    import pkgutil
    from importlib import import_module

    import ann_tui.tui

    found: dict[str, Binding] = {}
    for module in pkgutil.walk_packages(ann_tui.tui.__path__, "ann_tui.tui."):
        loaded = import_module(module.name)
        places = [
            value.__dict__.get("BINDINGS") for value in vars(loaded).values() if isinstance(value, type)
        ]
        for binding in (binding for place in places if place for binding in place):
            if isinstance(binding, Binding) and binding.id is not None:
                found[binding.id] = binding
    return found

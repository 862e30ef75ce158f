"""The command palette's entries: every action that the screen in front binds to a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen


@dataclass(frozen=True)
class BoundAction:
    """An action with its keys, its name and what it does; keys, help and palette all come from the bindings."""

    keys: tuple[str, ...]
    name: str
    explanation: str
    action: str
    everywhere: bool


def bound_actions(screen: Screen[object]) -> Iterator[BoundAction]:
    """The screen's actions that explain themselves, those of the screen first, each once."""
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


class StepCommands(Provider):
    """Lists the actions of the screen in front."""

    def _commands(self) -> Iterator[tuple[str, BoundAction]]:
        for bound in bound_actions(self.screen):
            yield f"{bound.explanation}  [{' '.join(bound.keys)}]", bound

    async def _run(self, bound: BoundAction) -> None:
        namespace = self.app if bound.everywhere else self.screen
        await namespace.run_action(bound.action)

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        from functools import partial

        from textual.content import Content

        for text, bound in self._commands():
            yield DiscoveryHit(Content(text), partial(self._run, bound), text=text)

    async def search(self, query: str) -> Hits:
        """What fits the typed text."""
        from functools import partial

        matcher = self.matcher(query)
        for text, bound in self._commands():
            if (score := matcher.match(text)) > 0:
                yield Hit(score, matcher.highlight(text), partial(self._run, bound), text=text)

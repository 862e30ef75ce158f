"""The command palette's entries: every action that the screen in front binds to a key, and its views."""

from __future__ import annotations

from collections.abc import Iterator

from textual.command import DiscoveryHit, Hit, Hits, Provider

from ann_tui.tui.bound_actions import BoundAction, bound_actions


class StepCommands(Provider):
    """Lists the actions of the screen in front."""

    def _commands(self) -> Iterator[tuple[str, BoundAction]]:
        for bound in bound_actions(self.screen):
            keys = f"  [{' '.join(bound.keys)}]" if bound.keys else ""
            title = bound.explanation if bound.keys else f"View: {bound.name}: {bound.explanation}"
            yield title + keys, bound

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

        from textual.content import Content

        matcher = self.matcher(query)
        for text, bound in self._commands():
            score, places = matcher.fuzzy_search.match(matcher.query, text)
            if score > 0:
                # The matcher's own highlighting takes a key in brackets for markup.
                shown = Content(text)
                for place in places:
                    shown = shown.stylize(matcher.match_style, place, place + 1)
                yield Hit(score, shown, partial(self._run, bound), text=text)

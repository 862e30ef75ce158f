"""All views of a screen in one place, one of which is seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic

from textual.app import ComposeResult
from textual.containers import Vertical

from ann_tui.tui.views.view import Data, View, ViewWidget, all_of


class ViewSwitch(Vertical, Generic[Data]):
    """The views of a registry; of those that stand for the target, the chosen one is shown."""

    DEFAULT_CSS = """
    ViewSwitch { height: auto; min-height: 100%; }
    ViewSwitch.-fills { height: 1fr; }
    """

    def __init__(self, registry: Mapping[str, View[Data]], id: str) -> None:
        super().__init__(id=id)
        self._made = {view.name: view.make() for view in all_of(registry)}
        self._views = registry
        self._chosen = ""
        self._labels: tuple[str, ...] | None = None
        self.data: Data | None = None

    def compose(self) -> ComposeResult:
        """Every view; hidden until it is shown."""
        for widget in self._made.values():
            widget.display = False
            yield widget

    @property
    def standing(self) -> list[View[Data]]:
        """The views that stand for what is shown, in their order."""
        data = self.data
        return (
            []
            if data is None
            else [self._views[name] for name in self._made if self._views[name].stands(data)]
        )

    @property
    def view(self) -> View[Data] | None:
        """The chosen view; the first of those that stand where it is none of them."""
        standing = self.standing
        return next(
            (view for view in standing if view.name == self._chosen), standing[0] if standing else None
        )

    @property
    def next_view(self) -> View[Data] | None:
        """The view behind the chosen one that is not seen with it already; None where there is no other."""
        standing, seen = self.standing, self.widget
        if self.view is None or seen is None:
            return None
        place = standing.index(self.view)
        others = [*standing[place + 1 :], *standing[:place]]
        return next((view for view in others if view.name not in seen.shows_too), None)

    @property
    def widget(self) -> ViewWidget[Data] | None:
        """The widget of the chosen view."""
        return None if self.view is None else self._made[self.view.name]

    @property
    def heading(self) -> str:
        """What stands above the chosen view."""
        if self.data is None or self.view is None:
            return ""
        return self._made[self.view.name].heading(self.view.title, self.data)

    def choose(self, name: str) -> None:
        """Go to a view, and show it."""
        self._chosen = name
        self.show(self.data)

    def show(self, data: Data | None) -> None:
        """Show this in the chosen view; another target begins with the first one. None is shown as nothing."""
        if data is not None and data.classes != self._labels:
            self._chosen, self._labels = "", data.classes
        self.data = data
        seen = self.widget
        self.display = seen is not None
        for widget in self._made.values():
            widget.display = widget is seen
        if data is not None and seen is not None:
            self.set_class(seen.fills(data), "-fills")
            seen.show(data)

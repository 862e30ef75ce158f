"""What the six step screens share: the bars, and being brought up to date when they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.tui.dialog import Asks
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.key_bar import KeyBar
from ann_tui.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from ann_tui.tui.host import ScreenHost
    from ann_tui.tui.views.switch import ViewSwitch


class StepScreen(Asks, Screen[None]):
    """A screen with the top bar, a body and the key bar.

    A subclass composes its body and brings it up to date in `show_workbench`.
    """

    STEP: ClassVar[Step | None] = None
    PANELS: ClassVar[tuple[str, ...]] = ()
    """Ids of the panels that stand side by side on a wide screen, and one at a time on a narrow one."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012

    def __init__(self, host: ScreenHost) -> None:
        super().__init__()
        self.host = host

    @property
    def workbench(self) -> Workbench:
        """The state that the screens show."""
        return self.host.workbench

    def compose(self) -> ComposeResult:
        """The bars around the body."""
        yield TopBar()
        yield from self.compose_body()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """The widgets between the bars."""
        yield from ()

    def action_next_panel(self) -> None:
        """Move to the next panel; on a narrow screen it comes to the front."""
        if not self.PANELS:
            return
        panels = [self.query_one(f"#{panel}") for panel in self.PANELS]
        here = next((index for index, panel in enumerate(panels) if panel.has_class("-front")), 0)
        focused = self.focused
        for index, panel in enumerate(panels):
            if focused is not None and panel in focused.ancestors_with_self:
                here = index
        self.bring_to_front(self.PANELS[(here + 1) % len(panels)])

    def action_show_panel(self, panel_id: str) -> None:
        """A panel to the front."""
        self.bring_to_front(panel_id)

    def action_maximize_panel(self) -> None:
        """One panel over the whole width, or both side by side."""
        self.toggle_class("-one-panel")

    def bring_to_front(self, panel_id: str) -> None:
        """Focus a panel, and on a narrow screen show it instead of the others."""
        for panel in self.PANELS:
            self.query_one(f"#{panel}").set_class(panel == panel_id, "-front")
            self.set_class(panel == panel_id, f"-front-{panel}")
        front = self.query_one(f"#{panel_id}")
        for candidate in front.walk_children(with_self=True):
            if isinstance(candidate, Widget) and candidate.can_focus:
                candidate.focus()
                return
        self.set_focus(None)

    @property
    def places_in_focus(self) -> tuple[str, ...]:
        """What is in focus, from the narrowest to the widest: a line of a panel's table, a view in it, the panel."""
        from ann_tui.tui.widgets.choice_table import ChoiceTable  # The start screen does without tables.

        panel = next((each for each in self.PANELS if self._is_in_front(each)), None)
        if panel is None:
            return ()
        focused, switch = self.focused, self.view_switches.get(panel)
        line = focused.cursor_key if isinstance(focused, ChoiceTable) else None
        view = None if switch is None or switch.view is None else switch.view.name
        return (*(f"{panel}:{inner}" for inner in (line, view) if inner is not None), panel)

    # -- the views of a screen that has several ------------------------------------------------------------

    @property
    def view_switches(self) -> Mapping[str, ViewSwitch[Any]]:
        """Panels with several views, by their ids; where none of them is in front, `v` goes on in the last one."""
        return {}

    @property
    def _switch(self) -> ViewSwitch[Any] | None:
        """The views that `v` goes on with: those of the panel in front, if it has another one."""
        switches = self.view_switches
        for panel, switch in switches.items():
            if switch.next_view is not None and self._is_in_front(panel):
                return switch
        return next(
            (switch for switch in reversed([*switches.values()]) if switch.next_view is not None), None
        )

    def _is_in_front(self, panel_id: str) -> bool:
        panel, focused = self.query_one(f"#{panel_id}"), self.focused
        if focused is not None and any(
            self.query_one(f"#{each}") in focused.ancestors_with_self for each in self.PANELS
        ):
            return panel in focused.ancestors_with_self
        return panel.has_class("-front")

    @property
    def listed_views(self) -> Sequence[tuple[str, str, str]]:
        """Title, summary and action of each view of panels that have several, for help and palette."""
        return [
            (view.title, view.summary, f"choose_view({panel!r}, {view.name!r})")
            for panel, switch in self.view_switches.items()
            if len(switch.standing) > 1
            for view in switch.standing
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Views are gone through where there is another one to see."""
        return action != "next_view" or self._switch is not None

    def action_next_view(self) -> None:
        """Go on to the next view."""
        switch = self._switch
        if switch is not None and switch.next_view is not None:
            self._choose(switch, switch.next_view.name)

    def action_choose_view(self, panel: str, name: str) -> None:
        """Go to a view of a panel."""
        self._choose(self.view_switches[panel], name)

    def _choose(self, switch: ViewSwitch[Any], name: str) -> None:
        with self.app.batch_update():
            held = switch.has_focus_within
            switch.choose(name)
            if held and switch.widget is not None and switch.widget.can_focus:
                switch.widget.focus()
            self.show_headings()
        self.refresh_bindings()

    def on_view_widget_rearranged(self) -> None:
        """The view in front has more or less room."""
        self.show_headings()
        self.refresh_bindings()

    def show_headings(self) -> None:
        """Say over the panels of views what is seen, and under them what comes next."""
        for panel_id, switch in self.view_switches.items():
            panel = self.query_one(f"#{panel_id}")
            panel.border_title = plain(switch.heading, 200)
            panel.border_subtitle = "" if switch.next_view is None else f"v: {switch.next_view.title}"

    # -- being shown ---------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the state as soon as there is something to show it in."""
        if self.PANELS:
            self.query_one(f"#{self.PANELS[0]}").add_class("-front")
            self.add_class(f"-front-{self.PANELS[0]}")
        self.bring_up_to_date()

    def on_screen_resume(self) -> None:
        """Show what has changed while another screen was in front."""
        if self.is_mounted:
            self.bring_up_to_date()

    def bring_up_to_date(self) -> None:
        """Show the workbench as it stands, repainting once."""
        with self.app.batch_update():
            self.query_one(TopBar).state = self.host.bar_state(self.STEP)
            self.show_workbench(self.workbench)

    def advertises(self, action: str) -> bool:
        """Whether the key bar shows the key of this action now; the key itself works, or says why not."""
        return True

    def show_workbench(self, workbench: Workbench) -> None:
        """Bring the body up to date."""

    def show_progress(self) -> None:
        """Say how far the reading of a file is, and nothing else."""
        self.query_one(TopBar).state = self.host.bar_state(self.STEP)

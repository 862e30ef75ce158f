"""The keys that look into the network of the run in front: its views, a row on its way through, a unit's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.views.switch import ViewSwitch
from ann_tui.tui.views.view import Cursor, Inside

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.network.network import Network
    from ann_tui.training.snapshot import Snapshot
    from ann_tui.tui.host import ScreenHost

INSIDE_KEYS = [
    Binding(
        "e",
        "example(1)",
        "a row",
        id="train.row",
        tooltip="Send the next validation row through the network: what each unit gives for it",
    ),
    Binding(
        "E", "no_example", "no row", id="train.no_row", show=False, tooltip="No row in the network's views"
    ),
    Binding(
        "S",
        "step",
        "one step",
        id="train.step",
        tooltip="One step on one row as numbers: forward, cost, backward, update; the run stays as it is",
    ),
    Binding(
        "i",
        "inside",
        "inside",
        id="train.inside",
        tooltip="Into the view of the network: arrows walk over weights, enter is a unit's page, [ ] the layers",
    ),
]


class LooksInside(StepScreen):
    """A screen with a panel, `inside-panel`, for the views of a network's inside."""

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._cursor = Cursor()
        self._network: tuple[Run, int, int, Network] | None = None

    @property
    def inside_switch(self) -> ViewSwitch[Inside]:
        """The views of the network's inside."""
        return self.query_one("#inside", ViewSwitch)

    def advertises(self, action: str) -> bool:
        """The way in until it is gone, then what can be done there."""
        if action == "inside":
            return self.workbench.runs.front is not None and not self._is_in_front("inside-panel")
        if action.startswith("example"):
            return self._is_in_front("inside-panel")
        return super().advertises(action)

    def epoch_looked_at(self, run: Run) -> int:
        """The epoch whose network is looked at."""
        raise NotImplementedError

    def show_inside(self, run: Run, snapshot: Snapshot) -> None:
        """Show the network of a run as it was after the epoch looked at, where its panel is seen."""
        if self.query_one("#inside-panel").display:
            self.inside_switch.show(self._inside_of(run, snapshot))

    def _inside_of(self, run: Run, snapshot: Snapshot) -> Inside:
        from ann_tui.experiments.rewound import network_at

        epoch = self.epoch_looked_at(run)
        if self._network is None or self._network[:2] != (run, epoch):
            if self._network is None or self._network[0] is not run:
                self._cursor = Cursor()
            self._network = (run, epoch, *network_at(run, epoch))
        _, _, found, network = self._network
        return Inside(run, snapshot, found, network, self._cursor, self.workbench.row_for(run))

    def action_inside(self) -> None:
        """Into the view of the network."""
        self.bring_to_front("inside-panel")

    def action_first_weight(self) -> None:
        """The cursor back to where it begins, so that a step begins at the weight that it moves most."""
        self._cursor.reset()
        self.show_inside_anew()

    def action_example(self, step: int) -> None:
        """The next validation row, or training row where there are no others."""
        from ann_tui.experiments.chosen_row import judging_rows, row_at

        run = self.workbench.runs.front
        count = 0 if run is None or not run.has_rows else len(judging_rows(run.prepared).rows)
        if run is None or not count:
            self.host.say("there are no rows at hand to send through", warning=False)
            return
        before = self.workbench.row_for(run)
        place = -1 if before is None or before.place is None else before.place
        self.workbench.row = row_at(run.prepared, (place + step) % count)
        self.show_inside_anew()

    def action_step(self) -> None:
        """One step as numbers, on the chosen row or the first one."""
        from ann_tui.experiments.chosen_row import judging_rows
        from ann_tui.tui.dialogs.step import StepScreen

        run = self.workbench.runs.front
        if run is None:
            self.host.say("nothing is trained yet: t trains", warning=False)
            return
        if not run.has_rows or not len(judging_rows(run.prepared).rows):
            self.host.say("there are no rows at hand to take a step on", warning=False)
            return
        self.ask(StepScreen(self._inside_of(run, run.snapshot)), lambda _: self.show_inside_anew())

    def action_no_example(self) -> None:
        """No row."""
        self.workbench.row = None
        self.show_inside_anew()

    def show_inside_anew(self) -> None:
        """Draw the view of the network again, for another row."""
        raise NotImplementedError

    def on_inside_view_moved(self) -> None:
        """What stands over the panel may follow from the cursor."""
        self.show_headings()

    def on_inside_view_opened(self) -> None:
        """A unit's page."""
        from ann_tui.tui.dialogs.neuron import NeuronScreen

        data = self.inside_switch.data
        if data is not None:
            self.ask(NeuronScreen(data), lambda _: self.show_inside_anew())

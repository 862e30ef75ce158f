"""What the panels share that lie over a step screen and follow the changes of what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.tui.dialog import Asks, Dialog

if TYPE_CHECKING:
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.host import ScreenHost


class StepPanel(Asks, Dialog[None]):
    """What lies over a step screen and shows a part of the workbench, so that it follows its changes."""

    def __init__(self, host: ScreenHost) -> None:
        super().__init__()
        self.host = host

    @property
    def workbench(self) -> Workbench:
        """The state that the screens show."""
        return self.host.workbench

    def action_leave(self) -> None:
        """Close the panel."""
        self.dismiss(None)

    def bring_up_to_date(self) -> None:
        """Show the workbench as it stands."""
        if self.is_mounted:
            self.show_workbench(self.workbench)

    def show_workbench(self, workbench: Workbench) -> None:
        """Bring the panel up to date."""

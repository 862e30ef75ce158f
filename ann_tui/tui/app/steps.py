"""Which steps can be entered now, and the way to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.experiments.workbench import Step

if TYPE_CHECKING:
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.app.reading import Reading
    from ann_tui.tui.host import Host


class Steps:
    """Goes to a step, at once or as soon as the table that is being read is ready."""

    def __init__(self, workbench: Workbench, host: Host, reading: Reading) -> None:
        self._workbench, self._host, self._reading = workbench, host, reading
        self._go_when_ready: str | None = None

    def why_blocked(self, step: Step) -> str | None:
        """Why a step can't be entered yet, in one line; None when it can."""
        problem = self._workbench.blocked(step)
        reading = self._reading.job is not None
        return "as soon as the table is prepared" if problem is not None and reading else problem

    def go(self, step: str) -> None:
        """Show a step, or say why it can't be entered yet."""
        self._go_when_ready = None
        if (problem := self.why_blocked(Step(step))) is not None:
            if self._reading.job is not None:
                self._go_when_ready = step
            about = "training" if self._reading.job is None else "reading"
            self._host.say(f"{Step(step).number} {Step(step).heading}: {problem}", about=about)
            return
        self._host.show_mode(step)

    def go_if_asked(self) -> None:
        """Now that the data is ready: go where the person wanted to go before."""
        if self._go_when_ready is not None:
            self.go(self._go_when_ready)

    def forget(self) -> None:
        """Don't go anywhere when the data is ready."""
        self._go_when_ready = None

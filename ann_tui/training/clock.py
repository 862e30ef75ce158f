"""How long a training has been at work, without its rests."""

from __future__ import annotations

import time

from ann_tui.training.state import Part, Section, State, Taking


class Clock(Part):
    """Seconds of work; it goes on from what it is given."""

    name = "clock"

    def __init__(self) -> None:
        """At rest, with no work done."""
        self._done = 0.0
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """The work so far."""
        return self._done if self._since is None else self._done + time.perf_counter() - self._since

    def start(self) -> None:
        """Work begins, or goes on."""
        self._since = time.perf_counter()

    def rest(self) -> None:
        """Work pauses, or has ended."""
        self._done, self._since = self.seconds, None

    def leave_out(self, seconds: float) -> None:
        """Take off a rest that has been counted."""
        self._done -= seconds

    def state(self) -> State:
        """The seconds."""
        return {"seconds": self.seconds}

    def check(self, found: Section) -> Taking:
        """Take them."""
        seconds = found.number("seconds")

        def taking() -> None:
            self._done = seconds
            if self._since is not None:
                self._since = time.perf_counter()

        return taking

"""What can't be written."""

from __future__ import annotations

import shlex
from collections.abc import Mapping


class ExportError(ValueError):
    """A network that can't be written as asked; the message is one line that names the option and says what to do."""


class UnsayableError(ExportError):
    """A framework can't say these options, by what each is called, with the `--set` that makes each one sayable.

    An empty setting means that there is none. `elsewhere` is what can say them.
    """

    def __init__(self, who: str, obstacles: Mapping[str, str], elsewhere: str = "") -> None:
        self.who, self.obstacles = who, obstacles
        settings = " ".join(
            dict.fromkeys(f"--set {shlex.quote(each)}" for each in obstacles.values() if each)
        )
        ways = [f"--to {elsewhere} can"] if elsewhere else []
        ways += [f"train (and save) another network, with {settings}"] if settings else []
        super().__init__(
            "; ".join([f"{who}: {', '.join(obstacles)}", *([", or ".join(ways)] if ways else [])])
        )

    def where(self, elsewhere: str) -> UnsayableError:
        """The same, with what can."""
        return UnsayableError(self.who, self.obstacles, elsewhere)

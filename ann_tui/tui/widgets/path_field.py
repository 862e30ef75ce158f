"""A line in which a path is typed: tab completes it."""

from __future__ import annotations

import os
from itertools import islice, takewhile
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

MOST_LISTED = 5_000


def completed(text: str) -> tuple[str, tuple[str, ...]]:
    """A path that was begun, as far as it can be completed, and the names in its folder that go on with it.

    Names of folders end in a slash; hidden ones take part where a point is typed, those with control characters
    never. A single name completes the path; several as far as they agree; upper and lower case are taken as equal
    where no name agrees with what was typed.
    """
    folder, begun = os.path.split(text)
    if text == "~":
        return "~/", ()
    try:
        with os.scandir(Path(folder).expanduser() if folder else ".") as entries:
            names = [
                entry.name + ("/" if entry.is_dir() else "")
                for entry in islice(entries, MOST_LISTED)
                if entry.name.isprintable()
            ]
    except (OSError, ValueError, RuntimeError):
        return text, ()
    names = [name for name in names if begun.startswith(".") or not name.startswith(".")]
    fitting = [name for name in names if name.startswith(begun)]
    if not fitting:
        fitting = [name for name in names if name.casefold().startswith(begun.casefold())]
    if not fitting:
        return text, ()
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*fitting, strict=False))
    common = "".join(letters[0] for letters in alike)
    listed = () if len(fitting) == 1 else tuple(sorted(fitting, key=str.casefold))
    return text[: len(text) - len(begun)] + (common if len(common) >= len(begun) else begun), listed


class PathField(Input):
    """Posts `Completed` when tab was pressed, and `Left` when the person goes away from it."""

    BINDINGS: ClassVar = [
        Binding("tab", "complete", "complete", tooltip="Complete the path"),
        Binding("escape,down", "leave", "to the list", show=False),
    ]

    class Completed(Message):
        """The path goes on with one of several `names`, or with none where it is complete or there is none."""

        def __init__(self, names: tuple[str, ...]) -> None:
            super().__init__()
            self.names = names

    class Left(Message):
        """The person goes back to the list."""

    def action_complete(self) -> None:
        """Complete what was typed."""
        value, names = completed(self.value)
        self.value = value
        self.cursor_position = len(value)
        self.post_message(self.Completed(names))

    def action_leave(self) -> None:
        """Go away from the field."""
        self.post_message(self.Left())

    @property
    def path(self) -> str:
        """The path that was typed, with the home folder for `~`."""
        try:
            return str(Path(self.value.strip()).expanduser())
        except RuntimeError:
            return self.value.strip()

"""Putting a training away while it goes on, into a folder of its own."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ann_tui.atomic_file import atomic_file
from ann_tui.training.changes import Change
from ann_tui.training.checkpoint import encoded

if TYPE_CHECKING:
    from ann_tui.training.state import State

SECONDS = 10.0
"""A state is put away at most so often."""

STATE, BEFORE, NEXT, JOURNAL = "state", "state.before", "state.next", "journal.jsonl"


class UnderWay:
    """A training that is being put away; see `Keeping`. `problem` says why that can't be done, "" while it can."""

    def __init__(
        self, folder: Path, lock: int | None, made: Sequence[Change] = (), ahead: Sequence[Change] = ()
    ) -> None:
        """Of the journal's changes, `made` are in the state that it goes on from, `ahead` are to be made again."""
        self.folder, self.problem = folder, ""
        self._lock, self._made, self._ahead = lock, list(made), list(ahead)
        self._saved = time.monotonic()

    def due(self) -> bool:
        """Whether ten seconds have gone by."""
        return time.monotonic() >= self._saved + SECONDS

    def save(self, state: Callable[[], State]) -> None:
        """Put the state away; the one before it stays until the new one is whole."""
        self._saved = time.monotonic()
        with self._noting_problems():
            with atomic_file(self.folder / NEXT) as file:
                file.write(encoded(state()))
            with suppress(FileNotFoundError):
                (self.folder / STATE).replace(self.folder / BEFORE)
            (self.folder / NEXT).replace(self.folder / STATE)

    def note(self, change: Change) -> None:
        """Write a line of the journal, down to the disk; what stands there already is not written again.

        Where another change is made than stands there, what stood behind is never made.
        """
        self._made.append(change)
        due = self._ahead.pop(0) if self._ahead else None
        if due == change:
            return
        with self._noting_problems():
            if due is not None:
                self._ahead.clear()
                with atomic_file(self.folder / JOURNAL) as file:
                    file.write(b"".join(map(_line, self._made)))
                return
            with (self.folder / JOURNAL).open("ab") as file:
                file.write(_line(change))
                file.flush()
                os.fsync(file.fileno())

    def leave(self) -> None:
        """Let another program go on with it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def done(self) -> None:
        """It has ended, and what came of it stands elsewhere: remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.leave()

    @contextmanager
    def _noting_problems(self) -> Iterator[None]:
        """Keep an error of the disk in mind instead of ending the training."""
        try:
            yield
            self.problem = ""
        except OSError as error:
            self.problem = f"the training could not be put away: {error.strerror or error}"


def _line(change: Change) -> bytes:
    return msgspec.json.encode(change) + b"\n"

"""Trainings that are under way, in the user's data folder, so that they can go on after a power cut.

A folder holds `about.json`, `experiment.toml`, the newest `state` with the one `before` it, and `journal.jsonl`: what a
person changed, each line written before it took effect. The program that trains holds a lock on it; a folder without
one was left behind.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ann_tui.atomic_file import atomic_file, atomic_folder, locked
from ann_tui.experiments.experiment import from_anywhere
from ann_tui.own_folders import unfinished_folder
from ann_tui.training.changes import Change
from ann_tui.training.checkpoint import decoded, encoded
from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.training.state import State

SECONDS = 10.0
"""A state is put away at most so often."""

ABOUT, EXPERIMENT, STATE, BEFORE, NEXT, JOURNAL = (
    "about.json", "experiment.toml", "state", "state.before", "state.next", "journal.jsonl",
)  # fmt: skip


class About(msgspec.Struct, frozen=True):
    """What a list of unfinished trainings says: the absolute path of the table, the target, and when it began."""

    table: str
    target: str
    began: str


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


@dataclass(frozen=True)
class Unfinished:
    """A training that was left behind."""

    folder: Path
    about: About

    def experiment(self) -> Experiment:
        """Its choices; its steering is what is to be done again, what a person changed since included.

        Raises ExperimentError.
        """
        from ann_tui.experiments.experiment_file import read_experiment

        experiment = read_experiment(self.folder / EXPERIMENT)
        made, script = self._journal(), experiment.steering
        return experiment if script[: len(made)] == made else replace(experiment, steering=made)

    def state(self) -> State | None:
        """The newest state that is whole; None where none had been put away yet. Raises TrainingError."""
        problem: TrainingError | None = None
        for name in (NEXT, STATE, BEFORE):
            try:
                return decoded((self.folder / name).read_bytes())
            except FileNotFoundError:
                continue
            except OSError as error:
                problem = TrainingError(f"the saved training can't be read: {error.strerror or error}")
            except TrainingError as error:
                problem = error
        if problem is not None:
            raise problem
        return None

    def take_up(self, done: int) -> UnderWay:
        """Go on with it, so that no other program does, from a state in which so many changes were made.

        Raises TrainingError where another one does already.
        """
        lock = locked(self.folder, wait=False)
        if lock is None:
            raise TrainingError("another program goes on with this training")
        journal = self._journal()
        return UnderWay(self.folder, lock, journal[:done], journal[done:])

    def _journal(self) -> tuple[Change, ...]:
        """The lines that are whole; the last one may have been cut off before it took effect."""
        try:
            lines = (self.folder / JOURNAL).read_bytes().split(b"\n")[:-1]
        except OSError:
            return ()
        made: list[Change] = []
        for line in lines:
            try:
                change = msgspec.json.decode(line, type=Change)
            except msgspec.MsgspecError:
                break
            made.append(change)
        return tuple(made)


def _line(change: Change) -> bytes:
    return msgspec.json.encode(change) + b"\n"


def begin(experiment: Experiment, target: str) -> UnderWay:
    """Begin to put a training away. Raises OSError."""
    from ann_tui.experiments.experiment_file import write_experiment

    experiment = from_anywhere(experiment)
    now = datetime.now(UTC)
    folder = unfinished_folder() / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    about = About(experiment.source.path, target, now.isoformat(timespec="seconds"))
    with atomic_folder(folder) as part:
        write_experiment(experiment, part / EXPERIMENT)
        (part / ABOUT).write_bytes(msgspec.json.encode(about))
    return UnderWay(folder, locked(folder))


def left_behind() -> tuple[Unfinished, ...]:
    """The trainings that no program goes on with, the newest first."""
    found = []
    with suppress(OSError):
        for folder in sorted(unfinished_folder().iterdir(), reverse=True):
            lock = locked(folder, wait=False)
            if lock is None:
                continue
            os.close(lock)
            with suppress(OSError, msgspec.MsgspecError):
                found.append(
                    Unfinished(folder, msgspec.json.decode((folder / ABOUT).read_bytes(), type=About))
                )
    return tuple(found)

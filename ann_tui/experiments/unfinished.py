"""Trainings that are under way, in the user's data folder, so that they can go on after a power cut.

A folder holds `about.json`, `experiment.toml`, the newest `state` with the one `before` it, and `journal.jsonl`: what a
person changed, each line written before it took effect. The program that trains holds a lock on it; a folder without
one was left behind.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ann_tui.atomic_file import atomic_folder, locked
from ann_tui.experiments.experiment import from_anywhere
from ann_tui.experiments.under_way import BEFORE, JOURNAL, NEXT, STATE, UnderWay
from ann_tui.known_types import make_known
from ann_tui.own_folders import unfinished_folder
from ann_tui.training.changes import Change
from ann_tui.training.checkpoint import decoded
from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run
    from ann_tui.training.state import State

MOST = 20
"""So many trainings that were left behind are kept; older ones make room."""

ABOUT, EXPERIMENT, DECLINED = "about.json", "experiment.toml", "declined"


class About(msgspec.Struct, frozen=True):
    """What a list of unfinished trainings says: the absolute path of the table, the target, and when it began."""

    table: str
    target: str
    began: str


make_known(About, Change)


@dataclass(frozen=True)
class Unfinished:
    """A training that was left behind."""

    folder: Path
    about: About

    @property
    def declined(self) -> bool:
        """Whether the person did not want to go on with it when the app asked."""
        return (self.folder / DECLINED).exists()

    def decline(self) -> None:
        """Take note of that, where the disk allows."""
        with suppress(OSError):
            (self.folder / DECLINED).touch()

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

    def resume(self, run: Run) -> None:
        """Let a run of the `experiment` stand where the training stood, and be put away in its place.

        Raises TrainingError with one line where another program goes on with it, or its rows are others by now.
        """
        state = self.state()
        run.keep_by(self.take_up(0 if state is None else len(state["changes.fields"])))
        if state is not None:
            run.go_on_from(state)

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


def put_away(run: Run) -> None:
    """Let a run outlast the program while it trains, unless its table can't be read again. Raises OSError."""
    if run.to_do.source.path != "-":
        run.keep_by(begin(run.to_do, run.prepared.fitted.target.name))


def begin(experiment: Experiment, target: str) -> UnderWay:
    """Begin to put a training away. Raises OSError."""
    from ann_tui.experiments.experiment_writing import write_experiment

    for old in left_behind()[MOST:]:
        shutil.rmtree(old.folder, ignore_errors=True)
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

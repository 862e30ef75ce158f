"""A sweep on disk, in the user's data folder, so that it goes on after it was stopped or killed.

A folder holds `sweep.json` (what the sweep is), `experiment.toml` (with its space), `stages.jsonl` (a line for each
stage of a trial that is done, whichever was done first) and `states` (what the trials that go on would go on from). The
program that sweeps holds a lock on it. A line that was cut off, and a state that is gone, are trained again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ann_tui.atomic_file import atomic_file, atomic_folder, locked
from ann_tui.experiments.dimension import Value
from ann_tui.experiments.experiment import from_anywhere
from ann_tui.experiments.sweeps.proposals import version_of
from ann_tui.experiments.sweeps.sweep import Sweep, SweepError
from ann_tui.experiments.sweeps.trial import Reached, Trial
from ann_tui.known_types import make_known
from ann_tui.own_folders import sweeps_folder

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment

MOST = 30
"""So many sweeps are kept; older ones make room."""

ABOUT, EXPERIMENT, STAGES, STATES, KEPT = (
    "sweep.json",
    "experiment.toml",
    "stages.jsonl",
    "states",
    "runs.txt",
)


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a command that began a sweep was given: the file, and flags of the choices with their values."""

    file: str
    options: list[tuple[str, str]]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in `sweep.json`.

    `key` tells the sweep from all others but for its number of `trials`. `table` is the absolute path of the file.
    `folds` are those of each trial, 0 for none. `ended` says that all of the trials were done, or all designs that the
    space holds; `done` is of how many trials this was said before more, or fewer, were asked for. `begun` is None
    where no command began it.
    """

    key: str
    table: str
    target: str
    began: str
    trials: int
    seed: int
    sampler: str
    folds: int = 0
    minutes: float | None = None
    ended: bool = False
    done: int = 0
    begun: Begun | None = None


class Line(msgspec.Struct, frozen=True):
    """A line of `stages.jsonl`."""

    settings: dict[str, Value]
    reached: Reached


make_known(About, Line)


@dataclass(frozen=True)
class FoundSweep:
    """A sweep in a folder."""

    folder: Path
    about: About

    def sweep(self) -> tuple[Sweep, Experiment]:
        """The sweep, and the experiment that was asked for. Raises ExperimentError."""
        from ann_tui.experiments.experiment_file import read_experiment

        asked = read_experiment(self.folder / EXPERIMENT)
        about, plan = self.about, replace(asked.plan, refit=False)
        base = replace(asked, plan=plan, steering=(), space=())
        return Sweep(base, asked.space, about.trials, about.seed, about.sampler, about.folds), asked

    def take_up(self, trials: int) -> KeptSweep:
        """Go on with it, for so many trials in all, so that no other program does.

        Raises SweepError where another one does already, or where its table is another one by now.
        """
        lock = _taken(self.folder)
        plan, asked = self.sweep()
        if _key(plan, asked) != self.about.key:
            raise SweepError(
                "the sweep can't go on: its table, or a library that its trials depend on, is another one by now"
            )
        complete = self.complete(trials)
        about = msgspec.structs.replace(self.about, trials=trials, ended=complete, done=self.done)
        _write_about(self.folder, about)
        return KeptSweep(self.folder, about, lock, complete=complete)

    def complete(self, trials: int) -> bool:
        """Whether so many trials are all done."""
        return trials <= self.done

    @property
    def done(self) -> int:
        """So many trials, when asked for, are all done."""
        return max(self.about.done, self.about.trials if self.about.ended else 0)


class KeptSweep:
    """The memory of a sweep on disk; a context that ends with its lock. `complete` where nothing was left to do."""

    def __init__(self, folder: Path, about: About, lock: int | None, *, complete: bool = False) -> None:
        self.folder, self.about, self.complete, self._lock = folder, about, complete, lock
        self._found = {(line.reached.number, line.reached.until): line for line in _lines(folder)}
        with suppress(OSError):
            (folder / STATES).mkdir(exist_ok=True)

    def __enter__(self) -> KeptSweep:
        return self

    def __exit__(self, *error: object) -> None:
        """Let other programs go on with it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def done(self) -> int:
        """How many stages are done."""
        return len(self._found)

    def found(self, trial: Trial, until: int) -> Reached | None:
        """Where a trial stood after a stage, with its state where that is still there."""
        line = self._found.get((trial.number, until))
        if line is None or line.settings != dict(trial.settings):
            return None
        state = b""
        with suppress(OSError):
            state = self._state(trial.number, until).read_bytes()
        return replace(line.reached, state=state)

    def keep(self, trial: Trial, reached: Reached) -> None:
        """Write the state, then the line. Raises OSError."""
        self._found[trial.number, reached.until] = Line(dict(trial.settings), replace(reached, state=b""))
        path = self._state(trial.number, reached.until)
        part = path.with_suffix(".part")
        part.write_bytes(reached.state)
        part.replace(path)
        plain = {name: value for name, value in asdict(reached).items() if name != "state"}
        if reached.problem:
            del plain["cost"]
        line = msgspec.json.encode({"settings": trial.settings, "reached": plain})
        with (self.folder / STAGES).open("ab") as file:
            file.write(line + b"\n")

    def forget(self, trial: Trial) -> None:
        """Remove the states of a trial."""
        with suppress(OSError):
            for path in (self.folder / STATES).glob(f"{trial.number}-*"):
                path.unlink()

    def end(self) -> None:
        """Note that there is nothing left to do. Raises OSError."""
        shutil.rmtree(self.folder / STATES, ignore_errors=True)
        self.about = msgspec.structs.replace(self.about, ended=True)
        _write_about(self.folder, self.about)

    def discard(self) -> None:
        """Keep nothing of it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def unkept(self, trials: list[Trial]) -> list[Trial]:
        """Those of the trials that are not among the kept runs of the table; see `note_runs`."""
        try:
            kept = set((self.folder / KEPT).read_text(encoding="ascii").split())
        except (OSError, ValueError):
            kept = set()
        return [trial for trial in trials if str(trial.number) not in kept]

    def note_runs(self, trials: list[Trial]) -> None:
        """Note that these trials are kept as runs. Raises OSError."""
        with (self.folder / KEPT).open("a", encoding="ascii") as file:
            file.write("".join(f"{trial.number}\n" for trial in trials))

    def _state(self, number: int, until: int) -> Path:
        return self.folder / STATES / f"{number}-{until}"


def _lines(folder: Path) -> list[Line]:
    """The lines that are whole."""
    try:
        lines = (folder / STAGES).read_bytes().split(b"\n")[:-1]
    except OSError:
        return []
    found = []
    for line in lines:
        with suppress(msgspec.MsgspecError):
            found.append(msgspec.json.decode(line, type=Line))
    return found


def keep_sweep(
    sweep: Sweep,
    asked: Experiment,
    target: str,
    *,
    minutes: float | None = None,
    begun: Begun | None = None,
    root: Path | None = None,
) -> KeptSweep:
    """Begin to keep a sweep, or go on with the same one where it was left. Raises OSError, and SweepError.

    Of another number of trials it is the same sweep: what is done already is not trained again.
    """
    from ann_tui.experiments.experiment_writing import write_experiment

    asked = _as_kept(sweep, asked)
    root = root or sweeps_folder()
    key = _key(sweep, asked)
    wanted = About(
        key=key,
        table=asked.source.path,
        target=target,
        began=datetime.now(UTC).isoformat(timespec="seconds"),
        trials=sweep.trials,
        seed=sweep.seed,
        sampler=sweep.sampler,
        folds=sweep.folds,
        minutes=minutes,
        begun=begun,
    )
    found = _with_key(key, root)
    if found is not None:
        lock = _taken(found.folder)
        complete = found.complete(sweep.trials)
        about = msgspec.structs.replace(
            wanted,
            began=found.about.began,
            begun=begun or found.about.begun,
            ended=complete,
            done=found.done,
        )
        _write_about(found.folder, about)
        return KeptSweep(found.folder, about, lock, complete=complete)
    for old in sweeps(root)[MOST:]:
        shutil.rmtree(old.folder, ignore_errors=True)
    folder = root / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    with atomic_folder(folder) as part:
        write_experiment(asked, part / EXPERIMENT)
        _write_about(part, wanted)
    return KeptSweep(folder, wanted, _taken(folder))


def kept_sweep(sweep: Sweep, asked: Experiment, *, root: Path | None = None) -> FoundSweep | None:
    """The same sweep, of whatever number of trials, as it was kept; None where there is none. Raises OSError."""
    return _with_key(_key(sweep, _as_kept(sweep, asked)), root)


def _with_key(key: str, root: Path | None) -> FoundSweep | None:
    return next((found for found in sweeps(root) if found.about.key == key), None)


def _as_kept(sweep: Sweep, asked: Experiment) -> Experiment:
    return from_anywhere(replace(asked, steering=(), space=sweep.space))


def sweeps(root: Path | None = None) -> list[FoundSweep]:
    """All sweeps that can be read, the newest first."""
    found = []
    with suppress(OSError):
        for folder in sorted((root or sweeps_folder()).iterdir(), reverse=True):
            with suppress(OSError, msgspec.MsgspecError):
                found.append(
                    FoundSweep(folder, msgspec.json.decode((folder / ABOUT).read_bytes(), type=About))
                )
    return found


def last_sweep(table: str | Path | None = None) -> FoundSweep | None:
    """The newest sweep that has not ended and that no program goes on with, of a table or of any."""
    path = None if table is None else str(Path(table).absolute())
    for found in sweeps():
        if not found.about.ended and path in (None, found.about.table):
            lock = locked(found.folder, wait=False)
            if lock is not None:
                os.close(lock)
                return found
    return None


def _taken(folder: Path) -> int | None:
    lock = locked(folder, wait=False)
    if lock is None and os.name == "posix":
        raise SweepError("another program goes on with this sweep")
    return lock


def _write_about(folder: Path, about: About) -> None:
    with atomic_file(folder / ABOUT) as file:
        file.write(msgspec.json.format(msgspec.json.encode(about), indent=1))


def _key(sweep: Sweep, asked: Experiment) -> str:
    """A text that is the same for sweeps whose trials are the same, bit for bit."""
    from ann_tui.experiments.experiment_writing import experiment_text
    from ann_tui.model.trained_model import file_sha256

    table = Path(asked.source.path).resolve()
    asked = replace(asked, source=replace(asked.source, path=str(table)))
    pieces = (
        experiment_text(asked, table.parent),
        str(table),
        file_sha256(table),
        f"{sweep.seed} {sweep.folds} {sweep.sampler} {version_of(sweep.sampler)}",
        f"{version('ann-tui')} {version('numpy')}",
    )
    return hashlib.sha256("\0".join(pieces).encode("utf-8", "surrogatepass")).hexdigest()

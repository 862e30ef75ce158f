"""The runs that are kept on disk: a folder a run, in the user's own data folder, until newer ones take their place.

A folder is filled under another name and renamed, so that half a run is never found. Several programs may keep, change
and delete runs at once: what reads and writes again holds a lock.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ann_tui.atomic_file import UNFINISHED, atomic_file, atomic_folder, locked
from ann_tui.experiments.choice_texts import choice_texts
from ann_tui.experiments.experiment import from_anywhere
from ann_tui.experiments.kept.store_bounds import MEGABYTE, Bounds, stated_bounds
from ann_tui.experiments.kept.stored_run import (
    ANSWERS,
    EXPERIMENT,
    MODEL,
    NEWEST,
    Record,
    StoredRun,
    let_go,
    read_stored,
    write_record,
)
from ann_tui.figures import counted
from ann_tui.own_folders import runs_folder

if TYPE_CHECKING:
    from ann_tui.evaluation.evaluation import Evaluation
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run_result import RunResult


SHORTEST = 4
"""So many of the last characters of a run's name at least are a name, too."""


@dataclass(frozen=True)
class Beginning:
    """How a run began: when, and after which epoch of which kept run, "" for fresh weights."""

    moment: datetime | None = None
    parent: str = ""
    epoch: int = 0


FRESH = Beginning()
IDENTITY = ("weights", "choices", "steered", "epochs", "parent", "began_at", "threshold", "aim")
"""The fields in which two runs are alike that are the same run."""


class RunStore:
    """The runs in one folder; several programs may use it at once."""

    def __init__(self, root: Path | None = None, *, bounds: Bounds | None = None) -> None:
        """The store in `root`, by default in the user's data folder; its bounds are by default the person's."""
        self.root, self._bounds = root or runs_folder(), bounds

    # -- finding -------------------------------------------------------------------------------------------

    def runs(self) -> tuple[StoredRun, ...]:
        """All that can be read, the newest first."""
        found = (read_stored(folder) for folder in self._folders())
        return tuple(
            sorted(
                (run for run in found if run is not None),
                key=lambda run: (run.record.kept, run.id),
                reverse=True,
            )
        )

    def of_table(self, digest: str) -> tuple[StoredRun, ...]:
        """The runs on a table whose file has this SHA-256, the newest first; none for ""."""
        return tuple(run for run in self.runs() if digest and run.record.digest == digest)

    def unsaved(self) -> tuple[StoredRun, ...]:
        """What is there in no file of the person's own: networks, and choices alone; the newest first."""
        return tuple(
            run
            for run in self.runs()
            if not run.record.saved_as
            and Path(run.record.table).exists()
            and (not run.record.epochs or run.model is not None)
        )

    def find(self, id: str) -> StoredRun:
        """The run whose folder's name is this, or alone ends in it, with four characters at least.

        Raises LookupError with one line.
        """
        if len(id) < SHORTEST:
            raise LookupError(
                f"name the run by at least its last {SHORTEST} characters: ann-tui runs lists them"
            )
        found = [run for run in self.runs() if run.id.endswith(id)]
        exact = next((run for run in found if run.id == id), None)
        if exact is not None:
            return exact
        if len(found) != 1:
            what = "no run" if not found else f"more than one run ({len(found)})"
            raise LookupError(f"{what} of that name: ann-tui runs lists them")
        return found[0]

    # -- keeping -------------------------------------------------------------------------------------------

    def keep(
        self,
        experiment: Experiment,
        result: RunResult | None = None,
        *,
        began: Beginning = FRESH,
        target: str = "",
        interrupted: bool = False,
        number: int = 0,
        network: bool = True,
    ) -> StoredRun:
        """Write what came of a run, with its `network` or without it, or with no `result` choices alone.

        A run of the same choices with the same weights is the same run, and is written once. Its `number` is the next
        one that is free where another run of the table has it. Raises OSError.
        """
        from ann_tui.experiments.experiment_writing import write_experiment
        from ann_tui.model.trained_model import file_sha256

        now = datetime.now(UTC)
        experiment = from_anywhere(experiment if result is None else result.experiment)
        target = target if result is None else result.fitted.target.name
        record = Record(
            table=experiment.source.path,
            target=target,
            digest=file_sha256(Path(experiment.source.path)),
            began=(began.moment or now).isoformat(timespec="seconds"),
            kept=now.isoformat(timespec="microseconds"),
            interrupted=interrupted,
            parent=began.parent,
            began_at=began.epoch,
            choices=choice_texts(experiment, target),
        )
        if result is not None:
            result = replace(result, experiment=experiment)
            record = msgspec.structs.replace(record, **_outcome(result))
        with self._locked():
            same = self._same(record)
            if same is not None:
                return self._kept_again(same, record, result if network else None)
            record = msgspec.structs.replace(record, number=self._free(record.digest, number))
            folder = self.root / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
            with atomic_folder(folder) as part:
                write_experiment(experiment, part / EXPERIMENT)
                if result is not None and network:
                    _write_network(result, part)
                write_record(part, record)
        return StoredRun(folder, record)

    def add(self, runs: Sequence[tuple[Experiment, Record]]) -> None:
        """Write scores and choices of runs of one table, each with the next number that is free. Raises OSError."""
        from ann_tui.experiments.experiment_writing import write_experiment
        from ann_tui.model.trained_model import file_sha256

        digest = file_sha256(Path(runs[0][1].table)) if runs else ""
        with self._locked():
            number = self._free(digest, 0)
            for place, (experiment, record) in enumerate(runs):
                record = msgspec.structs.replace(record, digest=digest, number=number + place)
                folder = self.root / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
                with atomic_folder(folder) as part:
                    write_experiment(from_anywhere(experiment), part / EXPERIMENT)
                    write_record(part, record)

    def keep_again(self, run: StoredRun, result: RunResult) -> None:
        """Write the network of a kept run anew, with what has been decided since. Raises OSError."""
        _write_network(replace(result, experiment=from_anywhere(result.experiment)), run.folder)

    def update(self, run: StoredRun, **fields: Any) -> StoredRun:
        """The run with other values of these fields of its record, on disk too; other fields stay as they are there.

        Raises OSError, also where the run is gone.
        """
        with self._locked():
            now = read_stored(run.folder)
            if now is None:
                raise FileNotFoundError(errno.ENOENT, "the run is gone", str(run.folder))
            record = msgspec.structs.replace(now.record, **fields)
            write_record(run.folder, record)
        return replace(run, record=record)

    def note_saved(self, run: StoredRun, path: str | Path) -> StoredRun:
        """The run with the file in which the person keeps its model, noted on disk too where that can be done."""
        where = str(Path(path).absolute())
        with suppress(OSError):
            return self.update(run, saved_as=where)
        return replace(run, record=msgspec.structs.replace(run.record, saved_as=where))

    def delete(self, run: StoredRun) -> None:
        """Remove a run; does nothing where it is gone."""
        shutil.rmtree(run.folder, ignore_errors=True)

    def make_room(self) -> str:
        """Keep to the bounds: what older runs had to give up, in one line; "" where nothing had to.

        Networks go before scores, and the trials of sweeps before other runs. What a person has pinned, named or
        noted stays, even above the bounds.
        """
        deleted = networks = 0
        bounds = self._bounds or stated_bounds()
        with suppress(OSError), self._locked():
            runs = tuple(sorted(self.runs(), key=lambda run: bool(run.record.sweep)))
            for run in [run for run in runs[bounds.runs :] if not run.of_the_person]:
                self.delete(run)
                deleted += 1
            room = bounds.network_bytes
            for run in runs[: bounds.runs]:
                room -= (size := run.size)
                if room < 0 < size and not run.of_the_person and run is not runs[0]:
                    let_go(run)
                    room += size
                    networks += 1
        return _given_up(deleted, networks, bounds)

    # -- inside --------------------------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """No other program changes the store meanwhile, where the disk knows locks."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = locked(self.root)
        try:
            yield
        finally:
            if lock is not None:
                os.close(lock)

    def _folders(self) -> Iterator[Path]:
        try:
            entries = list(os.scandir(self.root))
        except OSError:
            return
        for entry in entries:
            if not entry.name.endswith(UNFINISHED) and entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)

    def _same(self, record: Record) -> StoredRun | None:
        if not record.weights:
            return None
        return next(
            (
                run
                for run in self.of_table(record.digest)
                if all(getattr(run.record, name) == getattr(record, name) for name in IDENTITY)
            ),
            None,
        )

    def _kept_again(self, same: StoredRun, record: Record, result: RunResult | None) -> StoredRun:
        """Another training that gave the same run: its time is the newer one."""
        if result is not None and same.model is None:
            _write_network(result, same.folder)
        record = msgspec.structs.replace(same.record, kept=record.kept)
        write_record(same.folder, record)
        return replace(same, record=record)

    def _free(self, digest: str, wanted: int) -> int:
        """The number of the next run on a table: the wanted one where no other run has it."""
        taken = {run.record.number for run in self.of_table(digest)}
        return wanted if wanted and wanted not in taken else max(taken, default=0) + 1


def _outcome(result: RunResult) -> dict[str, Any]:
    """What a record says of a run's end."""
    from ann_tui.model.weights import digest_of

    snapshot, evaluation = result.snapshot, result.evaluation
    scores = {} if evaluation is None else evaluation.scores
    metrics: dict[str, float | None] = {}
    if "validation" in scores:
        metrics = dict(scores["validation"].metrics)
    elif snapshot.history:
        best = snapshot.history[(snapshot.best_epoch or len(snapshot.history)) - 1]
        metrics = {"accuracy" if result.fitted.target.classes else "r2": best.validation_metric}
    return {
        "state": snapshot.state,
        "epochs": snapshot.epoch,
        "best_epoch": snapshot.best_epoch or 0,
        "seconds": round(snapshot.seconds, 3),
        "metrics": metrics,
        **decided_by(evaluation),
        "steered": tuple(change.text for change in result.changes),
        "weights": digest_of(result.network),
    }


def decided_by(evaluation: Evaluation | None) -> dict[str, Any]:
    """What a record says of how two classes are told apart."""
    if evaluation is None:
        return {}
    return {
        "threshold": evaluation.threshold,
        "aim": "" if evaluation.aim is None else evaluation.aim.written,
    }


def _write_network(result: RunResult, folder: Path) -> None:
    from ann_tui.experiments.run_answers import write_answers
    from ann_tui.model.storage import save_model
    from ann_tui.model.trained_model import TrainedModel
    from ann_tui.model.weights import weights_to_bytes

    save_model(TrainedModel.from_result(result), folder / MODEL)
    if result.newest is not None:
        with atomic_file(folder / NEWEST) as file:
            file.write(weights_to_bytes(result.newest))
    if result.answers:
        write_answers(result.answers, folder / ANSWERS)


def _given_up(deleted: int, networks: int, bounds: Bounds) -> str:
    said = []
    if networks:
        said.append(
            f"the networks of {counted(networks, 'older run')} were let go of, their scores stay "
            f"(kept_megabytes is {bounds.network_bytes // MEGABYTE:,})"
        )
    if deleted:
        said.append(f"{counted(deleted, 'older run')} made room (kept_runs is {bounds.runs:,})")
    return "; ".join(said)

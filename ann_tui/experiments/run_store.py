"""The runs that are kept on disk: a folder a run, in the user's own data folder, until newer ones take their place.

A folder holds `run.json` (what `StoredRun` says), `experiment.toml` (its choices), and `model.ann` where a network
was trained. It is filled under another name and renamed, so that half a run is never found.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ann_tui.atomic_file import UNFINISHED, atomic_file, atomic_folder
from ann_tui.experiments.experiment import from_anywhere
from ann_tui.own_folders import runs_folder

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import RunResult

MOST = 50
"""So many runs are kept; older ones make room."""

VERSION = 1
RECORD, EXPERIMENT, MODEL = "run.json", "experiment.toml", "model.ann"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in `run.json`; fields that later versions add have defaults."""

    version: int = VERSION
    table: str
    target: str
    began: str
    kept: str
    state: str = ""
    epochs: int = 0
    metrics: Mapping[str, float | None] = {}
    interrupted: bool = False
    saved_as: str = ""


@dataclass(frozen=True)
class StoredRun:
    """A run on disk.

    `record.table` is the absolute path of its table, `record.metrics` those of the validation rows, `record.saved_as`
    the file in which the person keeps its model; `record.interrupted` says that the app ended before the person could.
    """

    folder: Path
    record: Record

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def model(self) -> Path | None:
        """The file of its network; None where only choices were kept."""
        path = self.folder / MODEL
        return path if path.is_file() else None

    def experiment(self) -> Experiment:
        """Its choices. Raises ExperimentError."""
        from ann_tui.experiments.experiment_file import read_experiment

        return read_experiment(self.folder / EXPERIMENT)


class RunStore:
    """The runs in one folder; several programs may use it at once."""

    def __init__(self, root: Path | None = None, *, most: int | None = None) -> None:
        """The store in `root`, by default in the user's data folder, of so many runs at most."""
        self.most = most or MOST
        self.root = root or runs_folder()

    def runs(self) -> tuple[StoredRun, ...]:
        """All that can be read, the newest first."""
        found = (self._stored(folder) for folder in self._folders())
        return tuple(
            sorted(
                (run for run in found if run is not None),
                key=lambda run: (run.record.kept, run.id),
                reverse=True,
            )
        )

    def unsaved(self) -> tuple[StoredRun, ...]:
        """Those whose table still exists and that stand in no file of the person's own, the newest first."""
        return tuple(
            run for run in self.runs() if not run.record.saved_as and Path(run.record.table).exists()
        )

    def keep(
        self,
        experiment: Experiment,
        result: RunResult | None = None,
        *,
        began: datetime | None = None,
        target: str = "",
        interrupted: bool = False,
    ) -> StoredRun:
        """Write what came of a run, or with no `result` choices alone. Raises OSError."""
        from ann_tui.experiments.experiment_file import write_experiment

        now = datetime.now(UTC)
        experiment = from_anywhere(experiment if result is None else result.experiment)
        record = Record(
            table=experiment.source.path,
            target=target,
            began=(began or now).isoformat(timespec="seconds"),
            kept=now.isoformat(timespec="microseconds"),
            interrupted=interrupted,
        )
        if result is not None:
            result = replace(result, experiment=experiment)
            snapshot, evaluation = result.snapshot, result.evaluation
            scores = {} if evaluation is None else evaluation.scores
            record = msgspec.structs.replace(
                record,
                target=result.fitted.target.name,
                state=snapshot.state,
                epochs=snapshot.epoch,
                metrics=dict(scores["validation"].metrics) if "validation" in scores else {},
            )
        folder = self.root / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        with atomic_folder(folder) as part:
            write_experiment(experiment, part / EXPERIMENT)
            if result is not None:
                from ann_tui.model.storage import save_model
                from ann_tui.model.trained_model import TrainedModel

                save_model(TrainedModel.from_result(result), part / MODEL)
            _write(part, record)
        self._make_room()
        return StoredRun(folder, record)

    def keep_again(self, run: StoredRun, result: RunResult) -> None:
        """Write the network of a kept run anew, with what has been decided since. Raises OSError."""
        from ann_tui.model.storage import save_model
        from ann_tui.model.trained_model import TrainedModel

        result = replace(result, experiment=from_anywhere(result.experiment))
        save_model(TrainedModel.from_result(result), run.folder / MODEL)

    def note_saved(self, run: StoredRun, path: str | Path) -> StoredRun:
        """The run with the file in which the person keeps its model, noted on disk too where that can be done."""
        saved = replace(run, record=msgspec.structs.replace(run.record, saved_as=str(Path(path).absolute())))
        with suppress(OSError):
            _write(run.folder, saved.record)
        return saved

    def delete(self, run: StoredRun) -> None:
        """Remove a run; does nothing where it is gone."""
        shutil.rmtree(run.folder, ignore_errors=True)

    def _folders(self) -> Iterator[Path]:
        try:
            entries = list(os.scandir(self.root))
        except OSError:
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(UNFINISHED):
                yield Path(entry.path)

    def _stored(self, folder: Path) -> StoredRun | None:
        try:
            record = msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return StoredRun(folder, record) if record.version == VERSION else None

    def _make_room(self) -> None:
        for run in self.runs()[self.most :]:
            self.delete(run)


def _write(folder: Path, record: Record) -> None:
    with atomic_file(folder / RECORD) as file:
        file.write(msgspec.json.format(msgspec.json.encode(record), indent=1))

"""A run that is kept on disk: a folder of the user's own data with what the run was, and what came of it.

`run.json` says what `Record` holds, `experiment.toml` has the choices with what was steered by hand. `model.ann` has
the best weights and the history, `newest.safetensors` the newest weights where these are others, and `answers` what the
network said of the rows that were kept from its training; where only scores are kept, these are missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ann_tui.atomic_file import atomic_file
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.known_types import make_known

if TYPE_CHECKING:
    from ann_tui.evaluation.answers import Answers
    from ann_tui.evaluation.evaluation import SplitName
    from ann_tui.experiments.experiment import Experiment

VERSION = 1
RECORD, EXPERIMENT, MODEL = "run.json", "experiment.toml", "model.ann"
NEWEST, ANSWERS = "newest.safetensors", "answers"
HEAVY = (MODEL, NEWEST, ANSWERS)
"""What is let go of first."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in `run.json`; fields that later versions add have defaults.

    `table` is the absolute path of its file and `digest` the SHA-256 of that one's bytes. Among the runs of a table it
    has a `number`; it began from the run `parent` (the name of a folder) after that one's epoch `began_at`, "" for
    fresh weights. `metrics` are those of the validation rows at the epoch `best_epoch`, whose weights are kept, and
    `test` those of the test rows, of which `looks` networks had been looked at by then; 0 and {} where nobody looked.
    Two classes are told apart at `threshold`, chosen for `aim` (see `Aim.written`), "" where no rows chose it.
    `choices` says what was chosen, as `choice_texts` does, `steered` what was changed by hand, in words, and `weights`
    identifies the weights. `saved_as` is the file in which the person keeps its model; `interrupted` says that the app
    ended before the person could. `sweep` names the sweep of which it is a trial, "" for none. `name`, `note` and
    `pinned` are the person's own.
    """

    version: int = VERSION
    table: str
    target: str
    began: str
    kept: str
    digest: str = ""
    number: int = 0
    parent: str = ""
    began_at: int = 0
    state: str = ""
    epochs: int = 0
    best_epoch: int = 0
    seconds: float = 0.0
    metrics: Mapping[str, float | None] = {}
    test: Mapping[str, float | None] = {}
    looks: int = 0
    threshold: float = DEFAULT_THRESHOLD
    aim: str = ""
    choices: Mapping[str, str] = {}
    steered: tuple[str, ...] = ()
    weights: str = ""
    interrupted: bool = False
    saved_as: str = ""
    sweep: str = ""
    name: str = ""
    note: str = ""
    pinned: bool = False


make_known(Record)


@dataclass(frozen=True)
class StoredRun:
    """A run on disk."""

    folder: Path
    record: Record

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def short_id(self) -> str:
        """The end of it, which tells the run from others."""
        return self.id[-8:]

    @property
    def model(self) -> Path | None:
        """The file of its network; None where only scores or choices were kept."""
        path = self.folder / MODEL
        return path if path.is_file() else None

    @property
    def newest(self) -> Path | None:
        """The file of its newest weights; None where these are the best ones, or are not kept."""
        path = self.folder / NEWEST
        return path if path.is_file() else None

    @property
    def size(self) -> int:
        """The bytes that its network and its answers take."""
        return sum(_size(self.folder / name) for name in HEAVY)

    @property
    def of_the_person(self) -> bool:
        """Whether the person has said that it matters: it is never let go of by itself."""
        return bool(self.record.pinned or self.record.name or self.record.note)

    def experiment(self) -> Experiment:
        """Its choices, with what was steered by hand. Raises ExperimentError."""
        from ann_tui.experiments.experiment_file import read_experiment

        return read_experiment(self.folder / EXPERIMENT)

    def answers(self) -> Mapping[SplitName, Answers]:
        """What its network said of the rows kept from the training; {} where that is not kept, or can't be read."""
        from ann_tui.experiments.run_answers import read_answers

        return read_answers(self.folder / ANSWERS)


def read_stored(folder: Path) -> StoredRun | None:
    """The run in a folder; None where there is none that this version can read."""
    try:
        record = msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return StoredRun(folder, record) if record.version == VERSION else None


def write_record(folder: Path, record: Record) -> None:
    """Write `run.json`, whole or not at all. Raises OSError."""
    with atomic_file(folder / RECORD) as file:
        file.write(msgspec.json.format(msgspec.json.encode(record), indent=1))


def let_go(run: StoredRun) -> None:
    """Remove the network and the answers of a run; its scores and choices stay."""
    for path in _files(run):
        with suppress(OSError):
            path.unlink()


def _files(run: StoredRun) -> Iterator[Path]:
    return (path for name in HEAVY if (path := run.folder / name).exists())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

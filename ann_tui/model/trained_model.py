"""A trained network together with the preparation that its rows went through: from cells to predictions."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.choices.preparation import Preparation, PreparationError
from ann_tui.data.choices.source import Source
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict
from ann_tui.training.changes import Change
from ann_tui.training.history import EpochRow
from ann_tui.training.plan import TrainingPlan

if TYPE_CHECKING:
    import pandas as pd

    from ann_tui.data.cells.table import DroppedRow
    from ann_tui.data.preparing.fitted import FittedPreparation
    from ann_tui.data.preparing.row_digests import KnownRows
    from ann_tui.data.preparing.transform_report import TransformReport
    from ann_tui.evaluation.evaluation import Evaluation, SplitName
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.training.snapshot import Snapshot

SPLIT_KEYS = {"training": "train", "validation": "validation", "test": "test"}
"""What scripts call the parts of the split."""


class Choices(Protocol):
    """The four choices of an experiment."""

    @property
    def source(self) -> Source:
        """Which data."""

    @property
    def preparation(self) -> Preparation:
        """How prepared."""

    @property
    def plan(self) -> TrainingPlan:
        """How trained."""


class FinishedRun(Protocol):
    """What came of a run; see `experiments.run.RunResult`."""

    @property
    def experiment(self) -> Choices:
        """What was run."""

    @property
    def fitted(self) -> FittedPreparation:
        """How rows become numbers."""

    @property
    def network(self) -> Network:
        """With the best weights."""

    @property
    def snapshot(self) -> Snapshot:
        """How the training ended."""

    @property
    def changes(self) -> Sequence[Change]:
        """What a person did to it while it trained."""

    @property
    def evaluation(self) -> Evaluation | None:
        """The judgement of the network, with its baselines or without; None for one that ended before it."""

    @property
    def rows(self) -> Mapping[SplitName, int]:
        """How many rows each part has."""

    @property
    def dropped(self) -> Sequence[DroppedRow]:
        """The rows that take no part."""

    @property
    def file(self) -> Fingerprint:
        """The file, but for its SHA-256."""

    @property
    def known_rows(self) -> KnownRows:
        """What recognizes the training rows."""

    @property
    def refit(self) -> bool:
        """Whether the network was trained again on the validation rows too."""


@dataclass(frozen=True)
class Fingerprint:
    """The file that a network was trained on: its name, its size, and the SHA-256 of its bytes ("" if unknown)."""

    file: str
    rows: int
    columns: int
    sha256: str = ""

    @classmethod
    def of(cls, path: Path, rows: int, columns: int) -> Fingerprint:
        """That of a file with so many rows and columns, whose bytes have not been looked at."""
        return cls("standard input" if str(path) == "-" else path.name, rows, columns)


@dataclass(frozen=True)
class Confusion:
    """Counts of the judged rows, by true class (rows) and predicted class."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class RunSummary:
    """What is kept of a run: how long it was, how it ended, and its scores by part of the split.

    `rows` counts the rows of each part ("train", "validation", "test") and those "dropped"; `metrics` has a part's
    metrics by name, None where one can't be computed; `judged` names the part that the confusion matrix is of, "" where
    the run ended before its network was judged. `steering` is what a person did to it while it trained. `history` has a
    row for each epoch; their `seconds` and the gradients of each layer are not kept. With `refit` the network was
    trained again on the validation rows too, and their metrics are those of the network before.
    """

    epochs: int
    best_epoch: int | None
    state: str
    message: str
    rows: dict[str, int]
    judged: str
    metrics: dict[str, dict[str, float | None]]
    confusion_matrix: Confusion | None = None
    history: tuple[EpochRow, ...] = ()
    steering: tuple[Change, ...] = ()
    refit: bool = False


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model says about n rows.

    `values` are class labels, object (n,), or numbers in the target's unit, float64 (n,). `probabilities` are
    float32 (n, classes) in the order of the model's classes, None for a number. `report` tells of cells that were
    missing, unseen, unreadable or out of range.
    """

    values: NDArray[Any]
    probabilities: NDArray[np.float32] | None
    report: TransformReport

    @property
    def judged(self) -> NDArray[Any]:
        """What is compared with the truth: the probabilities, or the numbers."""
        return self.values if self.probabilities is None else self.probabilities


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A fitted preparation and a trained network, with the choices they come from and what became of the run.

    `saved` is the time of saving as ISO 8601 in UTC, "" for a model that no file holds yet. With two classes the second
    is the answer where its probability is above `threshold`, which the validation rows chose for `aim`, None where they
    did not or the file does not tell. `known_rows` recognizes the rows that it was trained on;
    None in files that don't tell.
    """

    fitted: FittedPreparation
    network: Network
    source: Source
    preparation: Preparation
    plan: TrainingPlan
    data: Fingerprint
    summary: RunSummary
    versions: Mapping[str, str] = field(default_factory=dict)
    saved: str = ""
    threshold: float = DEFAULT_THRESHOLD
    known_rows: KnownRows | None = None
    aim: Aim | None = None

    @classmethod
    def from_result(cls, result: FinishedRun) -> TrainedModel:
        """The model of what came of a run; takes the SHA-256 of its file as that is now."""
        experiment = result.experiment
        return cls(
            result.fitted,
            result.network,
            experiment.source,
            experiment.preparation,
            experiment.plan,
            replace(result.file, sha256=file_sha256(Path(experiment.source.path))),
            summary_of(result),
            used_versions(),
            threshold=DEFAULT_THRESHOLD if result.evaluation is None else result.evaluation.threshold,
            known_rows=result.known_rows,
            aim=None if result.evaluation is None else result.evaluation.aim,
        )

    def at(self, threshold: float | None) -> TrainedModel:
        """The model with another threshold, None for its own.

        Raises ValueError with one line where it does not tell two classes apart.
        """
        if threshold is None:
            return self
        if len(self.classes) != 2:
            knows = f"knows {len(self.classes)} classes" if self.classes else "predicts a number"
            raise ValueError(f"a threshold is for two classes, and this model {knows}")
        return self if threshold == self.threshold else replace(self, threshold=threshold, aim=None)

    @property
    def design(self) -> NetworkDesign:
        """The hidden layers and the cost."""
        return self.network.design

    @property
    def task(self) -> str:
        """classification or regression."""
        return self.fitted.target.task

    @property
    def target(self) -> str:
        """The column that is predicted."""
        return self.fitted.target.name

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of the probabilities; () for a number."""
        return self.fitted.target.classes

    def predict(self, frame: pd.DataFrame) -> Predictions:
        """Answers for new rows, typed or as text, whose columns may stand in any order; the target is not needed.

        The same cells always get the same answer, to the last bit, whatever rows stand beside them. Raises
        PreparationError where a column is missing, or where the model's numbers are such that it has no answer.
        """
        return self.answers(*self.fitted.transform(frame))

    def answers(self, x: NDArray[np.float32], report: TransformReport) -> Predictions:
        """Answers for rows as `fitted.transform` gives them, with what it tells of them; see `predict`."""
        from ann_tui.data.preparing.scaling import WIDEST

        with np.errstate(all="ignore"):
            outputs = predict(self.network, x)
            found = Predictions(*self.fitted.target.answers(outputs, self.threshold), report)
        lost = ~np.isfinite(np.atleast_2d(found.judged.T)).all(axis=0)
        if lost.any() and (np.abs(x[lost]).max(axis=1, initial=0) <= WIDEST).any():
            raise PreparationError("the model's numbers make no sense: its answer is no finite number")
        return found


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal; "" where it is no readable file."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def used_versions() -> dict[str, str]:
    """The versions of this program, of Python, and of the libraries that a prediction goes through."""
    found = {"python": platform.python_version()}
    for name in ("ann-tui", "numpy", "pandas", "scikit-learn"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return found


def summary_of(result: FinishedRun) -> RunSummary:
    """What is kept of a run."""
    snapshot, evaluation = result.snapshot, result.evaluation
    confusion = None if evaluation is None else evaluation.confusion
    scores = {} if evaluation is None else evaluation.scores
    return RunSummary(
        snapshot.epoch,
        snapshot.best_epoch,
        snapshot.state,
        snapshot.message,
        {SPLIT_KEYS[split]: count for split, count in result.rows.items()} | {"dropped": len(result.dropped)},
        "" if evaluation is None else SPLIT_KEYS[evaluation.judged],
        {SPLIT_KEYS[split]: dict(score.metrics) for split, score in scores.items()},
        None
        if confusion is None
        else Confusion(tuple(confusion.labels), tuple(map(tuple, confusion.counts.tolist()))),
        snapshot.history,
        tuple(result.changes),
        result.refit,
    )

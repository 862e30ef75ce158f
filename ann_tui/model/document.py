"""`model.json`: everything about a model but its weights, in format version 1.

A field that is added later needs a default that means what older files mean; whatever an older program must not
overlook needs a new version number.
"""

from __future__ import annotations

import math
from dataclasses import asdict, fields
from typing import Annotated, TypeVar

import msgspec
import numpy as np

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.data.preparing.fitted_record import FittedRecord
from ann_tui.data.preparing.row_digests import KnownRows
from ann_tui.evaluation.threshold import read_aim
from ann_tui.known_types import make_known
from ann_tui.model.model_error import ModelError
from ann_tui.model.trained_model import Confusion, Fingerprint, TrainedModel
from ann_tui.network.design import NetworkDesign
from ann_tui.training.changes import Change
from ann_tui.training.history import EpochRow
from ann_tui.training.plan import TrainingPlan

Kind = TypeVar("Kind")
FORMAT = "ann-tui model"
VERSION = 1
HISTORY = (
    "epoch",
    "training_cost",
    "validation_cost",
    "training_metric",
    "validation_metric",
    "learning_rate",
    "gradient_norm",
    "event",
)
"""What is kept of each epoch; not the time it took, so that the same run gives the same file."""


class Heading(msgspec.Struct, frozen=True):
    """What every version of the format begins with."""

    format: str
    version: int


class ExperimentDocument(msgspec.Struct, frozen=True):
    """The four choices. The path of the data is relative to the model file."""

    source: Source
    preparation: Preparation
    network: NetworkDesign
    training: TrainingPlan


class RunDocument(msgspec.Struct, frozen=True):
    """`RunSummary`, with the history as one list for each figure."""

    epochs: int
    best_epoch: int | None
    state: str
    message: str
    rows: dict[str, int]
    judged: str
    metrics: dict[str, dict[str, float | None]]
    confusion_matrix: Confusion | None
    history: dict[str, list[int | float | str | None]]
    steering: tuple[Change, ...] = ()
    refit: bool = False


class KnownRowsDocument(msgspec.Struct, frozen=True):
    """`KnownRows`: the digests as little-endian bytes, which JSON holds in base 64."""

    one_in: Annotated[int, msgspec.Meta(ge=1)]
    digests: bytes


class Document(msgspec.Struct, frozen=True):
    """The whole of `model.json`."""

    format: str
    version: int
    saved: str
    versions: dict[str, str]
    task: str
    target: str
    classes: tuple[str, ...]
    data: Fingerprint
    experiment: ExperimentDocument
    run: RunDocument
    preparation: FittedRecord
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] = DEFAULT_THRESHOLD
    known_rows: KnownRowsDocument | None = None
    threshold_for: str = ""
    """What the validation rows chose the threshold for, as `Aim.written`; "" where they did not."""


make_known(Heading, Document, EpochRow)


def encode(model: TrainedModel, source: Source, preparation: Preparation, saved: str) -> bytes:
    """The model as JSON; `source` and `preparation` are its choices with paths as they are to be written."""
    summary = model.summary
    run = {field.name: getattr(summary, field.name) for field in fields(summary)}
    run["history"] = {name: [_kept(getattr(row, name)) for row in summary.history] for name in HISTORY}
    document: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "saved": saved,
        "versions": dict(model.versions),
        "task": model.task,
        "target": model.target,
        "classes": model.classes,
        "data": model.data,
        # msgspec leaves fields out of a dataclass that it made itself without them.
        "experiment": {
            "source": asdict(source),
            "preparation": asdict(preparation),
            "network": asdict(model.design),
            "training": asdict(model.plan),
        },
        "run": run,
        "preparation": model.fitted.record,
        "threshold": model.threshold,
    }
    if model.aim is not None:
        document["threshold_for"] = model.aim.written
    if model.known_rows is not None:
        digests = model.known_rows.digests.astype("<u8").tobytes()
        document["known_rows"] = {"one_in": model.known_rows.one_in, "digests": digests}
    return msgspec.json.format(msgspec.json.encode(document), indent=1)


def decode(data: bytes) -> Document:
    """The inverse of `encode`. Raises ModelError."""
    heading = _decode(data, Heading)
    if heading.format != FORMAT:
        raise ModelError(f"it is no model file: {heading.format[:60]!r} is another format")
    if heading.version != VERSION:
        raise ModelError(
            f"it has format version {heading.version}, and this program reads version {VERSION}: update ann-tui"
        )
    document = _decode(data, Document)
    fitted = document.preparation
    if (document.task, document.target, document.classes) != (fitted.task, fitted.target, fitted.classes):
        raise ModelError("its target and its preparation don't belong together")
    if document.threshold != DEFAULT_THRESHOLD and len(document.classes) != 2:
        raise ModelError("it has a decision threshold, which is for two classes alone")
    try:
        aim = read_aim(document.threshold_for)
    except ValueError as error:
        raise ModelError(f"its threshold makes no sense: {_short(error)}") from None
    if aim is not None and len(document.classes) != 2:
        raise ModelError("it has a decision threshold, which is for two classes alone")
    return document


def _decode(data: bytes, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ModelError(f"its model.json can't be read: {_short(error)}") from None
    except (RecursionError, OverflowError, ValueError, TypeError) as error:
        raise ModelError(f"its model.json makes no sense: {_short(error)}") from None


def history_of(run: RunDocument) -> tuple[EpochRow, ...]:
    """The epochs of the run, whose `seconds` are 0. Raises ModelError where they don't fit together."""
    columns = run.history
    lengths = {len(values) for values in columns.values()}
    if set(columns) != set(HISTORY) or len(lengths) != 1:
        raise ModelError("its history is incomplete")
    rows = []
    for values in zip(*(columns[name] for name in HISTORY), strict=True):
        plain = dict(zip(HISTORY, values, strict=True)) | {"seconds": 0.0}
        for name in ("training_cost", "training_metric", "learning_rate", "gradient_norm"):
            plain[name] = math.nan if plain[name] is None else plain[name]
        try:
            rows.append(msgspec.convert(plain, EpochRow, strict=True))
        except msgspec.ValidationError as error:
            raise ModelError(f"its history can't be read: {_short(error)}") from None
    return tuple(rows)


def known_rows_of(document: Document) -> KnownRows | None:
    """The rows of the training, as far as the file tells. Raises ModelError."""
    found = document.known_rows
    if found is None:
        return None
    if len(found.digests) % 8:
        raise ModelError("the digests of its training rows are cut off")
    return KnownRows(np.frombuffer(found.digests, dtype="<u8").astype(np.uint64), found.one_in)


def _kept(value: float | str | None) -> float | str | None:
    """A value that JSON has: NaN and infinity are None."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:200].encode("ascii", "backslashreplace").decode()


__all__ = ["FORMAT", "VERSION", "Document", "decode", "encode", "history_of", "known_rows_of"]

"""A model as one file, `NAME.ann`: saved whole or not at all, loaded without trust.

The file is a zip of `model.json` (see `document.py`) and `weights.safetensors` (see `weights.py`). Loading runs
nothing that the file names: kinds come from closed lists, and sizes are checked before memory is taken.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import numpy as np

from ann_tui.atomic_file import atomic_file
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.plain_text import printable, shown_path
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.evaluation.threshold import read_aim
from ann_tui.model.archive import DOCUMENT, WEIGHTS, Archive, open_archive, write_archive
from ann_tui.model.building import new_network, outputs_for
from ann_tui.model.document import Document, decode, encode, history_of, known_rows_of
from ann_tui.model.model_error import ModelError
from ann_tui.model.trained_model import RunSummary, TrainedModel
from ann_tui.model.weights import check_size, weights_from_bytes, weights_to_bytes
from ann_tui.network.build import build_layers
from ann_tui.network.design import DesignError
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict
from ann_tui.relative_paths import path_for, path_from

SUFFIX = ".ann"


def save_model(model: TrainedModel, path: str | Path, *, saved: str | None = None) -> None:
    """Write the model to `path`, atomically; equal models give equal bytes but for `saved`, the time in UTC.

    Raises OSError where the file can't be written, and ModelError where the model is too large for one.
    """
    folder = Path(path).absolute().parent
    source, preparation = _located(
        model.source, model.preparation, lambda text: path_for(folder, text, always=True)
    )
    moment = saved or datetime.now(UTC).isoformat(timespec="seconds")
    packed = io.BytesIO()
    write_archive(packed, encode(model, source, preparation, moment), weights_to_bytes(model.network))
    with atomic_file(path) as file:
        file.write(packed.getbuffer())


def load_model(path: str | Path) -> TrainedModel:
    """The model in a file. Raises ModelError with one line for everything that is no such file."""
    shown = shown_path(path)
    try:
        with _open(Path(path), shown) as file:
            size = os.fstat(file.fileno()).st_size
            with open_archive(file, size) as archive:
                return _model(archive, Path(path).absolute().parent)
    except ModelError as error:
        message = str(error)
        raise ModelError(message if message.startswith(shown) else f"{shown}: {message}") from None
    except OSError as error:
        raise ModelError(f"{shown}: cannot be read ({error.strerror or error})") from None


def _open(path: Path, shown: str) -> IO[bytes]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ModelError(f"{shown} is no file: name a model file that ends in {SUFFIX}")
        return path.open("rb")
    except FileNotFoundError:
        raise ModelError(f"{shown}: there is no such file") from None
    except ValueError as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"{shown} can't be the name of a file") from None


def _model(archive: Archive, folder: Path) -> TrainedModel:
    document = decode(archive.read(DOCUMENT))
    fitted = FittedPreparation.of(document.preparation)
    network = _network(document, fitted, archive)
    source, preparation = _located(
        document.experiment.source, document.experiment.preparation, lambda text: path_from(folder, text)
    )
    run = document.run
    return TrainedModel(
        fitted,
        network,
        source,
        preparation,
        document.experiment.training,
        document.data,
        RunSummary(
            run.epochs,
            run.best_epoch,
            run.state,
            run.message,
            run.rows,
            run.judged,
            run.metrics,
            run.confusion_matrix,
            history_of(run),
            run.steering,
            run.refit,
        ),
        document.versions,
        document.saved,
        document.threshold,
        known_rows_of(document),
        read_aim(document.threshold_for),
    )


def _network(document: Document, fitted: FittedPreparation, archive: Archive) -> Network:
    """The network of the design with the file's weights; its size is reckoned before it is built."""
    design = document.experiment.network
    features = len(fitted.feature_names)
    try:
        layers = build_layers(design, len(fitted.input_names), outputs_for(fitted))
        numbers = design.members * sum(layer.size + layer.statistic_size for layer in layers)
        check_size(archive.size(WEIGHTS), numbers)
        network = new_network(design, fitted, document.experiment.training.seed)
        network.set_parameters(weights_from_bytes(archive.read(WEIGHTS), network))
    except DesignError as error:
        raise ModelError(f"its design can't be built: {printable(error)}") from None
    with np.errstate(all="ignore"):
        if not np.isfinite(predict(network, np.outer([0.0, 1.0, -1.0], np.ones(features)))).all():
            raise ModelError(
                "its weights make no sense: the network gives no finite number for ordinary rows"
            )
    return network


def _located(
    source: Source, preparation: Preparation, place: Callable[[str], str]
) -> tuple[Source, Preparation]:
    """The choices with another path of the data, and of the second file of a split by file."""
    split = preparation.split
    if split.file:
        preparation = replace(preparation, split=replace(split, file=place(split.file)))
    return replace(source, path=place(source.path)), preparation

"""Mutated model files give an equal model or one line: never a traceback, a hang, or a lot of memory.

`ANN_TUI_FUZZ=10000` sets how many files each of the two tests makes.
"""

from __future__ import annotations

import io
import json
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ann_tui.experiments.derived import LoadedData
from ann_tui.model.model_error import ModelError
from ann_tui.model.storage import load_model
from ann_tui.model.trained_model import TrainedModel

Trained = tuple[TrainedModel, LoadedData]
COUNT = int(os.environ.get("ANN_TUI_FUZZ", "250"))
ODD = (
    None,
    True,
    -1,
    0,
    1,
    2**31,
    2**63,
    2**70,
    1e308,
    -1e-320,
    0.5,
    "",
    "x",
    "dense",
    "\ud83d",
    [],
    {},
    [[]],
    [0] * 50,
)
MOST_MEMORY = 64 << 20


def _loaded(path: Path) -> TrainedModel | None:
    try:
        return load_model(path)
    except ModelError as error:
        assert str(error).startswith(str(path)) and "\n" not in str(error)
        return None


def test_mutated_bytes(penguins: Trained, penguins_file: Path, tmp_path: Path) -> None:
    original = penguins_file.read_bytes()
    random = np.random.default_rng(0)
    path = tmp_path / "m.ann"
    refused = 0
    tracemalloc.start()
    for _ in range(COUNT):
        path.write_bytes(_mutated(original, random))
        model = _loaded(path)
        if model is None:
            refused += 1
        else:
            assert model.fitted == penguins[0].fitted
            assert model.network.weights.tobytes() == penguins[0].network.weights.tobytes()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused > COUNT / 2 and peak < MOST_MEMORY


def _mutated(data: bytes, random: np.random.Generator) -> bytes:
    changed = bytearray(data)
    kind = random.integers(5)
    place = int(random.integers(len(changed)))
    if random.random() < 0.5:
        place = len(changed) - 1 - place % 250
    if kind == 0:
        changed[place] ^= 1 << int(random.integers(8))
    elif kind == 1:
        del changed[place:]
    elif kind == 2:
        changed[place : place + int(random.integers(1, 9))] = random.bytes(int(random.integers(0, 9)))
    elif kind == 3:
        changed[place : place + 4] = (0xFFFFFFFF).to_bytes(4, "little")
    else:
        other = int(random.integers(len(changed)))
        changed[place:place] = changed[other : other + int(random.integers(1, 200))]
    return bytes(changed)


def test_mutated_contents(penguins: Trained, penguins_file: Path, tmp_path: Path) -> None:
    """Well-packed files with odd values in them; those that load must predict without a surprise."""
    frame = penguins[1].table.frame.iloc[:5]
    with zipfile.ZipFile(penguins_file) as archive:
        document, weights = archive.read("model.json"), archive.read("weights.safetensors")
    random = np.random.default_rng(1)
    path = tmp_path / "m.ann"
    accepted = 0
    for _ in range(COUNT):
        if random.random() < 0.8:
            plain = json.loads(document)
            for _ in range(int(random.integers(1, 3))):
                _spoil(plain, random)
            contents = json.dumps(plain).encode(), weights
        else:
            header = 8 + int.from_bytes(weights[:8], "little")
            contents = document, _mutated(weights[:header], random) + weights[header:]
        path.write_bytes(_packed(*contents))
        model = _loaded(path)
        if model is not None:
            accepted += 1
            _predicts(model, frame)
    assert 0 < accepted < COUNT


def _predicts(model: TrainedModel, frame: Any) -> None:
    """Whatever was accepted answers in its own terms, or says in one line that a column is missing."""
    try:
        predictions = model.predict(frame)
    except ValueError as error:
        assert "\n" not in str(error) and str(error)
        return
    assert len(predictions.values) == len(frame)
    if predictions.probabilities is not None:
        assert np.isfinite(predictions.probabilities).all()


def _spoil(plain: Any, random: np.random.Generator) -> None:
    """Replace, remove or add one value somewhere."""
    here = plain
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            return
        key = keys[int(random.integers(len(keys)))]
        if isinstance(here[key], (dict, list)) and here[key] and random.random() < 0.85:
            here = here[key]
            continue
        if random.random() < 0.2:
            del here[key]
        else:
            here[key] = ODD[int(random.integers(len(ODD)))]
        return


def _packed(document: bytes, weights: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.json", document)
        archive.writestr("weights.safetensors", weights)
    return packed.getvalue()


@pytest.mark.parametrize("tail", [b"", b"x" * 70_000])
def test_bytes_behind_the_archive(penguins_file: Path, tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "m.ann"
    path.write_bytes(penguins_file.read_bytes() + tail)
    assert (_loaded(path) is None) == bool(tail)

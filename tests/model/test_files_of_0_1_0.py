"""Model and experiment files that version 0.1.0 wrote: they load, and say and choose what they did, for good.

Beside each file stands what is expected of it; the tables are made up. No later version writes them anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment, experiment_of
from ann_tui.experiments.experiment_file import experiment_from_text, read_experiment
from ann_tui.experiments.experiment_writing import experiment_text
from ann_tui.experiments.run import Run
from ann_tui.model.storage import load_model, save_model

FOLDER = Path(__file__).parent / "fixtures" / "0.1.0"
MODELS = ("defaults", "number", "number_by_time", "three_classes", "two_classes")
EXPERIMENTS = ("all_defaults", "by_file", "by_group", "short")


def expected(name: str) -> Any:
    """What is expected of a file."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def plain(value: Any, known: Any) -> Any:
    """Choices as JSON has them, with the fields that `known` has: a later version may have more of them."""
    if is_dataclass(value) and isinstance(known, dict):
        return {name: plain(getattr(value, name), known[name]) for name in known}
    if isinstance(value, Mapping) and isinstance(known, dict):
        return {key: plain(each, known.get(key)) for key, each in value.items()}
    if isinstance(value, tuple) and isinstance(known, list) and len(value) == len(known):
        return [plain(each, other) for each, other in zip(value, known, strict=True)]
    return value


def assert_choices(experiment: Experiment, known: dict[str, Any]) -> None:
    """Every field that 0.1.0 knew has the value that it had; paths are those of files in the folder."""
    parts = {
        "source": experiment.source,
        "preparation": experiment.preparation,
        "network": experiment.design,
        "training": experiment.plan,
    }
    found = {name: plain(part, known[name]) for name, part in parts.items()}
    found["source"]["path"] = os.path.relpath(found["source"]["path"], FOLDER)
    if split_file := found["preparation"]["split"]["file"]:
        found["preparation"]["split"]["file"] = os.path.relpath(split_file, FOLDER)
    assert found == known


def test_all_files_are_here() -> None:
    """A rule about ignored files may not swallow them."""
    names = {path.stem for suffix in ("ann", "toml") for path in FOLDER.glob(f"*.{suffix}")}
    assert names == {*MODELS, *EXPERIMENTS}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_says_what_it_said(name: str, tmp_path: Path) -> None:
    """Also when it is saved and loaded again; other processors may round the last digits in another way."""
    model, known = load_model(FOLDER / f"{name}.ann"), expected(name)
    assert (model.saved, model.versions["ann-tui"]) == ("2026-01-01T00:00:00+00:00", "0.1.0")
    assert_choices(experiment_of(model), known["choices"])
    assert model.summary.history and model.summary.metrics["test"]

    rows = pd.read_csv(FOLDER / known["rows"], dtype=str)
    predictions = model.predict(rows)
    if known["probabilities"] is None:
        assert predictions.probabilities is None
        np.testing.assert_allclose(predictions.values, known["values"], rtol=1e-4, atol=1e-5)
    else:
        assert predictions.values.tolist() == known["values"]
        np.testing.assert_allclose(predictions.probabilities, known["probabilities"], rtol=1e-4, atol=1e-5)

    save_model(model, tmp_path / "again.ann")
    again = load_model(tmp_path / "again.ann")
    assert again.predict(rows).values.tolist() == predictions.values.tolist()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_chooses_what_it_chose(name: str) -> None:
    """Also when it is written and read again. What a short file leaves out has the defaults of 0.1.0."""
    experiment = read_experiment(FOLDER / f"{name}.toml")
    assert_choices(experiment, expected(name))
    assert experiment_from_text(experiment_text(experiment, FOLDER), FOLDER) == experiment


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_runs(name: str) -> None:
    """From its table to the end of its training."""
    experiment = read_experiment(FOLDER / f"{name}.toml")
    run = Run(experiment, prepare_experiment(experiment, load(experiment.source)))
    assert run.train().state == "finished"

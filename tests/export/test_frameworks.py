"""Scripts run by PyTorch and by Keras, each where it is installed: `.ci/frameworks` installs them and runs this.

What a script scores that trains anew is in test_training_scores.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from export.cases import INSTALLED, OPTIONS, TOGETHER, agree, experiment, raw, trained

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, suggested_experiment
from ann_tui.experiments.presets import PRESETS, with_preset
from ann_tui.export.writing import write_experiment, write_model
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.layer_kinds import LAYER_KINDS

if not INSTALLED:
    pytest.skip("neither PyTorch nor Keras is installed", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Keras's own
SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
ALL_KINDS = "input scale, 6 relu, batch norm, residual 4 prelu, layer norm, dropout 0.2, 5 linear, tanh"
EACH = pytest.mark.parametrize("framework", INSTALLED)


@EACH
@pytest.mark.parametrize("kind", ["number", "binary", "multiclass"])
@pytest.mark.parametrize("members", [1, 2])
def test_each_layer(framework: str, kind: str, members: int, table: Path, tmp_path: Path) -> None:
    """All in one network, for each kind of target."""
    found = experiment(table, kind, layers=ALL_KINDS, design={"members": members})
    assert {layer.kind for layer in found.design.layers} == set(LAYER_KINDS)
    agree(trained(found)[0], raw(table), tmp_path, framework)


@EACH
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_each_activation(framework: str, name: str, table: Path, tmp_path: Path) -> None:
    """In a layer, in a residual one and as a layer of its own."""
    layers = f"6 {name}, residual 4 {name}, 5 linear, {name}"
    agree(trained(experiment(table, layers=layers))[0], raw(table), tmp_path, framework)


@EACH
@pytest.mark.parametrize("cost", list(COSTS))
def test_each_cost(framework: str, cost: str, table: Path, tmp_path: Path) -> None:
    """By members, whose answers each cost joins in its own way."""
    for kind in COSTS[cost].kinds:
        model, _ = trained(experiment(table, kind, design={"cost": cost, "members": 2}))
        agree(model, raw(table), tmp_path, framework)


@EACH
@pytest.mark.parametrize(("field", "option"), OPTIONS)
def test_each_option_of_a_preparation(
    framework: str, field: str, option: str, table: Path, tmp_path: Path
) -> None:
    """Of a model that was trained on what it prepares."""
    kind = "number" if field == "target_transform" else "multiclass"
    model, _ = trained(experiment(table, kind, preparation={field: option}))
    agree(model, raw(table), tmp_path, framework)


@EACH
@pytest.mark.parametrize("chosen", TOGETHER, ids=str)
def test_options_together(framework: str, chosen: dict[str, Any], table: Path, tmp_path: Path) -> None:
    """And several at once, with members and a threshold."""
    model, _ = trained(experiment(table, "binary", preparation=chosen, design={"members": 2}))
    agree(model.at(0.3), raw(table), tmp_path, framework)


@EACH
@pytest.mark.parametrize("preset", list(PRESETS))
@pytest.mark.parametrize("sample", ["penguins", "cars", "churn", "digits", "spirals"])
def test_each_sample(framework: str, sample: str, preset: str, tmp_path: Path) -> None:
    """As each preset has it, but for the time that it takes."""
    path = SAMPLES / f"{sample}.csv"
    source = Source(str(path))
    data = load(source)
    found = with_preset(suggested_experiment(source, data), preset, len(data.table.frame))
    model, _ = trained(replace(found, plan=replace(found.plan, refit=False)), epochs=1)
    agree(model, pd.read_csv(path, nrows=200), tmp_path, framework)


@EACH
def test_scripts_run_by_themselves(framework: str, table: Path, tmp_path: Path) -> None:
    """Both kinds of script, in a folder and a process of their own."""
    found = experiment(table)
    write_experiment(framework, found, tmp_path / "train.py")
    write_model(framework, trained(found)[0], tmp_path / "model.ann", tmp_path / "answer.py")
    for arguments in (["train.py"], ["answer.py", str(table)]):
        done = subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stdout and not done.stderr

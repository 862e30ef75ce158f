"""`ann-tui train --preset`: what is chosen where nothing is stated."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Run

from ann_tui.data.choices.source import Source
from ann_tui.experiments import run as run_module
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.presets import PRESETS, with_preset
from ann_tui.model.storage import load_model
from ann_tui.training.trainer import Trainer


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Sixty rows of a number and a class."""
    lines = [f"{n % 13},{'ab'[n % 13 > 6]}" for n in range(60)]
    (tmp_path / "t.csv").write_text("\n".join(["x,y", *lines]) + "\n")
    return tmp_path / "t.csv"


def trained(run: Run, table: Path, *words: object) -> Experiment:
    """What `train` made of the file, from the experiment file that it wrote."""
    written = table.with_suffix(".toml")
    ended = run("train", table, *words, "--no-baselines", "--save-experiment", written)
    assert ended.code == 0, ended.err
    return read_experiment(written)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_by_its_name(name: str, run: Run, table: Path) -> None:
    found = trained(run, table, "--target", "y", "--preset", name)
    assert found == with_preset(Experiment(replace(found.source)), name, 60)


def test_other_options_come_on_top(run: Run, table: Path) -> None:
    found = trained(
        run, table, "--preset", "strong", "--layers", "3 tanh", "--set", "network.members=2", "--epochs", 3
    )
    assert (found.design.text, found.design.members, found.plan.epochs) == ("3 tanh", 2, 3)
    assert found.preparation.number_encoding == "piecewise linear"


def test_an_experiment_file_keeps_what_a_preset_is_not_about(run: Run, table: Path) -> None:
    own = trained(run, table, "--set", "preparation.scaling=robust", "--seed", 5, "--epochs", 2)
    again = table.with_name("again.toml")
    ended = run(
        "train", table.with_suffix(".toml"), "--preset", "good", "--save-experiment", again, "--no-baselines"
    )
    assert ended.code == 0, ended.err
    assert read_experiment(again) == with_preset(own, "good", 60)
    assert read_experiment(again).preparation.scaling == "robust"


def test_an_unknown_preset_is_refused_in_one_line(run: Run, table: Path) -> None:
    ended = run("train", table, "--preset", "best")
    assert ended.code == 2 and "'best' isn't known: choose from plain, good, strong" in ended.err


def test_the_default_is_good(run: Run, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = trained(run, table, "--target", "y")
    assert found == with_preset(Experiment(Source(found.source.path, target="y")), "good", 60)


def test_the_file_of_training_is_not_scored_by_rows_that_the_network_learned(
    run: Run, table: Path, tmp_path: Path
) -> None:
    """The validation score is that of the network before; without test rows nothing is left to judge on."""
    words = (
        "train",
        table,
        "--preset",
        "good",
        "--epochs",
        4,
        "--no-baselines",
        "--save",
        tmp_path / "m.ann",
        "--json",
    )
    trained_first = json.loads(run(*words).out)
    assert (
        trained_first["refit"]
        and trained_first["choices"]["preparation.number_encoding"] == "piecewise linear"
    )
    scored = run("evaluate", tmp_path / "m.ann", table, "--json")
    assert json.loads(scored.out)["metrics"] == trained_first["metrics"]
    assert "their score is that of the network before" in run("evaluate", tmp_path / "m.ann", table).err
    assert run(*words, "--test-fraction", 0).code == 0
    ended = run("evaluate", tmp_path / "m.ann", table)
    assert ended.code == 2 and "none is left to judge it on" in ended.err


def test_interrupted_while_it_is_trained_again_it_is_resumed(
    run: Run, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the model that it would have been."""
    words = ("train", table, "--preset", "good", "--epochs", 4, "--no-baselines", "--save")
    assert run(*words, tmp_path / "whole.ann").code == 0
    refitted = run_module.refitted

    def interrupted(trainer: Trainer, epochs: int) -> object:
        signal.raise_signal(signal.SIGINT)
        return refitted(trainer, epochs)

    monkeypatch.setattr(run_module, "refitted", interrupted)
    ended = run(*words, tmp_path / "m.ann")
    assert ended.code == 130 and "before all rows were learned" in ended.err and "--resume" in ended.err
    assert not load_model(tmp_path / "m.ann").summary.refit
    monkeypatch.setattr(run_module, "refitted", refitted)
    assert run("train", "--resume", "--save", tmp_path / "m.ann").code == 0
    whole, resumed = (load_model(tmp_path / name) for name in ("whole.ann", "m.ann"))
    assert resumed.summary.refit and (whole.network.weights == resumed.network.weights).all()

"""`ann-tui train --preset`: what is chosen where nothing is stated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Run

from ann_tui.data.choices.source import Source
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.presets import PRESETS, with_preset


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

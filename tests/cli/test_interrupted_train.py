"""Ctrl-C during `train`, wherever it comes, and a training that fails: what is printed, and what is kept."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from command_line import Run as RunCommand
from experiment.small import shells

from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.experiments import run as runs
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.model.storage import load_model
from ann_tui.training.control import TrainingControl

RESUME = "ann-tui train --resume goes on with it\n"


@pytest.fixture
def words(tmp_path: Path) -> list[object]:
    """Train a small network."""
    path = shells(tmp_path)
    return ["train", path, "--target", "kind", "--layers", "4 relu", "--epochs", 50, "--json"]


@pytest.fixture
def interrupted_in_epoch_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C comes when two epochs are done."""
    left = [2]
    epoch_ended = TrainingControl.epoch_ended

    def interrupt(control: TrainingControl) -> None:
        epoch_ended(control)
        left[0] -= 1
        if left[0] == 0:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(TrainingControl, "epoch_ended", interrupt)


@pytest.mark.usefixtures("interrupted_in_epoch_3")
def test_an_interrupted_training_prints_no_record(
    run: RunCommand, words: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it keep a file, or fit baselines."""
    monkeypatch.setattr(runs, "with_baselines", None)
    before = signal.getsignal(signal.SIGINT)
    folder = Path(str(words[1])).parent
    files = sorted(folder.iterdir())
    ended = run(*words)
    assert (ended.code, ended.out, ended.err) == (130, "", RESUME)
    assert sorted(folder.iterdir()) == files and signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("interrupted_in_epoch_3")
def test_an_interrupted_training_keeps_the_best_network(
    run: RunCommand, words: list[object], tmp_path: Path
) -> None:
    """With its judgement, and under the name that was given."""
    model = tmp_path / "m.ann"
    ended = run(*words, "--save", model, "--save-experiment", tmp_path / "e.toml")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err == f"stopped after 2 epochs; the best network so far is in {model}\n{RESUME}"
    summary = load_model(model).summary
    assert (summary.state, summary.epochs, len(summary.history)) == ("stopped", 2, 2)
    assert summary.best_epoch in (1, 2) and set(summary.metrics) == {"train", "validation", "test"}
    assert read_experiment(tmp_path / "e.toml").plan.epochs == 50


@pytest.mark.parametrize("saved", [True, False])
def test_ctrl_c_among_the_baselines_comes_when_the_network_is_kept(
    saved: bool, run: RunCommand, words: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, found = tmp_path / "m.ann", []
    with_baselines = runs.with_baselines

    def interrupt(*given: Any, **more: Any) -> Evaluation:
        found.append(model.exists())
        signal.raise_signal(signal.SIGINT)
        return with_baselines(*given, **more)

    monkeypatch.setattr(runs, "with_baselines", interrupt)
    ended = run(*words, *(["--save", model] if saved else []))
    assert (ended.code, ended.out) == (130, "") and found == [saved] == [model.exists()]
    assert str(model) in ended.err if saved else ended.err == ""
    if saved:
        assert load_model(model).summary.state == "finished"


def test_a_training_that_fails_says_why_and_keeps_nothing(
    run: RunCommand, words: list[object], tmp_path: Path
) -> None:
    astray = ["--optimizer", "sgd", "--learning-rate", 1e30, "--schedule", "constant"]
    ended = run(*words, *astray, "--save", tmp_path / "m.ann")
    assert (ended.code, ended.out) == (2, "") and not (tmp_path / "m.ann").exists()
    assert ended.err.startswith("ann-tui: error: the cost grew without bound") and ended.err.count("\n") == 1

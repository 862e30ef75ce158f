"""`ann-tui sweep`: what it tells, what it keeps, and that killed and gone on with it is the same."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from experiment.small import shells

from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.sweeps import sweep as module
from ann_tui.experiments.sweeps.stage import train_stage
from ann_tui.own_folders import sweeps_folder

SPACE = """
network.width = [2, 3, 5, 8]
training.learning_rate = {low = 0.001, high = 0.1, log = true}
preparation.scaling = ["standard", "robust"]
"""

KILLED = """
import os, signal, sys
left = int(sys.argv.pop(1))
from ann_tui.experiments.sweeps import kept_sweep
usual = kept_sweep.KeptSweep.keep
def keep(self, trial, reached):
    global left
    usual(self, trial, reached)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
kept_sweep.KeptSweep.keep = keep
from ann_tui.cli import main
main()
"""


@pytest.fixture
def words(tmp_path: Path) -> tuple[str, ...]:
    """A small sweep."""
    (tmp_path / "space.toml").write_text(SPACE)
    return (
        "sweep", str(shells(tmp_path)), "--target", "kind", "--preset", "good", "--epochs", "8", "--space",
        str(tmp_path / "space.toml"),
        "--sampler", "random", "--trials", "11", "--no-baselines", "--json",
    )  # fmt: skip


def _record(text: str) -> dict[str, Any]:
    """What was told, but for clocks and processes."""
    found: dict[str, Any] = json.loads(text)
    for trial in (*found["trials"], *([found["best"]] if found["best"] else [])):
        trial["seconds"], trial["place"] = 0.0, ""
    if found["run"]:
        found["run"]["seconds"] = 0.0
    return found


def test_the_record_has_trials_the_best_one_and_its_test_rows(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 0, ended
    found = json.loads(ended.out)
    assert [trial["number"] for trial in found["trials"]] == list(range(11))
    assert {"settings", "score", "epochs", "seconds", "state", "cost", "place"} <= set(found["trials"][3])
    best = found["best"]
    assert best | {"choices": {}, "command": ""} == found["trials"][best["number"]] | {
        "choices": {},
        "command": "",
    }
    assert found["test"] == found["run"]["metrics"]["test"]
    assert (found["looked_at"], found["looks"]) == (11, 1)
    assert found["run"]["metrics"]["validation"]["accuracy"] == found["best"]["score"]


def test_in_folds_all_rows_but_the_test_s_judge(run: Run, words: tuple[str, ...]) -> None:
    """The report says so, the trials are no runs of the table, and --resume takes no other folds."""
    found = json.loads(run(*words, "--folds", 3).out)
    assert (found["folds"], found["judged_by"]) == (3, "log_loss or rmse")
    assert found["best"]["cost"] == found["best"]["metrics"]["log_loss"]
    assert {trial["threads"] for trial in found["trials"]} == {1}
    (kept,) = RunStore().runs()
    assert found["test"] == found["run"]["metrics"]["test"] and kept.record.sweep == ""
    told = run(*words[:-1], "--folds", 3)
    assert "of 48 rows in 3 folds" in told.out and "on the rows of 3 folds" in told.out
    assert "is complete: it is told again" in told.err
    assert "leave out other options" in run("sweep", "--resume", "--folds", 4).err


def test_the_winner_s_command_line_trains_the_winner(run: Run, words: tuple[str, ...]) -> None:
    """The same network: its test rows have then judged no other one."""
    found = json.loads(run(*words).out)
    command = shlex.split(found["best"]["command"])
    assert command[:2] == ["ann-tui", "train"]
    again = json.loads(run(*command[1:], "--no-baselines", "--json").out)
    assert again["metrics"] == found["run"]["metrics"] and again["looks"] == 1


@pytest.mark.parametrize("known", [True, False], ids=["by a command", "by no command"])
def test_the_command_line_of_a_sweep_that_went_on_trains_the_winner(
    run: Run, words: tuple[str, ...], known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all options that the sweep was begun with, though --resume was given none of them."""
    # On so few rows hardly a gain shows; here any may win.
    monkeypatch.setattr("ann_tui.experiments.sweeps.chosen_trial.CHANCE", 5.0)
    # A preset, a column left out and a seed that are not the defaults, and a choice that trials vary.
    words = (*words, "--preset", "plain", "--drop", "note", "--seed", "5", "--batch", "4", "--cost", "focal",
             "--learning-rate", "1e-6",
             "--set", "preparation.scaling=robust")  # fmt: skip
    space = Path(words[words.index("--space") + 1])
    space.write_text(SPACE + 'training.clip_norm = ["none", 1.0]\nnetwork.cost = ["cross-entropy"]\n')
    killed = [sys.executable, "-c", KILLED, "9", *words]
    assert subprocess.run(killed, capture_output=True, check=False).returncode == -signal.SIGKILL
    if not known:
        (folder,) = sweeps_folder().iterdir()
        about = json.loads((folder / "sweep.json").read_text())
        assert about.pop("begun")
        (folder / "sweep.json").write_text(json.dumps(about))
    found = json.loads(run("sweep", "--resume", "--no-baselines", "--json").out)
    assert found["best"]["number"], "a trial with settings of its own wins"
    command = shlex.split(found["best"]["command"])
    assert not known or {"plain", "note", "8", "5"} <= set(command)
    again = json.loads(run(*command[1:], "--no-baselines", "--json").out)
    assert again["metrics"] == found["run"]["metrics"] and again["looks"] == 1


def test_two_jobs_tell_what_one_does(
    run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = _record(run(*words).out)
    for folder in sweeps_folder().iterdir():
        (folder / "stages.jsonl").unlink()
    two = _record(run(*words, "--jobs", 2).out)
    assert two == one


@pytest.mark.bits
@pytest.mark.parametrize("after", [1, 6, 10, 14, 17])
def test_killed_and_gone_on_with_it_is_the_same_trial_by_trial(
    run: Run, words: tuple[str, ...], after: int, tmp_path: Path
) -> None:
    killed = [sys.executable, "-c", KILLED, str(after), *words]
    assert subprocess.run(killed, capture_output=True, check=False).returncode == -signal.SIGKILL
    ended = run("sweep", "--resume", "--no-baselines", "--json")
    assert ended.code == 0, ended
    resumed = _record(ended.out)
    for folder in sweeps_folder().iterdir():
        (folder / "stages.jsonl").unlink()
    whole = _record(run(*words).out)
    for found in (resumed, whole):
        found["best"].pop("command")
    assert resumed == whole


def test_ctrl_c_keeps_what_is_done_and_looks_at_no_test_row(
    run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [14]

    def interrupted(*given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            signal.raise_signal(signal.SIGINT)
        return train_stage(*given)

    monkeypatch.setattr(module, "train_stage", interrupted)
    ended = run(*words)
    assert ended.code == 130 and "--resume goes on with it" in ended.err
    found = json.loads(ended.out)
    assert found["test"] is None and found["looks"] is None and found["run"] is None
    again = run(*words)
    assert again.code == 0 and "goes on with the sweep" in again.err
    assert len(json.loads(again.out)["trials"]) == 11


def test_trials_are_kept_runs_and_the_winner_s_network_too(
    run: Run, words: tuple[str, ...], tmp_path: Path
) -> None:
    """Once, however often the command is given; one that was stopped early is repeated as such."""
    run(*words)
    run(*words)
    runs = RunStore().runs()
    trials = [each for each in runs if each.record.sweep]
    assert len(trials) == 11 and sum(each.model is not None for each in runs) == 1
    stopped = next(each for each in trials if each.record.state == "stopped")
    again = run("train", stopped.folder / "experiment.toml", "--no-baselines", "--json")
    told = json.loads(again.out)
    assert told["epochs"] == stopped.record.epochs
    assert told["metrics"]["validation"] == stopped.record.metrics


def test_the_report_says_how_many_were_looked_at(run: Run, words: tuple[str, ...], tmp_path: Path) -> None:
    model, experiment = tmp_path / "best.ann", tmp_path / "best.toml"
    ended = run(*words[:-1], "--save", model, "--save-experiment", experiment)
    assert ended.code == 0, ended
    assert "11 trials were looked at" in ended.out and "looked at once, for the winner" in ended.out
    assert "11 trials, " in ended.out and "to train it: ann-tui train" in ended.out
    assert "Kruskal" in ended.out
    assert (
        model.exists() and json.loads(run("train", experiment, "--json", "--no-baselines").out)["looks"] == 1
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--sampler", "grid"), "choose from random, tpe"),
        (("--validation-fraction", "0"), "no validation rows are set aside"),
        (("--space", "missing.toml"), "missing.toml"),
        (("--trials", "0"), "'--trials': '0': it takes a whole number, 1 to 100,000"),
        (("--trials", "many"), "'many': it takes a whole number"),
        (("--folds", "900"), "48 usable rows are too few for 900 folds"),
        (("--take", "99"), "there is no trial 99: they are 0 to 10"),
        (("--resume",), "leave out other options"),
        (("--minutes", "0"), "--minutes"),
        (("--minutes", "nan"), "--minutes"),
        (("--minutes", "inf"), "no finite number"),
    ],
)
def test_what_can_t_be_is_said_in_one_line(
    run: Run, words: tuple[str, ...], more: tuple[str, ...], said: str
) -> None:
    ended = run(*words, *more)
    assert ended.code == 2 and said in ended.err and len(ended.err.strip().splitlines()) == 1


def test_what_was_refused_is_not_resumed(run: Run, words: tuple[str, ...]) -> None:
    """Neither folds that can't be made nor a network that can't be trained are gone on with later."""
    assert run(*words, "--folds", 900).code == 2
    assert "can't judge" in run(*words, "--cost", "huber").err
    assert run("sweep", "--resume").err == "ann-tui: error: no sweep was interrupted\n"
    assert not any(sweeps_folder().iterdir())


def test_a_trial_is_taken_by_its_number(
    run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not it is better by more than chance: the report says why another one wins, and how to take it."""
    monkeypatch.setattr("ann_tui.experiments.sweeps.chosen_trial.LEAST", 9.0)
    words = (*words[:-1], "--learning-rate", "1e-6", "--json")
    told = run(*words[:-1]).out
    number = re.search(r"--take (\d+) takes it all the same", told)
    assert number is not None and "by row it gains" in told
    taken = json.loads(run(*words, "--take", number[1]).out)
    assert taken["best"]["number"] == int(number[1]) != 0
    assert taken["run"]["metrics"]["validation"]["accuracy"] == taken["best"]["score"]
    assert f"taken by its number is trial {number[1]}" in run(*words[:-1], "--take", number[1]).out


def test_there_is_nothing_to_resume(run: Run) -> None:
    ended = run("sweep", "--resume")
    assert (ended.code, ended.err) == (2, "ann-tui: error: no sweep was interrupted\n")


def test_time_that_is_up_is_said_and_the_same_command_goes_on(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words, "--minutes", "0.0001")
    found = json.loads(ended.out)
    assert ended.code == 0 and "the time was up after 8 of 11 trials: the same command goes on" in ended.err
    assert (found["asked"], found["end"], len(found["trials"])) == (11, "time", 8)
    again = run(*words)
    assert "goes on with the sweep" in again.err and json.loads(again.out)["end"] == "complete"
    told = run(*words)
    assert "is complete: it is told again" in told.err and "goes on" not in told.err
    assert _record(told.out)["trials"] == _record(again.out)["trials"]


def test_a_complete_sweep_asks_no_cluster_and_one_that_does_not_answer_leaves_it_complete(
    run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ann_tui.experiments.workers.cluster.SECONDS", 1)
    nowhere = ("--cluster", "tcp://127.0.0.1:1")
    whole = run(*words)
    for more in (nowhere, ("--trials", "5", *nowhere), nowhere):
        told = run(*words, *more)
        assert told.code == 0 and "is complete: it is told again" in told.err
    failed = run(*words, "--trials", "12", *nowhere)
    assert failed.code == 2 and "goes on with the sweep" in failed.err
    told = run(*words)
    assert "is complete: it is told again" in told.err
    assert _record(told.out)["trials"] == _record(whole.out)["trials"]
    assert json.loads(run(*words, "--trials", "12").out)["end"] == "complete"


def test_a_space_that_is_used_up_is_said(run: Run, words: tuple[str, ...]) -> None:
    Path(words[words.index("--space") + 1]).write_text('preparation.scaling = ["standard", "robust"]')
    ended = run(*words)
    found = json.loads(ended.out)
    assert ended.code == 0 and "the space holds 2 designs, which are all tried; 11 trials were" in ended.err
    assert (found["asked"], found["end"], found["looked_at"]) == (11, "used up", 2)
    assert "is complete" in run(*words).err


def test_one_trial_is_one(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words[:-1], "--trials", "1")
    assert "1 trial was looked at" in ended.out and "trial were" not in ended.out


def test_a_table_from_a_pipe_must_be_piped_in_again(
    run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a target that a terminal would act upon can be pasted."""
    text = Path(words[1]).read_text().replace("kind", "k\x1bd", 1)
    ended = subprocess.run(
        [sys.executable, "-m", "ann_tui", "sweep", "-", "--target", "k\x1bd", *words[4:-1], "--trials", "1"],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended
    assert "to train it (the table must be piped in again): ann-tui train - " in ended.stdout
    assert "--target $'k\\033d'" in ended.stdout

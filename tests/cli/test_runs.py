"""`ann-tui runs`: what `train` leaves, found again by the table's bytes, exported, deleted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.unfinished import left_behind

QUICK = ("--epochs", "3", "--layers", "4 relu", "--no-baselines", "--json")


def listed(run: Run, *words: str) -> list[dict[str, Any]]:
    ended = run("runs", *words, "--json")
    assert ended.code == 0
    found: list[dict[str, Any]] = json.loads(ended.out)["runs"]
    return found


@pytest.fixture
def table(sample_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample_data / "penguins.csv", tmp_path / "birds.csv"))


def test_train_keeps_its_scores_and_a_copy_of_the_table_finds_them(
    run: Run, table: Path, tmp_path: Path
) -> None:
    trained = json.loads(run("train", str(table), *QUICK).out)
    elsewhere = shutil.copy(table, tmp_path / "copy of birds.csv")
    (found,) = listed(run, str(elsewhere))
    assert (
        found["metrics"] == trained["metrics"]["validation"] and found["test"] == trained["metrics"]["test"]
    )
    assert (found["looks"], found["epochs"], found["number"], found["network"]) == (1, 3, 1, False)
    assert found["choices"]["training.epochs"] == "3"
    table.write_text(table.read_text().replace("Torgersen", "Elsewhere", 1))
    assert listed(run, str(table)) == [], "it is another table now"


def test_another_run_is_another_line_and_the_same_run_is_not(run: Run, table: Path) -> None:
    for seed in ("0", "1", "0"):
        assert run("train", str(table), *QUICK, "--seed", seed).code == 0
    assert [each["number"] for each in listed(run)] == [1, 2], "trained again, the first one is the newest"
    shown = run("runs", str(table)).out
    assert "seed of the split 1, seed 1" in shown and shown.count("%") == 4


def test_with_keep_the_network_can_be_exported(run: Run, table: Path, tmp_path: Path) -> None:
    model, choices = tmp_path / "out.ann", tmp_path / "out.toml"
    saved = tmp_path / "saved.ann"
    assert run("train", str(table), *QUICK, "--keep", "--save", str(saved)).code == 0
    (found,) = listed(run)
    assert found["network"]
    assert run("runs", "export", found["id"][-8:], "-o", str(model)).code == 0
    assert run("runs", "export", found["id"], "-o", str(choices)).code == 0
    answers = [run("predict", str(each), str(table), "-o", "-").out for each in (saved, model)]
    assert answers[0] == answers[1] and answers[0].count("\n") == 345
    assert run("train", str(choices), "--no-baselines", "--json").code == 0
    assert len(listed(run)) == 1, "its choices give the same run again"
    refused = run("runs", "export", found["id"], "-o", str(model))
    assert refused.code == 2 and "--force" in refused.err
    assert run("runs", "export", found["id"], "-o", str(model), "--force").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "zzzz"), "no run of that name"),
        (("show", "z"), "name the run by at least its last 4 characters"),
        (("export", "ID", "-o", "x.csv"), "end the name in .ann for the network or .toml for the choices"),
        (("export", "ID", "-o", "x.ann"), "only the scores of this run are kept"),
        (("delete", "ID"), "to delete without being asked, say --force"),
        (("nowhere.csv",), "there is no such file"),
    ],
)
def test_what_can_t_be_done_is_said_in_one_line(
    run: Run, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("train", str(table), *QUICK).code == 0
    id = listed(run)[0]["id"]
    ended = run("runs", *(id if word == "ID" else word for word in words))
    assert ended.code == 2 and said in ended.err and ended.err.count("\n") == 1


def test_a_reader_that_leaves_loses_no_run(run: Run, table: Path) -> None:
    words = f"{sys.executable} -m ann_tui train {table} --epochs 3 --layers '4 relu' | head -1"
    subprocess.run(words, shell=True, capture_output=True, check=True)
    assert len(listed(run)) == 1 and left_behind() == ()


def test_show_and_delete(run: Run, table: Path) -> None:
    assert run("train", str(table), *QUICK).code == 0
    id = listed(run)[0]["id"]
    shown = run("runs", "show", id[-6:]).out
    assert "validation accuracy" in shown and "training.epochs" in shown and "only scores" in shown
    assert run("runs", "delete", id, "--force").code == 0
    assert listed(run) == [] and RunStore().runs() == ()
    assert "no run is kept yet" in run("runs").out


def test_of_standard_input_nothing_is_kept(run: Run, table: Path) -> None:
    words = [sys.executable, "-m", "ann_tui", "train", "-", *QUICK, "--keep"]
    ended = subprocess.run(words, input=table.read_bytes(), capture_output=True, check=True)
    assert b"nothing is kept of a table on standard input" in ended.stderr
    assert listed(run) == []


def test_a_full_disk_is_said_and_the_score_stands(
    run: Run, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*words: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ann_tui.experiments.kept.run_store.RunStore.keep", full)
    ended = run("train", str(table), *QUICK)
    assert ended.code == 0 and json.loads(ended.out)["metrics"]
    assert "the run could not be kept: No space left on device" in ended.err

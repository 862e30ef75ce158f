"""`ablate`: the table and the record, what judges, and how it ends when it is interrupted."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command_line import Run as RunCommand
from experiment.small import shells

from ann_tui.experiments import ablation
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.reports.ablation_report import OPTIMISTIC, difference_text

TOML = """
[source]
path = "shells.csv"
target = "kind"
[preparation]
number_encoding = "piecewise linear"
rare = 0.02
[network]
layers = "input scale, 4 relu"
[training]
epochs = 3
"""
TITLES = ["numbers in bins", "rare categories", "input scale", "hidden layers", "batches and length"]


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    """An experiment file with five pieces, on a small table of classes."""
    shells(tmp_path)
    path = tmp_path / "shells.toml"
    path.write_text(TOML)
    return path


def _interrupt(monkeypatch: pytest.MonkeyPatch, training: int) -> None:
    """Ctrl-C comes while this training begins; the first one that is made ready is only looked at."""
    left = [training + 1]
    fresh_training: Callable[..., Any] = ablation.fresh_training

    def interrupt(*given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            signal.raise_signal(signal.SIGINT)
        return fresh_training(*given)

    monkeypatch.setattr(ablation, "fresh_training", interrupt)


def _record(text: str) -> dict[str, Any]:
    """A record without what the clock said."""
    record: dict[str, Any] = json.loads(text)
    for told in (record["whole"], record["plain"], *record["pieces"]):
        assert told["cpu_seconds"] is None or told.pop("cpu_seconds") > 0
    return record


def test_the_record(run: RunCommand, experiment: Path, own_state_folder: Path) -> None:
    ended = run("ablate", experiment, "--json", "--seeds", 2)
    assert (ended.code, ended.err) == (0, "")
    record = _record(ended.out)
    assert {name: record[name] for name in ("task", "target", "preset", "judged", "metric", "seeds", "finished")} == {
        "task": "classification", "target": "kind", "preset": None, "judged": "validation", "metric": "accuracy",
        "seeds": [0, 1], "finished": True,
    }  # fmt: skip
    assert record["rows"] == {"total": 60, "validation": 12} and OPTIMISTIC in record["notes"]
    assert [piece["title"] for piece in record["pieces"]] == TITLES
    assert record["pieces"][2]["choices"] == {"network.layers": ["input scale, 4 relu", "4 relu"]}
    whole = record["whole"]
    assert (whole["difference"], whole["standard_error"], whole["word"]) == (None, None, None)
    for told in (*record["pieces"], record["plain"]):
        assert told["seeds"] == [0, 1] and len(told["scores"]) == 2 and told["problem"] is None
        assert told["score"] == pytest.approx(np.mean(told["scores"])) == told["metrics"]["accuracy"]
        assert told["difference"] == pytest.approx(told["score"] - whole["score"])
        assert told["word"] in ("helps", "hurts", "no difference that shows", "changes nothing")
    assert not [path for path in own_state_folder.rglob("*") if path.is_file()], "no run and no look is kept"


def test_the_same_words_give_the_same_figures_in_processes_too(run: RunCommand, experiment: Path) -> None:
    words = ("ablate", experiment, "--json", "--seeds", 2)
    assert _record(run(*words).out) == _record(run(*words, "--jobs", 2).out)


def test_the_table(run: RunCommand, experiment: Path) -> None:
    ended = run("ablate", experiment, "--seeds", 2)
    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert lines[0] == (
        "shells.csv → kind (classification), the file's choices: 14 trainings, judged on 12 validation rows each"
    )
    assert lines[2].split() == ["left", "out", "accuracy", "difference", "verdict", "CPU", "instead"]
    told = {title: next(line for line in lines if line.startswith(title)) for title in TITLES}
    assert "changes nothing" in told["rare categories"] and "+0.0 ± 0.0" in told["rare categories"]
    assert "layers 64 relu, 32 relu" not in told["input scale"] and "layers 4 relu" in told["input scale"]
    assert lines[-1] == OPTIMISTIC


def test_one_seed_gets_no_word(run: RunCommand, experiment: Path) -> None:
    out = run("ablate", experiment, "--seeds", 1).out
    assert "±" not in out and "One seed can't tell" in out
    assert not any(word in out for word in ("helps", "hurts", "no difference", "changes nothing"))
    assert json.loads(run("ablate", experiment, "--seeds", 1, "--json").out)["plain"]["word"] is None


def test_a_table_has_the_pieces_of_a_preset(run: RunCommand, tmp_path: Path) -> None:
    """No piece is what the validation rows, which judge, can't tell."""
    words = (
        "ablate",
        shells(tmp_path, 40),
        "--target",
        "kind",
        "--drop",
        "note",
        "--preset",
        "good",
        "--seeds",
        1,
        "--json",
    )
    record = json.loads(run(*words).out)
    assert record["preset"] == "good" and "several networks" not in [
        each["title"] for each in record["pieces"]
    ]
    record = json.loads(run(*words, "--preset", "strong").out)
    assert record["preset"] == "strong" and "several networks" in [each["title"] for each in record["pieces"]]


def test_a_guess_is_said_to_be_one(run: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,kind\n" + "".join(f"{row}.5,{'ab'[row % 2]}\n" for row in range(40)))
    assert "target: kind (a guess" in run("ablate", path, "--preset", "good", "--seeds", 1).err


def test_test_rows_are_not_looked_at(run: RunCommand, tmp_path: Path) -> None:
    """Another target in all of them changes no figure."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=100).round(3), "z": rng.normal(size=100).round(3)})
    frame["y"] = (frame.x * 3 + rng.normal(size=100)).round(3)
    frame.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "t.toml").write_text(
        '[source]\npath = "t.csv"\ntarget = "y"\n[preparation]\nnumber_encoding = "piecewise linear"\n'
        '[preparation.split]\nmethod = "random"\n[network]\nlayers = "4 relu"\n[training]\nepochs = 3\n'
    )
    words = ("ablate", tmp_path / "t.toml", "--seeds", 1, "--json")
    before = _record(run(*words).out)
    experiment = read_experiment(tmp_path / "t.toml")
    prepared = prepare_experiment(experiment, load(experiment.source))
    frame.loc[prepared.test.rows, "y"] = rng.normal(size=len(prepared.test.rows)).round(3) * 50
    frame.to_csv(tmp_path / "t.csv", index=False)
    assert _record(run(*words).out) == before
    frame.loc[prepared.validation.rows, "y"] *= -1
    frame.to_csv(tmp_path / "t.csv", index=False)
    assert _record(run(*words).out) != before


def test_ctrl_c_shows_what_is_finished(
    run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrupt(monkeypatch, 4)
    before = signal.getsignal(signal.SIGINT)
    ended = run("ablate", experiment, "--seeds", 2)
    assert (ended.code, ended.err) == (130, "stopped after 3 of 14 trainings\n")
    lines = ended.out.splitlines()
    assert "3 trainings" in lines[0] and "seeds" in lines[2]
    told = {line[:18].strip(): line[18:].split() for line in lines[3:]}
    assert told["none: as it is"][0] == told["input scale"][0] == "1" and told["all: plain"][0] == "0"
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_with_json(run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _interrupt(monkeypatch, 2)
    ended = run("ablate", experiment, "--json")
    record = json.loads(ended.out)
    assert ended.code == 130 and not record["finished"] and record["plain"]["score"] is None
    assert len(record["whole"]["scores"]) == 1


def test_ctrl_c_before_anything_is_finished_shows_nothing(
    run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrupt(monkeypatch, 1)
    ended = run("ablate", experiment)
    assert (ended.code, ended.out, ended.err) == (130, "", "stopped after 0 of 21 trainings\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("shells.csv --preset plain", "nothing can be left out"),
        ("shells.csv --preset best", "'best' isn't known"),
        ("shells.csv --target size", "there is no column 'size'"),
        ("shells.csv --target kind --drop kind", "can't be the target and be left out"),
        ("shells.csv --seeds 0", "it takes a whole number, 1 to 1,000"),
        ("shells.csv --jobs many", "many"),
        ("none.csv", "no such file"),
        ("plain.toml", "nothing can be left out"),
        ("alone.toml", "no validation rows are set aside"),
        ("alike.toml", "the validation rows all have the same target"),
        ("words.toml", "has no number in any row"),
        ("m.ann", "is a model, not a table"),
        ("", "Missing argument"),
    ],
)
def test_bad_input(
    words: str, says: str, run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(experiment.parent)
    Path("plain.toml").write_text('[source]\npath = "shells.csv"\ntarget = "kind"\n')
    Path("alone.toml").write_text(TOML + "[preparation.split]\nvalidation = 0.0\n")
    of_time = '[preparation.split]\nmethod = "time"\ncolumn = "x"\n'
    Path("alike.csv").write_text("x,kind\n" + "".join(f"{row},{row // 10 == 1}\n" for row in range(40)))
    Path("alike.toml").write_text(TOML.replace("shells.csv", "alike.csv") + of_time)
    Path("words.toml").write_text(TOML.replace("[preparation]", 'task = "regression"\n[preparation]'))
    Path("m.ann").write_text("")
    ended = run("ablate", *words.split())
    assert (ended.code, ended.out) == (2, "") and ended.err.startswith("ann-tui: error: "), ended
    assert ended.err.count("\n") == 1 and says in ended.err


def test_differences_in_words() -> None:
    assert difference_text("accuracy", -0.0144, 0.008) == "-1.4 ± 0.8"
    assert difference_text("r2", 0.0125, None) == "+0.013"
    assert difference_text("r2", -0.0001, 0.0) == "+0.000 ± 0.000"
    assert difference_text("r2", None, None) == ""

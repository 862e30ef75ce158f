"""`ann-tui train` is killed in the middle and resumed: the same model as if it had never been."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from ann_tui.own_folders import unfinished_folder

KILLED = """
import os, signal, sys
from pathlib import Path
from ann_tui.experiments import under_way
under_way.SECONDS = 0.0
where, left = sys.argv.pop(1), int(sys.argv.pop(1))
def dying(usual):
    def call(*words, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(*words, **more)
    return call
if where == "rename":
    Path.replace = dying(Path.replace)
else:
    os.fsync = dying(os.fsync)
from ann_tui.cli import main
main()
"""


def came_of(model: Path) -> tuple[bytes, dict[str, Any]]:
    """The weights of a model file, and what its training left but for the clock."""
    with zipfile.ZipFile(model) as file:
        document, weights = json.loads(file.read("model.json")), file.read("weights.safetensors")
    history = document["run"]["history"] | {"seconds": []}
    return weights, document["run"] | {"history": history}


@pytest.mark.bits
@pytest.mark.parametrize(
    ("where", "after"), [("rename", 2), ("rename", 9), ("rename", 16), ("flush", 11), ("flush", 20)]
)
def test_killed_while_it_is_put_away(
    run: Run, sample_data: Path, tmp_path: Path, where: str, after: int
) -> None:
    """Bins, averaged weights and the second training on all rows are in it, too."""
    options = (
        "--target", "species", "--preset", "good", "--epochs", "12", "--layers", "8 relu, dropout 0.2",
        "--no-baselines",
    )  # fmt: skip
    table, whole, resumed = (
        str(sample_data / "penguins.csv"),
        tmp_path / "whole.ann",
        tmp_path / "resumed.ann",
    )
    assert run("train", table, *options, "--save", whole).code == 0
    words = [
        sys.executable,
        "-c",
        KILLED,
        where,
        str(after),
        "train",
        table,
        *options,
        "--save",
        str(resumed),
    ]
    assert subprocess.run(words, capture_output=True, check=False).returncode == -signal.SIGKILL
    ended = run("train", "--resume", "--save", resumed)
    assert ended.code == 0, ended
    assert came_of(resumed) == came_of(whole)
    assert list(unfinished_folder().iterdir()) == []


def test_a_training_that_ended_leaves_nothing_behind(run: Run, sample_data: Path) -> None:
    assert run("train", sample_data / "penguins.csv", "--epochs", 2, "--no-baselines").code == 0
    ended = run("train", "--resume")
    assert (ended.code, ended.err) == (2, "ann-tui: error: no training was interrupted\n")
    ended = run("train", sample_data / "cars.csv", "--resume")
    assert ended.code == 2 and "no training of" in ended.err and "cars.csv was interrupted" in ended.err


def test_resuming_takes_no_other_choices(run: Run, sample_data: Path) -> None:
    ended = run("train", "--resume", "--epochs", 3)
    assert ended.code == 2 and "leave out other options" in ended.err
    ended = run("train")
    assert ended.code == 2 and "Missing argument 'FILE'" in ended.err

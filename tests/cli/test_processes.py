"""The command as a process of its own: Ctrl-C, requests to end, and pipes that close."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import ann_tui
from ann_tui.data.choices.source import Source
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import run_experiment
from ann_tui.model.storage import load_model, save_model
from ann_tui.model.trained_model import SPLIT_KEYS, TrainedModel
from ann_tui.training.plan import TrainingPlan

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pipes as Unix has them")

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ann_tui.__file__).parents[1])}


@contextmanager
def _started(*words: object, **options: object) -> Iterator[subprocess.Popen[str]]:
    """The command, whose standard error can be read."""
    process = subprocess.Popen(  # type: ignore[call-overload]
        [sys.executable, "-m", "ann_tui", *map(str, words)],
        **{"stderr": subprocess.PIPE, "text": True, "env": ENVIRONMENT, **options},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _until(terminal: int, pattern: bytes) -> bytes:
    """What is written to a pseudo-terminal, up to where it matches; all of it where it never does."""
    seen = b""
    while re.search(pattern, seen) is None:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    return seen


@pytest.mark.parametrize("saved", [True, False])
def test_interrupted_training(saved: bool, sample_data: Path, tmp_path: Path) -> None:
    experiment = tmp_path / "long.toml"
    experiment.write_text(
        f'[source]\npath = "{sample_data.as_posix()}/digits.csv"\n'
        "[training]\nepochs = 1000000\nearly_stopping = false\n"
    )
    words = ["--save", tmp_path / "m.ann"] if saved else []
    leader, follower = pty.openpty()
    with _started("train", experiment, *words, stdout=subprocess.PIPE, stderr=follower) as process:
        os.close(follower)
        assert re.search(rb"[1-9]\d+/1000000", _until(leader, rb"[1-9]\d+/1000000")), "ten epochs and more"
        process.send_signal(signal.SIGINT)
        err = _until(leader, rb"(?!)").decode()
        out, _ = process.communicate(timeout=60)
    os.close(leader)
    assert process.returncode == 130 and out == "" and "Traceback" not in err
    if saved:
        model = load_model(tmp_path / "m.ann")
        assert model.summary.state == "stopped" and 0 < model.summary.epochs < 1000000
        assert (model.summary.metrics["test"]["accuracy"] or 0) > 0.5 and "m.ann" in err
    assert sorted(each.name for each in tmp_path.iterdir()) == (
        ["long.toml", "m.ann"] if saved else ["long.toml"]
    )


@pytest.fixture(scope="module")
def spirals(sample_data: Path) -> TrainedModel:
    """A model of the spirals."""
    experiment = Experiment(Source(str(sample_data / "spirals.csv")), plan=TrainingPlan(epochs=1))
    return TrainedModel.from_result(run_experiment(experiment, baselines=False))


@pytest.fixture
def model(spirals: TrainedModel, tmp_path: Path) -> Path:
    """Its file, alone in a folder."""
    save_model(spirals, tmp_path / "m.ann")
    return tmp_path / "m.ann"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_prediction_leaves_no_half_file(number: signal.Signals, code: int, model: Path) -> None:
    """Standard input stays open, so that the command waits in the middle of its work."""
    out = model.parent / "out.csv"
    with _started("predict", model, "-", "-o", out, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write("x,y\n" + "1.5,2.5\n" * 100_000)
        process.stdin.flush()
        end = time.monotonic() + 30
        while len(list(model.parent.iterdir())) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(timeout=30) == code
    assert [each.name for each in model.parent.iterdir()] == ["m.ann"]


def test_closed_pipe_ends_quietly(model: Path) -> None:
    """An endless table, of which somebody reads one line."""
    line = '(echo x,y; yes 1.5,2.5) | "$0" -m ann_tui predict "$1" - | head -n 1; echo ${PIPESTATUS[1]}'
    ended = subprocess.run(
        ["bash", "-c", line, sys.executable, str(model)],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False,
    )  # fmt: skip
    assert ended.stdout.splitlines() == ["x,y,prediction,probability_A,probability_B", "0"]
    assert ended.stderr == ""


def test_a_report_into_a_closed_pipe_ends_quietly(sample_data: Path) -> None:
    """Longer than the buffer of a pipe."""
    line = '"$0" -m ann_tui profile "$1" | (exec <&-); echo ${PIPESTATUS[0]}'
    ended = subprocess.run(
        ["bash", "-c", line, sys.executable, str(sample_data / "digits.csv")],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("0\n", "")


@pytest.mark.parametrize(("words", "code"), [("samples", 0), ('predict "$1" /dev/null', 2)])
def test_standard_output_may_be_closed(words: str, code: int, model: Path) -> None:
    ended = subprocess.run(
        ["bash", "-c", f'"$0" -m ann_tui {words} >&-', sys.executable, str(model)],
        stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == code
    assert ended.stderr == (
        "" if code == 0 else "ann-tui: error: standard output is closed: name a file with -o\n"
    )


@pytest.mark.parametrize(
    ("typed", "word", "offered"),
    [
        ("ann-tui pr", 1, {"plain,predict", "plain,profile", "file,pr"}),
        ("ann-tui ab", 1, {"plain,ablate", "file,ab"}),
        ("ann-tui ablate --preset st", 3, {"plain,strong"}),
        ("ann-tui train --sa", 2, {"plain,--save", "plain,--save-experiment"}),
        ("ann-tui train --optimizer ada", 3, {"plain,adam", "plain,adamw", "plain,adagrad"}),
        ("ann-tui evaluate mod", 2, {"file,mod"}),
    ],
)
def test_completion_of_a_shell(typed: str, word: int, offered: set[str]) -> None:
    words = {"_ANN_TUI_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(word)}
    found = subprocess.run(
        [sys.executable, "-c", "from ann_tui.cli import main; main()"],
        env=ENVIRONMENT | words, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert set(found.stdout.split()) == offered


def test_json_stands_alone_on_standard_output(sample_data: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "ann_tui", "train", str(sample_data / "spirals.csv"), "--epochs", "1", "--json"],
        check=True, capture_output=True, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert json.loads(ended.stdout)["target"] == "spiral" and ended.stderr == ""


@pytest.mark.bits
@pytest.mark.parametrize("name", ["penguins", "churn", "cars"])
def test_another_process_scores_to_the_last_bit(name: str, sample_data: Path, tmp_path: Path) -> None:
    """What the network scored here before it was saved, it scores there."""
    file = sample_data / f"{name}.csv"
    result = run_experiment(Experiment(Source(str(file)), plan=TrainingPlan(epochs=3)), baselines=False)
    save_model(TrainedModel.from_result(result), tmp_path / "m.ann")
    words = [sys.executable, "-m", "ann_tui", "evaluate", str(tmp_path / "m.ann"), str(file), "--json"]
    ended = subprocess.run(words, check=True, capture_output=True, env=ENVIRONMENT)
    scores = result.judged.scores
    assert json.loads(ended.stdout)["metrics"] == {
        SPLIT_KEYS[split]: dict(score.metrics) for split, score in scores.items()
    }

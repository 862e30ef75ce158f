"""The installed `ann-tui` as benchmarks run it: in folders of its own, with an experiment of theirs, in a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
COMMAND = str(Path(sys.executable).parent / "ann-tui")


def environment(home: Path) -> dict[str, str]:
    """Folders of its own for a program."""
    homes = dict.fromkeys(("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(home))
    return {**os.environ, "TERM": "xterm-256color", **homes}


def write_experiment(path: Path, table: Path, epochs: int, *options: str) -> None:
    """The experiment that `ann-tui train` makes of a table and options, with so many epochs and no early stopping."""
    words = [COMMAND, "train", str(table), *options, "--set", "training.early_stopping=false"]
    words += ["--epochs", "1", "--no-baselines", "--save-experiment", str(path)]
    subprocess.run(words, check=True, capture_output=True, env=environment(path.parent))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("epochs = 1 ", f"epochs = {epochs} "), encoding="utf-8")


def begin_training(
    path: Path, home: Path, words: Sequence[str] = (COMMAND,), homes: Mapping[str, str] | None = None
) -> pexpect.spawn[bytes]:
    """The app in which an experiment has begun to train at full speed."""
    command, *arguments = words
    child = pexpect.spawn(
        command,
        [*arguments, str(path)],
        dimensions=(40, 120),
        env=dict(homes or environment(home)),
        timeout=300,
    )
    child.delaybeforesend = None
    child.expect_exact(b"Rows")
    child.send("t")
    child.expect_exact(b"rate 0.00")
    child.send("f")
    return child

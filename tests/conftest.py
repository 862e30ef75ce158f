"""What all tests share: a state folder of their own, and the sample files."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from command_line import Ended, Run

os.environ.setdefault(
    "TEXTUAL_FPS", "10"
)  # Textual reads it when it is imported: painting takes most of the time.

from ann_tui.cli import command_line

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_DATA = ROOT / "sample_data"


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not look through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def state_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder at each step; `mktemp` would look through all folders there are to find a number."""
    root = tmp_path_factory.mktemp("states")
    return (root / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_state_folder(state_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Recent files and settings of a test stay in a folder of its own."""
    folder = next(state_folders)
    folder.mkdir()
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boosted trees are fitted as ever, but few of them: what they reach is no matter of screens and commands."""
    monkeypatch.setattr("ann_tui.evaluation.baselines.TREES", 10)


@pytest.fixture
def plain_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody begins with the lesson's network: which choices a preset makes is no matter of most tests."""
    monkeypatch.setattr("ann_tui.experiments.presets.DEFAULT_PRESET", "plain")


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The folder of the sample files."""
    return SAMPLE_DATA


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of the small inputs that once went wrong."""
    return ROOT / "tests" / "cases"


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], few_trees: None, plain_preset: None
) -> Run:
    """Runs `ann-tui` with these words, in this process."""

    monkeypatch.setattr(sys, "warnoptions", ["error"])

    def command(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["ann-tui", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            command_line()
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return command

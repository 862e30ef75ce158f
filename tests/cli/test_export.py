"""`ann-tui export`: scripts and what belongs beside them, or one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Run

from ann_tui.commands.export_targets import EXPORT_TARGETS

EPOCHS = ("--epochs", "2", "--no-baselines", "--preset", "plain")


@pytest.fixture
def made(run: Run, sample_data: Path, tmp_path: Path) -> Path:
    """A folder with a model and an experiment."""
    penguins = str(sample_data / "penguins.csv")
    both = ("--save", str(tmp_path / "m.ann"), "--save-experiment", str(tmp_path / "e.toml"))
    assert (
        run(
            "train", penguins, *EPOCHS, *both, "--set", "training.optimizer=adam", "--schedule", "constant"
        ).code
        == 0
    )
    return tmp_path


@pytest.mark.parametrize("target", ["pytorch", "keras", "sklearn", "ann"])
@pytest.mark.parametrize("file", ["m.ann", "e.toml"])
def test_a_script_and_its_neighbours(run: Run, made: Path, target: str, file: str) -> None:
    """No framework is imported for it."""
    out = made / "out.py"
    ended = run("export", str(made / file), "--to", target, "-o", str(out))
    assert ended.code == 0, ended.err
    compile(out.read_text(encoding="utf-8"), str(out), "exec")
    beside = "parts.csv" if file == "e.toml" else "out.ann" if target == "ann" else "weights.safetensors"
    assert (made / beside).exists() and beside in ended.err
    again = run("export", str(made / file), "--to", target, "-o", str(out))
    assert again.code == 2 and "--force" in again.err
    assert run("export", str(made / file), "--to", target, "-o", str(out), "--force").code == 0


def test_what_can_not_be_said_is_one_line(run: Run, made: Path, sample_data: Path) -> None:
    """And nothing is written."""
    out = made / "other.py"
    good = str(made / "good.toml")
    penguins = str(sample_data / "penguins.csv")
    assert run("train", penguins, "--epochs", "1", "--no-baselines", "--save-experiment", good).code == 0
    ended = run("export", good, "--to", "sklearn", "-o", str(out))
    assert ended.code == 2 and "optimizer adamw" in ended.err and ended.err.count("\n") == 1
    assert not out.exists() and not (made / "parts.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("m.ann", "--to", "pytorch", "-o", "out.txt"), "ends in .py"),
        (("nothing.ann", "--to", "pytorch", "-o", "out.py"), "no such file"),
        (("m.ann", "--to", "fortran", "-o", "out.py"), "fortran"),
    ],
)
def test_mistakes(run: Run, made: Path, arguments: tuple[str, ...], said: str) -> None:
    """One line each."""
    places = [str(made / each) if "." in each else each for each in arguments]
    ended = run("export", *places)
    assert ended.code == 2 and said in ended.err


def test_a_file_of_somebody_else_stays(run: Run, made: Path) -> None:
    """parts.csv may be anything."""
    (made / "parts.csv").write_text("my,own\n", encoding="utf-8")
    ended = run("export", str(made / "e.toml"), "--to", "pytorch", "-o", str(made / "out.py"))
    assert ended.code == 2 and "something else" in ended.err
    assert not (made / "out.py").exists()


def test_each_target_says_what_it_is() -> None:
    """In the help."""
    assert all(target.summary and target.suffix.startswith(".") for target in EXPORT_TARGETS.values())

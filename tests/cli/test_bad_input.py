"""Bad input gets one line on standard error and exit code 2, and no file is written or changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_line import Ended
from command_line import Run as RunCommand

import ann_tui


@pytest.fixture
def folder(run: RunCommand, sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model of the spirals and files that don't suit it."""
    assert run("train", sample_data / "spirals.csv", "--epochs", 1, "--save", tmp_path / "good.ann").code == 0
    good = (tmp_path / "good.ann").read_bytes()
    (tmp_path / "cut.ann").write_bytes(good[: len(good) // 2])
    (tmp_path / "text.ann").write_text("x,y\n1,2\n")
    (tmp_path / "good.csv").write_text("x,y,spiral\n1,2,A\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "words.csv").write_text("x,y\nred,2\nblue,3\n")
    (tmp_path / "names.csv").write_text("x,name\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(60)))
    (tmp_path / "distinct.csv").write_text("x,name\n" + "".join(f"{n},name {n}\n" for n in range(60)))
    (tmp_path / "blank.csv").write_text("x,y\n" + ",\n" * 20)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "header.csv").write_text("x,y\n")
    (tmp_path / "nothing.toml").write_text("")
    (tmp_path / "broken.toml").write_text('[source]\npath = "good.csv"\n[training]\nepochs = "many"\n')
    (tmp_path / "keep.csv").write_text("kept")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _is_one_line(ended: Ended) -> bool:
    return (
        ended.code == 2
        and ended.out == ""
        and ended.err.startswith("ann-tui: error: ")
        and ended.err.count("\n") == 1
    )


CASES = [
    ("predict good.ann", "FILE"),
    ("predict cut.ann good.csv", "cut.ann"),
    ("predict text.ann good.csv", "no model file"),
    ("predict none.ann good.csv", "no such file"),
    ("predict folder good.csv", "no file"),
    ("predict good.csv good.ann", "no model file"),
    ("predict good.ann other.csv", "'x', 'y' are missing"),
    ("predict good.ann words.csv", "should hold numbers"),
    ("predict good.ann empty.csv", "empty"),
    ("predict good.ann header.csv", "no rows"),
    ("profile blank.csv", "20 rows, but every cell in them is blank"),
    ("train distinct.csv --target name", "'name' has another text in each of its 60 rows"),
    ("predict good.ann none.csv", "no such file"),
    ("predict good.ann good.csv -o good.csv", "choose another name"),
    ("predict good.ann good.csv -o folder", "folder"),
    ("predict good.ann good.csv -o none/out.csv", "none"),
    ("predict good.ann other.csv -o out.csv", "missing"),
    ("predict good.ann words.csv -o keep.csv --force", "should hold numbers"),
    ("predict good.ann words.csv -o keep.csv", "keep.csv exists: choose another name, or write over it with --force"),
    ("predict good.ann other.csv -o keep.csv", "missing"),
    ("predict good.ann good.csv -o out.toml", "ends in .csv"),
    ("predict good.ann good.csv -o out.xlsx", "not as .xlsx: choose a name that ends in .csv, .tsv or .parquet"),
    ("predict good.ann good.csv -o out.csv.gz", "not as .gz: choose a name"),
    ("evaluate good.ann other.csv", "missing"),
    ("evaluate cut.ann good.csv --json", "cut.ann"),
    ("evaluate good.ann words.csv", "'spiral' is not among the columns"),
    ("train good.csv --save none/m.ann", "none"),
    ("train good.csv --save keep.csv", "does not end in .ann"),
    ("train good.csv --save good.csv", "choose another name"),
    ("train nothing.toml", "[source]"),
    ("train broken.toml --save new.ann", "epochs"),
    ("train none.toml", "none.toml"),
    ("train good.csv --epochs many", "many"),
    ("train good.csv --layers 64+relu --save new.ann", "layer"),
    ("train good.csv --target z", "there is no column 'z'"),
    ("train good.csv --target x --drop x --save new.ann", "can't be the target and be left out"),
    ("train names.csv --target name --task regression --save new.ann", "no number in any row"),
    ("train good.ann", "is a model, not a table"),
    ("predict good.ann good.ann", "is a model, not a table"),
    ("evaluate good.ann good.ann", "is a model, not a table"),
    ("profile good.ann", "is a model, not a table"),
    ("profile broken.toml", "is an experiment file, not a table"),
    ("predict good.ann broken.toml", "is an experiment file, not a table"),
    ("none.csv", "no such file"),
    ("trian good.csv --epochs", "no such command; did you mean: ann-tui train good.csv --epochs"),
    ("Predict", "did you mean: ann-tui predict"),
    ("xyz", "no such command (ablate, choices, completion, cv, evaluate, predict, profile, runs, samples, train)"),
    ("good.csv", "needs a terminal"),
    ("", "needs a terminal"),
    ("profile empty.csv", "empty"),
    ("completion tcsh", "tcsh"),
]  # fmt: skip


def test_bad_input(folder: Path, run: RunCommand) -> None:
    before = _state(folder)
    for words, says in CASES:
        ended = run(*words.split())
        assert _is_one_line(ended) and says in ended.err, (words, ended)
        assert _state(folder) == before, words


def _state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere"
)
def test_no_permission(folder: Path, run: RunCommand) -> None:
    (folder / "folder").chmod(0o500)
    assert _is_one_line(run("predict", "good.ann", "good.csv", "-o", "folder/out.csv"))
    assert _is_one_line(run("train", "good.csv", "--save", "folder/m.ann"))


def test_what_cannot_be_written_is_told_by_the_name_that_was_given(folder: Path, run: RunCommand) -> None:
    """Before anything is read; a folder of /proc takes no file of anybody."""
    if not Path("/proc/self").is_dir():
        pytest.skip("needs /proc")
    for words in (
        "predict good.ann good.csv -o /proc/self/out.csv",
        "train good.csv --save /proc/self/m.ann",
        "train good.csv --save-experiment /proc/self/m.toml",
    ):
        ended = run(*words.split())
        assert _is_one_line(ended) and f"error: {words.split()[-1]}: " in ended.err, ended


def test_full_disk(folder: Path, run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = _state(folder)
    monkeypatch.setattr(os, "fsync", full)
    ended = run("predict", "good.ann", "good.csv", "-o", "out.csv")
    assert _is_one_line(ended) and "out.csv: No space left" in ended.err and _state(folder) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_behind_standard_output(folder: Path, sample_data: Path) -> None:
    import subprocess
    import sys

    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "ann_tui", "predict", "good.ann", str(sample_data / "spirals.csv")],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(Path(ann_tui.__file__).parents[1])},
        )  # fmt: skip
    lines = ended.stderr.splitlines()
    assert ended.returncode == 2 and lines[-1].startswith("ann-tui: error: ") and "No space left" in lines[-1]
    assert not any("Traceback" in line for line in lines)

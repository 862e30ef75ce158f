"""What a killed program leaves half written is removed by the next one, and nothing else is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ann_tui import atomic_file as atomic
from ann_tui.atomic_file import atomic_file, atomic_folder, check_writable

pytest.importorskip("fcntl")

BEGIN = """
import sys
from pathlib import Path
from ann_tui.atomic_file import atomic_file, atomic_folder

with atomic_folder(Path(sys.argv[1]) / "run") as folder, atomic_file(folder / "model") as model:
    with atomic_file(Path(sys.argv[1]) / "table.csv") as table:
        model.write(b"half"), model.flush(), table.write(b"half"), table.flush()
        print("begun", flush=True)
        sys.stdin.read()
"""


@contextmanager
def writing(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that is in the middle of a file and of a folder."""
    program = subprocess.Popen(
        [sys.executable, "-c", BEGIN, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdin is not None and program.stdout is not None
    with program:
        assert program.stdout.readline() == "begun\n"
        yield program


def write(folder: Path, name: str) -> None:
    with atomic_file(folder / name) as file:
        file.write(b"whole")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_program_left_is_removed(tmp_path: Path) -> None:
    with writing(tmp_path) as program:
        assert len(names(tmp_path)) == 2 and all(name.startswith(".ann-tui-") for name in names(tmp_path))
        write(tmp_path, "first")
        assert len(names(tmp_path)) == 3, "it lives, and may go on"
        program.kill()
    assert len(names(tmp_path)) == 3
    write(tmp_path, "second")
    assert names(tmp_path) == ["first", "second"]


def test_what_a_living_program_writes_is_finished(tmp_path: Path) -> None:
    with writing(tmp_path) as program:
        write(tmp_path, "mine")
        check_writable(tmp_path / "other")
        program.communicate()
    assert names(tmp_path) == ["mine", "run", "table.csv"] and names(tmp_path / "run") == ["model"]
    assert (tmp_path / "run").stat().st_mode & 0o077 == 0


def test_what_another_computer_left_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its program may live: a lock is not seen from everywhere."""
    with writing(tmp_path) as program:
        program.kill()
    left = names(tmp_path)
    monkeypatch.setattr(atomic.platform, "node", lambda: "an other-computer")
    write(tmp_path, "mine")
    assert names(tmp_path) == [*left, "mine"]


def test_a_file_that_was_taken_for_one_left_behind_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its beginning and its lock another program may have come by."""
    locked, calls = atomic.locked, []

    def come_by(part: Path, *, wait: bool = True) -> int | None:
        if not calls:
            calls.append(part)
            atomic._remove_left_behind(tmp_path)
            assert not part.exists()
        return locked(part, wait=wait)

    monkeypatch.setattr(atomic, "locked", come_by)
    with atomic_folder(tmp_path / "run") as folder:
        write(folder, "model")
    assert calls and names(tmp_path) == ["run"] and names(tmp_path / "run") == ["model"]

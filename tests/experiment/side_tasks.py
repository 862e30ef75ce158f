"""Tasks that tests have done side by side."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


class Counted:
    """A value that writes down, in files of a folder, how often it is packed and unpacked, and by whom."""

    def __init__(self, folder: Path, numbers: np.ndarray) -> None:
        self.folder, self.numbers = folder, numbers

    def __getstate__(self) -> dict[str, Any]:
        _note(self.folder / "packed")
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        _note(self.folder / "unpacked")

    def noted(self, what: str) -> list[str]:
        path = self.folder / what
        return path.read_text().split() if path.exists() else []


def _note(path: Path) -> None:
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")


def product(shared: Counted, task: int, stopping: Callable[[], bool]) -> tuple[int, bytes]:
    """Who did it, and the bits of a product that more than one thread would add up in another order."""
    rows = shared.numbers + task
    return os.getpid(), (rows.T @ rows).tobytes()


def priority(shared: None, task: int, stopping: Callable[[], bool]) -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def process(shared: Path, task: int, stopping: Callable[[], bool]) -> int:
    return os.getpid()


def once_deadly(shared: Path, task: int, stopping: Callable[[], bool]) -> int:
    """The first worker that is given task 3 is killed."""
    _note(shared / f"began-{task}")
    if task == 3 and len((shared / "began-3").read_text().split()) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return task * task


def deadly(shared: None, task: int, stopping: Callable[[], bool]) -> int:
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def failing(shared: None, task: int, stopping: Callable[[], bool]) -> int:
    raise ValueError(f"task {task} is no task")


def first_alone(shared: Path, task: int, stopping: Callable[[], bool]) -> int | None:
    """Task 0 is done at once, others go on until they are stopped."""
    _note(shared / f"began-{task}")
    while task and not stopping():
        pass
    return None if task else 0

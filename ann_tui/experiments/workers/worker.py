"""What a worker is: it holds what its tasks share, does one of them at a time, and looks at whether to stop."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from ann_tui.network.one_thread import one_thread

ValueT = TypeVar("ValueT")
ValueT_co = TypeVar("ValueT_co", covariant=True)

NICENESS = 10
"""How far work beside the app stands back, of 19 at most."""
POLL = 1.0
"""Seconds between two looks at whether the program that asked is still there."""


class Held(Protocol[ValueT_co]):
    """Stands for what tasks share; `value` gives it where a task is done."""

    def value(self) -> ValueT_co:
        """What is shared, the same object for all tasks of one process."""
        ...


class Sign(Protocol):
    """Says in every worker that everything shall stop, once it is given."""

    def give(self) -> None:
        """Say so, from where the tasks come."""
        ...

    def is_given(self) -> bool:
        """Whether it was said."""
        ...


@dataclass(frozen=True)
class FileShare(Generic[ValueT]):
    """A value in a file of this machine; each process reads the newest one that it was asked for, once."""

    path: str

    def value(self) -> ValueT:
        """The value."""
        if self.path not in _read:
            _read.clear()
            with Path(self.path).open("rb") as file:
                _read[self.path] = pickle.load(file)
        found: ValueT = _read[self.path]
        return found


@dataclass(frozen=True)
class FileSign:
    """A sign that is given when a file of this machine is there."""

    path: str

    def give(self) -> None:
        """Make the file; nobody is told where that is impossible."""
        with suppress(OSError):
            Path(self.path).touch()

    def is_given(self) -> bool:
        """Whether it is there."""
        return Path(self.path).exists()


_read: dict[str, Any] = {}


def do(
    work: Callable[[Any, Any, Callable[[], bool]], Any],
    share: Held[Any],
    sign: Sign,
    place: int,
    task: Any,
) -> tuple[int, Any]:
    """Do one task in a worker: its place and its result, None where it was stopped."""
    if sign.is_given():
        return place, None
    with one_thread(anew=True), warnings.catch_warnings():
        if not sys.warnoptions:
            warnings.simplefilter("ignore")
        return place, work(share.value(), task, sign.is_given)


def make_ready(beside: bool, asked_by: int) -> None:
    """Make a process of this machine ready: Ctrl-C is left to the program that asked, and it ends with that one.

    `asked_by` is the number of that process, which may have ended before this one begins.

    Where it works `beside` the app, it does so at low priority, and writes nothing on the terminal.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if beside:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        if hasattr(os, "nice"):
            os.nice(NICENESS)
    if not hasattr(os, "getppid"):
        return

    def follow() -> None:
        while os.getppid() == asked_by:
            time.sleep(POLL)
        os._exit(1)

    threading.Thread(target=follow, name="ends with the program", daemon=True).start()

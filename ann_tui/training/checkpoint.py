"""A training's state as bytes that are whole, or known not to be."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Protocol

import numpy as np

from ann_tui.training.changes import Change
from ann_tui.training.examples import TrainingError
from ann_tui.training.state import State

MAGIC = b"ann-tui training 1\n"
DIGEST = hashlib.blake2b().digest_size


class Keeping(Protocol):
    """What puts a training's states where they outlast the program; both are called by the thread that trains."""

    def due(self) -> bool:
        """Whether the newest state that was put away is so old that another one is wanted."""

    def save(self, state: Callable[[], State]) -> None:
        """Put away the state that this gives. Raises nothing: a training goes on where that can't be done."""

    def note(self, change: Change) -> None:
        """Write down a change, before it takes effect. Raises nothing either."""


def encoded(state: State) -> bytes:
    """The state with a checksum."""
    buffer = io.BytesIO()
    np.savez(buffer, **{key: _array(value) for key, value in state.items()})  # type: ignore[arg-type]
    payload = buffer.getvalue()
    return MAGIC + hashlib.blake2b(payload).digest() + payload


def decoded(data: bytes) -> State:
    """The inverse of `encoded`. Raises TrainingError with one line for what is cut off, damaged or something else."""
    if not data.startswith(MAGIC[:8]):
        raise TrainingError("the saved training can't be read: it is no file of one")
    if not data.startswith(MAGIC):
        raise TrainingError("the saved training can't be read: another version of ann-tui wrote it")
    digest, payload = data[len(MAGIC) : len(MAGIC) + DIGEST], data[len(MAGIC) + DIGEST :]
    if hashlib.blake2b(payload).digest() != digest:
        raise TrainingError("the saved training can't be read: it is damaged or cut off")
    try:
        with np.load(io.BytesIO(payload), allow_pickle=False) as found:
            return {key: found[key] for key in found.files}
    except (ValueError, OSError, zipfile.BadZipFile, KeyError):
        raise TrainingError("the saved training can't be read: it is damaged") from None


def _array(value: object) -> np.ndarray:
    return np.array(value, dtype=str) if isinstance(value, list) else np.asarray(value)

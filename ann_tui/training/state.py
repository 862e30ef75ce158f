"""A training's state: each part gives and takes its own, and everything is checked before anything is written."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.training.examples import TrainingError

State = dict[str, Any]
"""Arrays, numbers and texts by name; `numpy.savez` keeps all of it."""

Taking = Callable[[], None]
"""Takes over what has been checked."""


class Section:
    """What a state says of one part. Each question raises `TrainingError` where the answer is missing or unfit."""

    def __init__(self, state: Mapping[str, Any], name: str) -> None:
        """The keys of `state` that begin with the part's name and a dot."""
        self.state, self.name = state, name

    def _found(self, key: str) -> Any:
        full = f"{self.name}.{key}"
        if full not in self.state:
            raise TrainingError(f"the saved training is incomplete: it lacks {full}")
        return self.state[full]

    def refuse(self, key: str, why: str) -> TrainingError:
        """The error for a value that can't be."""
        return TrainingError(f"the saved training doesn't fit: {self.name}.{key} {why}")

    def array(self, key: str, like: Array) -> Array:
        """An array of the shape and the type of another."""
        found = np.asarray(self._found(key))
        if found.shape != like.shape:
            raise self.refuse(key, f"has shape {found.shape}, not {like.shape}")
        if found.dtype != like.dtype:
            raise self.refuse(key, f"holds {found.dtype}, not {like.dtype}")
        return found

    def column(self, key: str, rows: int | None = None) -> Array:
        """A vector of numbers, float64, of this length if one is given."""
        found = np.asarray(self._found(key))
        if found.ndim != 1 or found.dtype.kind not in "iuf" or rows not in (None, len(found)):
            raise self.refuse(key, f"is no list of {'' if rows is None else f'{rows} '}numbers")
        return found.astype(np.float64)

    def texts(self, key: str, rows: int) -> list[str]:
        """A list of texts of this length."""
        found = list(self._found(key))
        if len(found) != rows or not all(isinstance(text, str) for text in found):
            raise self.refuse(key, f"is no list of {rows} texts")
        return [str(text) for text in found]

    def text(self, key: str) -> str:
        """One text."""
        found = self._plain(key)
        if not isinstance(found, str):
            raise self.refuse(key, "is no text")
        return found

    def number(self, key: str) -> float:
        """A number; it may be infinite or none."""
        found = self._plain(key)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self.refuse(key, "is no number")
        return float(found)

    def count(self, key: str, most: float = math.inf) -> int:
        """A whole number from 0 to `most`."""
        found = self.number(key)
        if not (0 <= found <= most and found == int(found)):
            raise self.refuse(key, f"is {found:g}: it must be a whole number from 0 to {most:g}")
        return int(found)

    def _plain(self, key: str) -> Any:
        found = self._found(key)
        return found.item() if isinstance(found, np.ndarray | np.generic) and found.ndim == 0 else found


class Part(ABC):
    """Something of a training that has a state of its own."""

    name: str
    """What the keys of its state begin with."""

    begins_anew_with: tuple[str, ...] = ()
    """The fields of the plan that make its old state meaningless where they have another value."""

    @abstractmethod
    def state(self) -> State:
        """Its state as plain values and arrays, which may still change."""

    @abstractmethod
    def check(self, found: Section) -> Taking:
        """Look through a state and give what takes it over. Raises `TrainingError` where it doesn't fit."""

    def begin_anew(self) -> None:  # noqa: B027
        """Start as at a first epoch, from the weights as they are now."""


def gather(parts: Iterable[Part]) -> State:
    """The states of all parts; arrays are copied."""
    return {
        f"{part.name}.{key}": value.copy() if isinstance(value, np.ndarray) else value
        for part in parts
        for key, value in part.state().items()
    }


def take(parts: Iterable[Part], state: Mapping[str, Any], changed: Iterable[str]) -> None:
    """Let the parts take a state over, all or none; those that a `changed` field of the plan concerns begin anew.

    Raises `TrainingError`, and then nothing has changed.
    """
    changed, takings, anew = set(changed), list[Taking](), list[Part]()
    for part in parts:
        if changed.isdisjoint(part.begins_anew_with):
            takings.append(part.check(Section(state, part.name)))
        else:
            anew.append(part)
    for taking in takings:
        taking()
    for part in anew:
        part.begin_anew()


def filling(found: Section, own: Mapping[str, Array]) -> Taking:
    """Check arrays against their places, and give what puts them there."""
    pairs = [(place, found.array(key, place)) for key, place in own.items()]

    def fill() -> None:
        for place, values in pairs:
            place[...] = values

    return fill

"""The decision threshold of two classes: how it is written, and how rows choose it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD

BEST_F1 = "f1"


@dataclass(frozen=True)
class Aim:
    """What a threshold is chosen for: the best F1 of the second class, or the lowest `costs`.

    `costs` are those of a false alarm (the second class answered where it is not) and of a miss, None for the F1.
    """

    costs: tuple[float, float] | None = None

    @property
    def written(self) -> str:
        """As `read_threshold` reads it: f1, or 1:5."""
        if self.costs is None:
            return BEST_F1
        return ":".join(f"{cost:g}" if float(f"{cost:g}") == cost else repr(cost) for cost in self.costs)

    def text_of(self, classes: tuple[str, ...]) -> str:
        """The aim in words that name the two classes."""
        first, second = (printable(label, 24) for label in classes)
        if self.costs is None:
            return f"the best F1 of {second}"
        alarm, miss = self.costs
        return (
            f"the lowest cost, where {second} instead of {first} costs {alarm:g} and {first} instead of {second} "
            f"costs {miss:g}"
        )


def read_threshold(text: str) -> float | Aim:
    """A threshold from 0 to 1; `f1` for the best F1; `1:5` for the costs of a false alarm and of a miss.

    Raises ValueError with one line.
    """
    plain = text.strip().casefold()
    if plain == BEST_F1:
        return Aim()
    if ":" in plain:
        return read_costs(plain)
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ValueError(
            f"{text.strip()!r} is no threshold: a number from 0 to 1, {BEST_F1}, or costs such as 1:5"
        )
    return value


def read_aim(text: str) -> Aim | None:
    """The aim that was `written`; None for "". Raises ValueError with one line for anything else."""
    found = read_threshold(text) if text else None
    if isinstance(found, float):
        raise ValueError(f"{text!r} is nothing that a threshold is chosen for")
    return found


def read_costs(text: str) -> Aim:
    """The costs of a false alarm and of a miss, written as 1:5. Raises ValueError with one line."""
    try:
        alarm, miss = (float(part) for part in text.split(":"))
    except ValueError:
        alarm = miss = math.nan
    if not (0 < alarm < math.inf and 0 < miss < math.inf):
        raise ValueError("write what a false alarm and what a miss costs as two numbers above 0, such as 1:5")
    return Aim((alarm, miss))


def best_threshold(aim: Aim, actual: NDArray[np.integer], probabilities: NDArray[Any]) -> float:
    """The threshold that serves the aim best on rows with class codes (n,) and probabilities (n, 2), n at least 1.

    Where several thresholds do, the one nearest to 0.5 is taken, in as few digits as tell its rows apart.
    """
    order = np.argsort(probabilities[:, 1], kind="stable")[::-1]
    scores, own = probabilities[order, 1], actual[order] == 1
    edges = np.append(np.append(1.0, scores), 0.0)
    ends = np.flatnonzero(edges[1:] < edges[:-1])
    ends = ends if len(ends) and not ends[0] else np.append(0, ends)
    found = np.append(0, np.cumsum(own))[ends]
    alarms, misses = ends - found, own.sum() - found
    if aim.costs is None:
        merit = 2 * found / np.maximum(2 * found + alarms + misses, 1)
    else:
        merit = -(alarms * aim.costs[0] + misses * aim.costs[1])
    best = (
        _between(float(edges[end + 1]), float(edges[end]), closed=not end)
        for end in ends[merit == merit.max()].tolist()
    )
    return min(best, key=lambda threshold: abs(threshold - DEFAULT_THRESHOLD))


def _between(low: float, high: float, *, closed: bool) -> float:
    """A number from `low` up to `high`, and that itself only where `closed`, in as few digits as can be.

    It lies there in float32 as well, which probabilities are compared in.
    """
    middle = (low + high) / 2
    for digits in range(1, 17):
        rounded = round(middle, digits)
        if low <= np.float32(rounded) < high or (closed and rounded == high):
            return rounded
    return low

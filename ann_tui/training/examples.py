"""The rows that a network learns from or is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.costs import COSTS
from ann_tui.network.network import Network


class TrainingError(ValueError):
    """The data or the plan can't be trained with; the message says what to change."""


@dataclass(frozen=True)
class Examples:
    """`x` float (n, features); `y` class codes (n,) from 0, or numbers (n,); `weight` (n,) not negative.

    Weights say how much a row counts beside the others, unless they are `absolute`.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    weight: NDArray[Any] | None = None
    absolute: bool = False

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.x)

    @cached_property
    def spread(self) -> float:
        """The sum of squared differences of y from its mean; exactly 0 where it is constant."""
        y = self.y.astype(np.float64)
        if not len(y) or y.min() == y.max():
            return 0.0
        return float(np.square(y - y.mean()).sum())

    def metric(self, merit: float) -> float | None:
        """Accuracy from the number of rows told right, or R² from the sum of squared errors; None for a constant y."""
        if self.y.dtype.kind == "i":
            return merit / len(self.y)
        return 1.0 - merit / self.spread if self.spread else None


def checked(examples: Examples, network: Network, name: str) -> Examples:
    """The rows in the network's type, x not copied where it has it already; the mean of relative weights becomes 1.

    Raises `TrainingError` that names the row and column of the first value that can't be used.
    """
    x, y, weight = np.asarray(examples.x), np.asarray(examples.y), examples.weight
    if x.ndim != 2 or x.shape[1] != network.features:
        raise TrainingError(
            f"the {name} rows have shape {x.shape}, but the network takes {network.features} features"
        )
    if len(x) == 0:
        raise TrainingError(f"there are no {name} rows")
    if y.shape != (len(x),):
        raise TrainingError(f"the {name} target has shape {y.shape}, but there are {len(x)} rows")
    _refuse_not_finite(x, f"the {name} rows")
    _refuse_not_finite(y[:, None], f"the {name} target")
    if network.outputs.kind == "number":
        with np.errstate(over="ignore"):
            y, own = y.astype(network.dtype), y
        _refuse_too_large(y[:, None], own[:, None], f"the {name} target")
        entry = COSTS[network.design.cost_for(network.outputs)]
        if y.min() < entry.lowest_target:
            raise TrainingError(
                f"the {name} target: row {int(y.argmin())} is below {entry.lowest_target:g}, which {entry.name} can't "
                "take: choose another cost"
            )
    else:
        y = _codes(y, network.outputs.classes, name)
    if weight is not None:
        weight = np.asarray(weight)
        if weight.shape != (len(x),):
            raise TrainingError(f"the {name} weights have shape {weight.shape}, but there are {len(x)} rows")
        own = weight[:, None]
        _refuse_not_finite(own, f"the {name} weights")
        if weight.min() < 0 or weight.max() <= 0:
            raise TrainingError(f"the {name} weights must not be negative, and not all 0")
        with np.errstate(over="ignore"):
            if not examples.absolute:
                weight = weight / weight.mean(dtype=np.float64)
            weight = weight.astype(network.dtype)
        _refuse_too_large(weight[:, None], own, f"the {name} weights")
        if not weight.any():
            raise TrainingError(
                f"the {name} weights lie too far apart: none is left of them in {network.dtype}"
            )
    with np.errstate(over="ignore"):
        x, own = np.ascontiguousarray(x, network.dtype), x
    if x is not own:
        _refuse_too_large(x, own, f"the {name} rows")
    return Examples(x, y, weight, examples.absolute)


def _codes(y: NDArray[Any], classes: int, name: str) -> NDArray[np.int32]:
    if not np.issubdtype(y.dtype, np.integer):
        raise TrainingError(f"the {name} target must be class codes (whole numbers), not {y.dtype}")
    wrong = (y < 0) | (y >= classes)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise TrainingError(
            f"the {name} target: row {row} has class {y[row]}, but there are {classes} classes"
        )
    return y.astype(np.int32)


def _refuse_too_large(cast: NDArray[Any], own: NDArray[Any], name: str) -> None:
    """Refuse a finite number that is none any more in the network's type."""
    fine = np.isfinite(cast)
    if not fine.all():
        row, column = (int(place[0]) for place in np.nonzero(~fine))
        raise TrainingError(
            f"{name}: row {row}, column {column} is {own[row, column]:g}, too large for {cast.dtype}; scale it first"
        )


def _refuse_not_finite(matrix: NDArray[Any], name: str) -> None:
    """Look in chunks, so that a large matrix needs no second one of marks."""
    if not np.issubdtype(matrix.dtype, np.floating):
        return
    for start in range(0, len(matrix), 8192):
        fine = np.isfinite(matrix[start : start + 8192])
        if not fine.all():
            row, column = (int(place[0]) for place in np.nonzero(~fine))
            value = matrix[start + row, column]
            raise TrainingError(
                f"{name}: row {start + row}, column {column} is {value}; fill or remove it first"
            )

"""Where a network's answers change: a plane through the space of its inputs, and what it answers there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.made_rows import answers_for, column_of, made_rows, typical_row
from ann_tui.insight.sampling import evenly_spaced
from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread

if TYPE_CHECKING:
    from ann_tui.data.preparing.fitted import FittedPreparation

MARGIN = 0.05
"""An axis goes on beyond what was seen by this share of its range."""

MOST_ROWS = 2_000
"""Principal components are those of so many rows at most, evenly spaced."""

MOST_NUMBERS = 1 << 22
"""And of rows with so many features in all."""

MOST_EXACT = 512
"""Beyond so many features, principal components are found by random projections, which come near enough to see."""


@dataclass(frozen=True)
class Axis:
    """What changes along a side of a plane, from `low` to `high`, in the unit of the column (or component).

    An axis without a length stands for something that does not change.
    """

    name: str
    low: float
    high: float

    def centres(self, cells: int) -> NDArray[np.float64]:
        """The middle of each of so many cells from low to high, (cells,)."""
        shares = (np.arange(cells) + 0.5) / cells
        return self.low * (1 - shares) + self.high * shares

    def cells(self, values: NDArray[Any], cells: int) -> NDArray[np.int64]:
        """In which of so many cells each value lies, (n,), -1 outside; the middle one on an axis without a length."""
        values = np.asarray(values, np.float64)
        if self.low == self.high:
            return np.full(len(values), cells // 2)
        with np.errstate(invalid="ignore", over="ignore"):
            # Halves, since the whole length may be too large for a float.
            shares = (values / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
            inside = (values >= self.low) & (values <= self.high)
        found = np.minimum(np.where(inside, shares, 0.0) * cells, cells - 1).astype(np.int64)
        return np.where(inside, found, -1)


@dataclass(frozen=True, eq=False)
class Plane:
    """A grid of rows for a network: `matrix` float32 (height · width, features), line by line from the top.

    Each row is the middle of a cell. The first column of the grid is the lowest `across`, its first line the highest
    `up`. `held` names the texts of the columns that are the same all over it; {} in a plane of components.
    """

    across: Axis
    up: Axis
    width: int
    height: int
    matrix: NDArray[np.float32]
    held: Mapping[str, str]


def number_inputs(fitted: FittedPreparation) -> tuple[str, ...]:
    """The names of the input columns that can be an axis, in their order."""
    return tuple(column.name for column in fitted.inputs if column.minimum is not None)


def plane_of_columns(
    fitted: FittedPreparation,
    across: str,
    up: str,
    width: int,
    height: int,
    held: Mapping[str, str] | None = None,
) -> Plane:
    """The plane of two number columns, a little beyond their ranges in training, but within the rules for them.

    All other columns stand at the texts of `held`, or else at their typical training values. Raises ValueError where
    the two are one, or one is no number column.
    """
    if across == up:
        raise ValueError(f"a plane needs two different columns: '{across}' is one")
    sides = axis_of(fitted, across), axis_of(fitted, up)
    shared = _held(fitted, (across, up), held)
    x, y = sides[0].centres(width), sides[1].centres(height)[::-1]
    given = {across: np.tile(x, height), up: np.repeat(y, width)}
    return Plane(*sides, width, height, made_rows(fitted, height * width, shared, given), shared)


def line_of_column(
    fitted: FittedPreparation, name: str, width: int, held: Mapping[str, str] | None = None
) -> Plane:
    """The plane of one number column, of height 1, whose axis upwards has neither name nor length.

    See `plane_of_columns`. Raises ValueError where it is no number column.
    """
    across, shared = axis_of(fitted, name), _held(fitted, (name,), held)
    matrix = made_rows(fitted, width, shared, {name: across.centres(width)})
    return Plane(across, Axis("", 0.0, 0.0), width, 1, matrix, shared)


def axis_of(fitted: FittedPreparation, name: str) -> Axis:
    """The axis of a number column. Raises ValueError for any other."""
    column = column_of(fitted, name)
    if column.minimum is None or column.maximum is None:
        raise ValueError(f"the column '{name}' holds no numbers: it can't be an axis")
    low, high = _widened(column.minimum, column.maximum, column.step or 1.0)
    least, most = _limits(fitted, name)
    return Axis(name, max(low, min(least, column.minimum)), min(high, max(most, column.maximum)))


def _limits(fitted: FittedPreparation, name: str) -> tuple[float, float]:
    """What the rules for a number column allow: beyond, its cells count as missing."""
    from ann_tui.data.preparing.columns import NumberColumn

    for column in fitted.columns:
        if isinstance(column, NumberColumn) and column.name == name:
            least, most = column.rules.minimum, column.rules.maximum
            return -math.inf if least is None else least, math.inf if most is None else most
    return -math.inf, math.inf


def _widened(low: float, high: float, step: float) -> tuple[float, float]:
    """A range with its margins, or with a step to both sides where all is one number; finite."""
    margin = step if low == high else MARGIN * high - MARGIN * low
    largest = float(np.finfo(np.float64).max)
    return max(low - margin, -largest), min(high + margin, largest)


def _held(fitted: FittedPreparation, axes: tuple[str, ...], held: Mapping[str, str] | None) -> dict[str, str]:
    """The text of each input column that is no axis."""
    row = typical_row(fitted, held or {})
    return {name: text for name, text in row.items() if name not in axes}


def plane_of_components(x: NDArray[Any], width: int, height: int) -> tuple[Plane, NDArray[np.float64]]:
    """The plane in which rows x, (n, features), differ most, and where they lie in it, float64 (n, 2).

    Its axes are the first two principal components through the mean, of 2,000 evenly spaced rows at most (fewer where
    they are wide), in the unit of the matrix; the largest weight of each is positive, and the name says its share of
    the variance. With one feature the second axis has no length. Raises ValueError where there is no row.
    """
    if not len(x):
        raise ValueError("a plane of components needs rows: there are none")
    most = max(2, min(MOST_ROWS, MOST_NUMBERS // x.shape[1]))
    sample = x[evenly_spaced(len(x), most)].astype(np.float64)
    mean = sample.mean(axis=0)
    sample -= mean
    directions, shares = _components(sample)
    parts = [x[start : start + MOST_ROWS] for start in range(0, len(x), MOST_ROWS)]
    found: Array = np.concatenate([(part - mean) @ directions.T for part in parts])
    names = [f"component {number} ({100 * share:.0f} %)" for number, share in enumerate(shares.tolist(), 1)]
    ends = [_widened(float(line.min()), float(line.max()), 1.0) for line in found.T]
    if x.shape[1] < 2:
        ends[1] = 0.0, 0.0
    across, up = Axis(names[0], *ends[0]), Axis(names[1], *ends[1])
    a, b = np.tile(across.centres(width), height), np.repeat(up.centres(height)[::-1], width)
    matrix = (np.column_stack([a, b]) @ directions + mean).astype(np.float32)
    return Plane(across, up, width, height, matrix, {}), found


def _components(centred: Array) -> tuple[Array, Array]:
    """The first two directions, (2, features), and their shares of the variance, (2,); 0 for those there are not."""
    directions, shares = np.zeros((2, centred.shape[1])), np.zeros(2)
    with one_thread():
        if centred.shape[1] > MOST_EXACT:
            from sklearn.utils.extmath import randomized_svd

            _, sizes, rising = randomized_svd(centred.astype(np.float32), 2, random_state=0)
        else:
            _, sizes, rising = np.linalg.svd(centred, full_matrices=False)
    count = min(2, len(rising))
    largest = np.abs(rising[:count]).argmax(axis=1)
    signs = np.where(rising[np.arange(count), largest] < 0, -1.0, 1.0)
    directions[:count] = rising[:count] * signs[:, None]
    whole = float(np.square(centred).sum())
    if whole > 0:
        shares[:count] = np.square(sizes[:count]) / whole
    return directions, shares


def places(
    plane: Plane, across: NDArray[Any], up: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The column and the line of the grid in which each of n points lies, (n,) each; both -1 outside or for NaN.

    `across` and `up` (n,) are in the axes' units.
    """
    columns = plane.across.cells(across, plane.width)
    lines = plane.up.cells(up, plane.height)
    outside = (columns < 0) | (lines < 0)
    turned = plane.height - 1 - lines if plane.up.low < plane.up.high else lines
    return np.where(outside, -1, columns), np.where(outside, -1, turned)


def answers(network: Network, plane: Plane, fitted: FittedPreparation | None = None) -> Array:
    """What the network answers in each cell: probabilities (height, width, classes), or numbers (height, width).

    With `fitted` numbers are in the target's own unit, float64, else as `predict` gives them.
    """
    found = answers_for(network, plane.matrix, fitted)
    return found.reshape(plane.height, plane.width, *found.shape[1:])

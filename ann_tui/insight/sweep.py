"""What a network would answer for a row if one of its cells were another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.made_rows import answers_for, column_of, made_rows, typical_row
from ann_tui.network.arrays import Array
from ann_tui.network.network import Network

if TYPE_CHECKING:
    from ann_tui.data.preparing.fitted import FittedPreparation
    from ann_tui.data.preparing.input_column import InputColumn

STEPS = 24
FEWEST_DIGITS, MOST_DIGITS = 6, 17
"""With 17 digits no two numbers are written alike."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """The texts that a column was given, all else being as in the row, and what the network answers.

    `outputs` are probabilities (values, classes), or numbers (values,) in the target's own unit.
    """

    name: str
    values: tuple[str, ...]
    outputs: Array


@dataclass(frozen=True, eq=False)
class SweptRows:
    """The rows of several sweeps as a matrix, float32 (rows, features), which networks can answer again and again.

    `values` are the texts that each column goes through, in the order of the rows.
    """

    fitted: FittedPreparation
    values: Mapping[str, tuple[str, ...]]
    matrix: NDArray[np.float32]

    def answered_by(self, network: Network) -> tuple[Sweep, ...]:
        """Each column's sweep; of several members the joint answers."""
        outputs, first, found = answers_for(network, self.matrix, self.fitted), 0, []
        for name, texts in self.values.items():
            found.append(Sweep(name, texts, outputs[first : first + len(texts)]))
            first += len(texts)
        return tuple(found)


def can_be_swept(fitted: FittedPreparation) -> tuple[str, ...]:
    """The names of the input columns that have a range or categories, in their order: not dates and free texts."""
    return tuple(column.name for column in fitted.inputs if column.minimum is not None or column.categories)


def swept_rows(
    fitted: FittedPreparation, row: Mapping[str, str], names: Sequence[str], steps: int = STEPS
) -> SweptRows:
    """The rows in which one of these columns after the other goes over its range.

    A number goes evenly from the smallest to the largest training value, written as its column has it; any other column
    goes through its categories, the `steps` most frequent ones. The other cells are those of `row`, or typical where it
    has none. Raises ValueError for a column without range and categories.
    """
    values = {name: _values(column_of(fitted, name), steps) for name in names}
    usual, total = typical_row(fitted, row), sum(map(len, values.values()))
    given, first = {}, 0
    for name, texts in values.items():
        cells = np.full(total, usual[name], object)
        cells[first : first + len(texts)] = texts
        given[name], first = cells, first + len(texts)
    return SweptRows(fitted, values, made_rows(fitted, total, usual, given))


def sweep(
    fitted: FittedPreparation, network: Network, row: Mapping[str, str], name: str, steps: int = STEPS
) -> Sweep:
    """What the network answers for a row when one column goes over its range; see `swept_rows`."""
    return swept_rows(fitted, row, [name], steps).answered_by(network)[0]


def sweeps(
    fitted: FittedPreparation, network: Network, row: Mapping[str, str], steps: int = STEPS
) -> tuple[Sweep, ...]:
    """The sweep of each column that can be swept, in their order; dates and free texts are left out."""
    return swept_rows(fitted, row, can_be_swept(fitted), steps).answered_by(network)


def _values(column: InputColumn, steps: int) -> tuple[str, ...]:
    """The different texts that a column goes through."""
    if column.minimum is None or column.maximum is None:
        if not column.categories:
            raise ValueError(f"the column '{column.name}' has neither a range nor categories to go through")
        return column.categories[:steps]
    shares, low, high = np.linspace(0, 1, steps), column.minimum, column.maximum
    # A difference of the ends may be too large for a float, and a sum of shares lie beside them by rounding.
    numbers = np.unique(np.clip(low * (1 - shares) + high * shares, low, high)).tolist()
    digits = _digits_for(numbers)
    return tuple(dict.fromkeys(column.written(_in_digits(number, digits)) for number in numbers))


def _digits_for(rising: Sequence[float]) -> int:
    """In how many digits numbers at even distances are to be written: rounding moves none by much of a distance."""
    if len(rising) < 2:
        return MOST_DIGITS
    distance = (rising[-1] / 2 - rising[0] / 2) / (len(rising) - 1)
    largest = max(abs(rising[0]), abs(rising[-1]))
    wanted = (
        math.floor(math.log10(largest)) - math.floor(math.log10(distance)) + 3 if distance else MOST_DIGITS
    )
    return min(max(wanted, FEWEST_DIGITS), MOST_DIGITS)


def _in_digits(number: float, digits: int) -> str:
    """A number in so many digits; with an exponent only where it is far from 1."""
    if number and not 1e-5 <= abs(number) < 1e16:
        return np.format_float_scientific(number, digits - 1, trim="-")
    return np.format_float_positional(number, digits, fractional=False, trim="-")

"""The piecewise linear encoding of a number: for each bin, how far through it the number is."""

from __future__ import annotations

import math
from itertools import pairwise

import msgspec
import numpy as np

from ann_tui.data.cells.values import Floats
from ann_tui.data.choices.number_encodings import NUMBER_ENCODING
from ann_tui.data.preparing.checks import check, check_finite
from ann_tui.data.preparing.encoding import Matrix

_DIGITS = range(6, 18)
"""With 17 digits no two numbers are written alike."""


class NumberBins(msgspec.Struct, frozen=True):
    """One feature a bin: 0 below it, 1 above it, linear within it.

    A number outside of all bins is all 0 or all 1, where the paper lets the outer bins go on: here the scaled number
    that stands beside them does. Gorishniy, Rubachev, Babenko: On Embeddings for Numerical Features in Tabular Deep
    Learning, 2022, equation 1.
    """

    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        """Checks that the edges rise. Raises ValueError."""
        check_finite(*self.edges)
        check(len(self.edges) > 1, "a bin needs two edges")
        check(all(low < high for low, high in pairwise(self.edges)), "the edges of the bins don't rise")

    def __len__(self) -> int:
        """How many bins there are, at least 1."""
        return len(self.edges) - 1

    def names(self, column: str) -> tuple[str, ...]:
        """The name of each feature, such as "age 31–38"; no two are alike."""
        between = "–" if self.edges[0] >= 0 else " to "
        return tuple(f"{column} {low}{between}{high}" for low, high in pairwise(self._written))

    def write(self, values: Floats, out: Matrix) -> None:
        """Fills `out`, float32 (n, bins), with numbers from 0 to 1; `values` float64 (n,), without NaN."""
        for place, (low, high) in enumerate(pairwise(self.edges)):
            # The width of a bin between numbers near the largest float overflows; that of halves does not.
            unit = 1.0 if math.isfinite(high - low) else 0.5
            inside = np.clip(values, low, high) * unit - low * unit
            out[:, place] = inside / (high * unit - low * unit)

    @property
    def text(self) -> str:
        """The fitted edges in words."""
        written = self._written
        return f"{len(self)} bin{'' if len(self) == 1 else 's'} from {written[0]} to {written[-1]}"

    @property
    def _written(self) -> list[str]:
        """The edges with as few digits as tell them apart, six at least."""
        for digits in _DIGITS:
            written = [f"{edge:.{digits}g}" for edge in self.edges]
            if len(set(written)) == len(written):
                break
        return written


def fit_number_bins(option: str, values: Floats, columns: int) -> NumberBins | None:
    """Fits the bins of an option of `NUMBER_ENCODING`, None where it gives none.

    `values` are training values, float64 (n,) without NaN, n at least 1; `columns` is how many number columns there
    are.
    """
    edges = NUMBER_ENCODING[option].edges(values, columns)
    return NumberBins(edges) if edges else None

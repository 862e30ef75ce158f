"""The bins of a number column, of which the network sees how far through each a number is; see `InputBins`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import msgspec
import numpy as np

from ann_tui.data.cells.values import Floats
from ann_tui.data.choices.number_encodings import NUMBER_ENCODING
from ann_tui.data.preparing.checks import check, check_finite

_DIGITS = range(6, 18)
"""With 17 digits no two numbers are written alike."""


class NumberBins(msgspec.Struct, frozen=True):
    """Bins between edges, in the column's own unit."""

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
        """The name of each bin, such as "age 31–38"; no two are alike."""
        between = "–" if self.edges[0] >= 0 else " to "
        return tuple(f"{column} {low}{between}{high}" for low, high in pairwise(self._written))

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


def fit_number_bins(
    option: str, values: Floats, columns: int, scaled: Callable[[Floats], Floats]
) -> NumberBins | None:
    """Fits the bins of an option of `NUMBER_ENCODING`, None where it gives none.

    `values` are training values, float64 (n,) without NaN, n at least 1; `columns` is how many number columns there
    are. Edges which `scaled` brings together in float32 are one.
    """
    found = np.array(NUMBER_ENCODING[option].edges(values, columns), np.float64)
    _, apart = np.unique(scaled(found).astype(np.float32), return_index=True)
    return NumberBins(tuple(found[apart].tolist())) if len(apart) > 2 else None

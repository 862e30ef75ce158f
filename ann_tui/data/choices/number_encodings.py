"""What a network gets beside each scaled number: each option with the edges of the bins that it takes from training.

To add one, enter it here: the app, the command line and the experiment file list it by themselves. Choices are made
before anything heavy is imported: a function imports what it fits with. What is done with the edges stands in
`preparing/number_bins.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MOST_BINS = 24
FEWEST_BINS = 3
"""A column for which fewer bins would be drawn gets none."""
ROWS_PER_FEATURE = 3
"""How many training rows there are for each feature that the bins of all number columns give together."""


@dataclass(frozen=True)
class NumberEncoding(Option):
    """One entry of `NUMBER_ENCODING`.

    `edges` takes training values, float64 (n,) without NaN, n at least 1, and how many number columns there are. It
    gives the edges of the bins, rising, two or more of them, or () where the scaled number stands alone.
    """

    edges: Callable[[Floats, int], tuple[float, ...]] = field(kw_only=True)


def bin_count(rows: int, columns: int) -> int:
    """How many bins are drawn for one of so many number columns from so many training rows: 0, or 3 to 24."""
    count = min(MOST_BINS, rows // (ROWS_PER_FEATURE * columns))
    return count if count >= FEWEST_BINS else 0


def quantile_edges(values: Floats, columns: int) -> tuple[float, ...]:
    """Training values at evenly spaced ranks, each once; () where that gives no two bins.

    Values of training rather than numbers between them, so that names of bins are as short as the column's cells.
    Gorishniy, Rubachev, Babenko: On Embeddings for Numerical Features in Tabular Deep Learning, 2022, section 3.2.1.
    """
    import numpy as np

    count = bin_count(len(values), columns)
    if not count:
        return ()
    found = np.unique(np.quantile(values, np.linspace(0.0, 1.0, count + 1), method="nearest"))
    return tuple(float(edge) for edge in found) if len(found) > 2 else ()


NUMBER_ENCODING: dict[str, NumberEncoding] = {
    each.name: each
    for each in (
        NumberEncoding("as they are", "the scaled number alone", edges=lambda values, columns: ()),
        NumberEncoding(
            "piecewise linear",
            "up to 24 inputs more, one a bin: 0 below the bin, 1 above it, linear within",
            edges=quantile_edges,
        ),
    )
}

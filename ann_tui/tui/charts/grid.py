"""Where a share of an axis lies on a grid of cells, each of which has 2 × 4 dots."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DOTS_ACROSS, DOTS_DOWN = 2, 4
"""The dots of a braille character."""

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def dot_columns(shares: Floats, width: int) -> Places:
    """The column of dots, from the left, of each share of a horizontal axis that is `width` cells long."""
    return _rounded(shares * (width * DOTS_ACROSS - 1))


def dot_rows(shares: Floats, height: int) -> Places:
    """The row of dots, from the top, of each share of a vertical axis that is `height` cells high."""
    return _rounded((1 - shares) * (height * DOTS_DOWN - 1))


def columns_of(shares: Floats, width: int) -> Places:
    """The column of cells of each share; at most half a cell's width lies between it and the column's middle."""
    return dot_columns(shares, width) // DOTS_ACROSS


def rows_of(shares: Floats, height: int) -> Places:
    """The row of cells, from the top, of each share; at most half a cell's height lies between it and its middle."""
    return dot_rows(shares, height) // DOTS_DOWN


def _rounded(places: NDArray[Any]) -> Places:
    return np.floor(places + 0.5).astype(np.int64)

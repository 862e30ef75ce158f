"""Numbers that are encoded piecewise linearly on their way into the network, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.arrays import Array
from ann_tui.network.design import DesignError


class InputBins:
    """One input a bin: 0 where the feature lies below it, 1 above it, linear within it.

    A feature outside of all its bins is all 0 or all 1, where the paper lets the outer bins go on: here the feature
    itself, which stands beside them, does. Gorishniy, Rubachev, Babenko: On Embeddings for Numerical Features in
    Tabular Deep Learning, 2022, equation 1.
    """

    def __init__(self, edges: Iterable[tuple[int, NDArray[np.float32]]]) -> None:
        """From places of features with the rising edges of their bins, two or more. Raises `DesignError`."""
        bins = [(place, *pair) for place, values in edges for pair in pairwise(values.tolist())]
        places, low, high = zip(*bins, strict=True)
        self.features = np.array(places, np.intp)
        self.low = np.array(low, np.float32)
        self.high = np.array(high, np.float32)
        self.width = self.high - self.low
        if not (self.width > 0).all():
            raise DesignError("the edges of the bins don't rise")

    def __len__(self) -> int:
        """How many there are."""
        return len(self.features)

    def write(self, rows: Array, out: Array) -> None:
        """Fill `out`, (n, bins), for `rows`, (n, features)."""
        found = rows.take(self.features, 1)
        np.clip(found, self.low, self.high, found)
        np.subtract(found, self.low, found)
        np.divide(found, self.width, out)

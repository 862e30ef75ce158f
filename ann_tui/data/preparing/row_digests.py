"""A number for each prepared row, by which rows are told to be the same without keeping them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.row_prints import Prints, mixed

MOST_KNOWN = 100_000
"""So many digests are kept of the rows of a training, 8 bytes each."""
_ROWS = 16_384


def row_digests(x: npt.NDArray[np.float32], answers: npt.NDArray[Any]) -> Prints:
    """A 64-bit digest of each row's inputs, float32 (n, features), and its true answer (n,), codes or numbers.

    Equal rows have equal digests in every process. Different rows have different ones but for chance: each cell is
    mixed (Fibonacci hashing, Knuth 1973) and the row is their sum with fixed random odd weights modulo 2⁶⁴.
    """
    rows, features = x.shape
    weights = np.random.Generator(np.random.PCG64(0)).integers(0, 2**64, features, np.uint64) | np.uint64(1)
    found = mixed((np.asarray(answers, dtype=np.float64) + 0.0).view(np.uint64))
    for start in range(0, rows, _ROWS):
        cells = (x[start : start + _ROWS] + np.float32(0)).view(np.uint32).astype(np.uint64)
        found[start : start + _ROWS] += (mixed(cells) * weights).sum(axis=1, dtype=np.uint64)
    return mixed(found)


@dataclass(frozen=True, eq=False)
class KnownRows:
    """The rows that a network was trained on, by their digests alone: uint64, sorted.

    Of many rows only those whose digest is divisible by `one_in` are known, a sample that does not depend on order.
    """

    digests: Prints
    one_in: int = 1

    @classmethod
    def of(cls, digests: Prints) -> KnownRows:
        """Of rows with these digests (n,), at most some `MOST_KNOWN`."""
        one_in = -(-len(digests) // MOST_KNOWN) or 1
        return cls(np.unique(digests[digests % np.uint64(one_in) == 0]), one_in)

    def hold(self, digests: Prints) -> npt.NDArray[np.bool_]:
        """Which of these rows are known, bool (n,)."""
        return np.isin(digests, self.digests)

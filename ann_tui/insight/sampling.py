"""Some of many, evenly spaced: enough to see."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.arrays import Array


def evenly_spaced(count: int, most: int) -> NDArray[np.int64]:
    """The places of `most` things among `count`, or of all where these are fewer."""
    return np.arange(count) if count <= most else np.arange(most) * count // most


def some_entries(matrices: Sequence[Array], most: int) -> Array:
    """The entries of matrices, or every so-manieth of them where there are more than `most`, in one vector.

    The step shares no divisor with a matrix's width, so that the entries come from all its columns.
    """
    step = max(1, math.ceil(sum(matrix.size for matrix in matrices) / most))
    while any(math.gcd(step, matrix.shape[-1]) > 1 for matrix in matrices):
        step += 1
    return np.concatenate([matrix.reshape(-1)[::step] for matrix in matrices])[:most]

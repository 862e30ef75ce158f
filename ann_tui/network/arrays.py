"""The array types that the engine shares."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""An array; its float type is float32 in training, and float64 where gradients are checked."""

Operation = Callable[[], None]
"""A bound operation: it knows its arrays and takes nothing."""


def length(vector: Array) -> float:
    """The square root of the sum of squares, also where a square is too large for the type."""
    square = float(vector.dot(vector))
    if math.isfinite(square):
        return math.sqrt(square)
    largest = float(np.abs(vector).max())
    return largest * float(np.linalg.norm(vector / vector.dtype.type(largest)))


def softplus(z: Array) -> Array:
    """ln(1 + exp(z)) = max(z, 0) + ln(1 + exp(-|z|)), which can't overflow and is ten times as fast as logaddexp."""
    found = np.abs(z)
    np.negative(found, found)
    np.exp(found, found)
    np.log1p(found, found)
    np.add(found, np.maximum(z, np.zeros_like(z)), found)
    return found


def constant(value: float, like: Array) -> Array:
    """`value` as an array without axes: NumPy takes it four times faster than a Python float."""
    return np.array(value, like.dtype)


def column_sums(matrix: Array) -> Array:
    """The sum of each column of (lines, columns, …), with the same bits whatever columns stand beside it.

    NumPy's own sums and matrix products take another order for one column than for many.
    """
    total: Array = matrix[0].copy()
    for line in matrix[1:]:
        np.add(total, line, total)
    return total


def lines_mean(matrix: Array) -> Array:
    """The mean of each column of (lines, columns, …); see `column_sums`."""
    found: Array = column_sums(matrix) / matrix.dtype.type(len(matrix))
    return found


def lines_log_mean(matrix: Array) -> Array:
    """The logarithm of the mean of exp of each column of (lines, columns, …), which can't overflow."""
    highest: Array = np.maximum.reduce(matrix)
    found = lines_mean(np.exp(matrix - highest))
    np.log(found, found)
    np.add(found, highest, found)
    return found

"""Rows of a table as one number each, which is the same for equal rows."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.parsed import ParsedColumn
from ann_tui.data.cells.table import Table

Prints = npt.NDArray[np.uint64]

_MIX = np.uint64(0x9E3779B97F4A7C15)


def mixed(values: Prints) -> Prints:
    """Each number spread over all 64 bits (Fibonacci hashing, Knuth 1973, before and after a shift)."""
    values = values * _MIX
    spread: Prints = (values ^ (values >> np.uint64(32))) * _MIX
    return spread


def row_prints(table: Table, spelled: Collection[str] = ()) -> Prints:
    """A number for each row, uint64 (n,): equal where all cells are, and else different but for chance.

    The columns `spelled` are compared as the file spells their cells.
    """
    total = np.zeros(len(table.frame), dtype=np.uint64)
    for name in table.frame.columns:
        cells = mixed(_bits(table.parsed[name], name in spelled))
        total = (total ^ (total >> np.uint64(31))) * _MIX + cells
    return total


def _bits(column: ParsedColumn, spelled: bool) -> Prints:
    """64 bits for each cell, the same for equal cells of the column."""
    values = column.values
    if spelled:
        return (column.written.codes.astype(np.int64) + 1).view(np.uint64)
    if values.dtype.kind in "if":
        numbers = values.to_numpy(dtype=np.float64) + 0.0
        return np.where(np.isnan(numbers), np.nan, numbers).view(np.uint64)
    return (column.codes + 1).view(np.uint64)

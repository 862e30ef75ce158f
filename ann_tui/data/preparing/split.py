"""The split: which rows train, which choose the best epoch, and which judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ann_tui.data.cells.values import Floats, Numbers, Rows, Values
from ann_tui.data.choices.checks import PreparationError
from ann_tui.data.choices.split import Split
from ann_tui.data.choices.splits import Draw, without


@dataclass(frozen=True)
class Assignment:
    """Positions of the rows of each part, int64, each in ascending order."""

    training: Rows
    validation: Rows
    test: Rows


def split_rows(rows: Rows, classes: Rows | None, split: Split, order: Values | None = None) -> Assignment:
    """Assigns usable rows (positions in ascending order, int64 (n,)) to the three parts.

    `classes` (n,) are the class codes for a stratified split, or None; `order` (n,) the cells of the
    group or time column, or None for the order of the rows. A part with a fraction above 0 gets at least
    one row. Raises PreparationError when no row is left to train on.
    """
    total = len(rows)
    test = 0 if split.way.second_file else _size(split.test, total)
    validation = _size(split.validation, total)
    if total - test - validation < 1:
        parts = " and ".join(name for name, size in (("test", test), ("validation", validation)) if size)
        raise PreparationError(
            f"{total} usable row{' is' if total == 1 else 's are'} too few to train on after taking {parts} "
            "rows: add rows, or set the fractions to 0"
        )
    numbers = None if order is None else cells_as_numbers(order)
    draw = Draw(
        total, test, validation, (split.test, split.validation), split.seed, classes, numbers, split.column
    )
    held_out, chosen = split.way.assign(draw)
    training = without(total, np.concatenate([held_out, chosen]))
    return Assignment(rows[training], rows[np.sort(chosen)], rows[np.sort(held_out)])


def cells_as_numbers(cells: Values) -> Floats:
    """Cells as numbers that sort as they do, float64 (n,), NaN where missing."""
    values = cells.values if isinstance(cells, Numbers) else cells.codes
    found: Floats = np.where(cells.missing, np.nan, values).astype(np.float64)
    return found


def _size(fraction: float, total: int) -> int:
    return max(1, round(fraction * total)) if fraction > 0 else 0

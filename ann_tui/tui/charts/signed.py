"""Numbers with a sign as characters: how large by density, above or below 0 by shape and by colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ann_tui.tui.charts.canvas import Canvas, Ink

POSITIVE, NEGATIVE = " ·░▒▓█", " -⠒⠶⣶⣿"
"""From nothing to the most: blocks above 0, dots below."""
ABOVE, BELOW = "line-training", "line-validation"
"""The colours of what is above 0, and of what is below."""

_RAMPS = np.array([[ord(character) for character in ramp] for ramp in (NEGATIVE, POSITIVE)], np.uint32)
_LEVELS = len(POSITIVE) - 1
_PALETTE = [Ink(BELOW), Ink(ABOVE)]


def largest(values: NDArray[np.floating]) -> float:
    """What counts as the most: the largest size of finite values; 1 where all are 0 or none is finite."""
    sizes = np.abs(values[np.isfinite(values)])
    return float(sizes.max(initial=0.0)) or 1.0


def draw_signed(
    canvas: Canvas, row: int, column: int, values: NDArray[np.floating], most: float, *, across: int = 1
) -> None:
    """Draw values (height, width) from a cell on, each `across` columns wide; `most` is as dense as can be.

    What isn't finite is drawn as `?`.
    """
    fine = np.isfinite(values)
    found = np.where(fine, values, 0.0)
    levels = np.ceil(np.minimum(np.abs(found) / most, 1.0) * _LEVELS - 1e-6).astype(np.intp)
    positive = (found >= 0).astype(np.intp)
    characters = np.where(fine, _RAMPS[positive, levels], np.uint32(ord("?")))
    canvas.cells(
        row, column, np.repeat(characters, across, axis=1), np.repeat(positive, across, axis=1), _PALETTE
    )

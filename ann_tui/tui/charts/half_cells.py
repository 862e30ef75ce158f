"""Maps in half cells: the upper and the lower half of each has a colour of its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ann_tui.tui.charts.canvas import Canvas, Ink

UPPER = ord("▀")
FAINTEST = 0.08
STRONGEST = 0.62
Shade = tuple[str, float]
"""A colour, and how much of it there is beside the background."""


def strength(level: int, levels: int, faintest: float = FAINTEST) -> float:
    """How strong the colour of a level is, of so many, the first of which is the faintest."""
    return faintest + (STRONGEST - faintest) * level / (levels - 1)


def draw_halves(canvas: Canvas, codes: NDArray[np.integer], shade_of: Callable[[int], Shade]) -> None:
    """Fill a canvas from its upper left corner with codes (2 · height, width), not negative; each has its shade."""
    upper, lower = codes[::2].astype(np.int64), codes[1::2].astype(np.int64)
    width = int(codes.max(initial=0)) + 1
    pairs, inks = np.unique(upper * width + lower, return_inverse=True)
    palette = []
    for pair in pairs.tolist():
        (colour, much), (behind, behind_much) = map(shade_of, divmod(pair, width))
        palette.append(Ink(colour, much, behind=behind, behind_strength=behind_much))
    canvas.cells(0, 0, np.full(upper.shape, UPPER, np.uint32), inks.reshape(upper.shape), palette)

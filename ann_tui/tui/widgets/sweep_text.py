"""What a field of a row does to the answer, as a few bars."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from ann_tui.figures import BARS, number, percent
from ann_tui.insight.sweep import Sweep
from ann_tui.tui.text import line

CELLS = 12


def sweep_text(sweep: Sweep, code: int | None) -> Text:
    """Bars of the answer over a field's range, and from where to where it goes.

    `code` is the class whose probability is meant, from 0 to 1 in height; None for a number, whose bars span its range.
    """
    values = np.asarray(sweep.outputs if code is None else sweep.outputs[:, code], np.float64)
    if not len(values) or not np.isfinite(values).all():
        return line(("–", "dim"))
    low, high = float(values.min()), float(values.max())
    places = np.linspace(0, len(values) - 1, min(CELLS, len(values))).round().astype(int)
    floor, span = (0.0, 1.0) if code is not None else (low, (high - low) or 1.0)
    levels = np.clip(((values[places] - floor) / span * len(BARS)).astype(int), 0, len(BARS) - 1)
    bars = "".join(BARS[level] for level in levels.tolist())
    if code is not None:
        ends = (
            f"{percent(low, 0)}–{percent(high, 0)}"
            if percent(low, 0) != percent(high, 0)
            else percent(low, 0)
        )
    else:
        ends = f"{number(low, 3)}–{number(high, 3)}" if high > low else number(low, 3)
    return line(f"{bars:<{CELLS}}", (f" {ends}", "dim"))

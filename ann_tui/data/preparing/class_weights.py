"""How much a row counts, by its class."""

from __future__ import annotations

import numpy as np

from ann_tui.data.cells.values import Rows
from ann_tui.data.choices.target_options import CLASS_WEIGHTS


def fit_class_weights(method: str, codes: Rows, classes: int) -> tuple[float, ...]:
    """The weight of each class, with a mean of 1 over the training rows' codes, int64 (n,); () where all are 1."""
    of = CLASS_WEIGHTS[method].of
    if of is None:
        return ()
    counts = np.maximum(np.bincount(codes, minlength=classes), 1)
    weights = of(counts)
    return tuple((weights * len(codes) / (weights * counts).sum()).tolist())

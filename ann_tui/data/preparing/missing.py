"""Imputation values: what a missing cell is filled with."""

from __future__ import annotations

import numpy as np

from ann_tui.data.cells.values import Floats, Labels

_STRATEGIES = {"mean": "mean", "most frequent": "most_frequent"}


def fit_number_fill(method: str, constant: float, values: Floats) -> float:
    """The number that fills a gap, from training values, float64 (n,) without NaN, n at least 1.

    Methods that look at other columns, or drop rows, fall back on the median.
    """
    from sklearn.impute import SimpleImputer

    if method == "constant":
        return constant
    imputer = SimpleImputer(strategy=_STRATEGIES.get(method, "median"))
    return float(imputer.fit(values.reshape(-1, 1)).statistics_[0])


def fit_label_fill(values: Labels) -> str:
    """The most frequent training label; the first in sorted order among equally frequent ones."""
    return values.labels[int(np.argmax(values.counts()))]

"""Outliers: fences from where to where a number is usual, and rows that a forest isolates quickly."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.values import Floats, Mask
from ann_tui.data.preparing.checks import check, check_finite

FOREST = "isolation forest"


class Fence(msgspec.Struct, frozen=True):
    """The usual range of a column, from `lower` to `upper`, and what happens to a number outside.

    `action` is "clip", "drop" (training rows only; other rows keep the number) or "mark missing".
    """

    method: str
    lower: float
    upper: float
    action: str

    def __post_init__(self) -> None:
        """Checks that the range is one. Raises ValueError."""
        check_finite(self.lower, self.upper)
        check(self.lower <= self.upper, "an outlier fence has its lower end above its upper one")

    def outside(self, values: Floats) -> Mask:
        """Where a number lies outside, bool (n,); missing ones don't."""
        with np.errstate(invalid="ignore"):
            return (values < self.lower) | (values > self.upper)

    def apply(self, values: Floats) -> Floats:
        """The numbers after the action, float64 (n,)."""
        if self.action == "clip":
            return np.clip(values, self.lower, self.upper)
        if self.action == "mark missing":
            return np.where(self.outside(values), np.nan, values)
        return values


def fit_fence(method: str, limit: float | None, action: str, values: Floats) -> Fence | None:
    """Fits an "iqr" or "z-score" fence on training values, float64 (n,) without NaN.

    None where there are too few values to tell (fewer than 4), or where all usual ones are alike. IQR:
    from the lower quartile - limit * width to the upper quartile + limit * width (Tukey, Exploratory Data
    Analysis, 1977).
    """
    if len(values) < 4:
        return None
    if method == "iqr":
        low, high = (float(each) for each in np.percentile(values, (25, 75)))
        reach = (1.5 if limit is None else limit) * (high - low)
        lower, upper = low - reach, high + reach
    elif method == "z-score":
        mean, reach = float(values.mean()), (3.0 if limit is None else limit) * float(values.std())
        lower, upper = mean - reach, mean + reach
    else:
        return None
    return Fence(method, lower, upper, action) if upper > lower else None


def isolated_rows(numbers: npt.NDArray[np.float64], share: float | None, seed: int) -> Mask:
    """Which training rows (n, columns), NaN allowed, a forest isolates quickest, bool (n,).

    `share` is the fraction of rows to find, 0.05 for None. Missing numbers count as the column's median.
    Liu, Ting and Zhou, Isolation Forest, 2008.
    """
    from sklearn.ensemble import IsolationForest

    if len(numbers) < 4:
        return np.zeros(len(numbers), dtype=bool)
    filled = np.where(np.isnan(numbers), np.nanmedian(numbers, axis=0), numbers).astype(np.float32)
    forest = IsolationForest(contamination=min(0.5, 0.05 if share is None else share), random_state=seed)
    return np.asarray(forest.fit_predict(filled) < 0, dtype=bool)


def inlier_fence(values: Floats, isolated: Mask, action: str) -> Fence | None:
    """The range of a column, float64 (n,), over the rows that aren't isolated; None where it is empty."""
    kept = values[~isolated & ~np.isnan(values)]
    if not len(kept):
        return None
    lower, upper = float(kept.min()), float(kept.max())
    return Fence(FOREST, lower, upper, action) if upper > lower else None

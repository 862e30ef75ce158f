"""Outliers: fences from where to where a number is usual, and rows that stand apart."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.magnitude import safe_unit
from ann_tui.data.cells.values import Floats, Mask
from ann_tui.data.choices.outliers import OUTLIER_ACTIONS, OUTLIERS
from ann_tui.data.preparing.checks import check, check_finite

FLOAT32_FAR = 1e30
_FARTHEST = 1e307


class Fence(msgspec.Struct, frozen=True):
    """The usual range of a column, from `lower` to `upper`, and what happens to a number outside.

    With an action that leaves rows out, training rows only, other rows keep the number.
    """

    method: str
    lower: float
    upper: float
    action: str

    def __post_init__(self) -> None:
        """Checks that the range is one. Raises ValueError."""
        check_finite(self.lower, self.upper)
        check(self.action in OUTLIER_ACTIONS, f"no such action on outliers: '{self.action}'")
        check(self.lower <= self.upper, "an outlier fence has its lower end above its upper one")

    def outside(self, values: Floats) -> Mask:
        """Where a number lies outside, bool (n,); missing ones don't."""
        with np.errstate(invalid="ignore"):
            return (values < self.lower) | (values > self.upper)

    def apply(self, values: Floats) -> Floats:
        """The numbers after the action, float64 (n,)."""
        apply = OUTLIER_ACTIONS[self.action].apply
        return values if apply is None else apply(values, self.lower, self.upper)

    @property
    def leaves_out(self) -> bool:
        """Whether training rows outside are left out."""
        return OUTLIER_ACTIONS[self.action].apply is None


def fit_fence(method: str, limit: float | None, action: str, values: Floats) -> Fence | None:
    """Fits a fence of `OUTLIERS` on training values, float64 (n,) without NaN.

    None where there are too few values to tell (fewer than 4), where all usual ones are alike, and where the method
    has no fence of one column.
    """
    fence = OUTLIERS[method].fence
    if fence is None or len(values) < 4:
        return None
    unit = safe_unit(values)
    lower, upper = (
        float(np.clip(each * unit, -_FARTHEST, _FARTHEST)) for each in fence(values / unit, limit)
    )
    return Fence(method, lower, upper, action) if upper > lower else None


def isolated_rows(method: str, numbers: npt.NDArray[np.float64], limit: float | None, seed: int) -> Mask:
    """Which training rows (n, columns), NaN allowed, a method that looks at all columns marks, bool (n,)."""
    isolate = OUTLIERS[method].isolate
    if isolate is None or len(numbers) < 4:
        return np.zeros(len(numbers), dtype=bool)
    units = [safe_unit(column, far=FLOAT32_FAR, near=1 / FLOAT32_FAR) for column in numbers.T]
    return isolate(numbers / np.array(units), limit, seed)


def inlier_fence(method: str, values: Floats, isolated: Mask, action: str) -> Fence | None:
    """The range of a column, float64 (n,), over the rows that aren't isolated; None where it is empty."""
    kept = values[~isolated & ~np.isnan(values)]
    if not len(kept):
        return None
    lower, upper = float(kept.min()), float(kept.max())
    return Fence(method, lower, upper, action) if upper > lower else None

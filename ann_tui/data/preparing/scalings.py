"""The scalings of numbers that can be chosen, each with what fits it to training values.

To add one, write such a function here under `@scaling`: the app, the command line and the experiment file list it by
themselves. The choices are made before anything heavy is imported, so that a function imports what it fits with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    from ann_tui.data.cells.values import Floats
    from ann_tui.data.preparing.scaling import Scaler

    Fit = Callable[[Floats], Scaler]


@dataclass(frozen=True)
class Scaling(Option):
    """One entry of `SCALING`; `fit` takes training values, float64 (n,) without NaN, n at least 1."""

    fit: Fit = field(kw_only=True)


SCALING: dict[str, Scaling] = {}


def scaling(name: str, summary: str) -> Callable[[Fit], Fit]:
    """Enter the decorated function into `SCALING`."""

    def enter(fit: Fit) -> Fit:
        SCALING[name] = Scaling(name, summary, fit=fit)
        return fit

    return enter


@scaling("standard", "mean 0, standard deviation 1: what most networks train best on")
def standard(values: Floats) -> Scaler:
    """(x - mean) / standard deviation."""
    from sklearn.preprocessing import StandardScaler

    from ann_tui.data.preparing.scaling import Linear

    fitted = StandardScaler().fit(values.reshape(-1, 1))
    return Linear("standard", float(fitted.mean_[0]), float(fitted.scale_[0]))


@scaling("min-max", "smallest training value 0, largest 1")
def min_max(values: Floats) -> Scaler:
    """(x - smallest) / (largest - smallest)."""
    from sklearn.preprocessing import MinMaxScaler

    from ann_tui.data.preparing.scaling import Linear

    fitted = MinMaxScaler().fit(values.reshape(-1, 1))
    return Linear("min-max", float(fitted.data_min_[0]), float(1.0 / fitted.scale_[0]))


@scaling("robust", "median 0, middle half of the values 1 wide: outliers don't move it")
def robust(values: Floats) -> Scaler:
    """(x - median) / width of the middle half."""
    from sklearn.preprocessing import RobustScaler

    from ann_tui.data.preparing.scaling import Linear

    fitted = RobustScaler().fit(values.reshape(-1, 1))
    return Linear("robust", float(fitted.center_[0]), float(fitted.scale_[0]))


@scaling("smooth clip", "robust, then squeezed softly between -3 and 3: x / sqrt(1 + (x / 3)^2)")
def smooth_clip(values: Floats) -> Scaler:
    """Where the middle half has no width, half of the whole range stands in."""
    import numpy as np

    from ann_tui.data.preparing.scaling import SmoothClip

    low, middle, high = (float(each) for each in np.percentile(values, (25, 50, 75)))
    smallest, largest = float(values.min()), float(values.max())
    width = high - low if high > low else (largest - smallest) / 2
    return SmoothClip(middle, 1.0 / width if width > 1e-30 else 0.0)


@scaling("quantile", "by rank onto a bell curve: any distribution becomes normal")
def quantile(values: Floats) -> Scaler:
    """Up to 1,000 quantiles."""
    from ann_tui.data.preparing.scaling import fit_quantiles

    return fit_quantiles(values)


@scaling("none", "leave the numbers as they are")
def none(values: Floats) -> Scaler:
    """X itself."""
    from ann_tui.data.preparing.scaling import Linear

    return Linear("none", 0.0, 1.0)

"""Scaling of numbers: what is fitted on training rows, and its formula."""

from __future__ import annotations

import sys
from itertools import pairwise

import msgspec
import numpy as np

from ann_tui.data.cells.magnitude import safe_unit
from ann_tui.data.cells.values import Floats
from ann_tui.data.choices.scalings import SCALING
from ann_tui.data.preparing.checks import check, check_finite

MOST_UNSCALED = 1e30
"""A number further from zero than this has no place in a float32 matrix unless it is scaled."""
SMALL = 1e-10
WIDEST = 1e6
"""A scaled value further out is cut here, so that an absurd new value can't overflow the network."""


class Linear(msgspec.Struct, frozen=True, tag="linear"):
    """(x - center) / scale: standard, min-max and robust scaling, and none with center 0 and scale 1."""

    method: str
    center: float
    scale: float

    def __post_init__(self) -> None:
        """Checks the numbers. Raises ValueError."""
        check_finite(self.center, self.scale)
        known = self.method in SCALING and SCALING[self.method].form == "linear"
        check(known and self.scale > 0, f"no such scaling: {self.method} by {self.scale}")

    def apply(self, values: Floats) -> Floats:
        """Scaled values, float64 (n,), finite for finite values."""
        if self.method == "none":
            return values
        with np.errstate(over="ignore"):
            return np.clip((values - self.center) / self.scale, -WIDEST, WIDEST)

    @property
    def text(self) -> str:
        """The fitted numbers in words."""
        return SCALING[self.method].done.format(
            center=self.center, scale=self.scale, one=self.center + self.scale
        )


class SmoothClip(msgspec.Struct, frozen=True, tag="smooth clip"):
    """x / sqrt(1 + (x / 3)^2) of robustly scaled x, which lies between -3 and 3.

    Holzmüller, Grinsztajn, Steinwart: Better by Default, 2024, section 3 ("robust scale and smooth clip").
    """

    center: float
    scale: float

    def __post_init__(self) -> None:
        """Checks the numbers. Raises ValueError."""
        check_finite(self.center, self.scale)

    @property
    def method(self) -> str:
        """The name of the option."""
        return "smooth clip"

    def apply(self, values: Floats) -> Floats:
        """Scaled values, float64 (n,), between -3 and 3."""
        with np.errstate(over="ignore"):
            scaled = np.clip((values - self.center) * self.scale, -WIDEST, WIDEST)
        return scaled / np.sqrt(1.0 + (scaled / 3.0) ** 2)

    @property
    def text(self) -> str:
        """The fitted numbers in words."""
        return f"median {self.center:.4g}, factor {self.scale:.4g}, squeezed between -3 and 3"


class Quantiles(msgspec.Struct, frozen=True, tag="quantile"):
    """The rank of x among the training values as the quantile of a normal distribution.

    `quantiles` are the training values at evenly spaced ranks from 0 to 1. The rank is interpolated from
    both sides, which gives the middle rank to a repeated value, as scikit-learn's QuantileTransformer
    does.
    """

    quantiles: tuple[float, ...]

    def __post_init__(self) -> None:
        """Checks that the quantiles rise. Raises ValueError."""
        check_finite(*self.quantiles)
        check(len(self.quantiles) > 0, "a quantile scaling needs quantiles")
        check(all(low <= high for low, high in pairwise(self.quantiles)), "the quantiles don't rise")

    @property
    def method(self) -> str:
        """The name of the option."""
        return "quantile"

    def apply(self, values: Floats) -> Floats:
        """Scaled values, float64 (n,), between -5.2 and 5.2."""
        from scipy.special import ndtri

        known = np.array(self.quantiles)
        ranks = np.linspace(0.0, 1.0, len(known)) if len(known) > 1 else np.array([0.5])
        upward = np.interp(values, known, ranks)
        downward = -np.interp(-values, -known[::-1], -ranks[::-1])
        rank = np.where(values <= known[0], 0.0, np.where(values >= known[-1], 1.0, (upward + downward) / 2))
        if known[0] == known[-1]:
            rank = np.where(values == known[0], 0.5, rank)
        return np.clip(np.asarray(ndtri(rank), dtype=np.float64), NORMAL_LOW, NORMAL_HIGH)

    def undo(self, scaled: Floats) -> Floats:
        """The values that belong to scaled ones, float64 (n,), within the range of the training values."""
        from scipy.special import ndtr

        known = np.array(self.quantiles)
        values: Floats = np.interp(ndtr(scaled), np.linspace(0.0, 1.0, len(known)), known)
        values = np.where(scaled <= NORMAL_LOW + 1e-7, known[0], values)
        return np.where(scaled >= NORMAL_HIGH - 1e-7, known[-1], values)

    @property
    def text(self) -> str:
        """The fitted numbers in words."""
        middle = self.quantiles[len(self.quantiles) // 2]
        return f"ranks from {self.quantiles[0]:.4g} over {middle:.4g} to {self.quantiles[-1]:.4g}"


Scaler = Linear | SmoothClip | Quantiles

_MOST, _LEAST = sys.float_info.max, sys.float_info.min
NORMAL_HIGH = 5.199337582290661
NORMAL_LOW = -NORMAL_HIGH


def fit_scaler(method: str, values: Floats) -> Scaler:
    """Fits a scaler of `SCALING` on training values, float64 (n,) without NaN, n at least 1.

    Values so large or small that their squares would overflow or vanish are measured in a unit of their own.
    """
    unit = 1.0 if method == "none" else safe_unit(values, near=SMALL)
    numbers = SCALING[method].fit(values / unit)
    match SCALING[method].form:
        case "smooth clip":
            return SmoothClip(numbers[0] * unit, min(numbers[1] / unit, _MOST))
        case "quantile":
            return Quantiles(tuple(each * unit for each in numbers))
    return Linear(method, numbers[0] * unit, max(numbers[1] * unit, _LEAST))


def fit_quantiles(values: Floats) -> Quantiles:
    """Fits up to 1,000 quantiles of training values, float64 (n,) without NaN, n at least 1."""
    return Quantiles(SCALING["quantile"].fit(values))

"""A number target: transformed, standardized, and decoded back; and the weights of classes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import numpy as np

from ann_tui.data.cells.values import Floats, Rows
from ann_tui.data.choices.preparation import TARGET_TRANSFORMS, PreparationError
from ann_tui.data.preparing.checks import check
from ann_tui.data.preparing.scaling import Linear, Quantiles, fit_quantiles, fit_scaler

_FARTHEST = 700.0


@dataclass(frozen=True)
class OwnUnit:
    """The wish of a cost that a number target stays as it is in the file, where it may not lie below `lowest`."""

    cost: str
    lowest: float = -math.inf


class NumberTarget(msgspec.Struct, frozen=True):
    """A number target: transformed ("none", "log", "quantile"), then standardized, or as it is.

    "log" is sign(y) log(1 + |y|), which takes numbers below 0 too; "quantile" the rank on a bell curve.
    """

    transform: str
    quantiles: Quantiles | None
    scaler: Linear

    def __post_init__(self) -> None:
        """Checks the transform. Raises ValueError."""
        check(self.transform in TARGET_TRANSFORMS, f"no such target transform: '{self.transform}'")
        check(
            (self.transform == "quantile") == (self.quantiles is not None), "the quantiles don't belong here"
        )

    def encode(self, values: Floats) -> Floats:
        """What the network learns, float64 (n,), of numbers in their own unit."""
        if self.transform == "log":
            values = np.sign(values) * np.log1p(np.abs(values))
        elif self.quantiles is not None:
            values = self.quantiles.apply(values)
        return self.scaler.apply(values)

    def decode(self, outputs: Floats) -> Floats:
        """Numbers in their own unit, float64 (n,), of what the network gives; finite for finite outputs."""
        values = outputs * self.scaler.scale + self.scaler.center
        if self.transform == "log":
            return np.sign(values) * np.expm1(np.minimum(np.abs(values), _FARTHEST))
        return self.quantiles.undo(values) if self.quantiles is not None else values

    @property
    def text(self) -> str:
        """The fitted numbers in words."""
        before = {"none": "", "log": "logarithm, then ", "quantile": "rank on a bell curve, then "}
        return f"{before[self.transform]}{self.scaler.text}"


def fit_number_target(
    name: str, transform: str, values: Floats, own_unit: OwnUnit | None = None
) -> NumberTarget:
    """Fits on the target of the training rows, float64 (n,) without NaN, n at least 1.

    Raises PreparationError when all are the same, or when a target in its own unit is to be transformed.
    """
    if own_unit is not None and transform != "none":
        raise PreparationError(
            f"the cost '{own_unit.cost}' takes the target '{name}' as it is, and the target transform is "
            f"'{transform}': choose 'none', or another cost"
        )
    if np.all(values == values[0]):
        raise PreparationError(
            f"the target '{name}' is {values[0]:.6g} in every training row: choose another target"
        )
    quantiles = fit_quantiles(values) if transform == "quantile" else None
    identity = NumberTarget(transform, quantiles, Linear("none", 0.0, 1.0))
    if own_unit is not None:
        return identity
    scaler = fit_scaler("standard", identity.encode(values))
    assert isinstance(scaler, Linear)
    return NumberTarget(transform, quantiles, scaler)


def fit_class_weights(method: str, codes: Rows, classes: int) -> tuple[float, ...]:
    """The weight of each class, () for "none", with a mean of 1 over the training rows' codes, int64 (n,).

    "balanced" is n / (classes * rows of the class); "square root" proportional to its square root.
    """
    if method == "none":
        return ()
    counts = np.maximum(np.bincount(codes, minlength=classes), 1)
    weights = len(codes) / (classes * counts)
    if method == "square root":
        weights = np.sqrt(weights)
    return tuple((weights * len(codes) / (weights * counts).sum()).tolist())

"""The scale on which a number target is learned; and the weights of classes."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

import msgspec
import numpy as np

from ann_tui.data.cells.values import Floats
from ann_tui.data.choices.checks import PreparationError
from ann_tui.data.choices.target_options import TARGET_TRANSFORMS
from ann_tui.data.preparing.checks import check
from ann_tui.data.preparing.scaling import MOST_UNSCALED, Linear, Quantiles, fit_quantiles, fit_scaler


@dataclass(frozen=True)
class OwnUnit:
    """The wish of a cost that a number target stays as it is in the file, where it may not lie below `lowest`."""

    cost: str
    lowest: float = -math.inf


class TargetScale(msgspec.Struct, frozen=True):
    """How a number target is learned: transformed as `TARGET_TRANSFORMS` says, then standardized, or as it is."""

    transform: str
    quantiles: Quantiles | None
    scaler: Linear

    def __post_init__(self) -> None:
        """Checks the transform. Raises ValueError."""
        check(self.transform in TARGET_TRANSFORMS, f"no such target transform: '{self.transform}'")
        check(
            TARGET_TRANSFORMS[self.transform].ranked == (self.quantiles is not None),
            "the quantiles don't belong here",
        )

    def encode(self, values: Floats) -> Floats:
        """What the network learns, float64 (n,), of numbers in their own unit."""
        transform = TARGET_TRANSFORMS[self.transform]
        encoded = transform.encode(values) if self.quantiles is None else self.quantiles.apply(values)
        return self.scaler.apply(encoded)

    def decode(self, outputs: Floats) -> Floats:
        """Numbers in their own unit, float64 (n,), of what the network gives; finite for finite outputs."""
        values = outputs * self.scaler.scale + self.scaler.center
        transform = TARGET_TRANSFORMS[self.transform]
        return transform.decode(values) if self.quantiles is None else self.quantiles.undo(values)

    @property
    def text(self) -> str:
        """The fitted numbers in words."""
        before = TARGET_TRANSFORMS[self.transform].done
        return f"{before}{', then ' if before else ''}{self.scaler.text}"


def fit_target_scale(
    name: str, transform: str, values: Floats, own_unit: OwnUnit | None = None
) -> TargetScale:
    """Fits on the target of the training rows, float64 (n,) without NaN, n at least 1.

    Raises PreparationError when all are the same, or so small that they lose digits, or when a target in its own unit
    is to be transformed.
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
    quantiles = fit_quantiles(values) if TARGET_TRANSFORMS[transform].ranked else None
    identity = TargetScale(transform, quantiles, Linear("none", 0.0, 1.0))
    if own_unit is not None:
        if (most := float(np.abs(values).max())) > MOST_UNSCALED:
            raise PreparationError(
                f"the cost '{own_unit.cost}' takes the target '{name}' as it is, and {most:.3g} is too large for that: "
                "choose another cost"
            )
        return identity
    scaler = fit_scaler("standard", identity.encode(values))
    assert isinstance(scaler, Linear)
    if scaler.scale <= sys.float_info.min:
        raise PreparationError(
            f"the target '{name}' has numbers as small as {float(np.abs(values).max()):.3g}, too small to compute "
            "with: give it in another unit"
        )
    return TargetScale(transform, quantiles, scaler)

"""Dates as features: the year, and the month, weekday and hour as points on a circle."""

from __future__ import annotations

import msgspec
import numpy as np

from ann_tui.data.cells.values import Floats
from ann_tui.data.choices.date_parts import DATE_PARTS, PARTS, Part
from ann_tui.data.preparing.checks import check
from ann_tui.data.preparing.scaling import Scaler, fit_scaler


class DatePart(msgspec.Struct, frozen=True):
    """One part of a date: two features (sine and cosine) when it is cyclical, else one scaled feature."""

    part: str
    scaler: Scaler | None

    def __post_init__(self) -> None:
        """Checks the part. Raises ValueError."""
        known = PARTS.get(self.part)
        check(
            known is not None and (known.period is None) == (self.scaler is not None),
            f"no such part of a date: '{self.part}'",
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each feature of the part."""
        return (self.part,) if self.scaler else (f"{self.part} sine", f"{self.part} cosine")

    def apply(self, seconds: Floats) -> list[Floats]:
        """The features, each float64 (n,), of dates in seconds since 1970-01-01."""
        part = PARTS[self.part]
        value = part.of(seconds)
        if self.scaler or part.period is None:
            return [self.scaler.apply(value) if self.scaler else value]
        angle = 2 * np.pi * value / part.period
        return [np.sin(angle), np.cos(angle)]


def fit_date_parts(option: str, scaling: str, seconds: Floats) -> tuple[DatePart, ...]:
    """Chooses the parts of training dates (seconds, float64 (n,) without NaN) and fits their scalers."""
    chosen = DATE_PARTS[option].parts
    return () if chosen is None else tuple(_fitted(PARTS[name], scaling, seconds) for name in chosen(seconds))


def _fitted(part: Part, scaling: str, seconds: Floats) -> DatePart:
    return DatePart(part.name, None if part.period else fit_scaler(scaling, part.of(seconds)))

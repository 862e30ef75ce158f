"""Dates as features: the year, and the month, weekday and hour as points on a circle."""

from __future__ import annotations

import msgspec
import numpy as np

from ann_tui.data.cells.values import Floats
from ann_tui.data.preparing.checks import check
from ann_tui.data.preparing.scaling import Scaler, fit_scaler

PERIODS = {"month": 12, "weekday": 7, "hour": 24}
"""The parts that come round again, and after how many steps."""


class DatePart(msgspec.Struct, frozen=True):
    """One part of a date: two features (sine and cosine) when it is cyclical, else one scaled feature."""

    part: str
    scaler: Scaler | None

    def __post_init__(self) -> None:
        """Checks the part. Raises ValueError."""
        known = self.part in (("year", "day", "days") if self.scaler else PERIODS)
        check(known, f"no such part of a date: '{self.part}'")

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each feature of the part."""
        return (self.part,) if self.scaler else (f"{self.part} sine", f"{self.part} cosine")

    def apply(self, seconds: Floats) -> list[Floats]:
        """The features, each float64 (n,), of dates in seconds since 1970-01-01."""
        value = date_part(self.part, seconds)
        if self.scaler:
            return [self.scaler.apply(value)]
        angle = 2 * np.pi * value / PERIODS[self.part]
        return [np.sin(angle), np.cos(angle)]


def date_part(part: str, seconds: Floats) -> Floats:
    """One part of dates in seconds since 1970-01-01, float64 (n,).

    "year"; "month" 0 to 11; "day" 1 to 31; "weekday" 0 (Monday) to 6; "hour" 0 up to less than 24, with its
    minutes; "days" since 1970-01-01.
    """
    if part == "days":
        return seconds / 86400.0
    if part == "hour":
        return np.mod(seconds, 86400.0) / 3600.0
    if part == "weekday":
        days: Floats = np.floor(seconds / 86400.0)
        return np.mod(days + 3, 7)
    moments = seconds.astype(np.int64).astype("datetime64[s]")
    months = moments.astype("datetime64[M]").astype(np.int64)
    if part == "day":
        first = months.astype("datetime64[M]").astype("datetime64[D]")
        days_since: Floats = (moments.astype("datetime64[D]") - first).astype(np.float64)
        return days_since + 1
    if part == "month":
        return (months % 12).astype(np.float64)
    return (months // 12 + 1970).astype(np.float64)


def fit_date_parts(option: str, scaling: str, seconds: Floats) -> tuple[DatePart, ...]:
    """Chooses the parts of training dates (seconds, float64 (n,) without NaN) and fits their scalers.

    With "parts", a part is used when it varies; dates that are all the first of a year are years and
    nothing else. The day of the month is used only where neither year nor month vary.
    """
    if option == "leave out":
        return ()
    if option == "number":
        return (_scaled("days", scaling, seconds),)
    if option == "year":
        return (_scaled("year", scaling, seconds),)
    vary = {part for part in ("year", "month", "day", "weekday", "hour") if _varies(part, seconds)}
    starts = all(
        bool(np.all(date_part(part, seconds) == start))
        for part, start in (("month", 0), ("day", 1), ("hour", 0))
    )
    if starts or not vary:
        return (_scaled("year", scaling, seconds),)
    parts = [_scaled("year", scaling, seconds)] if "year" in vary else []
    if "day" in vary and not vary & {"year", "month"}:
        parts.append(_scaled("day", scaling, seconds))
    parts += [DatePart(part, None) for part in PERIODS if part in vary]
    return tuple(parts)


def _varies(part: str, seconds: Floats) -> bool:
    value = date_part(part, seconds)
    return bool(np.any(value != value[0]))


def _scaled(part: str, scaling: str, seconds: Floats) -> DatePart:
    return DatePart(part, fit_scaler(scaling, date_part(part, seconds)))

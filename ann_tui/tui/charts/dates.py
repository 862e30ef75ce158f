"""Moments as labels of an axis."""

from __future__ import annotations

from datetime import date, datetime, timedelta


def written_dates(seconds: list[float], low: float, high: float) -> list[str]:
    """Moments as seconds since 1970-01-01, on a range from `low` to `high`.

    Where both ends are midnights they have no time, and where both are times of the first of January 1900 no date.
    """
    first, last = _moment(low), _moment(high)
    days = low % 86_400 == 0 and high % 86_400 == 0
    times = first.date() == last.date() == date(1900, 1, 1)
    form = "%H:%M" if times and not days else "%Y-%m-%d" if days else "%Y-%m-%d %H:%M"
    return [f"{_moment(value):{form}}" for value in seconds]


def _moment(seconds: float) -> datetime:
    return datetime(1970, 1, 1) + timedelta(seconds=seconds)

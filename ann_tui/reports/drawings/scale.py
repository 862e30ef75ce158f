"""Where numbers lie in a picture, and the round ones that its axis names."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """From numbers between `low` and `high` to places between `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def around(cls, values: Iterable[float], start: float, end: float) -> Scale:
        """The scale that holds all finite values with a little room; about 0 and 1 without any."""
        finite = [value for value in values if math.isfinite(value)]
        low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
        if not low < high:
            low, high = low - max(1e-9, abs(low) / 10), high + max(1e-9, abs(high) / 10)
        room = (high - low) / 25
        return cls(low if low == 0 else low - room, high + room, start, end)

    def at(self, value: float) -> float:
        """Its place, to a tenth."""
        share = value / (self.high - self.low) - self.low / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, most: int = 6) -> list[tuple[float, str]]:
        """Round numbers between the ends, at most so many, with their texts."""
        raw = (self.high - self.low) / most
        if not (0 < raw < math.inf):
            return []
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= raw * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        values = [place * step for place in range(first, last + 1)]
        largest = max(map(abs, values), default=0.0)
        if largest >= 1e7 or 0 < largest < 1e-4:
            return [(value, f"{value:.3g}") for value in values]
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return [(value, f"{value + 0.0:,.{decimals}f}") for value in values]

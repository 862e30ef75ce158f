"""How figures are written for people: thousands, percent, durations, sparks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

BARS = "▁▂▃▄▅▆▇█"


def count(value: int) -> str:
    """A whole number with thousands separated: 2700 gives '2,700'."""
    return f"{value:,}"


def counted(value: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: '1 row', '2,700 rows'."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def number(value: float | None, digits: int = 4) -> str:
    """A measured value with `digits` significant digits and thousands separated; '–' for none."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude >= 9 or magnitude < -4:
        return f"{value:.{max(digits - 2, 0)}e}"
    if float(value).is_integer() and magnitude < 9:
        return f"{int(value):,}"
    return f"{value:,.{max(digits - 1 - magnitude, 0)}f}"


def span(low: float, high: float) -> tuple[str, str]:
    """The two ends of a range; whole numbers that are all years are written without a separator."""
    if 1500 <= low <= high <= 2200 and float(low).is_integer() and float(high).is_integer():
        return f"{low:.0f}", f"{high:.0f}"
    return number(low), number(high)


def percent(share: float | None, digits: int = 1) -> str:
    """A share in 0..1 as percent: 0.9636 gives '96.4 %'; '–' for none."""
    if share is None or math.isnan(share):
        return "–"
    return f"{share * 100:.{digits}f} %"


def duration(seconds: float | None) -> str:
    """A time span: '0.8 s', '42 s', '3 min 05 s', '2 h 10 min'; '–' for none."""
    if seconds is None or not math.isfinite(seconds):
        return "–"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def ago(moment: datetime) -> str:
    """How long ago a moment with a zone was: 'just now', '5 min ago', '3 h ago', '12 days ago'."""
    minutes = int((datetime.now(UTC) - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"


def speed(rows_per_second: float) -> str:
    """Rows per second: '850 rows/s', '12.3 k rows/s', '1.2 M rows/s'."""
    if rows_per_second >= 1e6:
        return f"{rows_per_second / 1e6:.1f} M rows/s"
    if rows_per_second >= 1e4:
        return f"{rows_per_second / 1e3:.0f} k rows/s"
    return f"{rows_per_second:,.0f} rows/s"


def spark(values: Sequence[float]) -> str:
    """One bar character a value, the highest bar for the largest; '' for no values."""
    top = max(values, default=0)
    if top <= 0:
        return BARS[0] * len(values)
    return "".join(BARS[min(len(BARS) - 1, int(value / top * (len(BARS) - 1) + 0.5))] for value in values)

"""What can become of a date, and the parts of one, each with its formula.

To add an option or a part, enter it here: the app, the command line and the experiment file list options by
themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One part of a date: its number, float64 (n,), of seconds since 1970-01-01, float64 (n,).

    A part with a `period` comes round again after so many steps.
    """

    name: str
    of: Callable[[Floats], Floats]
    period: int | None = None


def _months(seconds: Floats) -> npt.NDArray[np.int64]:
    import numpy as np

    return seconds.astype(np.int64).astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)


def _day(seconds: Floats) -> Floats:
    import numpy as np

    first = _months(seconds).astype("datetime64[M]").astype("datetime64[D]")
    days = seconds.astype(np.int64).astype("datetime64[s]").astype("datetime64[D]")
    since: Floats = (days - first).astype(np.float64)
    return since + 1


def _weekday(seconds: Floats) -> Floats:
    import numpy as np

    days: Floats = np.floor(seconds / 86400.0)
    return np.mod(days + 3, 7)


PARTS: dict[str, Part] = {
    part.name: part
    for part in (
        Part("days", lambda seconds: seconds / 86400.0),
        Part("year", lambda seconds: (_months(seconds) // 12 + 1970).astype(float)),
        Part("day", _day),
        Part("month", lambda seconds: (_months(seconds) % 12).astype(float), 12),
        Part("weekday", _weekday, 7),
        Part("hour", lambda seconds: seconds % 86400.0 / 3600.0, 24),
    )
}
"""Days since 1970-01-01; the day of the month from 1; month and weekday (Monday) from 0; the hour with its minutes."""


@dataclass(frozen=True)
class DateOption(Option):
    """One entry of `DATE_PARTS`; `parts` names those of `PARTS` that are used.

    They may depend on the training dates, seconds since 1970-01-01, float64 (n,) without NaN. Without `parts` dates
    are left out.
    """

    parts: Callable[[Floats], tuple[str, ...]] | None = None


def _that_vary(seconds: Floats) -> tuple[str, ...]:
    """The parts that vary; dates that are all the first of a year are years and nothing else.

    The day of the month is used only where neither year nor month vary.
    """
    import numpy as np

    numbers = {name: part.of(seconds) for name, part in PARTS.items()}
    vary = {name for name, values in numbers.items() if name != "days" and np.any(values != values[0])}
    starts = all(
        bool(np.all(numbers[part] == start)) for part, start in (("month", 0), ("day", 1), ("hour", 0))
    )
    if starts or not vary:
        return ("year",)
    if vary & {"year", "month"}:
        vary.discard("day")
    return tuple(name for name in PARTS if name in vary)


DATE_PARTS: dict[str, DateOption] = {
    each.name: each
    for each in (
        DateOption(
            "parts",
            "year, month, weekday and hour, as far as they vary; the last three as points on a circle",
            parts=_that_vary,
        ),
        DateOption("number", "one number: days since 1970-01-01", parts=lambda seconds: ("days",)),
        DateOption("year", "the year alone", parts=lambda seconds: ("year",)),
        DateOption("leave out", "don't use dates"),
    )
}

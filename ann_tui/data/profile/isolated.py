"""Numbers that lie far from all others of their column, with a wide gap between: slips of the hand, other units, codes.

A long tail has gaps too, the wider the heavier it is. So the gap is measured against the tail itself: in a tail that
falls off as a power of the distance, the logarithms of the distances from the median have exponential spacings
(Hill, A simple general approach to inference about the tail of a distribution, 1975), and a gap that such a tail
would hardly leave sets apart what lies beyond. Lighter tails leave wide gaps more rarely still.
"""

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FEWEST_ROWS = 30
APART = 5.0
CHANCE = 0.003
TAIL = 20
MOST_VALUES = 3
FEW = 0.01
FEW_CODES = 0.1

_CODE = re.compile(r"7+|8+|9+[6-9]?")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Isolated:
    """The values far from all others, the furthest first, and the rows that have one.

    `low` and `high` are the ends of all other values. `minimum` and `maximum` lie in the gaps, None on a side that
    has none: what is beyond them is as far out.
    """

    values: tuple[float, ...]
    rows: int
    low: float
    high: float
    minimum: float | None
    maximum: float | None

    @property
    def are_codes(self) -> bool:
        """Whether all look like codes for a missing value."""
        return all(looks_like_code(value) for value in self.values)


def looks_like_code(value: float) -> bool:
    """Whether a number is written as codes for missing values are: 99, -9, 88.8, 997, and 0 and -1."""
    return value in (0, -1) or _CODE.fullmatch(f"{abs(value):.10g}".replace(".", "")) is not None


def isolated_values(ordered: Floats, middle: float) -> Isolated | None:
    """What is isolated among the values of a column, float64 (n,) in ascending order without NaN; None for nothing.

    `middle` is their median. At most 3 different values are, in at most 1 % of the rows; where it is one alone, or all
    look like codes, in at most 10 %.
    """
    total, start, end = len(ordered), 0, len(ordered)
    values: list[float] = []
    found: tuple[int, int, int] | None = None
    with np.errstate(over="ignore", invalid="ignore"):
        while len(values) < MOST_VALUES and total >= FEWEST_ROWS:
            low, high = float(ordered[start]), float(ordered[end - 1])
            if low == high:
                break
            if middle - low > high - middle:
                values.append(low)
                start = int(np.searchsorted(ordered, low, "right"))
            else:
                values.append(high)
                end = int(np.searchsorted(ordered, high, "left"))
            codes = len(values) == 1 or all(looks_like_code(value) for value in values)
            if total - (end - start) > max(1, total * (FEW_CODES if codes else FEW)):
                break
            if _is_apart(abs(values[-1] - middle), ordered[start:end], middle):
                found = len(values), start, end
    if found is None:
        return None
    count, start, end = found
    return _isolated(tuple(values[:count]), ordered, start, end, middle)


def _is_apart(distance: float, others: Floats, middle: float) -> bool:
    """Whether a distance from the median is one that the tail of the others would hardly reach."""
    tail = min(TAIL, len(others) // 4)
    ends = np.concatenate([others[: tail + 1], others[-tail - 1 :]])
    far: list[float] = np.sort(np.abs(ends - middle))[: -tail - 2 : -1].tolist()
    if not (far[-1] > 0 and math.isfinite(distance)):
        return False
    spacing = sum(math.log(each / far[-1]) for each in far[:-1]) / tail
    usual = tail * math.expm1(-math.log(CHANCE) / tail) * spacing
    return math.log(distance / far[0]) >= max(math.log(APART), usual)


def _isolated(values: tuple[float, ...], ordered: Floats, start: int, end: int, middle: float) -> Isolated:
    low, high = float(ordered[start]), float(ordered[end - 1])
    reach = max(middle - low, high - middle)

    def limit(side: int, last: float, nearest: float) -> float:
        """Between the last of the others and the nearest isolated value, in few digits."""
        between = middle + side * math.sqrt(reach) * math.sqrt(abs(nearest - middle))
        room = min(abs(between - last), abs(nearest - between)) / 4
        rounded = (float(f"{between:.{digits}e}") for digits in range(1, 17))
        return next((each for each in rounded if abs(each - between) <= room), between)

    return Isolated(
        values,
        len(ordered) - (end - start),
        low,
        high,
        limit(-1, low, float(ordered[start - 1])) if start else None,
        limit(1, high, float(ordered[end])) if end < len(ordered) else None,
    )

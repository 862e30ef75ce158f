"""How a column of numbers spells them: 3.1 and 3.10 may be versions, 598 and 1.650 prices with thousands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.grammar import POINT_GROUPED

FEWEST_GROUPED = 3


@dataclass(frozen=True)
class TwoSpellings:
    """A number that a column spells in two ways, and the lines of the file in which each stands first."""

    column: str
    first: str
    second: str
    lines: tuple[int, int]


def two_spellings(
    column: str,
    codes: npt.NDArray[np.integer],
    labels: Sequence[str],
    numbers: npt.NDArray[np.float64],
    lines: npt.NDArray[np.int64],
) -> TwoSpellings | None:
    """The first number other than 0 that two of the labels are; `codes` and `lines` (n,) are those of the rows."""
    usable = np.flatnonzero(np.isfinite(numbers) & (numbers != 0))
    if len(np.unique(numbers[usable])) == len(usable):
        return None
    seen: dict[float, int] = {}
    for place in usable.tolist():
        earlier = seen.setdefault(float(numbers[place]), place)
        if earlier == place:
            continue
        pair = earlier, place
        at = [int(lines[np.flatnonzero(codes == each)[0]]) for each in pair]
        return TwoSpellings(column, labels[earlier].strip(), labels[place].strip(), (at[0], at[1]))
    return None


@dataclass(frozen=True)
class PointGroups:
    """A column whose points may separate thousands: one of its cells with a point, and where it stands first.

    `likely`: no column of decimals looks so, for some fractions end in a zero and other numbers have no point, all of
    them below 1,000.
    """

    column: str
    example: str
    line: int
    likely: bool


def point_groups(
    column: str, codes: npt.NDArray[np.integer], labels: Sequence[str], lines: npt.NDArray[np.int64]
) -> PointGroups | None:
    """The column, where every cell with a point has three digits behind each and no zero in front.

    `codes` and `lines` (n,) are those of the rows.
    """
    pointed = [place for place, label in enumerate(labels) if "." in label]
    if len(pointed) < FEWEST_GROUPED or not all(POINT_GROUPED.fullmatch(labels[place]) for place in pointed):
        return None
    whole = [label.strip().lstrip("+-") for label in labels if "." not in label]
    small = all(len(digits) <= 3 for digits in whole)
    likely = bool(whole) and small and any(labels[place].rstrip().endswith("0") for place in pointed)
    row = int(np.flatnonzero(np.isin(codes, pointed))[0])
    return PointGroups(column, labels[int(codes[row])].strip(), int(lines[row]), likely)

"""Two spellings of one number in a column of numbers: 3.1 and 3.10 may be versions, or codes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


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

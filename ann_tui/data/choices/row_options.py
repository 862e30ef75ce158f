"""What can happen to rows that repeat another one, and to those with a cell that can't be read.

To add an option, enter it here: the app, the command line and the experiment file list it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Prints = npt.NDArray[np.uint64]
    Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Duplicates(Option):
    """One entry of `DUPLICATES`; a row is one number, uint64, and the same number for an equal row.

    `again` marks the training rows that are left out, `copies` those of another part, given it and the training rows.
    `before` marks those of the whole table that are left out before it is split.
    """

    again: Callable[[Prints], Mask] | None = None
    copies: Callable[[Prints, Prints], Mask] | None = None
    before: Callable[[Prints], Mask] | None = None

    @property
    def keeps_all(self) -> bool:
        """Whether no row is left out."""
        return self.again is None and self.copies is None and self.before is None


@dataclass(frozen=True)
class Unparseable(Option):
    """One entry of `UNPARSEABLE`: the cell counts as missing, its training row is left out, or all is refused."""

    then: Literal["missing", "left out", "refused"] = "missing"


def _repeats(rows: Prints) -> Mask:
    """All but the first of equal rows."""
    import numpy as np

    first = np.unique(rows, return_index=True)[1]
    again = np.ones(len(rows), dtype=bool)
    again[first] = False
    return again


def _repeats_any(rows: Prints, training: Prints) -> Mask:
    import numpy as np

    return np.isin(rows, training)


DUPLICATES: dict[str, Duplicates] = {
    each.name: each
    for each in (
        Duplicates("keep", "keep rows that repeat another one"),
        Duplicates(
            "once",
            "before the split, leave rows out that repeat an earlier row of the table",
            before=_repeats,
        ),
        Duplicates("drop", "leave training rows out that repeat an earlier training row", again=_repeats),
        Duplicates(
            "drop everywhere",
            "also leave validation and test rows out that repeat a training row",
            again=_repeats,
            copies=_repeats_any,
        ),
    )
}
UNPARSEABLE: dict[str, Unparseable] = {
    each.name: each
    for each in (
        Unparseable(
            "missing",
            "a cell that is no number (or date) in a number (or date) column counts as missing",
        ),
        Unparseable(
            "drop rows",
            "leave training rows with such a cell out; in other rows it counts as missing",
            then="left out",
        ),
        Unparseable("error", "stop and name the first such cell", then="refused"),
    )
}

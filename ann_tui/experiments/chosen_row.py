"""The row whose way through the network is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_tui.data.plain_text import printable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.data.preparing.fitted import FittedPreparation
    from ann_tui.data.preparing.prepare import Part, PreparedData


@dataclass(frozen=True, eq=False)
class ChosenRow:
    """A row by its name: its features x, float32 (1, features), as `fitted` makes them.

    `truth` is its target as it stands in the file, empty where nobody knows; `place` its position among
    `judging_rows`, None where it is none of them.
    """

    name: str
    x: NDArray[np.float32]
    fitted: FittedPreparation
    truth: str = ""
    place: int | None = None

    def fits(self, fitted: FittedPreparation) -> bool:
        """Whether a network on this preparation can be asked for it."""
        return fitted is self.fitted or (
            self.x.shape[1] == len(fitted.feature_names) and fitted.answers_like(self.fitted)
        )


def judging_rows(prepared: PreparedData) -> Part:
    """The validation rows, or the training rows where there are none."""
    return prepared.validation if len(prepared.validation.rows) else prepared.training


def row_at(prepared: PreparedData, place: int) -> ChosenRow:
    """The row at this place of `judging_rows`."""
    return _row_of(prepared, judging_rows(prepared), place, place)


def row_of_table(prepared: PreparedData, position: int) -> ChosenRow | None:
    """The row at this position of the table; None for one that is in no part of the split."""
    for part in (prepared.validation, prepared.training, prepared.test):
        found = np.flatnonzero(part.rows == position)
        if len(found):
            place = int(found[0])
            return _row_of(prepared, part, place, place if part is judging_rows(prepared) else None)
    return None


def how_known(prepared: PreparedData, position: int, *, refit: bool) -> str:
    """What a network had to do with the row at this position of the table, in a few words.

    With `refit` it was trained again on the validation rows too.
    """
    line = f"line {int(prepared.table.lines[position]):,}"
    if position in prepared.training.rows or (refit and position in prepared.validation.rows):
        return f"this network learnt {line}"
    if position in prepared.validation.rows:
        return f"its best epoch was chosen on {line}"
    return f"this network did not learn {line}"


def _row_of(prepared: PreparedData, part: Part, at: int, place: int | None) -> ChosenRow:
    fitted = prepared.fitted
    line = int(prepared.table.lines[int(part.rows[at])])
    actual: Any = part.actual[at]
    classes = fitted.target.classes
    truth = printable(classes[int(actual)], 24) if classes else f"{float(actual):,.6g}"
    return ChosenRow(f"line {line:,}", part.x[at : at + 1], fitted, truth, place)

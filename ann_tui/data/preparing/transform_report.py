"""What a preparation changed: counts and samples, while fitting and at prediction time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ann_tui.data.cells.values import Mask

SAMPLES = 3
"""How many changed cells are kept as samples of one step in one column."""


@dataclass(frozen=True)
class Effect:
    """What one step did to one column (or, with `column` None, to the table).

    `step` is "missing", "outliers", "inaccurate", "scaling", "encoding", "split" or "target"; `rows` and `cells`
    count what changed in all parts; `text` is one line with the fitted numbers; `before` and `after` are a few
    changed cells, side by side; `fitted_on` is the number of training rows that the statistics come from, or None;
    `again` counts the cells that an earlier step of the column changed too; the histograms (number columns) count
    up to some 10,000 training rows in 12 bins, or in one where all are alike.
    """

    step: str
    column: str | None
    rows: int
    cells: int
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    fitted_on: int | None = None
    histogram_before: tuple[int, ...] = ()
    histogram_after: tuple[int, ...] = ()
    again: int = 0


@dataclass(frozen=True)
class Change:
    """How many cells a step changed in a column, and a few of them before and after."""

    cells: int
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __add__(self, other: Change) -> Change:
        """Both together; the first samples are kept."""
        return Change(
            self.cells + other.cells,
            (self.before + other.before)[:SAMPLES],
            (self.after + other.after)[:SAMPLES],
        )


@dataclass
class TransformReport:
    """What happened to the cells of new rows. All counts are cells, by column.

    `imputed`: missing values that were filled. `unparseable`: cells with a text where a number or date belongs,
    taken as missing. `inaccurate`: cells against a rule, taken as missing. `outliers`: cells clipped or taken as
    missing. `outside`: numbers beyond what the training rows had, kept. `unseen`: labels that no training row had,
    with their counts. `surprising`: columns with missing values although training had none. `ignored`: columns of
    the frame that aren't features. `present`: cells of a column that hold something. `taken_as_missing`: cells
    among `imputed` that are among `unparseable`, `inaccurate` or `outliers` too. `date_examples`: a date as the
    column's are written. `exchanged`: dates that only the other order of day and month reads; `late_days`: dates of
    a day above 12, which that order does not read. `with_zone`, `without_zone`: times with a zone where training
    had none, and the other way round.
    """

    rows: int = 0
    imputed: dict[str, Change] = field(default_factory=dict)
    unparseable: dict[str, Change] = field(default_factory=dict)
    inaccurate: dict[str, Change] = field(default_factory=dict)
    merged: dict[str, Change] = field(default_factory=dict)
    outliers: dict[str, Change] = field(default_factory=dict)
    outside: dict[str, Change] = field(default_factory=dict)
    unseen: dict[str, dict[str, int]] = field(default_factory=dict)
    surprising: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    present: dict[str, int] = field(default_factory=dict)
    taken_as_missing: dict[str, int] = field(default_factory=dict)
    date_examples: dict[str, str] = field(default_factory=dict)
    exchanged: dict[str, Change] = field(default_factory=dict)
    late_days: dict[str, int] = field(default_factory=dict)
    with_zone: dict[str, Change] = field(default_factory=dict)
    without_zone: dict[str, Change] = field(default_factory=dict)

    def note(
        self,
        into: dict[str, Change],
        column: str,
        changed: Mask,
        before: Callable[[int], str],
        after: Callable[[int], str],
    ) -> None:
        """Adds the changed cells of a column; `before` and `after` write the cell at a position."""
        cells = int(np.count_nonzero(changed))
        if not cells:
            return
        rows = [int(row) for row in np.flatnonzero(changed)[:SAMPLES]]
        change = Change(cells, tuple(before(row) for row in rows), tuple(after(row) for row in rows))
        into[column] = into[column] + change if column in into else change

    def sentences(self) -> tuple[str, ...]:
        """What a person should know about these rows, in plain words; () when nothing is worth a word."""
        said: list[str] = []
        for column, labels in self.unseen.items():
            shown = ", ".join(f"'{label}'" for label in list(labels)[:3]) + (", …" if len(labels) > 3 else "")
            said.append(
                f"{column}: {_cells(sum(labels.values()))} with a label that training never saw ({shown})"
            )
        for column, change in self.unparseable.items():
            example = self.date_examples.get(column)
            what = "read" if example is None else f"read as a date like {example}"
            said += _counted({column: change}, f"that could not be {what}, taken as missing", samples=True)
        said += _counted(
            self.without_zone, "without a time zone, which training had: taken as times of UTC", samples=True
        )
        said += _counted(
            self.with_zone, "with a time zone, which training had not: taken as times of UTC", samples=True
        )
        said += _counted(self.inaccurate, "against a rule, taken as missing", samples=True)
        for column, change in self.imputed.items():
            if missing := change.cells - self.taken_as_missing.get(column, 0):
                surprise = ", although training had none" if column in self.surprising else ""
                said.append(f"{column}: {missing:,} missing, filled{surprise}")
        said += _counted(self.outliers, "treated as outliers", samples=True)
        said += _counted(self.outside, "outside of what training saw", samples=True)
        if self.ignored:
            shown = ", ".join(self.ignored[:5]) + (", …" if len(self.ignored) > 5 else "")
            plural = "column" if len(self.ignored) == 1 else "columns"
            said.append(f"{len(self.ignored)} {plural} that the network doesn't use: {shown}")
        return tuple(said)


def _cells(count: int) -> str:
    return f"{count:,} cell" + ("" if count == 1 else "s")


def _counted(changes: dict[str, Change], what: str, *, samples: bool) -> list[str]:
    return [
        f"{column}: {_cells(change.cells)} {what}"
        + (
            f" ({', '.join(change.before)}{', …' if change.cells > len(change.before) else ''})"
            if samples
            else ""
        )
        for column, change in changes.items()
    ]

"""Rows that are left out: training rows by choice, and repeated rows. Each is entered with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from ann_tui.data.cells.row_prints import Prints, row_prints
from ann_tui.data.cells.table import Table
from ann_tui.data.cells.values import Labels, Mask, Rows, Values
from ann_tui.data.choices.imputations import MISSING_CATEGORY, MISSING_NUMBER
from ann_tui.data.choices.preparation import ColumnChoice, PreparationError
from ann_tui.data.choices.row_options import DUPLICATES, UNPARSEABLE
from ann_tui.data.preparing.fitting import Cleaning
from ann_tui.data.preparing.split import Assignment
from ann_tui.data.profile.table_profile import TableProfile, spelled_columns

Reasons = dict[int, str]
"""Position of a row in the table, and why it is in no part."""
_NEW_CLASS = " row of a class that no training row has ('"
MOST_NAMED = 3


def new_class(part: str, label: str) -> str:
    """The reason for a row of a class that training doesn't know."""
    return f"{part}{_NEW_CLASS}{label}')"


def summed(reasons: Iterable[str]) -> dict[str, int]:
    """Each reason with its count, the most frequent first; classes that training doesn't know are one reason a part."""
    counts = Counter(reasons)
    by_part: dict[str, dict[str, int]] = {}
    for reason, count in counts.items():
        part, known, label = reason.partition(_NEW_CLASS)
        if known:
            by_part.setdefault(part, {})[label.removesuffix("')")] = count
    for part, labels in by_part.items():
        if len(labels) > 1:
            for label in labels:
                del counts[new_class(part, label)]
            named = ", ".join(f"'{label}'" for label in list(labels)[:MOST_NAMED])
            more = ", …" if len(labels) > MOST_NAMED else ""
            text = f"{part} row of one of {len(labels):,} classes that no training row has ({named}{more})"
            counts[text] = sum(labels.values())
    return dict(counts.most_common())


def repeated_before_split(table: Table, profile: TableProfile, method: str, rows: Rows) -> Rows:
    """Those of these rows, in ascending order, that are to be left out before the split: they repeat an earlier one."""
    before = DUPLICATES[method].before
    return rows[:0] if before is None else rows[before(_prints(table, profile)[rows])]


def _prints(table: Table, profile: TableProfile) -> Prints:
    return row_prints(table, spelled_columns(table, profile))


def without_repeated(
    table: Table,
    profile: TableProfile,
    method: str,
    assigned: Assignment,
    absent: Mask,
    reasons: Reasons,
) -> Assignment:
    """Leaves out training rows that equal an earlier one in all columns of the table; `absent` have no target.

    Where the method says so, also validation and test rows that equal a training row; or all rows that equal an
    earlier one, which were left out of the split as well.
    """
    duplicates = DUPLICATES[method]
    if duplicates.before is not None:
        usable = np.flatnonzero(~absent).astype(np.int64)
        repeated = repeated_before_split(table, profile, method, usable)
        _enter(reasons, repeated, "repeats an earlier row")
        parts = (assigned.training, assigned.validation, assigned.test)
        return Assignment(*(rows[~np.isin(rows, repeated)] for rows in parts))
    if duplicates.keeps_all:
        return assigned
    prints = _prints(table, profile)
    training = prints[assigned.training]
    again = np.zeros(len(training), dtype=bool) if duplicates.again is None else duplicates.again(training)
    _enter(reasons, assigned.training[again], "repeats an earlier training row")
    kept = [assigned.training[~again]]
    for rows in (assigned.validation, assigned.test):
        copies = np.zeros(len(rows), dtype=bool)
        if duplicates.copies is not None:
            copies = duplicates.copies(prints[rows], training)
            _enter(reasons, rows[copies], "repeats a training row")
        kept.append(rows[~copies])
    return Assignment(*kept)


def without_unusable(
    table: Table,
    unparseable: str,
    choices: Mapping[str, ColumnChoice],
    values: Mapping[str, Values],
    cleanings: Mapping[str, Cleaning],
    isolated: Mapping[str, Mask],
    training: Rows,
    reasons: Reasons,
) -> Rows:
    """The training rows without those that a choice leaves out for their cells.

    `isolated` marks training rows (n,) that a method which looks at all columns drops. Raises PreparationError when an
    unparseable cell is to stop everything, or when no row is left.
    """
    masks = [(mask, f"outlier by {method} (training rows only)") for method, mask in isolated.items()]
    then = UNPARSEABLE[unparseable].then
    for name, choice in choices.items():
        mine = values[name].take(training)
        if then == "refused" and mine.unparseable.any():
            row = int(training[np.flatnonzero(mine.unparseable)[0]])
            raise PreparationError(
                f"column '{name}', line {table.lines[row]}: '{table.frame[name].iloc[row]}' can't be read: "
                "mend the file, change the column's kind, or let such cells count as missing"
            )
        if then == "left out":
            masks.append((mine.unparseable, f"'{name}' can't be read (training rows only)"))
        masks.append((cleanings[name].outlying(mine), f"outlier in '{name}' (training rows only)"))
        fills = MISSING_CATEGORY if isinstance(mine, Labels) else MISSING_NUMBER
        if fills[choice.missing].drops_rows:
            masks.append((cleanings[name].missing(mine), f"'{name}' is missing (training rows only)"))
    dropped = np.zeros(len(training), dtype=bool)
    for mask, reason in masks:
        _enter(reasons, training[mask & ~dropped], reason)
        dropped |= mask
    if dropped.all():
        mask, reason = max(masks, key=lambda each: int(each[0].sum()))
        raise PreparationError(
            f"no training row is left: {int(mask.sum())} of {len(training)} were left out for: {reason}; "
            "impute instead, or exclude the column"
        )
    return training[~dropped]


def _enter(reasons: Reasons, rows: Rows, reason: str) -> None:
    reasons.update(dict.fromkeys(rows.tolist(), reason))

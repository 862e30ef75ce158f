"""Rows that are left out: training rows by choice, and repeated rows. Each is entered with its reason."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.table import Table
from ann_tui.data.cells.values import Mask, Rows, Values
from ann_tui.data.choices.preparation import ColumnChoice, PreparationError
from ann_tui.data.preparing.fitting import Cleaning
from ann_tui.data.preparing.split import Assignment

Reasons = dict[int, str]
"""Position of a row in the table, and why it is in no part."""


def without_repeated(table: Table, method: str, assigned: Assignment, reasons: Reasons) -> Assignment:
    """Leaves out training rows that equal an earlier one in all columns of the table.

    With "drop everywhere" also validation and test rows that equal a training row.
    """
    if method == "keep":
        return assigned
    training = _fingerprints(table, assigned.training)
    again = np.asarray(pd.Series(training).duplicated(), dtype=bool)
    _enter(reasons, assigned.training[again], "repeats an earlier training row")
    parts = [assigned.training[~again]]
    for rows in (assigned.validation, assigned.test):
        copies = np.zeros(len(rows), dtype=bool)
        if method == "drop everywhere":
            copies = np.isin(_fingerprints(table, rows), training)
            _enter(reasons, rows[copies], "repeats a training row")
        parts.append(rows[~copies])
    return Assignment(*parts)


def _fingerprints(table: Table, rows: Rows) -> npt.NDArray[np.uint64]:
    """One number of 64 bits for each row, equal for equal rows."""
    frame = table.frame.iloc[rows]
    return np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype=np.uint64)


def without_unusable(
    table: Table,
    unparseable: str,
    choices: Mapping[str, ColumnChoice],
    values: Mapping[str, Values],
    cleanings: Mapping[str, Cleaning],
    isolated: Mask,
    training: Rows,
    reasons: Reasons,
) -> Rows:
    """The training rows without those that a choice leaves out for their cells.

    `isolated` (n,) marks training rows that the isolation forest drops. Raises PreparationError when an
    unparseable cell is to stop everything, or when no row is left.
    """
    masks: list[tuple[Mask, str]] = [(isolated, "outlier by isolation forest (training rows only)")]
    for name, choice in choices.items():
        mine = values[name].take(training)
        if unparseable == "error" and mine.unparseable.any():
            row = int(training[np.flatnonzero(mine.unparseable)[0]])
            raise PreparationError(
                f"column '{name}', line {table.lines[row]}: '{table.frame[name].iloc[row]}' can't be read: "
                "mend the file, change the column's kind, or let such cells count as missing"
            )
        if unparseable == "drop rows":
            masks.append((mine.unparseable, f"'{name}' can't be read (training rows only)"))
        masks.append((cleanings[name].outlying(mine), f"outlier in '{name}' (training rows only)"))
        if choice.missing == "drop rows":
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

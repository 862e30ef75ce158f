"""Which rows train, which choose the best epoch, and which judge: those with a target, as the split says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ann_tui.data.cells.kinds import LARGEST
from ann_tui.data.cells.table import Table
from ann_tui.data.cells.values import Labels, Numbers, Rows, Values, read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.folding import FoldDraw
from ann_tui.data.choices.preparation import Preparation, PreparationError
from ann_tui.data.choices.split import Split
from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.inaccurate import fit_label_rules
from ann_tui.data.preparing.left_out import repeated_before_split
from ann_tui.data.preparing.split import Assignment, cells_as_numbers, split_rows
from ann_tui.data.preparing.target_fitting import read_target
from ann_tui.data.preparing.target_scale import OwnUnit
from ann_tui.data.profile.table_profile import TableProfile


def assign_rows(
    table: Table,
    profile: TableProfile,
    preparation: Preparation,
    first_test_row: int | None = None,
    own_unit: OwnUnit | None = None,
) -> Assignment:
    """Assigns the rows that have a target to the parts. Rows from `first_test_row` on are test rows anyway.

    Raises PreparationError when the target has no value, one class only or a class for each row, when it lies
    lower than `own_unit` allows, or when there are too few rows.
    """
    _check_columns(table, preparation)
    target = read_target(table, profile, preparation)
    if own_unit is not None and isinstance(target, Numbers):
        _check_lowest(target, own_unit, table, profile, preparation, first_test_row)
    usable = np.flatnonzero(~target.missing).astype(np.int64)
    if len(repeated := repeated_before_split(table, profile, preparation.duplicates, usable)):
        usable = usable[~np.isin(usable, repeated)]
    given = usable if first_test_row is None else usable[usable < first_test_row]
    if not len(given):
        raise PreparationError(f"the target '{profile.target}' has {_nothing_in(target, profile)}")
    classes = None
    if isinstance(target, Labels):
        classes = target.take(given).codes
        if np.all(classes == classes[0]):
            raise PreparationError(
                f"the target '{profile.target}' has one class only ({target.labels[int(classes[0])]}): "
                "choose another target"
            )
    split = preparation.split
    assigned = split_rows(given, classes, split, _order(table, profile, split, given))
    if isinstance(target, Labels):
        _check_repeated(str(profile.target), target.take(given), preparation)
    if first_test_row is not None:
        assigned = replace(assigned, test=usable[usable >= first_test_row])
    return assigned


def _nothing_in(target: Values, profile: TableProfile) -> str:
    """Why a target without a usable value can't be learned, and what to do."""
    if isinstance(target, Labels):
        return "no value in any row: choose another target"
    if profile.column(str(profile.target)).kind is ColumnKind.DATE:
        return "dates, which can't be predicted: choose another target"
    unread = np.flatnonzero(target.unparseable)
    if not len(unread):
        return "no number in any row: choose another target"
    example = printable(target.raw(int(unread[0])), 40)
    return f"no number in any row, such as '{example}' (the largest is {LARGEST:g}): choose another target"


def _check_repeated(name: str, target: Labels, preparation: Preparation) -> None:
    """Raises PreparationError where of more than two classes none has two rows: what is learned of one is of no use."""
    own = preparation.of_column(name, ColumnKind.CATEGORY)
    merged = fit_label_rules(target, own.merge, own.merge_labels, own.allowed).apply(target)
    counts = merged.counts()
    if np.count_nonzero(counts) > 2 and counts.max() < 2:
        raise PreparationError(
            f"the target '{name}' has another text in each of its {len(target.codes):,} rows: there is no class to "
            "learn; choose another target, or take it as a number (--task regression) where it is one"
        )


def _order(table: Table, profile: TableProfile, split: Split, rows: Rows) -> Values | None:
    """The cells of the split's column in these rows; None for a split without one. Raises PreparationError."""
    if "column" not in split.way.asks or not split.column:
        return None
    if split.column not in table.frame.columns:
        raise PreparationError(f"the split needs the column '{split.column}', which the table doesn't have")
    return read_values(table.parsed[split.column], profile.column(split.column).kind).take(rows)


def assign_within(
    table: Table, profile: TableProfile, preparation: Preparation, rows: Rows, *, by: Split, most: int
) -> Assignment:
    """Assigns some rows that have a target, int64 (n,), to the parts as the preparation's split says.

    Of more than `most` rows the last ones are taken, in the order of the column of the split `by`. Raises
    PreparationError.
    """
    if len(rows) > most:
        order = _order(table, profile, by, rows)
        places = np.arange(len(rows)) if order is None else np.argsort(cells_as_numbers(order), kind="stable")
        rows = np.sort(rows[places[-most:]])
    target = read_target(table, profile, preparation).take(rows)
    classes = target.codes if isinstance(target, Labels) else None
    return split_rows(rows, classes, preparation.split, _order(table, profile, preparation.split, rows))


def assign_folds(
    table: Table, profile: TableProfile, preparation: Preparation, rows: Rows, folds: int
) -> tuple[Assignment, ...]:
    """Assigns some rows that have a target, int64 (n,) ascending, to the parts of each of so many folds.

    The folds are made as the preparation's split says. In each the test rows are those that judge, and the validation
    rows are drawn from the others as the split draws them, in the share that it says. A split by time makes an
    expanding window, so that its oldest rows never judge. Raises PreparationError.
    """
    split = preparation.split
    if len(rows) < folds:
        raise PreparationError(f"{len(rows):,} usable rows are too few for {folds} folds: take fewer folds")
    target = read_target(table, profile, preparation).take(rows)
    classes = target.codes if isinstance(target, Labels) else None
    order = _order(table, profile, split, rows)
    numbers = None if order is None else cells_as_numbers(order)
    inner, found = replace(split, test=0.0), []
    for training, judging in split.way.fold(
        FoldDraw(len(rows), folds, split.seed, classes, numbers, split.column)
    ):
        mine = None if order is None else order.take(training)
        own = split_rows(rows[training], None if classes is None else classes[training], inner, mine)
        found.append(replace(own, test=rows[judging]))
    return tuple(found)


def _check_lowest(
    target: Numbers,
    own_unit: OwnUnit,
    table: Table,
    profile: TableProfile,
    preparation: Preparation,
    first_test_row: int | None,
) -> None:
    """Raises PreparationError that names the first value below what the cost takes, and its line."""
    below = np.flatnonzero(target.values < own_unit.lowest)
    if len(below):
        row = int(below[0])
        of_file = "" if first_test_row is None or row < first_test_row else f" of {preparation.split.file}"
        raise PreparationError(
            f"the target '{profile.target}' is {target.written(row)} in line {table.lines[row]}{of_file}, and the "
            f"cost '{own_unit.cost}' takes nothing below {own_unit.lowest:g}: choose another cost, mend the file, "
            "or let such cells count as missing"
        )


def _check_columns(table: Table, preparation: Preparation) -> None:
    """Raises PreparationError when an exception is about a column that isn't there."""
    for name in preparation.columns:
        if name not in table.frame.columns:
            raise PreparationError(
                f"the preparation is about the column '{name}', which the table doesn't have: remove it, or "
                "correct its name"
            )

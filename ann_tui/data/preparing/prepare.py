"""From a table to the float32 matrices that a network learns from, fitted on training rows alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.kinds import date_format, number_form
from ann_tui.data.cells.row_prints import Prints
from ann_tui.data.cells.table import Table
from ann_tui.data.cells.values import Floats, Rows, Values, read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.date_parts import DATE_PARTS
from ann_tui.data.choices.encodings import ENCODING
from ann_tui.data.choices.preparation import (
    ColumnChoice,
    ColumnPreparation,
    Preparation,
    PreparationError,
)
from ann_tui.data.choices.source import Source
from ann_tui.data.choices.texts import KEPT_TEXT, TEXT
from ann_tui.data.preparing.assigning import assign_rows
from ann_tui.data.preparing.columns import Column
from ann_tui.data.preparing.effects import effects_of
from ann_tui.data.preparing.encoding import Matrix
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.fitting import fit_cleanings, fit_column, fit_together
from ann_tui.data.preparing.input_column import input_column
from ann_tui.data.preparing.left_out import Reasons, new_class, without_repeated, without_unusable
from ann_tui.data.preparing.row_digests import row_digests
from ann_tui.data.preparing.second_file import check_test_file, with_test_table
from ann_tui.data.preparing.split import Assignment
from ann_tui.data.preparing.target_fitting import fit_target, read_target, target_kind
from ann_tui.data.preparing.target_scale import OwnUnit
from ann_tui.data.preparing.transform_report import Effect, TransformReport
from ann_tui.data.profile.table_profile import TableProfile, feature_columns

__all__ = [
    "Effect", "Part", "PreparationError", "PreparedData", "assign_rows", "joined", "prepare", "prepare_rows",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Part:
    """The rows of one part of the split, in the order of the table.

    `rows` int64 (n,): positions in `PreparedData.table.frame`; `x` float32 (n, features), C-contiguous;
    `y` class codes int64 (n,), or numbers as they are learned, float32 (n,); `actual` what answers are compared with:
    `y` itself, or numbers in their own unit, float64 (n,); `digests` uint64 (n,), see `row_digests`, of the inputs as
    `fitted.transform` gives them; `weight` float32 (n,), or None where all rows weigh the same.
    """

    rows: Rows
    x: Matrix
    y: npt.NDArray[Any]
    actual: npt.NDArray[Any]
    digests: Prints
    weight: npt.NDArray[np.float32] | None = None


def joined(one: Part, other: Part) -> Part:
    """The rows of two parts, those of one before those of the other."""

    def both(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(one, name), getattr(other, name)])

    weight = None if one.weight is None or other.weight is None else both("weight")
    return Part(both("rows"), both("x"), both("y"), both("actual"), both("digests"), weight)


@dataclass(frozen=True, eq=False)
class PreparedData:
    """What `prepare` gives: the fitted preparation, the three parts, and what happened on the way.

    `set_aside` lists every row that is in no part: its position in `table.frame`, and why. `table` is the table that
    was given, `file_rows` rows long, followed by the rows of the second file when the split has one; `profile` is what
    was known of it, `preparation` what was chosen, and `unknown_class` counts the rows of each part that were set aside
    because no training row has their class, by that. `test_report` tells of the cells of the test rows.
    """

    fitted: FittedPreparation
    training: Part
    validation: Part
    test: Part
    effects: tuple[Effect, ...]
    set_aside: tuple[tuple[int, str], ...]
    table: Table
    file_rows: int
    profile: TableProfile
    preparation: Preparation
    unknown_class: Mapping[str, Mapping[str, int]]
    test_report: TransformReport

    def without_matrices(self) -> PreparedData:
        """The same with no row in any part's `x`."""
        training, validation, test = (
            replace(part, x=part.x[:0].copy()) for part in (self.training, self.validation, self.test)
        )
        return replace(self, training=training, validation=validation, test=test)


def prepare(
    table: Table,
    profile: TableProfile,
    source: Source,
    preparation: Preparation,
    *,
    test_table: Table | None = None,
    own_unit: OwnUnit | None = None,
) -> PreparedData:
    """Splits the rows, fits every step on the training rows alone, and applies it to all parts.

    The training matrix is what `fitted.transform` gives for the training rows, but for target encoding,
    which is cross-fitted there. A split by file takes its test rows from `test_table`. With `own_unit` a
    number target stays as it is. Raises PreparationError with one line when the target or the features
    can't be used.
    """
    table, first_test_row = with_test_table(table, test_table, preparation)
    assigned = assign_rows(table, profile, preparation, first_test_row, own_unit)
    prepared = prepare_rows(table, profile, source, preparation, assigned, own_unit)
    if first_test_row is None:
        return prepared
    check_test_file(
        str(preparation.split.file),
        prepared.fitted,
        len(prepared.test.rows),
        prepared.unknown_class["test"],
        prepared.test_report,
    )
    return replace(prepared, file_rows=first_test_row)


def prepare_rows(
    table: Table,
    profile: TableProfile,
    source: Source,
    preparation: Preparation,
    assigned: Assignment,
    own_unit: OwnUnit | None = None,
) -> PreparedData:
    """Fits and applies the preparation for rows that are already assigned to parts; see `prepare`.

    Rows without a target are set aside, whatever they are assigned to.
    """
    target = read_target(table, profile, preparation)
    reasons: Reasons = {}
    absent = read_values(table.parsed[str(profile.target)], target_kind(profile)).missing
    for row in np.flatnonzero(target.missing).tolist():
        what = "no value of the target" if absent[row] else "a value against the rule of the target"
        reasons[row] = f"{what} '{profile.target}'"
    assigned = Assignment(
        *(rows[~target.missing[rows]] for rows in (assigned.training, assigned.validation, assigned.test))
    )
    if not len(assigned.training):
        raise PreparationError(f"no training row has a value of the target '{profile.target}'")
    choices, left = _choices(profile, source, preparation)
    kinds = {name: str(profile.column(name).kind) for name in choices}
    assigned = without_repeated(table, profile, preparation.duplicates, assigned, target.missing, reasons)
    values, forms = _read_features(table, kinds, assigned.training)
    seed = preparation.split.seed
    cleanings, isolated = fit_cleanings(kinds, choices, _taken(values, assigned.training), seed)
    training = without_unusable(
        table, preparation.unparseable, choices, values, cleanings, isolated, assigned.training, reasons
    )
    assigned = replace(assigned, training=training)
    fitted_target = fit_target(str(profile.target), preparation, target.take(training), own_unit)
    goal = fitted_target.goal(target.take(training)) if _target_encoded(choices) else None
    mine = _taken(values, training)
    together = fit_together(choices, cleanings, mine, seed)
    number_columns = sum(kind == ColumnKind.NUMBER for kind in kinds.values())
    columns: list[Column] = []
    crossed: dict[str, Matrix] = {}
    for name, kind in kinds.items():
        found = fit_column(
            name,
            kind,
            choices[name],
            cleanings[name],
            mine[name],
            goal,
            together.guesses.get(name),
            forms.get(name, ""),
            number_columns,
            seed,
        )
        if found is not None:
            columns.append(found[0])
            if found[1] is not None:
                crossed[name] = found[1]
    if not columns:
        raise PreparationError("no feature is left: no column has a value in the training rows")
    fitted = FittedPreparation(
        target=fitted_target,
        training_rows=len(training),
        inputs=tuple(input_column(column, mine[column.name]) for column in columns),
        columns=tuple(columns),
        neighbours=together.neighbours,
        chain=together.chain,
    )
    parts: list[Part] = []
    unknown: dict[str, Mapping[str, int]] = {}
    reports: list[TransformReport] = []
    for name, rows in (("training", training), ("validation", assigned.validation), ("test", assigned.test)):
        guessed = together.guesses if name == "training" else None
        part, report = _part(fitted, name, rows, values, target, crossed, guessed, reasons)
        unknown[name] = Counter(target.written(int(row)) for row in np.setdiff1d(rows, part.rows))
        parts.append(part)
        reports.append(report)
    used = {column.name for column in columns}
    notes = [Effect("encoding", name, 0, 0, f"{kind}: left out by choice") for name, kind in left.items()]
    notes += [
        Effect("missing", name, 0, 0, "left out: no training row has a value")
        for name in kinds
        if name not in used
    ]
    set_aside = tuple(sorted(reasons.items()))
    effects = effects_of(fitted, preparation, reports, values, parts, set_aside, notes)
    return PreparedData(
        fitted,
        parts[0],
        parts[1],
        parts[2],
        effects,
        set_aside,
        table,
        len(table.frame),
        profile,
        preparation,
        unknown,
        reports[2],
    )


def _part(
    fitted: FittedPreparation,
    name: str,
    rows: Rows,
    values: Mapping[str, Values],
    target: Values,
    crossed: Mapping[str, Matrix],
    guessed: Mapping[str, Floats] | None,
    reasons: Reasons,
) -> tuple[Part, TransformReport]:
    """The matrix and target of one part; rows of a class that training doesn't have are set aside."""
    y, unknown = fitted.target.encode(target.take(rows))
    for row in rows[unknown].tolist():
        reasons[row] = new_class(name, target.written(row))
    rows, y = rows[~unknown], y[~unknown]
    x, report = fitted.matrix(lambda column: values[column.name].take(rows), len(rows), guessed=guessed)
    actual = fitted.target.actual(target.take(rows), y)
    digests = row_digests(x, actual)
    if name == "training":
        for column, start in fitted.starts():
            if column.name in crossed:
                features = crossed[column.name]
                x[:, start : start + features.shape[1]] = features
    return Part(rows, x, y, actual, digests, fitted.target.weight(y)), report


def _choices(
    profile: TableProfile, source: Source, preparation: Preparation
) -> tuple[dict[str, ColumnChoice], dict[str, str]]:
    """The choices of each column that goes into the network, and the kinds of those that a choice leaves out.

    A text column that the person keeps is used, although free text is left out by default.
    """
    choices: dict[str, ColumnChoice] = {}
    left: dict[str, str] = {}
    for name in feature_columns(profile):
        kind = profile.column(name).kind
        choice = preparation.of_column(name, kind)
        if kind == ColumnKind.TEXT and name in source.included and TEXT[choice.text].cut is None:
            own = preparation.columns.get(name, ColumnPreparation())
            choice = replace(choice, text=own.text or KEPT_TEXT)
        if (kind == ColumnKind.DATE and DATE_PARTS[choice.dates].parts is None) or (
            kind == ColumnKind.TEXT and TEXT[choice.text].cut is None
        ):
            left[name] = str(kind)
        else:
            choices[name] = choice
    if not choices:
        raise PreparationError("no feature is left: include a column or choose another target")
    return choices, left


def _read_features(
    table: Table, kinds: Mapping[str, str], training: Rows
) -> tuple[dict[str, Values], dict[str, str]]:
    """The cells of all rows, and how dates and numbers are written, which training rows alone tell."""
    values: dict[str, Values] = {}
    forms: dict[str, str] = {}
    for name, kind in kinds.items():
        if kind == ColumnKind.DATE:
            forms[name] = date_format(table.parsed[name], training)
        elif kind == ColumnKind.NUMBER:
            forms[name] = number_form(table.parsed[name], training).text
        values[name] = read_values(table.parsed[name], kind, forms.get(name))
    return values, forms


def _target_encoded(choices: Mapping[str, ColumnChoice]) -> bool:
    return any(ENCODING[choice.encoding].form == "target" for choice in choices.values())


def _taken(values: Mapping[str, Values], rows: Rows) -> dict[str, Values]:
    return {name: column.take(rows) for name, column in values.items()}

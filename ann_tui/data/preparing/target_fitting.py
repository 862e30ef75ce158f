"""Reading the target of a table, and fitting it on the training rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ann_tui.data.cells.table import Table
from ann_tui.data.cells.values import Labels, Numbers, Values, read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, PreparationError
from ann_tui.data.choices.source import TASKS
from ann_tui.data.preparing.class_weights import fit_class_weights
from ann_tui.data.preparing.encoding import natural_order
from ann_tui.data.preparing.inaccurate import LabelRules, fit_label_rules, number_rules
from ann_tui.data.preparing.target_scale import OwnUnit, fit_target_scale
from ann_tui.data.preparing.targets import ClassTarget, NumberTarget, Target
from ann_tui.data.profile.table_profile import TableProfile

MANY_CLASSES = 1_000


def target_kind(profile: TableProfile) -> ColumnKind:
    """How the cells of the target are read."""
    return TASKS[profile.task].kind if profile.task is not None else ColumnKind.CATEGORY


def read_target(table: Table, profile: TableProfile, preparation: Preparation) -> Values:
    """The target of all rows; one that is against a rule is missing. Raises PreparationError without a target."""
    if profile.target is None:
        raise PreparationError("no target is chosen: choose the column that is to be predicted")
    values = read_values(table.parsed[profile.target], target_kind(profile))
    own = preparation.columns.get(profile.target, ColumnPreparation())
    if isinstance(values, Numbers):
        broken = number_rules(own.minimum, own.maximum).broken(values)
        return replace(values, values=np.where(broken, np.nan, values.values))
    rules = LabelRules(own.merge or {}, {}, own.allowed)
    possible = [rules.possible(rules.replaced(label)) for label in values.labels]
    return Labels(np.where(np.array([*possible, False])[values.codes], values.codes, -1), values.labels)


def fit_target(
    name: str, preparation: Preparation, training: Values, own_unit: OwnUnit | None = None
) -> Target:
    """Fits on the target of the training rows, none of them missing; with `own_unit` a number stays as it is.

    Raises PreparationError when there is nothing to tell apart, or too many classes for the rows.
    """
    own = preparation.of_column(name, ColumnKind.CATEGORY)
    if isinstance(training, Numbers):
        scale = fit_target_scale(name, preparation.target_transform, training.values, own_unit)
        return NumberTarget(name, scale, number_rules(own.minimum, own.maximum), training.form)
    rules = fit_label_rules(training, own.merge, own.merge_labels, own.allowed)
    merged = rules.apply(training)
    seen = np.flatnonzero(merged.counts())
    if len(seen) < 2:
        raise PreparationError(
            f"the target '{name}' has one class only in the training rows ({merged.labels[int(seen[0])]}): "
            "choose another target, or another split"
        )
    rows = len(merged.codes)
    if len(seen) > max(MANY_CLASSES, rows / 10):
        raise PreparationError(
            f"the target '{name}' has {len(seen):,} classes in {rows:,} training rows: choose another target, or "
            "take it as a number"
        )
    order = natural_order(merged.labels, seen)
    place = np.full(len(merged.labels), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    weights = fit_class_weights(preparation.class_weights, place[merged.codes], len(order))
    return ClassTarget(name, tuple(merged.labels[code] for code in order), rules, weights)

"""One column before and after the preparation, as two histograms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ann_tui.data.cells.values import Floats, Labels, Numbers, Rows, Values, read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn, fill_labels
from ann_tui.data.preparing.encoding import OTHER, Encoder, YesNo
from ann_tui.data.preparing.prepare import Part, PreparedData
from ann_tui.data.preparing.transform_report import TransformReport
from ann_tui.data.profile.column_histogram import MOST_LABELS, number_histogram
from ann_tui.data.profile.histogram import Grouping, Histogram, count_labels


@dataclass(frozen=True, eq=False)
class BeforeAfter:
    """What a column holds as it is read, and what the network gets of it.

    `before` counts all rows of the table, `after` those of the training, validation and test part; it is None where a
    column has no single figure or word a row, as hashed texts. `what` says what `after` counts: "standard", "one-hot",
    a feature's name.
    """

    before: Histogram
    after: Histogram | None
    what: str


def before_after(prepared: PreparedData, name: str) -> BeforeAfter:
    """A feature or the target before and after the preparation.

    Numbers become the scaled ones of the matrix, dates their first part, words the labels that the encoding knows, with
    missing ones filled and rare ones together as "other". Raises KeyError for a column that is neither.
    """
    fitted = prepared.fitted
    rows = np.concatenate([part.rows for part in _parts(prepared)])
    if name == fitted.target.name:
        return _of_target(prepared)
    for column, start in fitted.starts():
        if column.name == name:
            form = column.form if isinstance(column, NumberColumn | DateColumn) else None
            values = read_values(prepared.table.parsed[name], column.kind, form)
            return BeforeAfter(_histogram(values), *_after(prepared, column, start, values, rows))
    raise KeyError(name)


def _parts(prepared: PreparedData) -> tuple[Part, Part, Part]:
    return prepared.training, prepared.validation, prepared.test


def _of_target(prepared: PreparedData) -> BeforeAfter:
    target = prepared.fitted.target
    values = read_values(prepared.table.parsed[target.name], target.kind, target.form or None)
    y = np.concatenate([part.y for part in _parts(prepared)])
    if target.kind == ColumnKind.NUMBER:
        return BeforeAfter(_histogram(values), _of_numbers(y.astype(np.float64)), "learned")
    after = count_labels(y.astype(np.int64), target.classes, Grouping.none(len(y)), MOST_LABELS)
    return BeforeAfter(_histogram(values), after, "classes")


def _after(
    prepared: PreparedData, column: Column, start: int, values: Values, rows: Rows
) -> tuple[Histogram | None, str]:
    if isinstance(column, LabelColumn):
        assert isinstance(values, Labels)
        labels = fill_labels(column.clean(values.take(rows), TransformReport()), column.fill)
        return _of_known(labels, column.encoder), str(column.encoder.__struct_config__.tag)
    if isinstance(column, NumberColumn | DateColumn):
        feature = np.concatenate([part.x[:, start] for part in _parts(prepared)]).astype(np.float64)
        what = column.scaler.method if isinstance(column, NumberColumn) else column.feature_names[0]
        return _of_numbers(feature), what
    return None, "hashed"


def _of_known(labels: Labels, encoder: Encoder) -> Histogram:
    """The labels that the encoder knows, and all others as one."""
    known = (*encoder.true, *encoder.false) if isinstance(encoder, YesNo) else encoder.labels
    names = (*known, OTHER if OTHER not in known else "all other")
    place = {label: position for position, label in enumerate(known)}
    codes = np.array([*(place.get(label, len(known)) for label in labels.labels), -1], dtype=np.int64)
    return count_labels(codes[labels.codes], names, Grouping.none(len(labels.codes)), MOST_LABELS)


def _histogram(values: Values) -> Histogram:
    if isinstance(values, Numbers):
        return number_histogram(values.values, Grouping.none(len(values.values)), dates=values.dates)
    return count_labels(values.codes, values.labels, Grouping.none(len(values.codes)), MOST_LABELS)


def _of_numbers(numbers: Floats) -> Histogram:
    return number_histogram(numbers, Grouping.none(len(numbers)))

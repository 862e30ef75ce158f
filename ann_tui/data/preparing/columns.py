"""One fitted column: its cells are read, checked, cleaned, filled, and written into the matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.values import (
    Floats,
    Labels,
    Mask,
    Numbers,
    Values,
    read_dates,
    read_labels,
    read_numbers,
    written_number,
)
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.imputations import MISSING_CATEGORY, MISSING_NUMBER
from ann_tui.data.choices.number_form import MIXED_FORM, NumberForm
from ann_tui.data.preparing.boolean_words import as_in_training
from ann_tui.data.preparing.checks import check, check_finite
from ann_tui.data.preparing.date_features import DatePart
from ann_tui.data.preparing.date_order import note_order, note_zones
from ann_tui.data.preparing.encoding import Encoder, Matrix
from ann_tui.data.preparing.hashing import HashedText
from ann_tui.data.preparing.inaccurate import LabelRules, NumberRules
from ann_tui.data.preparing.number_bins import NumberBins
from ann_tui.data.preparing.outliers import Fence
from ann_tui.data.preparing.scaling import MOST_UNSCALED, Scaler
from ann_tui.data.preparing.transform_report import TransformReport

INDICATOR = "was missing"


class NumberColumn(msgspec.Struct, frozen=True, tag="number"):
    """A number column.

    `missing` is the option that was chosen; `fill` stands in for missing values, as far as the other
    columns don't give a better guess. `smallest` and `largest` are the range of the training rows, and `form` the text
    of the `NumberForm` in which they are written. `bins` are what the network sees of it besides.
    """

    name: str
    rules: NumberRules
    fence: Fence | None
    missing: str
    fill: float
    had_missing: bool
    indicator: bool
    scaler: Scaler
    smallest: float
    largest: float
    form: str = MIXED_FORM.text
    bins: NumberBins | None = None

    def __post_init__(self) -> None:
        """Checks the numbers, how gaps are filled and the form. Raises ValueError."""
        check(self.missing in MISSING_NUMBER, f"no such way to fill a gap: '{self.missing}'")
        check_finite(self.fill, self.smallest, self.largest)
        NumberForm.of(self.form)

    @property
    def kind(self) -> str:
        """The column kind."""
        return "number"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each feature of this column."""
        return (self.name, *_indicator_name(self.name, self.indicator))

    @property
    def bin_names(self) -> tuple[str, ...]:
        """The name of each of its bins, if it has any."""
        return () if self.bins is None else self.bins.names(self.name)

    @property
    def scaled_edges(self) -> npt.NDArray[np.float32]:
        """The edges of its bins as they lie in the matrix, float32 (bins + 1,); none without bins."""
        edges = () if self.bins is None else self.bins.edges
        return self.scaled(np.array(edges, np.float64)).astype(np.float32)

    def scaled(self, filled: Floats) -> Floats:
        """What the matrix holds of numbers without NaN."""
        found = self.scaler.apply(filled)
        return np.clip(found, -MOST_UNSCALED, MOST_UNSCALED) if self.scaler.method == "none" else found

    def read(self, cells: pd.Series[Any]) -> Numbers:
        """Reads the cells of new rows."""
        return read_numbers(cells, self.form)

    def clean(self, values: Values, report: TransformReport) -> Floats:
        """The numbers after rules and outlier fence, float64 (n,), NaN where missing."""
        assert isinstance(values, Numbers)
        _note_cells(self.name, values, report)
        numbers = values.values
        broken = self.rules.broken(values)
        emptied = values.unparseable | broken
        if broken.any():
            report.note(report.inaccurate, self.name, broken, values.written, lambda _: "")
            numbers = np.where(broken, np.nan, numbers)
        _note_outside(self.name, values, numbers, self.smallest, self.largest, report)
        if self.fence is not None and not self.fence.leaves_out:
            outlying = self.fence.outside(numbers)
            cleaned = self.fence.apply(numbers)
            emptied = emptied | (outlying & np.isnan(cleaned))
            report.note(
                report.outliers,
                self.name,
                outlying,
                values.written,
                lambda row: written_number(cleaned[row]),
            )
            numbers = cleaned
        report.taken_as_missing[self.name] = int(np.count_nonzero(emptied))
        return numbers

    def write(
        self, values: Values, out: Matrix, report: TransformReport, guesses: Floats | None = None
    ) -> None:
        """Fills `out`, float32 (n, features).

        `guesses` (n,) are used instead of `fill` where they aren't NaN.
        """
        self.write_cleaned(self.clean(values, report), out, report, guesses)

    def write_cleaned(
        self, numbers: Floats, out: Matrix, report: TransformReport, guesses: Floats | None = None
    ) -> None:
        """`write` for numbers that are cleaned already."""
        missing = np.isnan(numbers)
        filled = self.filled(numbers, guesses)
        _note_imputed(self.name, missing, self.had_missing, lambda row: written_number(filled[row]), report)
        out[:, 0] = self.scaled(filled)
        if self.indicator:
            out[:, -1] = missing

    def filled(self, numbers: Floats, guesses: Floats | None) -> Floats:
        """The numbers without NaN."""
        if guesses is not None:
            numbers = np.where(np.isnan(numbers), guesses, numbers)
        return np.where(np.isnan(numbers), self.fill, numbers)


class DateColumn(msgspec.Struct, frozen=True, tag="date"):
    """A date column, in seconds since 1970-01-01.

    `fill` stands in for missing dates, `form` is the date format of the training rows; `zoned` says whether they had a
    time zone, None in files that don't tell.
    """

    name: str
    missing: str
    fill: float
    had_missing: bool
    indicator: bool
    parts: tuple[DatePart, ...]
    form: str
    smallest: float
    largest: float
    zoned: bool | None = None

    def __post_init__(self) -> None:
        """Checks the numbers and how gaps are filled. Raises ValueError."""
        check(self.missing in MISSING_NUMBER, f"no such way to fill a gap: '{self.missing}'")
        check_finite(self.fill, self.smallest, self.largest)

    @property
    def kind(self) -> str:
        """The column kind."""
        return "date"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each feature of this column."""
        if [part.part for part in self.parts] == ["year"] and self.name.casefold() == "year":
            names = [self.name]
        else:
            names = [f"{self.name} {name}" for part in self.parts for name in part.names]
        return (*names, *_indicator_name(self.name, self.indicator))

    def read(self, cells: pd.Series[Any]) -> Numbers:
        """Reads the cells of new rows, in the date format of training."""
        return read_dates(cells, self.form)

    def write(
        self, values: Values, out: Matrix, report: TransformReport, guesses: Floats | None = None
    ) -> None:
        """Fills `out`, float32 (n, features)."""
        assert isinstance(values, Numbers)
        _note_cells(self.name, values, report)
        report.taken_as_missing[self.name] = int(np.count_nonzero(values.unparseable))
        note_order(self.name, self.form, values, report)
        if self.zoned is not None:
            note_zones(self.name, values, report, zoned=self.zoned)
        missing = values.missing
        _note_outside(self.name, values, values.values, self.smallest, self.largest, report)
        filled = written_number(self.fill, dates=True)
        _note_imputed(self.name, missing, self.had_missing, lambda _: filled, report)
        seconds = np.where(missing, self.fill, values.values)
        position = 0
        for part in self.parts:
            for feature in part.apply(seconds):
                out[:, position] = feature
                position += 1
        if self.indicator:
            out[:, position] = missing


class LabelColumn(msgspec.Struct, frozen=True, tag="label"):
    """A column of categories, booleans or identifiers.

    `fill` stands in for missing labels; `seen` are the labels of the training rows after cleaning.
    """

    name: str
    label_kind: str
    rules: LabelRules
    missing: str
    fill: str
    had_missing: bool
    indicator: bool
    encoder: Encoder
    seen: tuple[str, ...]

    def __post_init__(self) -> None:
        """Checks how gaps are filled. Raises ValueError."""
        check(self.missing in MISSING_CATEGORY, f"no such way to fill a gap: '{self.missing}'")

    @property
    def kind(self) -> str:
        """The column kind."""
        return self.label_kind

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each feature of this column."""
        return (*self.encoder.names(self.name), *_indicator_name(self.name, self.indicator))

    def read(self, cells: pd.Series[Any]) -> Labels:
        """Reads the cells of new rows."""
        return read_labels(cells)

    def clean(self, values: Values, report: TransformReport) -> Labels:
        """The labels after merging and rules; other words for yes and no are those of training."""
        assert isinstance(values, Labels)
        cleaned = self.rules.apply(values)
        report.present[self.name] = int(np.count_nonzero(~values.missing))
        if cleaned is not values:
            refused = cleaned.missing & ~values.missing
            report.taken_as_missing[self.name] = int(np.count_nonzero(refused))
            report.note(report.inaccurate, self.name, refused, values.written, lambda _: "")
            same = np.array([self.rules.replaced(label) == label for label in values.labels] + [True])
            merged = ~same[values.codes] & ~refused
            report.note(report.merged, self.name, merged, values.written, cleaned.written)
        return as_in_training(cleaned, self.seen) if self.kind == ColumnKind.BOOLEAN else cleaned

    def write(
        self, values: Values, out: Matrix, report: TransformReport, guesses: Floats | None = None
    ) -> None:
        """Fills `out`, float32 (n, features)."""
        cleaned = self.clean(values, report)
        missing = cleaned.missing
        _note_imputed(self.name, missing, self.had_missing, lambda _: self.fill, report)
        seen = set(self.seen)
        for label, count in zip(cleaned.labels, cleaned.counts(), strict=True):
            if count and label not in seen:
                report.unseen.setdefault(self.name, {})[label] = int(count)
        width = len(self.encoder.names(self.name))
        self.encoder.write(fill_labels(cleaned, self.fill), out[:, :width])
        if self.indicator:
            out[:, width] = missing


class TextColumn(msgspec.Struct, frozen=True, tag="text"):
    """A column of free text; a missing text gives zeros."""

    name: str
    hashing: HashedText

    @property
    def kind(self) -> str:
        """The column kind."""
        return "text"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each feature of this column."""
        return self.hashing.names(self.name)

    def read(self, cells: pd.Series[Any]) -> Labels:
        """Reads the cells of new rows."""
        return read_labels(cells)

    def write(
        self, values: Values, out: Matrix, report: TransformReport, guesses: Floats | None = None
    ) -> None:
        """Fills `out`, float32 (n, features)."""
        assert isinstance(values, Labels)
        self.hashing.write(values, out)


Column = NumberColumn | DateColumn | LabelColumn | TextColumn


def fill_labels(values: Labels, fill: str) -> Labels:
    """The labels with `fill` where one was missing."""
    if not values.missing.any():
        return values
    labels = values.labels if fill in values.labels else (*values.labels, fill)
    return Labels(np.where(values.missing, labels.index(fill), values.codes).astype(np.int64), labels)


def _note_cells(column: str, values: Numbers, report: TransformReport) -> None:
    """Note how many cells hold something, and those that can't be read."""
    report.note(report.unparseable, column, values.unparseable, values.raw, lambda _: "")
    report.present[column] = int(np.count_nonzero(~values.missing | values.unparseable))


def _indicator_name(column: str, indicator: bool) -> tuple[str, ...]:
    return (f"{column} {INDICATOR}",) if indicator else ()


def _note_outside(
    column: str, values: Numbers, numbers: Floats, smallest: float, largest: float, report: TransformReport
) -> None:
    with np.errstate(invalid="ignore"):
        outside = (numbers < smallest) | (numbers > largest)
    report.note(report.outside, column, outside, values.written, values.written)


def _note_imputed(
    column: str, missing: Mask, had_missing: bool, filled: Callable[[int], str], report: TransformReport
) -> None:
    if missing.any():
        report.note(report.imputed, column, missing, lambda _: "", filled)
        if not had_missing:
            report.surprising = (*report.surprising, column)

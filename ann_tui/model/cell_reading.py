"""Cells of a new file as the training file's were read: marks of missing values, decimal signs, spellings of labels.

What a cell means does not depend on the other cells of the file, so that a file can be read in pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ann_tui.data.cells.grammar import folded, folded_marks
from ann_tui.data.cells.missing_marks import marked_numbers, without_marked
from ann_tui.data.cells.number_forms import value_of
from ann_tui.data.cells.numerals import DecimalNumber, decimal_number
from ann_tui.data.cells.parsed import is_number_column
from ann_tui.data.cells.texts import label_text, one_form
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.choices.source import Source
from ann_tui.data.preparing.columns import Column, LabelColumn, NumberColumn
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.inaccurate import LabelRules

Reading = Callable[[str], object]


class CellReader:
    """Turns text cells into what the fitted preparation expects.

    A text that stands for a missing value is one, unless it is a label that training knew (NA may be Namibia). A label
    that training did not know is the one that says the same number with as many decimals, where there is but one: 1.0
    is the label 1, and 3,10 the label 3.10, but 3.1 is neither, nor is 1E2 the label 100, or 007 the label 7.
    """

    def __init__(self, fitted: FittedPreparation, source: Source, decimal: str) -> None:
        """For files whose decimal sign is `decimal`; `source` tells which texts stand for a missing value."""
        self._fitted = fitted
        self._source = source
        self._decimal = decimal
        self._readings = {column.name: self._reading(column) for column in fitted.columns}
        self._readings[fitted.target.name] = fitted.target.either(
            lambda target: self._label_reading(target.name, target.rules, frozenset(target.classes)),
            lambda target: self._number_reading(target.name, target.form),
        )
        self._known_labels = {
            column.name: frozenset(column.seen)
            for column in fitted.columns
            if isinstance(column, LabelColumn)
        } | {fitted.target.name: frozenset(fitted.target.classes)}
        numbers = {column.name: column.form for column in fitted.columns if isinstance(column, NumberColumn)}
        if fitted.target.kind is ColumnKind.NUMBER:
            numbers[fitted.target.name] = fitted.target.form
        self.numbers = frozenset(name for name, form in numbers.items() if not NumberForm.of(form).grouped)

    def frame(self, cells: pd.DataFrame) -> pd.DataFrame:
        """The columns that the model knows, the target included where it is there, ready for `transform`."""
        columns = {name: self._read(name, cells[name]) for name in self._readings if name in cells.columns}
        return pd.DataFrame(columns, index=cells.index, copy=False)

    def _read(self, name: str, cells: pd.Series[Any]) -> pd.Series[Any]:
        if cells.dtype != object:
            return self._typed(name, cells)
        codes, distinct = pd.factorize(cells.to_numpy())
        read = self._readings[name]
        table = np.empty(len(distinct) + 1, dtype=object)
        gone = frozenset(self._marked_numbers(name))
        table[:-1] = [
            read(cell) if isinstance(cell, str) else None if cell in gone and cell is not True else cell
            for cell in distinct
        ]
        table[-1] = None
        return pd.Series(table[codes], index=cells.index, dtype=object, copy=False)

    def _typed(self, name: str, cells: pd.Series[Any]) -> pd.Series[Any]:
        """A column that is typed already, NaN in place of the numbers that stand for a missing value."""
        numbers = self._marked_numbers(name)
        if not numbers or not is_number_column(cells):
            return cells
        values = without_marked(cells.to_numpy(np.float64, na_value=np.nan), numbers)
        return pd.Series(values, index=cells.index, copy=False) if np.isnan(values).any() else cells

    def _marked_numbers(self, name: str) -> tuple[float, ...]:
        """The numbers that stand for a missing value in a column, but for labels that training knew."""
        known = self._known_labels.get(name, frozenset())
        numbers = marked_numbers(self._marks(name), self._decimal)
        return tuple(number for number in numbers if label_text(number) not in known)

    def _reading(self, column: Column) -> Reading:
        if isinstance(column, NumberColumn):
            return self._number_reading(column.name, column.form)
        if isinstance(column, LabelColumn):
            return self._label_reading(column.name, column.rules, frozenset(column.seen))
        marks = self._marks(column.name)
        return lambda text: None if folded(text) in marks else text

    def _number_reading(self, name: str, text_of_form: str) -> Reading:
        marks, decimal, form = self._marks(name), self._decimal, NumberForm.of(text_of_form)
        numbers = marked_numbers(marks, decimal) if form.reads_numbers else ()

        def read(text: str) -> object:
            if folded(text) in marks:
                return None
            if not form.reads_numbers:
                return text
            value = value_of(form, text, decimal)
            return text if np.isnan(value) else None if value in numbers else value

        return read

    def _label_reading(self, name: str, rules: LabelRules, seen: frozenset[str]) -> Reading:
        marks, decimal = self._marks(name), self._decimal
        known, forms = _by_number(seen), {one_form(label): label for label in seen}

        def read(text: str) -> object:
            if rules.replaced(text) in seen:
                return text
            if rules.replaced(one_form(text)) in seen:
                return one_form(text)
            if one_form(text) in forms:
                return forms[one_form(text)]
            if folded(text) in marks:
                return None
            return known.get(decimal_number(text, decimal), text)

        return read

    def _marks(self, name: str) -> frozenset[str]:
        own = self._source.column_marks.get(name)
        return folded_marks(self._source.missing_marks if own is None else own)


def _by_number(labels: frozenset[str]) -> dict[DecimalNumber | None, str]:
    """The labels that are numbers, by number and decimals; without those that training tells apart all the same."""
    found: dict[DecimalNumber | None, list[str]] = {}
    for label in labels:
        for number in {decimal_number(label, "."), decimal_number(label, ",")} - {None}:
            found.setdefault(number, []).append(label)
    return {number: same[0] for number, same in found.items() if len(same) == 1}

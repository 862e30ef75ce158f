"""A raw feature as a form for one new row needs it."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from ann_tui.data.cells.dates import in_form, zoned_moment
from ann_tui.data.cells.number_forms import value_of, written_in
from ann_tui.data.cells.values import Floats, Labels, Numbers, Values
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.preparing.checks import check_finite
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, TextColumn

SMALLEST_SPAN = 1e-290
"""A span below this has no hundredth part that can be counted with."""
CATEGORIES = 200
"""How many categories at most an input column lists."""


class InputColumn(msgspec.Struct, frozen=True):
    """A raw feature as a form for one new row needs it.

    `typical` is the median or most frequent training value as text; `minimum`, `maximum` and `step` (a
    sensible change by one key) are for numbers, None otherwise; `categories` the labels of training, most
    frequent first. `form` is the text of the `NumberForm` in which a number is written.
    """

    name: str
    kind: str
    typical: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    categories: tuple[str, ...] = ()
    form: str = ""

    def __post_init__(self) -> None:
        """Checks the numbers. Raises ValueError."""
        check_finite(*(each for each in (self.minimum, self.maximum, self.step) if each is not None))
        NumberForm.of(self.form)

    def number(self, text: str) -> float:
        """The number that a text says in this column, NaN for none."""
        return value_of(NumberForm.of(self.form), text)

    def written(self, digits: str) -> str:
        """A number as the column's cells have it, from its digits."""
        return written_in(NumberForm.of(self.form), digits)


def input_column(column: Column, values: Values) -> InputColumn:
    """Describes a raw feature by its training values."""
    if isinstance(column, TextColumn):
        return InputColumn(column.name, column.kind, "")
    if isinstance(column, LabelColumn):
        assert isinstance(values, Labels)
        cleaned = column.rules.apply(values)
        counts = cleaned.counts()
        order = [int(code) for code in np.argsort(-counts, kind="stable") if counts[code]]
        labels = tuple(cleaned.labels[code] for code in order[:CATEGORIES])
        return InputColumn(column.name, column.kind, labels[0], categories=labels)
    assert isinstance(values, Numbers)
    if isinstance(column, DateColumn):
        middle = float(np.percentile(values.values[~values.missing], 50, method="nearest"))
        written = zoned_moment(middle) if column.zoned else in_form(middle, column.form)
        return InputColumn(column.name, column.kind, written)
    usable = values.values[~values.missing & ~column.rules.broken(values)]
    middle = float(np.percentile(usable, 50, method="nearest"))
    step = _step(usable, column.largest - column.smallest)
    typical = written_in(NumberForm.of(column.form), f"{middle:.6g}")
    return InputColumn(
        column.name, column.kind, typical, column.smallest, column.largest, step, form=column.form
    )


def _step(known: Floats, span: float) -> float:
    """1, 2 or 5 times a power of ten, about a hundredth of the span; at least 1 for whole numbers."""
    if span <= 0:
        return 1.0
    if span < SMALLEST_SPAN:
        return SMALLEST_SPAN
    power = 10.0 ** math.floor(math.log10(span / 100))
    step = next((power * factor for factor in (1.0, 2.0, 5.0) if span / (power * factor) <= 100), power * 10)
    return max(step, 1.0) if np.all(np.mod(known, 1) == 0) else step

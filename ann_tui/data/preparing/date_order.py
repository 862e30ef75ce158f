"""Whether the dates of new rows have another order of day and month, or other zones, than those of training."""

from __future__ import annotations

import numpy as np

from ann_tui.data.cells.dates import day_and_month_exchanged, example_of, parse_dates
from ann_tui.data.cells.values import Numbers
from ann_tui.data.choices.date_parts import PARTS
from ann_tui.data.preparing.transform_report import TransformReport

LAST_MONTH = 12


def note_order(column: str, form: str, values: Numbers, report: TransformReport) -> None:
    """Note how dates are written, which cells the other order alone reads, and how many it does not read."""
    if values.unparseable.any():
        report.date_examples[column] = example_of(form)
    other = day_and_month_exchanged(form)
    if not other:
        return
    days = PARTS["day"].of(values.values[~values.missing])
    late = int(np.count_nonzero(days > LAST_MONTH))
    if late:
        report.late_days[column] = late
    unread = np.flatnonzero(values.unparseable)
    if len(unread):
        read = ~np.isnat(parse_dates([values.raw(int(row)) for row in unread], other))
        exchanged = np.zeros(len(values.missing), dtype=bool)
        exchanged[unread] = read
        report.note(report.exchanged, column, exchanged, values.raw, lambda _: "")


def note_zones(column: str, values: Numbers, report: TransformReport, *, zoned: bool) -> None:
    """Note the dates without a time zone where those of training had one, and the other way round."""
    if values.zoned is None:
        return
    into = report.without_zone if zoned else report.with_zone
    report.note(into, column, ~values.missing & (values.zoned != zoned), values.raw, lambda _: "")

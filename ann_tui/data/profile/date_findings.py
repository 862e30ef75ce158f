"""Dates in which day and month could be exchanged, so that their order is a guess."""

from __future__ import annotations

import numpy as np

from ann_tui.data.cells.dates import day_and_month_exchanged
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy


def date_findings(column: ReadColumn, table: Table) -> list[Finding]:
    """That the other order of day and month reads as many cells of a column of dates, and not as the same days."""
    name, parsed = column.profile.name, table.parsed[column.profile.name]
    if column.profile.kind is not ColumnKind.DATE or not parsed.is_text or parsed.stated_date:
        return []
    dates = parsed.texts.dates
    form = dates.find_format()[0]
    other = day_and_month_exchanged(form)
    if not other:
        return []
    if not dates.reads_as_much(other, form):
        return []
    here, exchanged = dates.parsed(form), dates.parsed(other)
    differs = np.flatnonzero(here != exchanged)
    if not len(differs):
        return []
    row = int(np.flatnonzero(np.isin(parsed.texts.codes, differs))[0])
    place = int(parsed.texts.codes[row])
    days = [moment.astype("datetime64[D]").item() for moment in (here[place], exchanged[place])]
    first, second = (f"{day.day} {day:%B}" for day in days)
    cell = printable(parsed.texts.labels[place].strip(), 24)
    text = f"“{cell}” (line {table.lines[row]}) is read as {first}, and may be {second}"
    return [Finding(name, "date order", text, "warning", Remedy("read dates", name, other))]

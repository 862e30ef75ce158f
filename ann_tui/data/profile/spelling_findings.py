"""Findings about how the numbers of a column are spelled: what looks like a number may be a code."""

import numpy as np

from ann_tui.data.cells.numerals import has_leading_zero, plain_numbers
from ann_tui.data.cells.spellings import TwoSpellings, two_spellings
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy

MOST_LABELS = 20_000


def spelling_findings(column: ReadColumn, table: Table) -> list[Finding]:
    """What the spelling of a number column's cells tells against its being one of numbers."""
    if column.profile.kind is not ColumnKind.NUMBER:
        return []
    return [*_leading_zeros(column, table), *_two_spellings(column, table)]


def _leading_zeros(column: ReadColumn, table: Table) -> list[Finding]:
    if column.codes is None:
        return []
    name = column.profile.name
    codes = [place for place, label in enumerate(column.labels) if has_leading_zero(label)]
    if not codes:
        return []
    rows = np.flatnonzero(np.isin(column.codes, codes))
    first = f"“{printable(column.labels[column.codes[rows[0]]].strip(), 20)}” in line {table.lines[rows[0]]}"
    cells = "1 cell" if len(rows) == 1 else f"{len(rows):,} cells"
    text = f"leading zeros in {cells} ({first}): codes?"
    return [Finding(name, "leading zeros", text, "warning", Remedy("set kind", name, "category"))]


def _two_spellings(column: ReadColumn, table: Table) -> list[Finding]:
    name = column.profile.name
    pair = next((pair for pair in table.spellings if pair.column == name), None)
    if pair is None and column.codes is not None and table.parsed[name].is_text:
        pair = _among_texts(column, table)
    if pair is None:
        return []
    text = (
        f"“{printable(pair.first, 20)}” (line {pair.lines[0]}) and “{printable(pair.second, 20)}” "
        f"(line {pair.lines[1]}) are one number: codes?"
    )
    return [Finding(name, "two spellings", text, "note", Remedy("set kind", name, "category"))]


def _among_texts(column: ReadColumn, table: Table) -> TwoSpellings | None:
    """Two spellings in a column of texts of which some are no numbers in digits."""
    if column.codes is None:
        return None
    labels = column.labels[:MOST_LABELS]
    numbers = plain_numbers("" if has_leading_zero(label) else label for label in labels)
    return two_spellings(column.profile.name, column.codes, labels, numbers, table.lines)

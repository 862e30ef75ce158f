"""Findings about how the numbers of a column are spelled: what looks like a number may be a code."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.kinds import number_form
from ann_tui.data.cells.number_forms import MOSTLY, SURE_UNITS, find_form, units_of, values_of
from ann_tui.data.cells.numerals import has_leading_zero, plain_numbers
from ann_tui.data.cells.spellings import TwoSpellings, point_groups, two_spellings
from ann_tui.data.cells.table import Table
from ann_tui.data.cells.texts import Texts
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.number_form import PLAIN_FORM, NumberForm
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy

MOST_LABELS = 20_000
HALF = 0.5
MOST_EXACT = 2**53
_WORDS = (ColumnKind.CATEGORY, ColumnKind.IDENTIFIER, ColumnKind.TEXT)


def spelling_findings(column: ReadColumn, table: Table) -> list[Finding]:
    """What the spelling of a column's cells tells against its kind, or against how its numbers are read."""
    kind, parsed = column.profile.kind, table.parsed[column.profile.name]
    if kind is not ColumnKind.NUMBER:
        return [*_several_units(column, table), *_numbers_in_words(column, table)] if kind in _WORDS else []
    if parsed.stated is not None:
        return [_known_form(column, parsed.stated)]
    form = number_form(parsed)
    return [
        *([_known_form(column, form)] if form != PLAIN_FORM else []),
        *_several_units(column, table),
        *_unread_numbers(column, table),
        *_too_long(column, table),
        *_point_groups(column, table),
        *_leading_zeros(column, table),
        *_two_spellings(column, table),
    ]


def _known_form(column: ReadColumn, form: NumberForm) -> Finding:
    name = column.profile.name
    share = f": 45 {form.unit} is {0.45 if form.unit == '%' else 0.045:g}" if form.is_share else ""
    text = f"numbers {form.words}{share}"
    return Finding(name, "number form", text, "note", Remedy("set kind", name, "category"))


def _several_units(column: ReadColumn, table: Table) -> list[Finding]:
    """Numbers in different units, which can't be compared."""
    name, parsed = column.profile.name, table.parsed[column.profile.name]
    units = units_of(parsed.texts.labels) if parsed.is_text else {}
    if len(units) < 2:
        return []
    texts, shown = parsed.texts, []
    for place in list(units.values())[:2]:
        row = int(np.flatnonzero(texts.codes == place)[0])
        shown.append(f"“{printable(texts.labels[place].strip(), 20)}” (line {table.lines[row]})")
    text = f"numbers in {len(units)} units: {' and '.join(shown)}: bring them into one"
    return [Finding(name, "several units", text, "warning")]


def _too_long(column: ReadColumn, table: Table) -> list[Finding]:
    """Whole numbers of more digits than are kept when they are computed with."""
    name = column.profile.name
    values = table.frame[name].to_numpy()
    if values.dtype.kind != "i":
        return []
    long = np.flatnonzero((values > MOST_EXACT) | (values < -MOST_EXACT))
    if not len(long):
        return []
    text = f"{values[long[0]]} (line {table.lines[long[0]]}) has more digits than a number keeps: codes?"
    return [Finding(name, "long numbers", text, "warning", Remedy("set kind", name, "category"))]


def _numbers_in_words(column: ReadColumn, table: Table) -> list[Finding]:
    """A column of words most of whose cells are numbers in some form; half where its unit leaves little doubt."""
    name, parsed = column.profile.name, table.parsed[column.profile.name]
    form, share = parsed.found_form
    sure = form.scaled or form.minus_behind or form.unit.casefold() in SURE_UNITS
    if share < (HALF if sure else MOSTLY) or not parsed.is_text:
        return []
    numbers = parsed.texts.numbers_in(form)
    return [_form_finding(name, form, numbers, parsed.texts, table)]


def _unread_numbers(column: ReadColumn, table: Table) -> list[Finding]:
    """Cells without a number as the column is read, most of which are one in some form."""
    name, parsed = column.profile.name, table.parsed[column.profile.name]
    if not column.profile.unparseable or not parsed.is_text:
        return []
    unread = np.unique(parsed.texts.codes[column.unparseable])
    labels = [parsed.texts.labels[place] for place in unread]
    form, share = find_form(labels, parsed.texts.counts[unread], parsed.decimal)
    if share < MOSTLY or form.is_share:
        return []
    numbers = np.full(len(parsed.texts.labels), np.nan)
    numbers[unread] = values_of(form, labels)
    return [_form_finding(name, form, numbers, parsed.texts, table)]


def _form_finding(
    name: str, form: NumberForm, numbers: npt.NDArray[np.float64], texts: Texts, table: Table
) -> Finding:
    row = int(np.flatnonzero(np.append(np.isfinite(numbers), False)[texts.codes])[0])
    cell = printable(texts.labels[texts.codes[row]].strip(), 20)
    text = (
        f"numbers {form.words}: “{cell}” (line {table.lines[row]}) could be {numbers[texts.codes[row]]:,.10g}"
    )
    return Finding(name, "number form", text, "warning", Remedy("read numbers", name, form.text))


def _point_groups(column: ReadColumn, table: Table) -> list[Finding]:
    name = column.profile.name
    found = next((each for each in table.point_groups if each.column == name), None)
    parsed = table.parsed[name]
    if found is None and parsed.is_text and table.dialect.decimal == ".":
        found = point_groups(name, parsed.texts.codes, parsed.texts.labels, table.lines)
    if found is None or (column.numbers is not None and not _are_thousandths(column.numbers)):
        return []
    if not found.likely and _has_decimals_elsewhere(table):
        return []
    thousands = found.example.replace(".", "")
    text = f"“{printable(found.example, 20)}” (line {found.line}) may be {int(thousands):,}: points between thousands?"
    severity: Literal["note", "warning"] = "warning" if found.likely else "note"
    return [Finding(name, "point groups", text, severity, Remedy("read numbers", name, "1.234"))]


def _has_decimals_elsewhere(table: Table) -> bool:
    """Whether a column of fractions shows that the point is the decimal sign of the file."""
    grouped = {found.column for found in table.point_groups}
    floats = (name for name in table.frame.columns if table.frame[name].dtype.kind == "f")
    return any(name not in grouped and _has_fractions(table, name) for name in floats)


def _has_fractions(table: Table, name: str) -> bool:
    values = table.frame[name].to_numpy()
    return bool(np.any(np.isfinite(values) & (values != np.floor(values))))


def _are_thousandths(numbers: npt.NDArray[np.float64]) -> bool:
    """Whether no number has a fourth decimal."""
    present = numbers[np.isfinite(numbers)] * 1000
    return bool(np.all(np.abs(present - np.rint(present)) < 1e-6 * np.maximum(1, np.abs(present))))


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

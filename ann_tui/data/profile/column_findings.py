"""What a person should know about a single column."""

from collections import defaultdict

import numpy as np

from ann_tui.data.cells.table import Table
from ann_tui.data.cells.values import written_number
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.date_findings import date_findings
from ann_tui.data.profile.findings import Finding, Remedy
from ann_tui.data.profile.spelling_findings import spelling_findings
from ann_tui.data.profile.spread_findings import figure, spread_findings

MOSTLY_MISSING = 0.5
NEARLY_CONSTANT = 0.99
HIGH_CARDINALITY = 50
SHOWN = 3


def leaving_out(column: ReadColumn, rows: int) -> Finding | None:
    """The finding that leaves a column out unless the person keeps it: nothing to learn from it."""
    profile = column.profile
    keep = Remedy("keep", profile.name)
    if profile.missing + profile.unparseable >= rows:
        lost = column.no_numbers or profile.unparseable
        text = "no number that can be computed with: left out" if lost else "no values: left out"
        return Finding(profile.name, "empty", text, "note", keep)
    if profile.distinct <= 1 and not profile.missing:
        return Finding(profile.name, "constant", "one value in all rows: left out", "note", keep)
    if profile.kind is ColumnKind.IDENTIFIER:
        return Finding(profile.name, "identifier", "identifies rows: left out", "note", keep)
    if profile.kind is ColumnKind.TEXT:
        return Finding(profile.name, "text", "free text: left out", "note", keep)
    return None


def column_findings(column: ReadColumn, table: Table) -> list[Finding]:
    """All other findings about one column of a table, the gravest first."""
    rows = len(table.frame)
    found = [
        *_missing(column, rows),
        *_mixed(column, table),
        *_no_numbers(column),
        *_labels(column, table),
        *spelling_findings(column, table),
        *date_findings(column, table),
        *_marks(column, table),
        *spread_findings(column, table),
        *_nearly_constant(column, rows),
    ]
    return sorted(found, key=lambda finding: finding.severity != "warning")


def _missing(column: ReadColumn, rows: int) -> list[Finding]:
    profile = column.profile
    share = profile.missing / max(1, rows)
    if share < MOSTLY_MISSING or profile.missing >= rows:
        return []
    text = f"mostly missing ({share:.0%} of the rows)"
    return [Finding(profile.name, "mostly missing", text, "warning", Remedy("leave out", profile.name))]


def _mixed(column: ReadColumn, table: Table) -> list[Finding]:
    profile = column.profile
    if not profile.unparseable:
        return []
    one, several = ("no date", "no dates") if profile.kind is ColumnKind.DATE else ("no number", "no numbers")
    rows = np.flatnonzero(column.unparseable)
    first = "a cell" if column.codes is None else _quoted(column.labels[column.codes[rows[0]]])
    text = f"{first} in line {table.lines[rows[0]]}"
    if len(rows) > 1:
        text += f" and {len(rows) - 1:,} more cell{'' if len(rows) == 2 else 's'} are {several}: mixed types"
    else:
        text += f" is {one}: mixed types"
    return [
        Finding(profile.name, "mixed types", text, "warning", Remedy("set kind", profile.name, "category"))
    ]


def _no_numbers(column: ReadColumn) -> list[Finding]:
    said = column.no_numbers
    if not said:
        return []
    names = [f"“{printable(text, 20)}”" for text, _ in said[:SHOWN]]
    listed = names[0] if len(said) == 1 else ", ".join(names[:-1]) + f" or {names[-1]}"
    if len(said) > SHOWN:
        listed = ", ".join(names) + f" or {_others(len(said) - SHOWN)}"
    count = sum(cells for _, cells in said)
    text = f"{'1 cell says' if count == 1 else f'{count:,} cells say'} {listed}: taken as missing"
    return [Finding(column.profile.name, "no number", text, "note")]


def _others(count: int) -> str:
    return "1 other" if count == 1 else f"{count} others"


def _quoted(label: str) -> str:
    return f"“{printable(label, 20)}”"


def _first_line(column: ReadColumn, code: int, table: Table) -> int:
    """The line of the first row with a label."""
    assert column.codes is not None
    return int(table.lines[int((column.codes == code).argmax())])


def _labels(column: ReadColumn, table: Table) -> list[Finding]:
    profile = column.profile
    if profile.kind not in (ColumnKind.CATEGORY, ColumnKind.BOOLEAN):
        return []
    found = []
    spellings = defaultdict(list)
    for code, label in enumerate(column.labels):
        spellings[" ".join(label.casefold().split())].append(code)
    several = [codes for codes in spellings.values() if len(codes) > 1]
    if several:
        shown = ", ".join(
            f"{_quoted(column.labels[code])} (line {_first_line(column, code, table)})"
            for code in several[0][:3]
        )
        more = f" and {len(several) - 1} more" if len(several) > 1 else ""
        text = f"{shown}{more}: inconsistent labels"
        found.append(
            Finding(
                profile.name, "inconsistent labels", text, "warning", Remedy("merge labels", profile.name)
            )
        )
    if profile.kind is ColumnKind.CATEGORY and profile.distinct > HIGH_CARDINALITY:
        text = f"high cardinality: {profile.distinct:,} categories"
        found.append(
            Finding(profile.name, "high cardinality", text, "note", Remedy("encode by target", profile.name))
        )
    return found


def _marks(column: ReadColumn, table: Table) -> list[Finding]:
    found = []
    for use in table.marks:
        if use.column != column.profile.name:
            continue
        shown = _quoted(use.mark.strip())
        rows = "1 row" if use.rows == 1 else f"{use.rows:,} rows"
        if use.missing:
            text = f"{shown} taken as missing in {rows}"
            remedy = Remedy("keep as value", use.column, use.mark.strip())
        else:
            text = f"{shown} kept as a value in {rows}"
            if use.mark in column.labels:
                text += f" (from line {_first_line(column, column.labels.index(use.mark), table)})"
            remedy = Remedy("take as missing", use.column, use.mark.strip())
        found.append(Finding(use.column, "missing mark", text, "note", remedy))
    return found


def _nearly_constant(column: ReadColumn, rows: int) -> list[Finding]:
    profile = column.profile
    present = rows - profile.missing - profile.unparseable
    if profile.distinct <= 1 or present < 20:
        return []
    largest = _largest(column)
    if largest < NEARLY_CONSTANT * present:
        return []
    others = present - largest
    text = f"{_usual(column)} in all but {others:,} row{'' if others == 1 else 's'}: nearly constant"
    return [Finding(profile.name, "nearly constant", text, "note", Remedy("leave out", profile.name))]


def _usual(column: ReadColumn) -> str:
    """The value that fills the column."""
    profile = column.profile
    if column.numbers is None or profile.quartiles is None:
        return _quoted(column.labels[int(column.counts.argmax())])
    middle = profile.quartiles[1]
    return written_number(middle, True) if profile.kind is ColumnKind.DATE else figure(middle)


def _largest(column: ReadColumn) -> int:
    """How often the most frequent value occurs (for numbers: the median, which it is when it fills the column)."""
    if column.numbers is None:
        return int(column.counts.max(initial=0))
    quartiles = column.profile.quartiles
    return 0 if quartiles is None else int((column.numbers == quartiles[1]).sum())

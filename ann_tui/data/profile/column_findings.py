"""What a person should know about a single column."""

from collections import defaultdict

from ann_tui.data.cells.missing_marks import MarkUse
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy
from ann_tui.data.profile.spelling_findings import spelling_findings

MOSTLY_MISSING = 0.5
NEARLY_CONSTANT = 0.99
HIGH_CARDINALITY = 50
MANY_OUTLIERS = 0.01
FAR_SKEW = 3.0
SHOWN = 3


def leaving_out(column: ReadColumn, rows: int) -> Finding | None:
    """The finding that leaves a column out unless the person keeps it: nothing to learn from it."""
    profile = column.profile
    keep = Remedy("keep", profile.name)
    if profile.missing + profile.unparseable >= rows:
        return Finding(profile.name, "empty", "no values: left out", "note", keep)
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
        *_mixed(column),
        *_no_numbers(column),
        *_labels(column),
        *spelling_findings(column, table),
        *_marks(column, table.marks),
        *_spread(column, rows),
    ]
    return sorted(found, key=lambda finding: finding.severity != "warning")


def _missing(column: ReadColumn, rows: int) -> list[Finding]:
    profile = column.profile
    share = profile.missing / max(1, rows)
    if share < MOSTLY_MISSING or profile.missing >= rows:
        return []
    text = f"mostly missing ({share:.0%} of the rows)"
    return [Finding(profile.name, "mostly missing", text, "warning", Remedy("leave out", profile.name))]


def _mixed(column: ReadColumn) -> list[Finding]:
    profile = column.profile
    if not profile.unparseable:
        return []
    what = "dates" if profile.kind is ColumnKind.DATE else "numbers"
    example = ""
    if column.codes is not None:
        first = column.codes[column.unparseable][0]
        example = f", e.g. “{printable(column.labels[first], 20)}”"
    text = f"mixed types: {_cells(profile.unparseable)} no {what}{example}"
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


def _cells(count: int) -> str:
    return "1 cell is" if count == 1 else f"{count:,} cells are"


def _labels(column: ReadColumn) -> list[Finding]:
    profile = column.profile
    if profile.kind not in (ColumnKind.CATEGORY, ColumnKind.BOOLEAN):
        return []
    found = []
    spellings = defaultdict(list)
    for label in column.labels:
        spellings[" ".join(label.casefold().split())].append(label)
    several = [labels for labels in spellings.values() if len(labels) > 1]
    if several:
        shown = ", ".join(f"“{printable(label, 20)}”" for label in several[0][:3])
        more = f" and {len(several) - 1} more" if len(several) > 1 else ""
        text = f"inconsistent labels: {shown}{more}"
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


def _marks(column: ReadColumn, marks: tuple[MarkUse, ...]) -> list[Finding]:
    found = []
    for use in marks:
        if use.column != column.profile.name:
            continue
        shown = f"“{printable(use.mark.strip(), 20)}”"
        rows = "1 row" if use.rows == 1 else f"{use.rows:,} rows"
        if use.missing:
            text = f"{shown} taken as missing in {rows}"
            remedy = Remedy("keep as value", use.column, use.mark.strip())
        else:
            text = f"{shown} kept as a value in {rows}"
            remedy = Remedy("take as missing", use.column, use.mark.strip())
        found.append(Finding(use.column, "missing mark", text, "note", remedy))
    return found


def _spread(column: ReadColumn, rows: int) -> list[Finding]:
    profile = column.profile
    found = []
    present = rows - profile.missing - profile.unparseable
    if profile.distinct > 1 and present >= 20:
        largest = _largest(column)
        if largest >= NEARLY_CONSTANT * present:
            text = f"nearly constant ({largest / present:.1%} the same)"
            found.append(
                Finding(profile.name, "nearly constant", text, "note", Remedy("leave out", profile.name))
            )
    if (
        profile.kind is ColumnKind.NUMBER
        and profile.distinct > 10
        and profile.outliers > MANY_OUTLIERS * present
    ):
        text = f"{profile.outliers:,} outliers"
        found.append(Finding(profile.name, "outliers", text, "note", Remedy("clip outliers", profile.name)))
    if (
        profile.kind is ColumnKind.NUMBER
        and profile.skew is not None
        and abs(profile.skew) > FAR_SKEW
        and profile.distinct > 10
    ):
        text = f"skewed to the {'right' if profile.skew > 0 else 'left'} ({profile.skew:.1f})"
        found.append(Finding(profile.name, "skewed", text, "note", Remedy("scale by rank", profile.name)))
    return found


def _largest(column: ReadColumn) -> int:
    """How often the most frequent value occurs (for numbers: the median, which it is when it fills the column)."""
    if column.numbers is None:
        return int(column.counts.max(initial=0))
    quartiles = column.profile.quartiles
    return 0 if quartiles is None else int((column.numbers == quartiles[1]).sum())

"""What is known about a table before anything is done to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.parsed import ParsedColumn
from ann_tui.data.cells.rules import RuleError, broken, parse_rule
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.source import TASKS, Source
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_findings import column_findings, leaving_out
from ann_tui.data.profile.column_profile import BINS, ColumnProfile, ReadColumn, has_labels, read_column
from ann_tui.data.profile.findings import Finding, Remedy
from ann_tui.data.profile.leaks import leak_suspects
from ann_tui.data.profile.row_findings import group_finding, time_finding
from ann_tui.data.profile.spread_findings import figure
from ann_tui.data.profile.table_findings import class_findings, duplicate_columns, table_findings
from ann_tui.data.profile.target import guess_task, target_candidates
from ann_tui.data.profile.unmet import unmet_statements

__all__ = ["BINS", "ColumnProfile", "TableProfile", "feature_columns", "profile_table"]

_OF_A_TARGET = (
    "mixed types", "no number", "inconsistent labels", "missing mark", "leading zeros", "two spellings", "number form",
    "point groups", "several units", "long numbers",
)  # fmt: skip


@dataclass(frozen=True)
class TableProfile:
    """A table: its columns, the target with its classes (empty for a number) and the findings about the whole.

    `candidates` are the columns of which the target was guessed, the likeliest first; none where it was stated.
    """

    rows: int
    columns: tuple[ColumnProfile, ...]
    target: str | None
    task: str | None
    classes: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    candidates: tuple[str, ...] = ()

    @property
    def guessed(self) -> bool:
        """Whether nobody has said which column is the target."""
        return bool(self.candidates)

    @property
    def unsure(self) -> bool:
        """Whether another column may well be the target."""
        return len(self.candidates) > 1

    @property
    def doubted_target(self) -> Finding | None:
        """What speaks for reading the cells of the target as other numbers than they are read as now, or as numbers."""
        if self.target is None:
            return None
        return next(
            (
                finding
                for finding in self.column(self.target).findings
                if finding.remedy is not None and finding.remedy.action == "read numbers"
            ),
            None,
        )

    def column(self, name: str) -> ColumnProfile:
        """The profile of one column; KeyError if there is none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def profile_table(table: Table, source: Source) -> TableProfile:
    """Everything that is known about the table, with the target guessed where the source names none."""
    frame = table.frame
    rows = len(frame)
    labels = [name for name in frame.columns if has_labels(table.parsed[name], source.kinds.get(name))]
    table.parsed.read_written(labels)
    spelled = tuple(name for name in labels if table.parsed[name].respelled)
    read = [read_column(table.parsed[name], source.kinds.get(name)) for name in frame.columns]
    names = [column.profile.name for column in read]
    usable = [column.profile for column in read if column.profile.name not in source.excluded]
    candidates = () if source.target in names else target_candidates(usable, rows)
    target_name = source.target if source.target in names else next(iter(candidates), None)
    target = read[names.index(target_name)] if target_name is not None else None
    task: str | None = None
    classes: tuple[str, ...] = ()
    codes: npt.NDArray[np.int64] | None = None
    findings: list[Finding] = []
    if target is not None:
        present = rows - target.profile.missing
        task = source.task or guess_task(target.profile, target.profile.whole, present)
    if target is not None and task is not None and TASKS[task].kind is ColumnKind.CATEGORY:
        classes, codes, target = _classes(target, table.parsed[target.profile.name])
        findings += class_findings(target.profile.name, classes, codes, table.lines)
    by_column = {
        name: _findings_of(column, rows, table, task if name == target_name else None)
        for name, column in zip(names, read, strict=True)
    }
    for name, finding in duplicate_columns(
        [column for column in read if column.profile.name != target_name]
    ).items():
        by_column[name].append(finding)
    findings += [
        Finding(None, "rule" if field == "rules" else "unknown column", problem, "warning")
        for field, problem in unmet_statements(source, names)
    ]
    _note_broken_rules(
        table, source, by_column, {column.profile.name: column.profile.kind for column in read}
    )
    left_out = {
        name
        for name, found in by_column.items()
        if name in source.excluded
        or name == target_name
        or (name not in source.included and any(finding.remedy == Remedy("keep", name) for finding in found))
    }
    features = [column for column in read if column.profile.name not in left_out]
    if target is not None:
        for leak in leak_suspects(features, target, codes):
            by_column[str(leak.column)].insert(0, leak)
    findings += table_findings(table, target, len(features), spelled)
    if target is not None:
        others = [column for column in read if column.profile.name != target_name]
        groups, order = group_finding(others, features, target, codes), time_finding(others, target, codes)
        findings += [finding for finding in (groups, order) if finding is not None]
        if groups is not None and groups.remedy is not None:
            name = str(groups.remedy.column)
            by_column[name] = [finding for finding in by_column[name] if finding.kind != "leak suspect"]
    columns = tuple(
        replace(column.profile, findings=tuple(by_column[name]), used=name not in left_out)
        for name, column in zip(names, read, strict=True)
    )
    return TableProfile(rows, columns, target_name, task, classes, tuple(findings), candidates)


def spelled_columns(table: Table, profile: TableProfile) -> tuple[str, ...]:
    """The columns of labels, by their kind, whose cells the file may spell otherwise than the frame."""
    kinds = {column.name: column.kind for column in profile.columns}
    words = [name for name, kind in kinds.items() if kind not in (ColumnKind.NUMBER, ColumnKind.DATE)]
    return tuple(name for name in words if name in table.frame.columns and table.parsed[name].respelled)


def _findings_of(column: ReadColumn, rows: int, table: Table, task: str | None) -> list[Finding]:
    """The findings about a column; `task` is that of the target, None for any other column."""
    if task is not None:
        more = ("isolated value",) if TASKS[task].kind is ColumnKind.NUMBER else ()
        kept = (*_OF_A_TARGET, *more)
        return [finding for finding in column_findings(column, table) if finding.kind in kept]
    left = leaving_out(column, rows)
    if left is not None and left.kind in ("empty", "constant"):
        return [left]
    found = column_findings(column, table)
    if left is None:
        return found
    forms = [finding for finding in found if finding.kind == "number form"]
    return [*forms, left, *(finding for finding in found if finding not in forms)]


def _classes(
    target: ReadColumn, column: ParsedColumn
) -> tuple[tuple[str, ...], npt.NDArray[np.int64], ReadColumn]:
    """The class labels in order, the code of each row, and the target with those labels."""
    labels, raw = column.written.labels, column.written.codes
    order = sorted(range(len(labels)), key=lambda place: _class_order(labels[place]))
    moved = np.empty(len(labels) + 1, dtype=np.int64)
    moved[order] = np.arange(len(labels))
    moved[-1] = -1
    classes = tuple(labels[place] for place in order)
    codes = moved[raw]
    return classes, codes, replace(target, labels=classes, codes=codes)


def _class_order(label: str) -> tuple[int, float, str]:
    """Numbers by size, then words by letters."""
    try:
        return 0, float(label), label
    except ValueError:
        return 1, 0.0, label


def _note_broken_rules(
    table: Table, source: Source, by_column: dict[str, list[Finding]], kinds: Mapping[str, ColumnKind]
) -> None:
    """Note the rules that values break at their columns. Where a rule says what is possible, nothing is guessed."""
    for text in source.rules:
        try:
            rule = parse_rule(text, list(by_column))
        except RuleError:
            continue
        name = rule.column
        by_column[name] = [finding for finding in by_column[name] if finding.kind != "isolated value"]
        places = np.flatnonzero(broken(rule, table.parsed[name]))
        if len(places):
            (cell,) = table.parsed[name].cells(kinds[name], places[:1])
            shown = figure(float(cell)) if isinstance(cell, int | float) else f"“{printable(cell, 20)}”"
            more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
            are = "are impossible" if len(places) > 1 else "is impossible"
            sentence = f"{shown} in line {table.lines[places[0]]}{more} {are}: not {rule.text}"
            remedy = Remedy("take as missing by rule", name, rule.text)
            by_column[name].insert(0, Finding(name, "impossible value", sentence, "warning", remedy))


def feature_columns(profile: TableProfile) -> tuple[str, ...]:
    """The names of the columns that go into the network, in file order."""
    return tuple(column.name for column in profile.columns if column.used and column.name != profile.target)

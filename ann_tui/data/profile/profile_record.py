"""A profile as plain values, for `ann-tui profile --json`."""

import math
from dataclasses import asdict
from typing import Any

from ann_tui.data.cells.dates import written_moment
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.profile.column_profile import ColumnProfile
from ann_tui.data.profile.findings import Finding
from ann_tui.data.profile.table_profile import TableProfile

LONGEST_LABEL = 1000


def profile_record(table: Table, profile: TableProfile) -> dict[str, Any]:
    """Everything that is known about a file as dicts, lists, texts, finite numbers, truth values and None.

    Dates are ISO 8601 texts; texts from the file are unchanged, but labels of more than 1000 characters cut.
    """
    return {
        "file": str(table.path),
        "rows": profile.rows,
        "columns": [_column(column) for column in profile.columns],
        "dialect": {
            key: value
            for key, value in asdict(table.dialect).items()
            if key not in ("collapse", "trim") or value
        },
        "warnings": list(table.warnings),
        "dropped": [{"line": int(row.line), "reason": row.reason} for row in table.dropped],
        "target": profile.target,
        "target_candidates": list(profile.candidates),
        "task": profile.task,
        "classes": list(profile.classes),
        "findings": [_finding(finding) for finding in profile.findings],
    }


def _column(column: ColumnProfile) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind.value,
        "used": column.used,
        "missing": column.missing,
        "distinct": column.distinct,
        "unparseable": column.unparseable,
        "findings": [_finding(finding) for finding in column.findings],
    }
    if column.minimum is not None and column.quartiles is not None:
        dates = column.kind is ColumnKind.DATE
        record |= {
            "minimum": _value(column.minimum, dates),
            "quartiles": [_value(value, dates) for value in column.quartiles],
            "maximum": _value(column.maximum, dates),
            "mean": _value(column.mean, dates),
            "deviation": _value(column.deviation, False),
            "skew": _value(column.skew, False),
            "outliers": column.outliers,
        }
    else:
        record["top"] = [{"value": _cut(label), "count": count} for label, count in column.top]
    record["histogram"] = list(column.histogram)
    return record


def _cut(label: str) -> str:
    """A label, without the rest of one that fills pages."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _value(value: float | None, dates: bool) -> float | str | None:
    if value is None or not math.isfinite(value):
        return None
    if not dates:
        return value
    return written_moment(round(value)).replace(" ", "T")


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "text": finding.text,
        "severity": finding.severity,
        "remedy": finding.remedy.text if finding.remedy is not None else None,
    }

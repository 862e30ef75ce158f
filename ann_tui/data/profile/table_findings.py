"""What a person should know about the table as a whole: repeated rows and columns, rare classes."""

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.row_prints import row_prints
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy

IMBALANCE = 3.0
FEW_IN_CLASS = 10
FEW_ROWS = 50
SAME_CORRELATION = 0.99995
COMPARED_ROWS = 20_000


def repeated_rows(table: Table, spelled: Collection[str] = ()) -> tuple[int, tuple[int, int]]:
    """How many rows repeat an earlier row in every cell, see `row_prints`; and the lines of the first and of its like.

    The lines are 0 where none does.
    """
    frame = table.frame
    if len(frame) < 2 or not frame.shape[1]:
        return 0, (0, 0)
    prints = row_prints(table, spelled)
    repeated = len(frame) - len(pd.unique(prints))
    if not repeated:
        return 0, (0, 0)
    later = int(pd.Series(prints).duplicated().to_numpy().argmax())
    earlier = int((prints == prints[later]).argmax())
    return repeated, (int(table.lines[later]), int(table.lines[earlier]))


def duplicate_columns(columns: Sequence[ReadColumn]) -> dict[str, Finding]:
    """For each column that says what an earlier one says, the finding; by name.

    Labels that hardly repeat must be the same; others may be called differently (m, f and male, female).
    """
    found: dict[str, Finding] = {}
    labels: dict[bytes, str] = {}
    numeric = [column for column in columns if column.numbers is not None and column.profile.distinct > 1]
    for column in columns:
        if column.numbers is None and column.codes is not None and column.profile.distinct > 1:
            name = column.profile.name
            key = np.where(column.codes < 0, -1, _by_appearance(column.codes)).astype(np.int32).tobytes()
            if 2 * column.profile.distinct > np.count_nonzero(column.codes >= 0):
                first = pd.unique(column.codes[column.codes >= 0])
                key += "\0".join(column.labels[code] for code in first).encode("utf-8", "surrogatepass")
            if key in labels:
                found[name] = _same(name, labels[key], "")
            labels.setdefault(key, name)
    if len(numeric) > 1:
        _correlated(numeric, found)
    return found


def _by_appearance(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The codes renumbered in order of appearance, so that renamed labels compare equal."""
    return pd.factorize(codes)[0].astype(np.int64)


def _correlated(numeric: list[ReadColumn], found: dict[str, Finding]) -> None:
    rows = len(numeric[0].numbers) if numeric[0].numbers is not None else 0
    step = max(1, rows // COMPARED_ROWS)
    matrix = np.stack([column.numbers[::step] for column in numeric if column.numbers is not None])
    gone = np.isnan(matrix)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        means = np.nanmean(np.where(gone.all(axis=1, keepdims=True), 0.0, matrix), axis=1, keepdims=True)
        centred = np.where(gone, 0.0, matrix - means)
        norms = np.sqrt((centred * centred).sum(axis=1))
        unit = np.where(np.isfinite(norms)[:, None] & (norms > 0)[:, None], centred / norms[:, None], 0.0)
        likeness = unit @ unit.T
    for later in range(1, len(numeric)):
        name = numeric[later].profile.name
        for earlier in range(later):
            close = abs(likeness[later, earlier])
            if close >= SAME_CORRELATION and np.array_equal(gone[later], gone[earlier]) and name not in found:
                same = np.array_equal(matrix[later], matrix[earlier], equal_nan=True)
                other = numeric[earlier].profile.name
                found[name] = _same(
                    name, other, "" if same else f" (correlation {likeness[later, earlier]:.4f})"
                )


def _same(name: str, other: str, how: str) -> Finding:
    text = f"says the same as {printable(other, 40)}{how}"
    return Finding(name, "duplicate column", text, "warning", Remedy("leave out", name))


def class_findings(
    target: str, classes: Sequence[str], codes: npt.NDArray[np.int64], lines: npt.NDArray[np.int64]
) -> list[Finding]:
    """Findings about the sizes of the classes; `codes` are the class of each row, -1 for none, `lines` its line."""
    found: list[Finding] = []
    if len(classes) < 2:
        return found
    counts = np.bincount(codes[codes >= 0], minlength=len(classes)).tolist()
    rare = [place for place, count in enumerate(counts) if count < FEW_IN_CLASS]
    if rare:
        shown = ", ".join(
            _small_class(classes[place], counts[place], codes == place, lines) for place in rare[:4]
        )
        more = f" and {len(rare) - 4} more" if len(rare) > 4 else ""
        text = f"too few rows in {'a class' if len(rare) == 1 else f'{len(rare)} classes'}: {shown}{more}"
        found.append(Finding(None, "rare class", text, "warning"))
    most, least = max(counts), min(counts)
    if most >= IMBALANCE * max(1, least):
        small, large = classes[counts.index(least)], classes[counts.index(most)]
        text = f"class imbalance: {printable(large, 20)} {most:,} rows, {printable(small, 20)} {least:,}"
        found.append(Finding(None, "class imbalance", text, "warning", Remedy("class weights", target)))
    return found


def _small_class(label: str, count: int, rows: npt.NDArray[np.bool_], lines: npt.NDArray[np.int64]) -> str:
    where = "" if not count else f", {'' if count == 1 else 'from '}line {lines[int(rows.argmax())]}"
    return f"{printable(label, 20)} ({count}{where})"


def table_findings(
    table: Table, target: ReadColumn | None, features: int, spelled: Collection[str] = ()
) -> list[Finding]:
    """Findings about rows: repeated, too few, or without a target; `spelled` as in `repeated_rows`."""
    found: list[Finding] = []
    rows = len(table.frame)
    repeated, (later, earlier) = repeated_rows(table, spelled)
    if repeated:
        severity: Literal["note", "warning"] = "warning" if repeated > 0.01 * rows else "note"
        text = "1 row repeats an earlier row" if repeated == 1 else f"{repeated:,} rows repeat an earlier row"
        text += f" (line {later} repeats line {earlier})"
        found.append(Finding(None, "duplicate rows", text, severity, Remedy("drop duplicates")))
    if target is not None:
        gone = table.parsed[target.profile.name].values.isna().to_numpy()
        if target.profile.kind is ColumnKind.NUMBER:
            gone = gone | target.unparseable
        if count := int(gone.sum()):
            first = table.lines[int(gone.argmax())]
            text = f"{count:,} rows have no target (from line {first}): set aside"
            if count == 1:
                text = f"1 row has no target (line {first}): set aside"
            found.append(Finding(None, "missing target", text, "note"))
    if rows < FEW_ROWS:
        found.append(Finding(None, "few rows", f"only {rows} rows: a score on them says little", "warning"))
    elif features > rows:
        text = f"more features ({features:,}) than rows ({rows:,}): a network will learn the rows by heart"
        found.append(Finding(None, "few rows", text, "warning"))
    return found

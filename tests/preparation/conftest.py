"""Tables in memory, without a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.profile.table_profile import ColumnProfile, TableProfile

Given = tuple[Table, TableProfile, Source]
TableMaker = Callable[..., Given]


def make_table(
    columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str], target: str, task: str | None = None
) -> Given:
    """A table of these cells, with the kinds as they are stated; all columns but the target are features."""
    frame = pd.DataFrame({name: _series(cells) for name, cells in columns.items()})
    task = task or ("regression" if kinds[target] == "number" else "classification")
    profiles = tuple(
        ColumnProfile(name, ColumnKind(kinds[name]), 0, 0, used=name != target) for name in frame.columns
    )
    profile = TableProfile(len(frame), profiles, target, task, ())
    table = Table(frame, np.arange(len(frame), dtype=np.int64) + 2, Dialect(), Path("table.csv"))
    return table, profile, Source("table.csv", target=target)


def _series(cells: Sequence[Any]) -> pd.Series:
    if any(isinstance(cell, str) for cell in cells) or all(cell is None for cell in cells):
        return pd.Series(list(cells), dtype=object)
    return pd.Series(list(cells), dtype=np.float64)


@pytest.fixture(scope="session")
def table() -> TableMaker:
    """Makes a table; see `make_table`."""
    return make_table


@pytest.fixture(scope="session")
def mixed() -> Given:
    """60 rows of every kind with gaps: numbers, categories, a boolean, a date, a text, and three classes."""
    rng = np.random.default_rng(5)
    rows = 60
    age = rng.normal(40, 12, rows).round(1)
    pay = np.exp(rng.normal(7, 1, rows)).round(2)
    columns: dict[str, list[Any]] = {
        "age": [None if row % 9 == 4 else float(age[row]) for row in range(rows)],
        "pay": [None if row % 7 == 2 else float(pay[row]) for row in range(rows)],
        "height": rng.normal(170, 9, rows).round(0).tolist(),
        "city": [[None, "Oslo", "Rome", "Lima", "Bonn"][int(code)] for code in rng.integers(0, 5, rows)],
        "member": [["yes", "no", None][int(code)] for code in rng.integers(0, 3, rows)],
        "joined": [f"20{row % 20 + 10}-{row % 12 + 1:02d}-{row % 28 + 1:02d}" for row in range(rows)],
        "remark": [
            ["good work", "late again", "no remark", None][int(code)] for code in rng.integers(0, 4, rows)
        ],
        "class": [["low", "middle", "high"][int(code)] for code in rng.integers(0, 3, rows)],
    }
    kinds = {
        "age": "number", "pay": "number", "height": "number", "city": "category", "member": "boolean",
        "joined": "date", "remark": "text", "class": "category",
    }  # fmt: skip
    return make_table(columns, kinds, "class")

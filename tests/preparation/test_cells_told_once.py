"""A cell that one step takes as missing is filled by another: both do it, and it is counted once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.preparation import ColumnPreparation, Preparation
from ann_tui.data.preparing.prepare import prepare

CELLS = (None, "oops", "-99", "9000", "5", "6", "7")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(CELLS), min_size=20, max_size=60), st.sampled_from(["mark missing", "clip"]))
def test_numbers(table: Any, cells: list[str | None], action: str) -> None:
    """Missing, unreadable, against a rule, an outlier: each changed cell once in Prepare and in the notes."""
    usual = ["5", "6", "7"] * 20
    values = [*usual, *cells]
    rows = table(
        {"x": values, "y": ["a", "b"] * (len(values) // 2) + ["a"] * (len(values) % 2)},
        {"x": "number", "y": "category"},
        "y",
    )
    choice = ColumnPreparation(minimum=0.0, outliers="iqr", outlier_action=action)
    data = prepare(*rows, Preparation(columns={"x": choice}))
    changed = [effect for effect in data.effects if effect.column == "x" and effect.step in
               ("missing", "inaccurate", "outliers")]  # fmt: skip
    assert sum(effect.cells - effect.again for effect in changed) == sum(
        cell not in ("5", "6", "7") for cell in cells
    )
    _, report = data.fitted.transform(pd.DataFrame({"x": cells}))
    said = [sentence for sentence in report.sentences() if sentence.endswith("missing, filled")]
    empty = cells.count(None)
    assert said == ([f"x: {empty} missing, filled"] if empty else []) or (
        not data.fitted.columns[0].had_missing  # type: ignore[union-attr]
    )


def test_labels_against_a_rule(table: Any) -> None:
    """And one that is empty."""
    values = ["red", "blue", "blue", "pink", ""] * 12
    rows = table({"c": values, "y": ["a", "b"] * 30}, {"c": "category", "y": "category"}, "y")
    choice = ColumnPreparation(allowed=("red", "blue"))
    data = prepare(*rows, Preparation(columns={"c": choice}))
    (missing,) = (effect for effect in data.effects if effect.step == "missing")
    assert missing.cells == 24 and missing.again == 12
    _, report = data.fitted.transform(pd.DataFrame({"c": np.array(values, object)}))
    assert "c: 12 missing, filled" in report.sentences()


@pytest.mark.parametrize("unread", [0, 3])
def test_dates(table: Any, unread: int) -> None:
    days = [f"2024-01-{1 + place % 28:02}" for place in range(60)]
    rows = table({"d": days, "y": ["a", "b"] * 30}, {"d": "date", "y": "category"}, "y")
    fitted = prepare(*rows, Preparation()).fitted
    _, report = fitted.transform(pd.DataFrame({"d": ["soon"] * unread + [None] * 2 + days[:5]}))
    filled = [sentence for sentence in report.sentences() if "filled" in sentence]
    assert filled == ["d: 2 missing, filled, although training had none"]

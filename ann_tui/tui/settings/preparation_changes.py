"""How many cells or rows a choice of the preparation touches, as one short text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ann_tui.figures import counted

if TYPE_CHECKING:
    from ann_tui.data.preparing.transform_report import Effect
    from ann_tui.experiments.derived import Derived

NUMERIC = ("number", "date")
STEPS = {
    "missing_number": "missing",
    "missing_category": "missing",
    "outliers": "outliers",
    "unparseable": "inaccurate",
}
"""The step of each choice that changes cells."""


def changes_of(field: str, derived: Derived) -> str:
    """What the choice of a field changes: "8 cells in 4 columns"; "" for one that says how another is done."""
    prepared = derived.prepared
    if prepared is None:
        return "–"
    parts = {"split.test": prepared.test, "split.validation": prepared.validation}
    if field in parts:
        return counted(len(parts[field].rows), "row")
    if field == "split.method":
        return f"{counted(len(prepared.training.rows), 'row')} train"
    effects = [effect for effect in prepared.effects if effect.column is not None]
    if field in STEPS:
        kinds = {column.name: str(column.kind) for column in derived.profile.columns}
        mine = [effect for effect in effects if effect.step == STEPS[field]]
        if STEPS[field] == "missing":
            numbers = field == "missing_number"
            mine = [effect for effect in mine if (kinds.get(effect.column or "") in NUMERIC) == numbers]
        return _touched(mine)
    if field == "scaling":
        return counted(len({effect.column for effect in effects if effect.step == "scaling"}), "column")
    if field == "number_encoding":
        bins = prepared.fitted.bin_counts
        return (
            f"{counted(sum(bins.values()), 'bin')} in {counted(len(bins), 'column')}" if bins else "no column"
        )
    if field == "encoding":
        encoded = {effect.column for effect in effects if effect.step == "encoding" and effect.cells}
        inputs = sum(origin in encoded for origin in prepared.fitted.feature_origins)
        return (
            f"{counted(inputs, 'input')} from {counted(len(encoded), 'column')}" if encoded else "no column"
        )
    return ""


def in_brief(changes: str) -> str:
    """The figure alone, without in how many columns it is: "8 cells"."""
    return changes.split(" in ")[0].split(" from ")[0].removesuffix(" train")


def _touched(effects: Iterable[Effect]) -> str:
    touched = [effect for effect in effects if effect.cells > effect.again]
    if not touched:
        return "no cell"
    cells = sum(effect.cells - effect.again for effect in touched)
    return f"{counted(cells, 'cell')} in {counted(len(touched), 'column')}"

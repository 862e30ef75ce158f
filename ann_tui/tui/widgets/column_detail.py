"""All that is known of one column, in full, for the lines below the columns table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.figures import count, counted, number, span
from ann_tui.tui.mending import Mend, State, next_open
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.columns_table import values_text

if TYPE_CHECKING:
    from ann_tui.data.profile.table_profile import ColumnProfile


def figures_line(column: ColumnProfile, width: int) -> Text:
    """The column's name, and its measures or as many of its most frequent values as fit into `width` cells."""
    text = Text.assemble(plain(column.name, 60, "bold"), "  ")
    text.append(_figures(column, max(width - text.cell_len, 20)), style="dim")
    return text


def _figures(column: ColumnProfile, width: int) -> str:
    if column.kind is not ColumnKind.NUMBER or column.quartiles is None or column.minimum is None:
        return values_text(column, width)
    low, high = span(column.minimum, column.maximum or 0.0)
    first, middle, third = (number(value) for value in column.quartiles)
    parts = [
        f"{low} to {high}",
        f"quartiles {first}, {middle}, {third}",
        f"mean {number(column.mean)} ± {number(column.deviation)}",
        f"skew {number(column.skew, 2)}",
        counted(column.outliers, "outlier"),
    ]
    if column.unparseable:
        parts.append(f"{count(column.unparseable)} unreadable")
    return " · ".join(parts)


def findings_line(found: Sequence[Mend], warning: str, accent: str) -> Text:
    """Each finding in full with what the key m does about it, or has done; only the next one names the key."""
    text = Text()
    coming = next_open(found)
    for mend in found:
        text.append(" · " if text else "")
        text.append(
            plain(mend.finding.text, 400).plain, style=warning if mend.finding.severity == "warning" else ""
        )
        remedy = mend.finding.remedy
        if remedy is None or mend.state is State.TOLD:
            continue
        if mend is coming:
            text.append("  ").append("m", style=f"bold {accent}").append(f" {plain(remedy.text).plain}")
        else:
            done = mend.state is State.DONE
            text.append(f"  {'✓' if done else 'then'} {plain(remedy.text).plain}", style="dim")
    return text

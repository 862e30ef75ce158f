"""What is known of one column in sentences: its measures, its findings, and the lines of its odd cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.figures import count, counted, number, span
from ann_tui.tui.mending import Mend, State, next_open
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.columns_table import ends, mark_of

if TYPE_CHECKING:
    from ann_tui.data.profile.column_histogram import CellLines
    from ann_tui.data.profile.table_profile import ColumnProfile
    from ann_tui.experiments.derived import Derived

CELLS = {
    "missing": ("missing", "missing"),
    "unreadable": ("unreadable", "unreadable"),
    "outlier": ("outlier", "outliers"),
}
"""One odd cell, and several of them."""


def figures_text(column: ColumnProfile) -> Text:
    """The measures of a number column, or how many different values another one has."""
    if column.kind is not ColumnKind.NUMBER or column.quartiles is None or column.minimum is None:
        parts = [str(column.kind), counted(column.distinct, "different value")]
        if column.minimum is not None and column.maximum is not None:
            parts.insert(1, " to ".join(ends(column, column.minimum, column.maximum)))
        return Text(" · ".join(parts))
    low, high = span(column.minimum, column.maximum or 0.0)
    first, middle, third = (number(value) for value in column.quartiles)
    parts = [
        f"{low} to {high}",
        f"quartiles {first}, {middle}, {third}",
        f"mean {number(column.mean)} ± {number(column.deviation)}",
        f"skew {number(column.skew, 2)}",
    ]
    return Text(" · ".join(parts))


def findings_text(found: Sequence[Mend], warning: str, accent: str) -> Text:
    """Each finding in full, and under it what the key m does about it or has done; the next one names the key."""
    if not found:
        return Text("no findings", style="dim")
    text = Text()
    coming = next_open(found)
    for mend in found:
        text.append("\n" if text else "")
        severe = mend.finding.severity == "warning"
        text.append(
            f"{mark_of(mend.finding)} {plain(mend.finding.text, 400).plain}", style=warning if severe else ""
        )
        remedy = mend.finding.remedy
        if remedy is None or mend.state is State.TOLD:
            continue
        if mend is coming:
            text.append("\n  ").append("m", style=f"bold {accent}").append(f" {plain(remedy.text).plain}")
        else:
            done = mend.state is State.DONE
            text.append(f"\n  {'✓' if done else 'then'} {plain(remedy.text).plain}", style="dim")
    return text


def lines_text(odd: Sequence[CellLines]) -> Text:
    """Where in the file the odd cells stand, a line a sort: '2 missing: lines 5 and 273'."""
    text = Text(style="dim")
    for each in odd:
        what = CELLS[each.what][each.cells != 1]
        lines = [count(line) for line in each.lines]
        more = each.cells - len(lines)
        where = (
            ", ".join(lines)
            if more
            else " and ".join([", ".join(lines[:-1]), lines[-1]] if len(lines) > 1 else lines)
        )
        text.append(f"\n{count(each.cells)} {what}: {'line' if each.cells == 1 else 'lines'} {where}")
        if more:
            text.append(f" and {count(more)} more")
    return text


def table_notes(derived: Derived, room: int) -> str:
    """What there is to know of the whole table, as far as there is room, with the key that lists it all."""
    table = derived.table
    parts = [derived.problem] if derived.problem else []
    parts += [finding.text for finding in derived.profile.findings]
    if table.dropped:
        parts.append(f"{counted(len(table.dropped), 'line')} left out")
    if table.warnings:
        parts.append(counted(len(table.warnings), "reading warning"))
    return f"{plain(' · '.join(parts), room).plain} · w lists all" if parts else ""

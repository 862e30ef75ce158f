"""The columns of a file, one a line: kind, missing and distinct values, distribution, findings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.figures import count, span, spark
from ann_tui.tui.charts.dates import written_dates
from ann_tui.tui.text import line, plain, right
from ann_tui.tui.widgets.choice_table import ChoiceTable, LateRow, Row

if TYPE_CHECKING:
    from ann_tui.data.profile.findings import Finding
    from ann_tui.data.profile.table_profile import ColumnProfile, TableProfile

NAME, NARROW_NAME = 24, 16
NARROWEST_VALUES, VALUES, WIDEST_VALUES = 24, 30, 40
FEWEST_FOR_FINDINGS = 8
FEW_VALUES = 100
MEASURED = 100
"""Of tables with more columns than this the values' widths are fixed."""


class ColumnsTable(ChoiceTable):
    """Shows a profile. A narrow table leaves the distribution to the lines below it."""

    def __init__(self, id: str) -> None:
        super().__init__(*_headings(narrow=False), id=id, steps=False)
        self._narrow = False
        self._shows: tuple[TableProfile, int, str] | None = None

    def show_profile(self, profile: TableProfile, width: int) -> None:
        """Show these columns in a table that is `width` cells wide."""
        shown = (profile, width, self.app.theme)
        if shown == self._shows:
            return
        self._shows = shown
        self._set_headings(narrow=width < 90)
        values = VALUES
        findings = [self._findings(column, profile).cell_len for column in profile.columns[:MEASURED]]
        widths = self._widths(profile, values)
        spare = self._room(widths, width) - max(findings, default=0)
        if not self._narrow:
            values = max(min(VALUES + spare, WIDEST_VALUES), NARROWEST_VALUES)
            widths = self._widths(profile, values)
        room = max(self._room(widths, width), FEWEST_FOR_FINDINGS)

        def cells(column: ColumnProfile) -> tuple[Text, ...]:
            found = self._findings(column, profile, room)
            if found.cell_len > room:
                found.truncate(room, overflow="ellipsis")
            return (*self._cells(column, profile, values), found)

        rows = zip(profile.columns, widths, strict=True)
        self.show([LateRow(column.name, (*taken, 0), partial(cells, column)) for column, taken in rows])

    def copies(self) -> Iterator[tuple[str, str]]:
        """The name of the column under the cursor in full."""
        if self.cursor_key is not None:
            yield "the name of the column", printable(self.cursor_key, 10_000)

    def _set_headings(self, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        key = self.cursor_key
        self._narrow = narrow
        shown, self._shown = self._shown, ()
        self.clear(columns=True)
        self._headings = _headings(narrow)
        if key is not None:
            self.show([Row(row.key, tuple(Text("") for _ in self._headings)) for row in shown])
            self.put_cursor(key)

    def _widths(self, profile: TableProfile, values: int) -> list[tuple[int, ...]]:
        """How wide the cells before the findings are; of a table of many columns the values' are not looked at."""
        rows: list[tuple[int, ...]] = []
        few = len(profile.columns) <= MEASURED
        for column in profile.columns:
            name = plain(column.name, NARROW_NAME if self._narrow else NAME).cell_len
            missing = len(count(column.missing)) if column.missing else 1
            taken: tuple[int, ...] = (1, name, len(str(column.kind)), missing, len(count(column.distinct)))
            if not self._narrow:
                taken += (cell_len(values_text(column, values)) if few else values,)
            rows.append(taken)
        return rows

    def _room(self, widths: list[tuple[int, ...]], width: int) -> int:
        """What is left for the findings."""
        headings = tuple(heading.cell_len for heading in _headings(self._narrow)[:-1])
        taken: list[int] = [max(column) for column in zip(headings, *widths, strict=True)]
        return width - sum(taken) - 2 * len(taken) - 3

    def _style(self, column: ColumnProfile, profile: TableProfile) -> str:
        if column.name == profile.target:
            return f"bold {self.app.theme_variables['accent']}"
        return "" if column.used else "dim"

    def _cells(self, column: ColumnProfile, profile: TableProfile, values: int) -> list[Text]:
        mark = "◎" if column.name == profile.target else " " if column.used else "✕"
        style = self._style(column, profile)
        cells = [
            line((mark, style)),
            plain(column.name, NARROW_NAME if self._narrow else NAME, style),
            line((str(column.kind), style)),
            right(count(column.missing) if column.missing else "·", style if column.missing else "dim"),
            right(count(column.distinct), style),
        ]
        if not self._narrow:
            cells.append(line((values_text(column, values), style)))
        return cells

    def _findings(self, column: ColumnProfile, profile: TableProfile, room: int = 1000) -> Text:
        """What was found, as marks and words; where these have no room, the marks alone."""
        said: list[Text] = []
        if column.name == profile.target:
            said.append(
                line(("target? (a guess)" if profile.guessed else "target", self._style(column, profile)))
            )
        elif not column.used:
            said.append(line(("left out", "dim")))
        warning = self.app.theme_variables["warning"]
        marks = Text()
        for finding in column.findings:
            style = warning if finding.severity == "warning" else "dim"
            marks.append(mark_of(finding), style)
            said.append(line((f"{mark_of(finding)} {finding.kind}", style)))
        words = line(Text("  ").join(said))
        if words.cell_len <= room or not marks:
            return words
        short = line(
            *said[: len(said) - len(column.findings)], " " if len(said) > len(column.findings) else "", marks
        )
        return short if short.cell_len <= room else line(marks)


def _headings(narrow: bool) -> tuple[Text, ...]:
    values = () if narrow else (line("values"),)
    return (
        line(""), line("column"), line("kind"), right("missing"), right("distinct"), *values, line("findings"),
    )  # fmt: skip


def values_text(column: ColumnProfile, width: int) -> str:
    """The distribution in one line: a histogram between its ends, or the most frequent values."""
    if column.minimum is not None and column.maximum is not None and column.histogram:
        low, high = ends(column, column.minimum, column.maximum)
        return f"{low} {spark(column.histogram)} {high}"
    text = ""
    for place, (value, times) in enumerate(column.top):
        piece = plain(value, 16).plain + (f" {count(times)}" if column.distinct < FEW_VALUES else "")
        last = place + 1 == len(column.top) == column.distinct
        if text and len(text) + 2 + len(piece) > (width if last else width - 3):
            return text + ", …"
        text += (", " if text else "") + piece
    return text


def mark_of(finding: Finding) -> str:
    """The mark of a finding: that of a warning, or of a note."""
    return "!" if finding.severity == "warning" else "·"


def ends(column: ColumnProfile, low: float, high: float) -> tuple[str, str]:
    """The two ends of a number or date column; dates without a time where all are midnights, times of day alone."""
    if column.kind is not ColumnKind.DATE:
        return span(low, high)
    first, last = written_dates([low, high], low, high)
    return first, last

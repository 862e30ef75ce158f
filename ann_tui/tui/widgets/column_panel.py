"""One column in full: its histogram, its measures, and what was found about it in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from ann_tui.tui.latest import Latest, WorkedOut
from ann_tui.tui.mending import Mend
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.column_detail import figures_text, findings_text, lines_text
from ann_tui.tui.widgets.histogram_view import ROWS_AT_ONCE, HistogramView

if TYPE_CHECKING:
    from ann_tui.data.profile.column_histogram import ColumnPicture
    from ann_tui.data.profile.table_profile import ColumnProfile
    from ann_tui.experiments.derived import LoadedData


class ColumnPanel(Vertical):
    """Shows a column: the histogram takes what the sentences leave."""

    DEFAULT_CSS = """
    ColumnPanel > #figures { height: auto; max-height: 3; color: $muted; }
    ColumnPanel > HistogramView { min-height: 3; }
    ColumnPanel > #findings-scroll { height: auto; max-height: 45%; }
    ColumnPanel #findings { height: auto; }
    """

    def __init__(self, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)
        self._pictures: Latest[ColumnPicture] = Latest(self)
        self._shown: tuple[LoadedData, ColumnProfile, Sequence[Mend]] | None = None

    def compose(self) -> ComposeResult:
        """Measures, histogram, findings."""
        yield Static("", id="figures")
        yield HistogramView(id="histogram")
        with VerticalScroll(id="findings-scroll", can_focus=False):
            yield Static("", id="findings")

    def show(self, data: LoadedData, column: ColumnProfile, found: Sequence[Mend]) -> None:
        """Show a column of a table with its findings.

        The histogram of a long table is counted in a thread; until then that of the profile stands there.
        """
        from ann_tui.data.profile.column_histogram import column_picture, profile_histogram

        self._shown = data, column, found
        table, profile, name = data.table, data.profile, column.name
        at_once = len(table.frame) <= ROWS_AT_ONCE
        picture = self._pictures.ask(
            data, name, lambda: column_picture(table, profile, name), at_once=at_once
        )
        known = None if picture is None or isinstance(picture, str) else picture
        histogram = profile_histogram(column, profile.rows) if known is None else known.histogram
        target = plain(profile.target or "", 30).plain
        split = len(histogram.groups) > 1 or histogram.means is not None
        by = f" · by {target}" if split else " · target" if name == profile.target else ""
        self.border_title = Text(f"{plain(name, 40).plain}{by}")
        self.query_one("#figures", Static).update(figures_text(column))
        self.query_one(HistogramView).show(histogram, target)
        variables = self.app.theme_variables
        text = findings_text(found, variables["warning"], variables["accent"])
        if isinstance(picture, str):
            text.append(f"\n{plain(picture, 200).plain}", style=variables["warning"])
        elif picture is not None:
            lines = lines_text(picture.standing_out)
            text = text.append(lines) if found or not lines else lines[1:]
        self.query_one("#findings", Static).update(text)

    @on(WorkedOut)
    def _worked_out(self, message: WorkedOut) -> None:
        message.stop()
        self._pictures.take(message)
        if self._shown is not None:
            self.show(*self._shown)

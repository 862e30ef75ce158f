"""The folds of a run, while they are trained beside the app and afterwards: scores, answers, rows that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widgets import DataTable, Static

from ann_tui.figures import counted, duration, number, percent
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.text import plain, right
from ann_tui.tui.widgets.fold_line import time_left

if TYPE_CHECKING:
    from ann_tui.experiments.folds.cross_validated import CrossValidated
    from ann_tui.experiments.folds.fold_scores import JudgedRow
    from ann_tui.tui.fold_job import FoldJob

LOOK = 0.25
"""Seconds between two looks at how far the folds are."""
MOST_ROWS = 100
BAR = 24


class FoldsScreen(Dialog[int | None]):
    """Scores fold by fold beside the baselines; gives the position of the row that is taken to Predict, or None."""

    CSS_PATH: ClassVar = ["table_dialog.tcss", "folds.tcss"]
    BINDINGS: ClassVar = [
        Binding("escape", "leave", "leave", show=False),
        Binding("k", "hide", "run on beside", show=False),
        Binding("right", "metric(1)", "next metric", show=False),
        Binding("left", "metric(-1)", "metric before", show=False),
        Binding("r", "more", "repeat", show=False, id="folds.more",
                tooltip="Go on with what was stopped; else divide the rows anew and train in these folds as well"),
        Binding("y", "app.copy", "copy", show=False),
    ]  # fmt: skip

    def __init__(self, job: FoldJob, begin: Callable[[], None]) -> None:
        """`begin` has the job's work done by a thread."""
        super().__init__()
        self._job, self._begin = job, begin
        self._shown: CrossValidated | None = None
        self._place = 0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """How far it is, the scores, the matrix, the rows, and what is to be known of them."""
        with VerticalScroll(id="folds-box", classes="table-box"):
            for name in ("progress", "scores", "matrix", "about-rows"):
                yield Static("", id=f"folds-{name}")
            yield DataTable[Text](id="folds-rows", classes="table-rows", cursor_type="row", cell_padding=1)
            yield Static("", id="folds-notes")

    def on_mount(self) -> None:
        """Follow the folds as long as they are trained."""
        self.query_one("#folds-box").focus()
        table = self.query_one("#folds-rows", DataTable)
        table.display = False
        for heading in self._headings():
            table.add_column(heading)
        self._follow()

    def _follow(self) -> None:
        self._show()
        self._timer = self.set_interval(LOOK, self._show)

    # -- what is shown -------------------------------------------------------------------------------------

    def _show(self) -> None:
        job, told = self._job, self._job.told
        if job.ended and self._timer is not None:
            self._timer.stop()
        with self.app.batch_update():
            self.query_one("#folds-progress", Static).update(self._progress())
            box = self.query_one("#folds-box")
            box.border_title = plain(self._title(told), 90)
            box.border_subtitle = self._keys()
            if told is not None and told.judged() and (told is not self._shown or job.ended):
                self._shown = told
                self._show_figures(told)

    def _title(self, told: CrossValidated | None) -> str:
        from ann_tui.experiments.folds.fold_words import folds_text

        folds = f"{self._job.folds} folds" if told is None or not told.judged() else folds_text(told)
        return f"Run {self._job.run.id} in {folds}"

    def _keys(self) -> str:
        if not self._job.ended:
            return "esc stops, k: go on beside"
        more = "r once more" if self._job.whole else "r goes on"
        return f"← → metric, {more}, tab and enter: a row to Predict, esc closes"

    def _progress(self) -> Text:
        job, theme = self._job, self.app.theme_variables
        if job.problem:
            return plain(job.problem, 400, theme["warning"])
        if job.ended:
            whole, what = job.whole, counted(job.total, "training")
            if not whole:
                what = f"stopped after {job.done} of {what}"
            said = Text(f"{what} in {duration(job.seconds)}", style="" if whole else theme["warning"])
            if failed := self._failed():
                said.append(f" · {failed} failed", style=theme["warning"])
            if job.looks is not None:
                looks = f" · look {job.looks:,} at the rows of this table"
                said.append(looks, style=theme["warning"] if job.looks > 1 else "dim")
            return said
        full = round(BAR * job.done / job.total)
        return Text.assemble(
            f"{job.done} of {job.total} trainings  ",
            ("━" * full, theme["accent"]),
            ("─" * (BAR - full), "dim"),
            "  stopping …" if job.stopping else f"  {time_left(job)}",
            ("  at low priority", "dim"),
            (f"  {failed} failed" if (failed := self._failed()) else "", theme["warning"]),
        )

    def _failed(self) -> int:
        """How many trainings failed so far."""
        told = self._job.told
        return 0 if told is None else sum(map(len, told.problems.values()))

    def _show_figures(self, told: CrossValidated) -> None:
        from ann_tui.tui.widgets.fold_tables import FoldTable, MatrixTable

        accent = self.app.theme_variables["accent"]
        self.query_one("#folds-scores", Static).update(FoldTable(told, self._metric(told), accent))
        matrix = told.confusion()
        shown = self.query_one("#folds-matrix", Static)
        shown.display = matrix is not None
        if matrix is not None:
            shown.update(MatrixTable(matrix, accent))
        self._show_rows(told)
        self.query_one("#folds-notes", Static).update(self._notes(told))

    def _metric(self, told: CrossValidated) -> str:
        names = list(told.scores())
        return names[(names.index(told.metric) + self._place) % len(names)]

    def _headings(self) -> list[Text]:
        target = self._job.run.prepared.fitted.target
        if target.classes:
            return [
                right("line"),
                Text("true"),
                Text("predicted"),
                right("wrong"),
                right("true one's probability"),
            ]
        return [right("line"), right("true"), right("predicted"), right("error")]

    def _show_rows(self, told: CrossValidated) -> None:
        rows = told.wrong_rows(most=MOST_ROWS)
        table = self.query_one("#folds-rows", DataTable)
        about = self.query_one("#folds-about-rows", Static)
        if told.classes():
            often = "in most folds" if told.times > 1 else "out of fold"
            what = f"{counted(len(rows), 'row')} wrong {often}" if rows else f"no row is wrong {often}"
            what = f"the first {what}" if len(rows) == MOST_ROWS else what
        else:
            what = "the rows with the largest errors"
        about.update(Text(f"{what}, told by networks that did not learn them", style="dim"))
        held = table.cursor_row
        table.clear()
        table.display = bool(rows)
        for row in rows:
            table.add_row(*self._cells(told, row), key=str(row.position))
        table.move_cursor(row=min(held, max(len(rows) - 1, 0)))

    def _cells(self, told: CrossValidated, row: JudgedRow) -> tuple[Text, ...]:
        line = right(f"{int(told.validation.data[0].table.lines[row.position])}", "dim")
        if row.wrong is None:
            figures = (float(row.actual), float(row.given), row.sureness)
            return (line, *(right(number(value)) for value in figures))
        warning = self.app.theme_variables["warning"]
        return (
            line,
            plain(row.actual, 24),
            plain(row.given, 24, warning),
            right(f"{row.wrong} of {row.answers}"),
            right(percent(row.sureness)),
        )

    def _notes(self, told: CrossValidated) -> Text:
        from ann_tui.experiments.folds.fold_cautions import fold_cautions, looks_said
        from ann_tui.experiments.folds.fold_words import how_told, positive_text, verdict_text

        notes = [verdict_text(told), how_told(told), positive_text(told)]
        text = Text("\n".join(plain(each, 600).plain for each in notes if each))
        cautions = fold_cautions(told)
        cautions += [f"{looks_said(told, self._job.looks)}."] if self._job.ended else []
        for caution in cautions:
            text.append(f"\nCaution: {plain(caution, 600).plain}", style=self.app.theme_variables["warning"])
        return text

    # -- what the person does ------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Stop, and keep what is done; when nothing goes on any more, close."""
        if self._job.ended:
            self.dismiss(None)
        elif not self._job.stopping:
            self._job.stop()
            self._show()

    def action_hide(self) -> None:
        """Close, and let the folds go on."""
        self.dismiss(None)

    def action_more(self) -> None:
        """Go on, or once more in other folds."""
        if self._job.ended:
            self._job.ask_for_more()
            self._begin()
            self._follow()

    def action_metric(self, by: int) -> None:
        """Another metric."""
        self._place += by
        if self._shown is not None:
            self._show_figures(self._shown)

    @on(DataTable.RowSelected, "#folds-rows")
    def _take(self, event: DataTable.RowSelected) -> None:
        if event.row_key.value is not None:
            self.dismiss(int(event.row_key.value))

"""A sweep in the app: its trials live, how far it is, what mattered; enter takes a trial over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from ann_tui.evaluation.metrics import METRIC_TITLES
from ann_tui.experiments.sweeps.trial_texts import cost_title, metric_of, trial_cells
from ann_tui.figures import counted, duration, number, percent, spark
from ann_tui.tui.copying import tabbed
from ann_tui.tui.dialogs.step_panel import StepPanel
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from ann_tui.experiments.sweeps.sweep_standing import SweepStanding
    from ann_tui.experiments.sweeps.trial import Trial
    from ann_tui.experiments.workbench import Workbench

LOOK = 0.5
"""Seconds between two looks at the sweep."""
WIDE = 110
"""From so many columns on it is told where each trial ran."""
BAR, MOST_SPARKS = 30, 40
OTHER_LINES = 18
"""So many lines of the screen are not left to the trials."""
RESTING = "space begins  ← → how many  f folds  enter takes over  esc  f1 help"
GOES_ON = RESTING.replace("begins", "goes on", 1)
RUNNING = "esc stops and keeps  f3 closes, it goes on  enter takes over  f1 help"
PLANNED = "The first trial is the experiment as it is; {} choose, and no test row is looked at."
IN_FOLDS = "{} folds of all other rows, in each of which a trial is trained,"


class SweepScreen(StepPanel):
    """Trials of the experiment in front; enter sets the choices of one."""

    CSS_PATH = "sweep.tcss"
    HELP_PAGE = "sweep"
    BINDINGS: ClassVar = [
        Binding("escape", "stop_or_leave", "stop", show=False, id="sweep.stop",
                tooltip="Stop the sweep and keep what is done; when it rests, close"),
        Binding("f3,q", "leave", "close", show=False),
        Binding("space", "begin", "begin", show=False, id="sweep.begin",
                tooltip="Begin the sweep, or go on with it; stop it while it is under way"),
        Binding("left", "trials(-1)", "fewer", show=False, id="sweep.fewer", tooltip="Try fewer designs"),
        Binding("right", "trials(1)", "more", show=False, id="sweep.more", tooltip="Try more designs"),
        Binding("f", "folds", "folds", show=False, id="sweep.folds",
                tooltip="Judge trials by the validation rows, or in 5 or 10 folds of all rows but the test's"),
        Binding("enter", "take", "take over", show=False, id="sweep.take",
                tooltip="Set all choices as this trial has them; u undoes"),
        Binding("y", "app.copy", "copy", show=False, tooltip="Copy the trials"),
        Binding("f1,question_mark", "app.help", "help", show=False, tooltip="What the words mean"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """The figures, the headings, the trials, what mattered, and the keys."""
        with Vertical(id="sweep-box", classes="table-box"):
            yield Static("", id="sweep-said", markup=False)
            yield Static("", id="sweep-heading", markup=False)
            yield LineList(id="sweep-lines")
            yield Static("", id="sweep-chosen", markup=False)
            yield Static("", id="sweep-mattered", markup=False)
            yield Static("", id="sweep-keys", markup=False)

    def on_mount(self) -> None:
        """Show how it stands, again and again."""
        self.host.sweeper.look()
        self._trials: list[Trial] = []
        self.show_workbench(self.workbench)
        self.query_one(LineList).focus()
        self.set_interval(LOOK, lambda: self.show_workbench(self.workbench))

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the sweep as it stands."""
        sweeper = self.host.sweeper
        standing = sweeper.standing
        box = self.query_one("#sweep-box")
        if standing is None or not standing.trials:
            self._show_planned()
        else:
            self._show_trials(standing)
        folds = f" in {sweeper.folds} folds" if sweeper.folds else ""
        box.border_title = f"Sweep · {counted(sweeper.trials, 'trial')}{folds}"
        box.border_subtitle = ("stops …" if sweeper.stopping else "under way") if sweeper.running else "rests"
        keys = RUNNING if sweeper.running else GOES_ON if sweeper.goes_on else RESTING
        self.query_one("#sweep-keys", Static).update(keys)

    # -- before it begins ----------------------------------------------------------------------------------

    def _show_planned(self) -> None:
        sweeper = self.host.sweeper
        sweep = sweeper.planned() if not sweeper.running else None
        judges = IN_FOLDS.format(sweeper.folds) if sweeper.folds else "the validation rows"
        said = "begins …" if sweeper.running else sweeper.problem or PLANNED.format(judges)
        self._trials = []
        shown = plain(said, 400)
        if sweeper.other and not sweeper.running:
            shown = Text.assemble(shown, "\n", plain(sweeper.other, 200))
        self._say(shown, Text("what varies", no_wrap=True), Text())
        space = () if sweep is None else sweep.space
        lines = [plain(f"  {each.title:<18} {each.text}", 200) for each in space]
        self._show_lines(lines)

    # -- while it goes on, and afterwards ------------------------------------------------------------------

    def _show_trials(self, standing: SweepStanding) -> None:
        self._trials = standing.ranked
        wide, best = self.app.size.width >= WIDE, standing.best
        title = METRIC_TITLES.get(metric_of(standing.trials), "score")
        headings = ("  trial", title, "cost", "epochs", *(("time",) if wide else ()), "state")
        headings = (*headings, "where") if wide else headings
        state = headings.index("state")
        rows = [self._cells(standing, trial, best, wide=wide) for trial in self._trials]
        widths = [
            max(len(heading), *(len(row[place]) for row in rows)) for place, heading in enumerate(headings)
        ]

        def line(cells: tuple[str, ...], last: str) -> Text:
            padded = (
                cell.ljust(width) if place >= state else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            )
            return Text("  ".join((*padded, plain(last, 300).plain)), no_wrap=True)

        self._say(self._progress(standing), line(headings, "differs"), self._mattered(standing))
        self._show_lines([line(row[:-1], row[-1]) for row in rows])
        self._show_chosen()

    @on(LineList.Moved)
    def _show_chosen(self) -> None:
        """Show all settings of the trial under the cursor."""
        trial, standing = self._chosen, self.host.sweeper.standing
        said = Text()
        if trial is not None and standing is not None:
            said = plain(f"trial {trial.number}: {trial_cells(standing.sweep.experiment, trial)[-1]}", 400)
        self.query_one("#sweep-chosen", Static).update(said)

    @property
    def _chosen(self) -> Trial | None:
        """The trial under the cursor; None before there are any."""
        at = self.query_one(LineList).cursor
        return self._trials[at] if at < len(self._trials) else None

    def _cells(
        self, standing: SweepStanding, trial: Trial, best: Trial | None, *, wide: bool
    ) -> tuple[str, ...]:
        mark = "● " if best is not None and best.number == trial.number else "  "
        score, cost, epochs, time, state, differs = trial_cells(standing.sweep.experiment, trial)
        if not wide:
            return f"{mark}{trial.number}", score, cost, epochs, state.removesuffix(" early"), differs
        place = "" if trial.last is None else plain(trial.last.place, 24).plain
        return f"{mark}{trial.number}", score, cost, epochs, time, state, place, differs

    def _progress(self, standing: SweepStanding) -> Text:
        """Two lines: how far it is, and the lowest cost as it fell, with the winner where that is another trial."""
        sweep, left = standing.sweep, standing.seconds_left
        full = round(standing.share * BAR)
        said = f"{'━' * full}{'─' * (BAR - full)} {standing.ended} of {sweep.trials}, {percent(standing.share, 0)}"
        if left is not None and self.host.sweeper.running and standing.share < 1:
            said += f", at most {duration(left)} left"
        if self.host.sweeper.goes_on:
            said += " · space goes on with it"
        elif standing.end == "used up":
            said += " · the space holds no other design"
        if self.host.sweeper.problem:
            said += f" · {self.host.sweeper.problem}"
        costs, best = standing.best_so_far, standing.best
        if best is None:
            return Text(f"{said}\nno trial is trained to its end yet")
        curve = spark(costs[-MOST_SPARKS:])
        lowest = standing.ranked[0]
        what = cost_title(sweep, standing.trials)
        fell = f"lowest {what} {curve} {number(costs[0])} → {number(lowest.cost)} (trial {lowest.number})"
        if best is not lowest:
            fell += f"; ● {best.number} wins: that gain may be chance"
        return Text(f"{said}\n{fell}")

    def _mattered(self, standing: SweepStanding) -> Text:
        found = standing.mattered
        if not found:
            return Text("what mattered is told from 10 trials on", style="dim")
        said = ", ".join(
            f"{each.dimension.title} {percent(each.share, 0)} (ahead: {each.ahead})"
            for each in [each for each in found if each.told][: 4 if self.app.size.width >= WIDE else 2]
        )
        return Text.assemble(
            f"mattered at the first rung: {said}", (" of the trials' order (Kruskal and Wallis)", "dim")
        )

    def _say(self, said: Text, heading: Text, mattered: Text) -> None:
        for id, text in (("sweep-said", said), ("sweep-heading", heading), ("sweep-mattered", mattered)):
            self.query_one(f"#{id}", Static).update(text)

    def _show_lines(self, lines: list[Text]) -> None:
        shown = self.query_one(LineList)
        shown.styles.height = max(4, min(len(lines), self.app.size.height - OTHER_LINES))
        shown.show(len(lines), lambda place: lines[place])

    def copies(self) -> Iterator[tuple[str, str]]:
        """The trials."""
        standing = self.host.sweeper.standing
        if standing is not None and self._trials:
            rows = [list(self._cells(standing, trial, None, wide=True)) for trial in self._trials]
            headings = ["trial", "score", "cost", "epochs", "time", "state", "where", "differs"]
            yield "the trials", tabbed([headings, *rows])

    # -- keys ----------------------------------------------------------------------------------------------

    def action_stop_or_leave(self) -> None:
        """Stop the sweep; close where it rests."""
        if self.host.sweeper.running:
            self.host.sweeper.stop()
            self.show_workbench(self.workbench)
        else:
            self.dismiss(None)

    def action_begin(self) -> None:
        """Begin, go on, or stop."""
        sweeper = self.host.sweeper
        if sweeper.running:
            sweeper.stop()
        else:
            sweeper.begin()
        self.show_workbench(self.workbench)

    def action_trials(self, steps: int) -> None:
        """Ask for more trials, or fewer."""
        self.host.sweeper.ask_for(steps)
        self.show_workbench(self.workbench)

    def action_folds(self) -> None:
        """Judge trials otherwise."""
        self.host.sweeper.ask_for_folds()
        self.show_workbench(self.workbench)

    def action_take(self) -> None:
        """Take the trial under the cursor over."""
        trial = self._chosen
        if trial is not None:
            self.host.sweeper.take(trial)
            self.dismiss(None)

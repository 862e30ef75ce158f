"""Step 4: is it learning, and can I trust it?"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import ProgressBar, Static

from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.figures import counted, duration, number, speed
from ann_tui.training.snapshot import ENDED
from ann_tui.tui.run_list.table import RunsTable
from ann_tui.tui.screens.looks_back import LOOK_KEYS, LooksBack
from ann_tui.tui.screens.looks_inside import INSIDE_KEYS, LooksInside
from ann_tui.tui.screens.run_controls import RUN_KEYS, RunControls
from ann_tui.tui.views.switch import ViewSwitch
from ann_tui.tui.views.view import INSIDE, TRAIN, Moment
from ann_tui.tui.widgets.cost_panel import CostPanel, ShownCost

if TYPE_CHECKING:
    from ann_tui.evaluation.evaluation import Evaluation
    from ann_tui.experiments.run import Run
    from ann_tui.training.snapshot import Snapshot
    from ann_tui.tui.host import ScreenHost
    from ann_tui.tui.widgets.cost_plot import Overlay

PULLS_PER_SECOND = 10
RUNS_EVERY = 1.0
"""Seconds between two looks at the list of runs while a training goes on."""
ONE_LINE = 76
"""So many characters stand on one line of any terminal that the app is made for."""
SPARED, LONGEST_WAIT = 0.1, 0.6
"""The share of one core that the pictures of a training may take while it goes on; a second is never without one."""
WITH_A_RUN = ("log", "part", "smooth", "maximize_panel", "next_panel", "full_speed")
WHILE_TRAINING = ("pause", "one_epoch", "rate", "change", "stop")
STATES = {
    "ready": "ready",
    "running": "training",
    "paused": "paused",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
}


class TrainScreen(RunControls, LooksBack, LooksInside):
    """The cost as it falls, the confusion matrix as it fills in, and the controls of the run."""

    STEP = Step.TRAIN
    AUTO_FOCUS = ""
    PANELS = ("cost-panel", "answers-panel", "inside-panel", "runs-panel")
    CSS_PATH = "train.tcss"
    BINDINGS: ClassVar = [
        Binding(
            "enter",
            "app.go('evaluate')",
            "evaluate",
            id="train.next",
            key_display="enter",
            tooltip="On to the rows that it has never seen",
        ),
        *RUN_KEYS,
        *LOOK_KEYS,
        Binding(
            "v",
            "next_view",
            "view",
            id="train.view",
            tooltip="Another view of the network: its weights, what it relies on, the boundary, the layers' health",
        ),
        *INSIDE_KEYS,
        Binding("l", "log", "log", id="train.log", tooltip="Cost axis linear or logarithmic"),
        Binding(
            "z",
            "part",
            "zoom",
            id="train.part",
            tooltip="The last third of the epochs, at least 20, with a cost axis of their own; or all",
        ),
        Binding(
            "w",
            "smooth",
            "smooth",
            id="train.smooth",
            tooltip="Costs as moving averages, the raw ones as dots behind them; or raw",
        ),
        Binding(
            "m",
            "maximize_panel",
            "maximize",
            id="train.maximize",
            tooltip="Give the panel in front the whole screen, or put it back",
        ),
        Binding(
            "tab",
            "next_panel",
            "matrix",
            id="train.panel",
            tooltip="From the cost to the confusion matrix, to the runs, and back",
        ),
        Binding("escape", "app.go('layers')", "back", show=False, tooltip="Back to the layers"),
    ]

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._shown: Snapshot | None = None
        self._again: Snapshot | None = None
        self._beside: tuple[object, ...] = ()
        self._overlays: tuple[Overlay, ...] = ()
        self._painted = self._worked = self._listed = 0.0
        self._evaluation: Evaluation | None = None
        self._epoch_width, self._advised = 0, Text("")

    def compose_body(self) -> ComposeResult:
        """Cost on the left, answers on the right, the run's state under both."""
        yield Static("", id="untrained", classes="empty")
        with Horizontal(id="panels"):
            with Vertical(id="course"):
                yield CostPanel("cost-panel", "panel paged")
                with Vertical(id="runs-panel", classes="panel paged"):
                    yield RunsTable(self.host, id="runs")
            with Vertical(id="sight"):
                with Vertical(id="answers-panel", classes="panel paged"):
                    yield ViewSwitch(TRAIN, id="views")
                with Vertical(id="inside-panel", classes="panel paged"):
                    yield ViewSwitch(INSIDE, id="inside")
        with Vertical(id="state"):
            with Horizontal(id="progress-line"):
                yield Static("", id="epoch")
                yield ProgressBar(id="progress", show_eta=False, show_percentage=False)
                yield Static("", id="speed")
            yield Static("", id="advice")

    @property
    def view_switches(self) -> Mapping[str, ViewSwitch[Any]]:
        """The views of the answers, and those of the network's inside."""
        return {"answers-panel": self._answers, "inside-panel": self.inside_switch}

    @property
    def _answers(self) -> ViewSwitch[Moment]:
        return self.query_one("#views", ViewSwitch)

    def bring_to_front(self, panel_id: str) -> None:
        """What comes into sight is drawn."""
        super().bring_to_front(panel_id)
        self.call_after_refresh(self.show_anew)

    def show_inside_anew(self) -> None:
        """Draw the network's view again."""
        self.show_anew()

    def on_mount(self) -> None:
        """Pull snapshots as long as this screen is in front."""
        runs = self.query_one("#runs-panel")
        runs.border_title, runs.border_subtitle = "Runs", "f2: all, with their keys"
        super().on_mount()
        self.set_interval(1 / PULLS_PER_SECOND, self._pull)

    def on_screen_resume(self) -> None:
        """See what other programs have kept meanwhile."""
        super().on_screen_resume()
        self.host.lister.look_again()

    def advertises(self, action: str) -> bool:
        """The keys of a run while it goes on, the way on when it is judged."""
        run = self.workbench.runs.front
        if action == "app.go('evaluate')":
            return run is not None and run.evaluation is not None
        if action.partition("(")[0] in WHILE_TRAINING:
            return run is not None and run.snapshot.state in ("ready", "running", "paused")
        if action == "branch":
            return run is not None and bool(run.history) and self.workbench.runs.training is None
        if action.partition("(")[0] == "look":
            return run is not None and run.timeline is not None and bool(run.history)
        return super().advertises(action) and (run is not None or action not in WITH_A_RUN)

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the latest run, or which key begins one."""
        self.refresh_bindings()
        run = workbench.runs.front
        self.query_one("#untrained").display = run is None
        self.query_one("#panels").display = run is not None
        self.query_one("#state").display = run is not None
        if run is None:
            problem = workbench.derived.problem if workbench.derived is not None else None
            self.query_one("#untrained", Static).update(
                Text(problem or "Nothing is trained yet. Press t to train a network with what is set.")
            )
            return
        self._show_runs()
        self.show_snapshot(run, run.snapshot)
        self.show_inside(run, run.snapshot)
        self.show_headings()

    def _show_runs(self) -> None:
        """The runs under the cost, whose room follows from their number."""
        self._listed = time.monotonic()
        table, panel = self.query_one(RunsTable), self.query_one("#runs-panel")
        table.show()
        self._overlays = table.overlays
        lines = max(1, min(table.count, self.size.height // 6)) + 3
        below = not any(map(self.has_class, ("-narrow", "-short", "-one-panel")))
        panel.styles.height = lines if below else "1fr"

    def on_resize(self) -> None:
        """Another room for the runs."""
        self.call_after_refresh(self._show_runs)

    def _pull(self) -> None:
        run = self.workbench.runs.front
        if run is None or not self.is_current:
            return
        snapshot, refitting = run.snapshot, run.refitting
        again = None if refitting is None else refitting.snapshot
        new = snapshot is not self._shown or again is not self._again
        if new and not (self._works_hard(again or snapshot) and self._paints_too_much()):
            self._again = again
            self.show_snapshot(run, snapshot)

    def _works_hard(self, snapshot: Snapshot) -> bool:
        """Whether a training goes on that rests little or not at all between the epochs."""
        control = self._control
        if control is None or snapshot.state != "running":
            return False
        return control.pace is None or snapshot.epoch < 2 * control.pace * snapshot.seconds

    def _paints_too_much(self) -> bool:
        """Whether the app has worked more, since the last picture of the training, than the training can spare."""
        now, worked = time.perf_counter(), time.thread_time()
        since = now - self._painted
        if since < LONGEST_WAIT and worked - self._worked > SPARED * since:
            return True
        self._painted, self._worked = now, worked
        return False

    def show_anew(self) -> None:
        """Show the run in front where it is looked at."""
        run = self.workbench.runs.front
        if run is not None:
            self._shown = None
            self.show_snapshot(run, run.snapshot)

    def show_snapshot(self, run: Run, snapshot: Snapshot) -> None:
        """Show one snapshot of a run, repainting once; costs and answers as they were at the epoch looked at."""
        before, self._shown = self._shown, snapshot
        new_epoch = before is None or (before.epoch, before.state) != (snapshot.epoch, snapshot.state)
        if before is None or before.state != snapshot.state:
            self.refresh_bindings()
        new_epoch = new_epoch or run.evaluation is not self._evaluation
        self._evaluation = run.evaluation
        self.looking.follow(run)
        seen = self.looking.snapshot(run) if new_epoch else snapshot
        panel = self.query_one(CostPanel)
        shown = ShownCost(
            run,
            self.workbench.runs,
            snapshot,
            seen,
            back=self.looking.epoch,
            kept=self.looking.epochs,
            overlays=self._overlays,
        )
        beside = panel.references(shown), tuple((each.name, each.mark) for each in self._overlays)
        with self.app.batch_update():
            self._show_state(run, snapshot)
            if time.monotonic() - self._listed > RUNS_EVERY:
                self._show_runs()
            panel.show_batches(snapshot.batch_costs)
            if new_epoch or beside != self._beside:
                self._beside = beside
                panel.show(shown)
            if new_epoch:
                self._answers.show(Moment(run, seen))
                self.query_one("#answers-panel").set_class(self._answers.has_class("-fills"), "-fills")
                self.show_inside(run, snapshot)
                self.show_headings()

    def epoch_looked_at(self, run: Run) -> int:
        """The epoch whose network is looked at: the newest while it trains, afterwards the one that is kept."""
        snapshot = run.snapshot
        if self.looking.epoch is not None:
            return self.looking.epoch
        best = snapshot.best_epoch if snapshot.state in ENDED else None
        return snapshot.epoch if best is None else best

    def _show_state(self, run: Run, snapshot: Snapshot) -> None:
        colours = self.app.theme_variables
        state, shown, last = STATES[snapshot.state], snapshot, snapshot.epochs
        if snapshot.state == "finished" and run.evaluation is None and self.workbench.runs.training is run:
            state = "scoring"
        if (refitting := run.refitting) is not None and snapshot.best_epoch:
            state, shown, last = "again, on all rows", refitting.snapshot, snapshot.best_epoch
        style = f"bold {colours['warning' if snapshot.state in ('paused', 'failed') else 'accent']}"
        epoch = Text.assemble((f" {state}", style), f"  epoch {shown.epoch:,} of {last:,} ")
        self.query_one("#epoch", Static).update(epoch, layout=epoch.cell_len != self._epoch_width)
        self._epoch_width = epoch.cell_len
        self.query_one(ProgressBar).update(total=max(last, 1), progress=shown.epoch)
        row = snapshot.history[-1] if snapshot.history else None
        pieces = [f"{duration(snapshot.seconds)}"]
        if snapshot.state in ("running", "paused") and snapshot.seconds_left is not None:
            pieces = [f"after {pieces[0]}, {duration(snapshot.seconds_left)} left"]
        if snapshot.rows_per_second:
            pieces.append(speed(snapshot.rows_per_second))
        narrow = self.app.size.width < 100
        rate = row.learning_rate if row is not None and snapshot.state in ENDED else snapshot.learning_rate
        pieces.append(f"{'rate' if self.app.size.width < 140 else 'learning rate'} {number(rate, 3)}")
        if row is not None and row.gradient_norm is not None:
            pieces.append(f"gradient {number(row.gradient_norm, 2)}")
        gap = "  " if narrow else "   "
        self.query_one("#speed", Static).update(Text(" " + gap.join(pieces), no_wrap=True), layout=False)
        advice = self._advice(run, snapshot)
        if advice != self._advised:
            self.query_one("#advice", Static).update(
                advice, layout=len(advice) > ONE_LINE or len(self._advised) > ONE_LINE
            )
            self._advised = advice

    def _advice(self, run: Run, snapshot: Snapshot) -> Text:
        colours = self.app.theme_variables
        if (epoch := self.looking.epoch) is not None:
            words = f"as it was after epoch {epoch:,}: end is the newest, b begins another run here"
            return Text(words, style=colours["accent"])
        if snapshot.state == "failed":
            return Text(snapshot.message, style=colours["warning"])
        if snapshot.state == "paused":
            return Text(
                "paused: space goes on, n trains one epoch, N one batch, s stops", style=colours["warning"]
            )
        if snapshot.state in ("finished", "stopped") and run.evaluation is not None:
            words = snapshot.message or f"{STATES[snapshot.state]} after {counted(snapshot.epoch, 'epoch')}"
            kept = f"The weights of epoch {snapshot.best_epoch} are kept"
            if run.refitted is not None:
                kept = f"Epoch {snapshot.best_epoch} was best: trained again on all rows"
            text = Text(f"{words}. {kept}.\n")
            if not self.workbench.run_is_current:
                return text.append("settings have changed since: t trains again", style=colours["warning"])
            return text.append("enter: how good it is on rows that it has never seen")
        if run.under_way is not None and run.under_way.problem:
            return Text(f"{run.under_way.problem}; it goes on", style=colours["warning"])
        if snapshot.state == "running" and not self.workbench.run_is_current:
            words = "settings have changed since this training began: a takes them now, or they hold for the next one"
            return Text(words, style=colours["warning"])
        control = self._control
        if control is not None and control.pace is not None and snapshot.rows_per_second:
            per_second = snapshot.epoch / snapshot.seconds if snapshot.seconds else 0.0
            if per_second > control.pace:
                return Text(
                    f"shown at {control.pace:g} epochs a second, for the eye to follow: f is full speed"
                )
        events = [row for row in snapshot.history if row.event]
        if events:
            return Text(f"epoch {events[-1].epoch}: {events[-1].event}", style=colours["warning"])
        return Text("")

    def action_maximize_panel(self) -> None:
        """The panel in front alone, or all of them."""
        super().action_maximize_panel()
        self._show_runs()

    def action_log(self) -> None:
        """Cost axis linear or logarithmic."""
        panel = self.query_one(CostPanel)
        panel.logarithmic = not panel.logarithmic
        self._draw_costs_anew()

    def action_part(self) -> None:
        """The last part of the epochs, or all of them."""
        panel = self.query_one(CostPanel)
        panel.part = not panel.part
        self._draw_costs_anew()

    def action_smooth(self) -> None:
        """Moving averages, or the costs as they were."""
        panel = self.query_one(CostPanel)
        panel.smooth = not panel.smooth
        self._draw_costs_anew()

    def _draw_costs_anew(self) -> None:
        if self._shown is not None:
            self.show_anew()

"""Step 5: how good is it on rows that it has never seen, and does it earn its keep?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Static

from ann_tui.choice_fields import Range
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.evaluation.cautions import Caution, cautions
from ann_tui.evaluation.decision import at_threshold
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.threshold import BEST_F1, Aim, read_costs
from ann_tui.evaluation.verdict import verdict
from ann_tui.experiments.looks import looks_text
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.figures import counted
from ann_tui.tui.dialogs.folds import LOOK, FoldsScreen
from ann_tui.tui.dialogs.rows import RowsScreen
from ann_tui.tui.fold_job import FoldJob
from ann_tui.tui.prompt import Choice, LinePrompt, PickList, problem_of
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.setting import read_number
from ann_tui.tui.text import plain
from ann_tui.tui.views.switch import ViewSwitch
from ann_tui.tui.views.view import EVALUATE, Focus, Judged
from ann_tui.tui.widgets.answers_panel import AnswersPanel
from ann_tui.tui.widgets.evaluation_tables import baseline_table, class_table, network_table
from ann_tui.tui.widgets.fold_line import fold_line

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.tui.host import ScreenHost


class EvaluateScreen(StepScreen):
    """The answers on the judged rows in several views, beside the metrics of network and baselines."""

    STEP = Step.EVALUATE
    PANELS = ("answers-panel", "metrics-panel")
    CSS_PATH = "evaluate.tcss"
    BINDINGS: ClassVar = [
        Binding("v", "next_view", "view", id="evaluate.view", tooltip="The next view of the answers"),
        Binding(
            "left_square_bracket",
            "threshold(-1)",
            "threshold",
            id="evaluate.lower",
            key_display="[ ]",
            tooltip="Two classes: move the decision threshold down ([) or up (])",
        ),
        Binding("right_square_bracket", "threshold(1)", "threshold", id="evaluate.higher", show=False),
        Binding(
            "d",
            "type_threshold",
            "type it",
            id="evaluate.threshold",
            tooltip="Two classes: type the decision threshold",
        ),
        Binding(
            "c",
            "choose_threshold",
            "choose it",
            id="evaluate.choose",
            tooltip="Two classes: let the validation rows choose the threshold, for the best F1 or the lowest cost",
        ),
        Binding(
            "k",
            "folds",
            "folds",
            id="evaluate.folds",
            tooltip="Cross-validate beside: train in folds, and see the scores of each with their spread",
        ),
        Binding(
            "W",
            "report",
            "report",
            id="evaluate.report",
            tooltip="Write all of it as one page: data, network, curves, scores, limits, how to run it again",
        ),
        Binding("m", "maximize_panel", "maximize", id="evaluate.maximize", tooltip="One panel, or both"),
        Binding(
            "tab",
            "next_panel",
            "metrics",
            id="evaluate.panel",
            tooltip="From the answers to the metrics and baselines, and back",
        ),
        Binding("escape", "app.go('train')", "back", show=False, tooltip="Back to training"),
    ]

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._run: Run | None = None
        self._looked_at = Focus()
        self._folds: FoldJob | None = None

    def compose_body(self) -> ComposeResult:
        """The verdict, and under it answers on the left, figures on the right."""
        with Vertical(id="verdict-panel"):
            yield Static("", id="verdict")
        with Horizontal(id="evaluate"):
            with AnswersPanel(id="answers-panel", classes="panel paged"):
                yield ViewSwitch(EVALUATE, id="views")
            with VerticalScroll(id="metrics-panel", classes="panel paged"):
                yield Static("", id="baselines")
                yield Static("", id="folds")
                yield Static("", id="network")
                yield Static("", id="cautions")
                yield Static("", id="classes")

    @property
    def view_switches(self) -> Mapping[str, ViewSwitch[Judged]]:
        """The views of the answers."""
        return {"answers-panel": self.view_switch}

    @property
    def view_switch(self) -> ViewSwitch[Judged]:
        """The views of the answers."""
        return self.query_one(ViewSwitch)

    @property
    def _evaluation(self) -> Evaluation | None:
        run = self.workbench.judged
        return None if run is None else run.evaluation

    @property
    def threshold(self) -> float:
        """What the run that is shown decides at."""
        return DEFAULT_THRESHOLD if self._run is None else self._run.threshold

    @property
    def _two_classes(self) -> bool:
        evaluation = self._evaluation
        return evaluation is not None and len(evaluation.classes) == 2

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the evaluation of the run in front, or while that is not judged of the newest that is."""
        run, evaluation = workbench.judged, self._evaluation
        if run is None or evaluation is None:
            self._run = None
            self.view_switch.show(None)
            self._forget_folds()
            for name in ("baselines", "folds", "cautions", "network", "classes"):
                self.query_one(f"#{name}", Static).update("")
            self.query_one("#verdict", Static).update(Text(workbench.blocked(Step.EVALUATE) or ""))
            return
        self._run = run
        if self._folds is not None and self._folds.run is not run:
            self._forget_folds()
        if evaluation.judged == "test" and self.is_current:
            self.host.look(run)
        self._show(evaluation)
        if self.focused is None:
            self.query_one("#answers-panel").focus()
        self.refresh_bindings()

    def _show(self, evaluation: Evaluation) -> None:
        if evaluation.classes != self._looked_at.classes:
            self._looked_at = Focus(evaluation.classes, 1 if len(evaluation.classes) == 2 else None)
        self.view_switch.show(Judged(evaluation, evaluation.threshold, self._looked_at))
        self.show_headings()
        judged = counted(evaluation.scores[evaluation.judged].rows, f"{evaluation.judged} row")
        metrics = self.query_one("#metrics-panel")
        run = "" if self._run is None else self.workbench.called(self._run)
        metrics.border_title = f"How good · {run + ', ' if run else ''}{judged}"
        metrics.border_subtitle = "the baselines are being computed …" if evaluation.pending else ""
        accent = self.app.theme_variables["accent"]
        self.query_one("#baselines", Static).update(baseline_table(evaluation, accent))
        self.query_one("#network", Static).update(
            network_table(evaluation, at_threshold(evaluation, DEFAULT_THRESHOLD))
        )
        self._show_folds()
        known = cautions(evaluation)
        against = self.query_one("#cautions", Static)
        against.display = bool(known)
        told = "\n".join(f"Caution: {plain(each.text, 600).plain}" for each in known)
        against.update(Text(told, style=self.app.theme_variables["warning"]))
        classes = self.query_one("#classes", Static)
        classes.display = evaluation.confusion is not None
        if evaluation.confusion is not None:
            classes.update(class_table(evaluation.confusion, evaluation.judged))
        self.query_one("#verdict", Static).update(self._verdict(evaluation, known))

    def _verdict(self, evaluation: Evaluation, known: Sequence[Caution]) -> Text:
        text = Text(verdict(evaluation))
        warning = self.app.theme_variables["warning"]
        if evaluation.judged == "test":
            looks = None if self._run is None else self._run.looks
            often = looks_text(looks) or "they judge it only after training"
            text.append(
                f"  The network never saw these rows; {often}.", style=warning if (looks or 0) > 1 else "dim"
            )
        else:
            text.append(
                f"  No test rows were set aside (2 Prepare), so the {evaluation.judged} rows judge: "
                "they helped to choose the weights, and flatter.",
                style=warning,
            )
        if evaluation.aim is None and evaluation.threshold != DEFAULT_THRESHOLD:
            text.append(
                f"  A threshold chosen by its figures on the {evaluation.judged} rows flatters them.",
                style=warning,
            )
        if self._run is not None and self._run.chosen != self.workbench.experiment:
            text.append("  Settings have changed since: t trains again.", style=warning)
        if known:
            briefly = "; ".join(plain(caution.brief, 120).plain for caution in known)
            text.append(f"  Known against it: {briefly}.", style=warning)
        return text

    def _show_folds(self) -> None:
        """A line about the folds beside: how far they are, or the first metric of all."""
        told = self.query_one("#folds", Static)
        told.display = self._folds is not None
        if self._folds is not None:
            told.update(fold_line(self._folds))

    def _forget_folds(self) -> None:
        """Folds of a run that is no longer in front are given up."""
        if self._folds is not None:
            self._folds.stop()
        self._folds = None

    def on_unmount(self) -> None:
        """A closing app waits for nothing."""
        self._forget_folds()

    def on_screen_suspend(self) -> None:
        """What was decided here is kept."""
        if self._run is not None:
            self.host.keep_threshold(self._run)

    # -- what the person does ------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The threshold is for two classes, the arrow keys for classes."""
        if action in ("threshold", "type_threshold", "choose_threshold"):
            return self._two_classes
        if action == "report":
            return self._evaluation is not None
        if action == "move":
            return bool(self._evaluation is not None and self._evaluation.classes)
        return super().check_action(action, parameters)

    def advertises(self, action: str) -> bool:
        """The keys of a cell are shown where rows stand behind it."""
        shown = self.view_switch.widget
        on_cells = action in ("screen.move(-1, 0)", "screen.rows")
        return not (on_cells and shown is not None and not shown.OPENS_ROWS)

    def action_move(self, down: int, across: int) -> None:
        """Move in the matrix; in a curve, left and right go to another class."""
        shown = self.view_switch.widget
        if shown is None:
            return
        shown.move(down, across)
        if shown.cursor_line is not None:
            self.query_one(AnswersPanel).keep_in_view(shown.cursor_line)

    def action_threshold(self, steps: int) -> None:
        """Move the threshold by hundredths; from 0.5 on it keeps to whole ones."""
        self._set_threshold((round(self.threshold * 100) + steps) / 100)

    def _set_threshold(self, threshold: float | Aim) -> None:
        run = self._run
        if run is None or not (isinstance(threshold, Aim) or 0 <= threshold <= 1):
            return
        try:
            run.decide(threshold)
        except ValueError as error:
            self.host.say(str(error))
        if (evaluation := run.evaluation) is not None:
            with self.app.batch_update():
                self._show(evaluation)

    def action_choose_threshold(self) -> None:
        """Ask what the validation rows are to choose the threshold for."""
        evaluation = self._evaluation
        if evaluation is None:
            return
        label = plain(evaluation.classes[1], 24).plain
        choices = [
            Choice(BEST_F1, f"{label} found often, and the answer {label} rarely wrong", "best F1"),
            Choice("costs", "say what a false alarm and what a miss costs", "lowest cost"),
            Choice("usual", "the class that is more probable", "0.5"),
        ]

        def take(choice: str | None) -> None:
            if choice == BEST_F1:
                self._set_threshold(Aim())
            elif choice == "usual":
                self._set_threshold(DEFAULT_THRESHOLD)
            elif choice == "costs":
                self._ask_costs(label)

        self.ask(PickList("Choose the threshold on the validation rows", choices), take)

    def _ask_costs(self, label: str) -> None:
        def take(text: str | None) -> None:
            if text is not None:
                self._set_threshold(read_costs(text))

        hint = f"What it costs to answer {label} wrongly, a colon, and what it costs to miss a {label}."
        self.ask(LinePrompt("Costs of the errors", "1:5", problem_of(read_costs), hint), take)

    def action_type_threshold(self) -> None:
        """Ask for the threshold."""
        evaluation = self._evaluation
        if evaluation is None:
            return
        read = read_number(Range(0, 1))

        def take(text: str | None) -> None:
            if text is not None:
                self._set_threshold(read(text))

        label = plain(evaluation.classes[1], 40).plain
        hint = f"The answer is {label} where its probability is above this, from 0 to 1."
        self.ask(LinePrompt("Decision threshold", f"{self.threshold:g}", problem_of(read), hint), take)

    def action_report(self) -> None:
        """Write the report of the run that is shown."""
        if self._run is not None:
            self.host.report(self._run)

    def action_rows(self) -> None:
        """Open the rows behind the cell, or for a number target those with the largest errors."""
        run, switch = self._run, self.view_switch
        if run is None or switch.widget is None or switch.data is None:
            return
        behind = switch.widget.behind(switch.data)
        if behind is None:
            return
        if not len(behind.places):
            self.host.say(behind.none, warning=False)
            return
        self.ask(RowsScreen(behind.title, run, behind.places, behind.answers), self._take_to_predict)

    def action_folds(self) -> None:
        """Train in folds, beside and at low priority, or show those that are or were trained."""
        run = self._run
        if run is None:
            return
        if self._folds is None or (self._folds.ended and not self._folds.done):
            self._folds = FoldJob(run)
            self._begin_folds(self._folds)
        job = self._folds
        self.ask(FoldsScreen(job, lambda: self._begin_folds(job)), self._take_to_predict)

    def _begin_folds(self, job: FoldJob) -> None:
        """Have a thread train in folds, and follow it."""
        self.app.run_worker(job.work, thread=True, exit_on_error=False, group="folds")
        follow: Timer

        def look() -> None:
            if job.ended:
                follow.stop()
            if self.is_mounted and self._folds is job:
                self._show_folds()
                if job.ended and job.looks is not None and job.run.looks:
                    self.host.look(job.run, again=True)  # The verdict tells of looks, and the folds were one.

        follow = self.set_interval(LOOK, look)

    async def _take_to_predict(self, position: int | None) -> None:
        from ann_tui.tui.screens.predict import PredictScreen

        if position is None:
            return
        await self.app.switch_mode(Step.PREDICT.value)
        screen = self.app.screen
        if isinstance(screen, PredictScreen):
            screen.fill(position)

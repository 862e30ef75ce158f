"""Step 5: how good is it on rows that it has never seen, and does it earn its keep?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from ann_tui.choice_fields import Range
from ann_tui.evaluation.decision import (
    DEFAULT_THRESHOLD,
    answers_at,
    matrix_at,
    metrics_at,
    rows_behind,
    rows_by_error,
)
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.verdict import verdict
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.figures import counted
from ann_tui.tui.dialogs.rows import RowsScreen
from ann_tui.tui.prompt import LinePrompt, problem_of
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.setting import read_number
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.answer_views import CURVES, AnswersPanel, AnswerViews
from ann_tui.tui.widgets.evaluation_tables import baseline_table, class_table, network_table

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.tui.host import ScreenHost


class EvaluateScreen(StepScreen):
    """The answers on the judged rows in several views, beside the metrics of network and baselines."""

    STEP = Step.EVALUATE
    PANELS = ("answers-panel", "metrics-panel")
    CSS_PATH = "evaluate.tcss"
    BINDINGS: ClassVar = [
        Binding(
            "c",
            "next_view",
            "view",
            id="evaluate.view",
            tooltip="The next view: matrix, ROC, precision-recall, calibration; or predicted, residuals",
        ),
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
        self.threshold = DEFAULT_THRESHOLD

    def compose_body(self) -> ComposeResult:
        """Answers on the left, figures on the right, the verdict under both."""
        with Horizontal(id="evaluate"):
            with AnswersPanel(id="answers-panel", classes="panel paged"):
                yield AnswerViews(id="views")
            with VerticalScroll(id="metrics-panel", classes="panel paged"):
                yield Static("", id="baselines")
                yield Static("", id="network")
                yield Static("", id="classes")
        with Vertical(id="verdict-panel"):
            yield Static("", id="verdict")

    @property
    def _views(self) -> AnswerViews:
        return self.query_one(AnswerViews)

    @property
    def _evaluation(self) -> Evaluation | None:
        run = self.workbench.runs.front
        return None if run is None else run.evaluation

    @property
    def _two_classes(self) -> bool:
        evaluation = self._evaluation
        return evaluation is not None and len(evaluation.classes) == 2

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the evaluation of the latest run."""
        run, evaluation = workbench.runs.front, self._evaluation
        if run is None or evaluation is None:
            self._run = None
            self._views.show(None, DEFAULT_THRESHOLD)
            for name in ("baselines", "network", "classes"):
                self.query_one(f"#{name}", Static).update("")
            self.query_one("#verdict", Static).update(Text(workbench.blocked(Step.EVALUATE) or ""))
            return
        if run is not self._run:
            self._run, self.threshold = run, DEFAULT_THRESHOLD
        self._show(evaluation)
        if self.focused is None:
            self.query_one("#answers-panel").focus()
        self.refresh_bindings()

    def _show(self, evaluation: Evaluation) -> None:
        views, moved = self._views, None
        views.show(evaluation, self.threshold)
        judged = counted(evaluation.scores[evaluation.judged].rows, f"{evaluation.judged} row")
        answers = self.query_one("#answers-panel")
        answers.border_title = f"{views.title} · {judged}"
        answers.border_subtitle = f"c: {views.next_title}"
        metrics = self.query_one("#metrics-panel")
        metrics.border_title = f"How good · {judged}"
        metrics.border_subtitle = "the baselines are being computed …" if evaluation.pending else ""
        if self.threshold != DEFAULT_THRESHOLD:
            moved = (self.threshold, *metrics_at(evaluation, self.threshold))
        accent = self.app.theme_variables["accent"]
        self.query_one("#baselines", Static).update(baseline_table(evaluation, accent))
        self.query_one("#network", Static).update(network_table(evaluation, moved))
        classes = self.query_one("#classes", Static)
        classes.display = evaluation.confusion is not None
        if evaluation.confusion is not None:
            classes.update(class_table(matrix_at(evaluation, self.threshold), evaluation.judged))
        self.query_one("#verdict", Static).update(self._verdict(evaluation))

    def _verdict(self, evaluation: Evaluation) -> Text:
        text = Text(verdict(evaluation))
        warning = self.app.theme_variables["warning"]
        if evaluation.judged == "test":
            text.append(
                "  The network never saw these rows; they were looked at once, after training.", style="dim"
            )
        else:
            text.append(
                f"  No test rows were set aside (2 Prepare), so the {evaluation.judged} rows judge: "
                "they helped to choose the weights, and flatter.",
                style=warning,
            )
        if self.threshold != DEFAULT_THRESHOLD:
            text.append(
                f"  A threshold chosen by its figures on the {evaluation.judged} rows flatters them.",
                style=warning,
            )
        if not self.workbench.run_is_current:
            text.append("  Settings have changed since: t trains again.", style=warning)
        return text

    # -- what the person does ------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The threshold is for two classes, the arrow keys for classes."""
        if action in ("threshold", "type_threshold"):
            return self._two_classes
        if action == "move":
            return bool(self._evaluation is not None and self._evaluation.classes)
        return True

    def advertises(self, action: str) -> bool:
        """The keys of a cell are shown where there are cells, or rows without any."""
        on_cells = action in ("screen.move(-1, 0)", "screen.rows")
        return not (on_cells and self._views.name_of_view in CURVES)

    def action_next_view(self) -> None:
        """The next view of the answers."""
        evaluation = self._evaluation
        if evaluation is not None:
            with self.app.batch_update():
                self._views.next_view()
                self._show(evaluation)
            self.refresh_bindings()

    def action_move(self, down: int, across: int) -> None:
        """Move in the matrix; in a curve, left and right go to another class."""
        evaluation = self._evaluation
        if evaluation is None:
            return
        self._views.move(down, across)
        line = self._views.cursor_line
        if line is not None:
            self.query_one(AnswersPanel).keep_in_view(line)

    def action_threshold(self, steps: int) -> None:
        """Move the threshold by hundredths; from 0.5 on it keeps to whole ones."""
        self._set_threshold((round(self.threshold * 100) + steps) / 100)

    def _set_threshold(self, threshold: float) -> None:
        evaluation = self._evaluation
        if evaluation is None or not 0 <= threshold <= 1:
            return
        self.threshold = threshold
        with self.app.batch_update():
            self._show(evaluation)

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

    def action_rows(self) -> None:
        """Open the rows behind the cell, or for a number target those with the largest errors."""
        run, evaluation = self._run, self._evaluation
        if run is None or evaluation is None:
            return
        split = f"{evaluation.judged} row"
        if evaluation.confusion is None:
            places = rows_by_error(evaluation)
            title = f"{counted(len(places), split)}, the largest error first"
            answers = evaluation.outputs[places].tolist()
        else:
            true, predicted = self._views.cell
            places = rows_behind(evaluation, true, predicted, self.threshold)
            names = [plain(evaluation.classes[index], 24).plain for index in (true, predicted)]
            title = f"{counted(len(places), split)} of {names[0]} taken for {names[1]}, the surest first"
            if true == predicted:
                title = f"{counted(len(places), split)} of {names[0]} found, the surest first"
            if not len(places):
                self.host.say(f"no {split} of {names[0]} was taken for {names[1]}", warning=False)
                return
            answers = answers_at(evaluation, self.threshold)[places].tolist()
        self.ask(RowsScreen(title, run, places, answers), self._take_to_predict)

    async def _take_to_predict(self, position: int | None) -> None:
        from ann_tui.tui.screens.predict import PredictScreen

        if position is None:
            return
        await self.app.switch_mode(Step.PREDICT.value)
        screen = self.app.screen
        if isinstance(screen, PredictScreen):
            screen.fill(position)

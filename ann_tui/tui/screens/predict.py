"""Step 6: what does it say about a new row, and how sure is it?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.experiments.chosen_row import ChosenRow, how_known
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.network.scoring import predict
from ann_tui.tui.answerer import Answerer, answerer_of
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.dialogs.file_questions import problem_with_path
from ann_tui.tui.latest import Latest, WorkedOut
from ann_tui.tui.prompt import Choice, LinePrompt, PickList
from ann_tui.tui.screens.predicts_files import PredictsFiles
from ann_tui.tui.settings.row_fields import as_text, known_values, problem_with_field, stepped
from ann_tui.tui.text import line, plain
from ann_tui.tui.widgets.choice_table import ChoiceTable, Row
from ann_tui.tui.widgets.forward_pass import lines_of, paint_forward_pass
from ann_tui.tui.widgets.sweep_text import sweep_text
from ann_tui.tui.widgets.target_looks import look_of
from ann_tui.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.data.preparing.input_column import InputColumn
    from ann_tui.tui.host import ScreenHost


class PredictScreen(PredictsFiles):
    """A form with one field a feature; the answer follows each change."""

    STEP = Step.PREDICT
    PANELS = ("form-panel", "answer-panel")
    CSS_PATH = "predict.tcss"
    BINDINGS: ClassVar = [
        Binding(
            "r",
            "random_row",
            "a test row",
            id="predict.row",
            tooltip="Fill the form with the next row that the network has never seen",
        ),
        Binding(
            "d", "typical", "typical", id="predict.typical", tooltip="Back to typical values in every field"
        ),
        Binding(
            "b",
            "train_on",
            "train on",
            id="predict.on",
            tooltip="Open the table of a saved model, to train on from its epochs",
        ),
        Binding(
            "w",
            "predict_file",
            "whole file",
            id="predict.file",
            tooltip="Predict for every row of a file, and write the answers to another one",
        ),
        Binding(
            "e",
            "score_file",
            "score a file",
            id="predict.score",
            tooltip="How good it is on a file with true values",
        ),
        Binding(
            "delete,backspace",
            "clear_field",
            "missing",
            id="predict.missing",
            key_display="del",
            tooltip="Make the field missing, and see what the network makes of it",
        ),
        Binding(
            "tab", "next_panel", "answer", id="predict.panel", tooltip="From the form to the answer and back"
        ),
        Binding("escape", "app.go('evaluate')", "back", show=False, tooltip="Back to the evaluation"),
    ]

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self.cells: dict[str, str] = {}
        self._drawn_row = -1
        self._true_target: str | None = None
        self._row_name = self._how_known = ""
        self._sweeps: dict[str, Text] = {}
        self._swept: Latest[dict[str, Text]] = Latest(self)
        self._sweep_again: Callable[[], None] = _nothing

    def compose_body(self) -> ComposeResult:
        """The form on the left, the answer on the right."""
        with Horizontal(id="predict"):
            with Vertical(id="form-panel", classes="panel paged"):
                yield ChoiceTable("feature", "value", "what it would do", "in training", id="form")
            with VerticalScroll(id="answer-panel", classes="panel paged"):
                yield Static("", id="answer")
                yield Static("", id="bars")
                yield Static("", id="answer-notes")
                yield Picture(id="way")
                yield Static("", id="file")

    def advertises(self, action: str) -> bool:
        """Training on is for a saved model; a run goes on from Train."""
        return action != "train_on" or self.workbench.model is not None

    def action_train_on(self) -> None:
        """Ask for the table of a saved model, and take up its run with it."""
        model = self.workbench.model
        if model is None:
            self.host.say("b on 4 Train begins another run where this one stands", warning=False)
            return
        hint = "The table that it was trained on. Its run is taken up, and b on Train goes on from any of its epochs."

        def take(path: str | None) -> None:
            if path is not None:
                self.host.train_on(str(Path(path).expanduser()))

        self.ask(LinePrompt("Train on with", model.source.path, problem_with_path, hint), take)

    def on_mount(self) -> None:
        """Name the panels."""
        self.query_one("#form-panel").border_title = "A row"
        self.query_one("#answer-panel").border_title = "What the network says"
        super().on_mount()

    def on_resize(self) -> None:
        """The bars are as long as there is room, and the answer may lie behind the form or beside it."""
        self._show_answer()

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the form of the latest run; typed values stay as long as the run does."""
        answerer = answerer_of(workbench)
        if answerer is None:
            self._answerer = None
            self.query_one("#form", ChoiceTable).show([])
            self.query_one("#answer", Static).update(Text(workbench.blocked(Step.PREDICT) or ""))
            return
        before, self._answerer = self._answerer, answerer
        run = "" if answerer.run is None else workbench.called(answerer.run)
        self.query_one("#answer-panel").border_title = f"What the network{' of ' + run if run else ''} says"
        if before is None or {column.name for column in before.fitted.inputs} != set(self._names):
            self.action_typical()
            return
        self._show_row()

    @property
    def _names(self) -> list[str]:
        return [column.name for column in self._inputs]

    @property
    def _inputs(self) -> tuple[InputColumn, ...]:
        return () if self._answerer is None else self._answerer.fitted.inputs

    def _input(self, name: str) -> InputColumn | None:
        """The column of a field; None where another network answers by now, which does not know it."""
        return next((column for column in self._inputs if column.name == name), None)

    def _show_row(self) -> None:
        self._show_fields()
        self._show_answer()

    def _show_fields(self) -> None:
        rows = []
        for column in self._inputs:
            value = self.cells.get(column.name, "")
            changed = value != column.typical
            accent = self.app.theme_variables["accent"]
            shown = (
                plain(value, 24, f"bold {accent}" if changed else "")
                if value
                else line(("missing", "dim italic"))
            )
            effect = self._sweeps.get(column.name, line(("–", "dim")))
            known = line((known_values(column), "dim"))
            rows.append(Row(column.name, (plain(column.name, 28), shown, effect, known)))
        form = self.query_one("#form", ChoiceTable)
        form.show(rows)
        if self.focused is None:
            form.focus()

    def _show_answer(self) -> None:
        answerer = self._answerer
        if answerer is None:
            return
        fitted = answerer.fitted
        frame = pd.DataFrame({name: [value or None] for name, value in self.cells.items()}, dtype=object)
        x, report = fitted.transform(frame)
        outputs = predict(answerer.network, x)
        accent, warning = self.app.theme_variables["accent"], self.app.theme_variables["warning"]
        answer, bars = self.query_one("#answer", Static), self.query_one("#bars", Static)
        name, look, threshold = (
            plain(fitted.target.name, 30).plain,
            look_of(fitted.target),
            answerer.threshold(),
        )
        said, sure = look.answer(outputs, threshold), look.sure_answer(outputs, threshold)
        at = "" if threshold == DEFAULT_THRESHOLD else f"\n{_from_on(fitted.target.classes[1], threshold)}"
        answer.update(Text.assemble(f"{name}: ", (said, f"bold {accent}"), self._truth(), (at, "dim")))
        width = max(self.query_one("#answer-panel").content_size.width - 2, 30)
        bars.update(look.under_answer(outputs, answerer.typical_error, answerer.judged, width, accent))
        if not self._writing:
            behind = self.app.size.width < TopBar.ONE_LINE_BELOW
            short = Text.assemble(f"{name}: ", (sure, f"bold {accent}"), self._truth())
            self.query_one("#form-panel").border_subtitle = short if behind else ""
        self._show_way(answerer, x)
        self._sweep(answerer, np.asarray(outputs))
        notes = [plain(sentence, 200, warning) for sentence in report.sentences()]
        if self._true_target is not None:
            notes.append(plain(self._how_known, 200, "dim"))
        self.query_one("#answer-notes", Static).update(Text("\n").join(notes))

    def _sweep(self, answerer: Answerer, outputs: NDArray[Any]) -> None:
        """Find out in a thread what each field would do to the answer, unless that is known or asked for."""
        cells = tuple(sorted(self.cells.items()))
        code = None if outputs.ndim == 1 else int(outputs[0].argmax())
        names = answerer.fitted.target.classes
        told = "the answer" if code is None else f"P({plain(names[code], 16).plain})"
        self.query_one("#form-panel").border_title = plain(
            f"A row · bars: {told} over each field's range", 120
        )

        def work() -> dict[str, Text]:
            from ann_tui.insight.sweep import sweeps

            found = sweeps(answerer.fitted, answerer.network, dict(cells))
            return {each.name: sweep_text(each, code) for each in found}

        def again() -> None:
            found = self._swept.ask(answerer.network, (code, cells), work, at_once=False)
            if isinstance(found, dict) and found is not self._sweeps:
                self._sweeps = found
                self._show_fields()

        self._sweep_again = again
        again()

    @on(WorkedOut)
    def _worked_out(self, message: WorkedOut) -> None:
        """Show it beside the fields, if the row is still that one."""
        message.stop()
        self._swept.take(message)
        self._sweep_again()

    def _show_way(self, answerer: Answerer, x: NDArray[np.float32]) -> None:
        """What the row gives in each layer, and the row for the views of the network on Train."""
        fitted, way = answerer.fitted, self.query_one("#way", Picture)
        self.workbench.row = ChosenRow(
            self._row_name or "the row on Predict", x, fitted, self._true_target or ""
        )
        way.styles.height = lines_of(answerer.network)
        way.show(partial(paint_forward_pass, answerer.network, fitted.input_names, x))

    def _truth(self) -> Text:
        if self._true_target is None:
            return Text("")
        return Text.assemble(
            ("   in the file: ", "dim"), plain(self._true_target, 30), (f" ({self._row_name})", "dim")
        )

    # -- changing ------------------------------------------------------------------------------------------

    def _put(self, name: str, value: str) -> None:
        self.cells[name] = value
        self._true_target, self._row_name = None, ""
        self._show_row()

    @on(ChoiceTable.Stepped, "#form")
    def _step_field(self, message: ChoiceTable.Stepped) -> None:
        column = self._input(message.key)
        if column is None:
            return
        value = self.cells.get(column.name, "") or column.typical
        if column.categories:
            at = column.categories.index(value) if value in column.categories else 0
            self._put(column.name, column.categories[(at + message.direction) % len(column.categories)])
            return
        if column.step is None:
            self.host.say("press enter and type a value", warning=False)
            return
        self._put(column.name, stepped(column, value, message.direction))

    @on(ChoiceTable.Opened, "#form")
    def _open_field(self, message: ChoiceTable.Opened) -> None:
        column = self._input(message.key)
        if column is None:
            return
        value = self.cells.get(column.name, "")

        def take(text: str | None) -> None:
            if text is not None:
                self._put(column.name, text)

        title = plain(column.name, 40).plain
        if column.categories and len(column.categories) <= 500:
            choices = [Choice(category, label=plain(category, 40).plain) for category in column.categories]
            self.ask(PickList(title, choices, value), take)
        else:
            known = known_values(column)
            hint = (f"In training: {known}. " if known else "") + "Leave it empty for a missing value."
            self.ask(LinePrompt(title, value, lambda text: problem_with_field(column, text), hint), take)

    def action_clear_field(self) -> None:
        """Make the field under the cursor missing."""
        key = self.query_one("#form", ChoiceTable).cursor_key
        if key is not None:
            self._put(key, "")

    def action_typical(self) -> None:
        """Typical values everywhere."""
        self.cells = {column.name: column.typical for column in self._inputs}
        self._true_target, self._row_name = None, ""
        self._show_row()

    def action_random_row(self) -> None:
        """Fill the form with the next judged row."""
        run = self.workbench.judged
        if run is None or run.evaluation is None:
            self.host.say("a saved model comes without its rows", warning=False)
            return
        rows = run.evaluation.rows
        self._drawn_row = (self._drawn_row + 1) % len(rows)
        self.fill(int(rows[self._drawn_row]))

    def fill(self, position: int) -> None:
        """Fill the form with the row at this position of the data, and say what its target is in the file."""
        run = self.workbench.judged
        if run is None or run.evaluation is None:
            return
        self._answerer = answerer_of(self.workbench)
        table = run.prepared.table
        target = run.prepared.fitted.target
        kinds = {column.name: column.kind for column in self._inputs} | {target.name: target.kind}
        row = np.array([position])
        cells = {name: as_text(table.parsed[name].cells(kind, row)[0]) for name, kind in kinds.items()}
        self._true_target = cells.pop(target.name)
        self.cells = cells
        self._row_name = f"line {int(table.lines[position])}"
        self._how_known = how_known(run.prepared, position, refit=run.refitted is not None)
        self._show_row()


def _nothing() -> None:
    """No row has been answered yet."""


def _from_on(label: str, threshold: float) -> str:
    return f"{plain(label, 20).plain} from a probability of {threshold:g} on"

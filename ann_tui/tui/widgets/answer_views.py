"""The answers on the judged rows, one view at a time: matrix, curves, or plots of numbers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region
from textual.widgets import Static

from ann_tui.evaluation.curves import Curve, calibration, precision_recall, roc
from ann_tui.evaluation.decision import DEFAULT_THRESHOLD, matrix_at
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.figures import number, percent
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.confusion_table import headline
from ann_tui.tui.widgets.evaluation_plots import CurvePlot, ResidualPlot
from ann_tui.tui.widgets.matrix_cells import MatrixCells
from ann_tui.tui.widgets.plots import PredictedActualPlot

TITLES = {
    "matrix": "Confusion matrix",
    "roc": "ROC curve",
    "precision-recall": "Precision-recall curve",
    "calibration": "Calibration",
    "actual": "Predicted ↑ against actual →",
    "residuals": "Predicted less actual ↑ against predicted →",
}
CURVES = ("roc", "precision-recall", "calibration")
CLASS_VIEWS = ("matrix", *CURVES)
NUMBER_VIEWS = ("actual", "residuals")


class AnswersPanel(VerticalScroll):
    """The panel around the views; its keys move the cursor and open rows."""

    BINDINGS: ClassVar = [
        Binding(
            "up",
            "screen.move(-1, 0)",
            "cell",
            key_display="← ↑ ↓ →",
            tooltip="Move in the matrix; beside a curve, ← and → go to another class",
        ),
        Binding("down", "screen.move(1, 0)", "cell", show=False),
        Binding("left", "screen.move(0, -1)", "cell", show=False),
        Binding("right", "screen.move(0, 1)", "cell", show=False),
        Binding(
            "enter",
            "screen.rows",
            "rows",
            key_display="enter",
            tooltip="The rows behind the cell, or those with the largest errors; from there to Predict",
        ),
    ]

    def keep_in_view(self, line: int) -> None:
        """Scroll so that a line of the content is seen."""
        self.scroll_to_region(Region(0, line, 1, 1), animate=False, force=True)


class AnswerViews(Vertical):
    """All views of one evaluation; one is shown."""

    DEFAULT_CSS = """
    AnswerViews {
        height: auto; min-height: 100%;
        & > #headline { height: auto; padding: 1 1 0 1; }
        & > MatrixCells { padding: 0 1; }
        & > QuietPlot { height: 1fr; }
    }
    AnswerViews.-plot { height: 1fr; }
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._evaluation: Evaluation | None = None
        self._threshold = DEFAULT_THRESHOLD
        self._at = 0
        self._class: int | None = None
        self._labels: tuple[str, ...] | None = None
        self._drawn: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """A widget for each kind of view, and figures under it."""
        yield MatrixCells(id="confusion")
        yield CurvePlot(id="curve")
        yield PredictedActualPlot(id="scatter")
        yield ResidualPlot(id="residuals")
        yield Static("", id="headline")

    @property
    def _names(self) -> tuple[str, ...]:
        return NUMBER_VIEWS if self._evaluation is not None and not self._evaluation.classes else CLASS_VIEWS

    @property
    def name_of_view(self) -> str:
        """Which view is shown."""
        return self._names[self._at % len(self._names)]

    @property
    def title(self) -> str:
        """What the view shows."""
        return TITLES[self.name_of_view]

    @property
    def next_title(self) -> str:
        """What the next view shows."""
        return TITLES[self._names[(self._at + 1) % len(self._names)]]

    @property
    def cell(self) -> tuple[int, int]:
        """The true and the predicted class of the marked cell."""
        return self.query_one(MatrixCells).cursor

    @property
    def cursor_line(self) -> int | None:
        """The line of the marked cell, in the matrix."""
        return self.query_one(MatrixCells).cursor_line if self.name_of_view == "matrix" else None

    def next_view(self) -> None:
        """Go on to the next view; `show` draws it."""
        self._at = (self._at + 1) % len(self._names)

    def move(self, down: int, across: int) -> None:
        """Move the cursor of the matrix, or beside a curve go to the next class."""
        evaluation = self._evaluation
        if evaluation is None or not evaluation.classes:
            return
        if self.name_of_view == "matrix":
            self.query_one(MatrixCells).move(down, across)
        elif across:
            choices: list[int | None] = [*range(len(evaluation.classes))]
            if len(choices) > 2 or self.name_of_view == "calibration":
                choices = [None, *choices]
            at = choices.index(self._class) if self._class in choices else 0
            self._class = choices[(at + across) % len(choices)]
            self.show(evaluation, self._threshold)

    def show(self, evaluation: Evaluation | None, threshold: float) -> None:
        """Show the view of this evaluation at a decision threshold."""
        if evaluation is None:
            self._evaluation = None
            self._drawn = ()
            self.display = False
            return
        self.display = True
        before, self._evaluation, self._threshold = self._evaluation, evaluation, threshold
        new = before is None or before.outputs is not evaluation.outputs
        if evaluation.classes != self._labels:
            self._labels, self._at = evaluation.classes, 0
            self._class = 1 if len(evaluation.classes) == 2 else None
        name = self.name_of_view
        drawn = (evaluation.outputs, threshold, name, self._class, self.app.theme)
        if len(drawn) == len(self._drawn) and all(
            one is other or (not isinstance(one, np.ndarray) and one == other)
            for one, other in zip(drawn, self._drawn, strict=True)
        ):
            return
        self._drawn = drawn
        self.set_class(name != "matrix", "-plot")
        shown = {"matrix": "confusion", "actual": "scatter", "residuals": "residuals"}.get(name, "curve")
        for widget in ("confusion", "curve", "scatter", "residuals"):
            self.query_one(f"#{widget}").display = widget == shown
        if name == "matrix":
            matrix = matrix_at(evaluation, threshold)
            cells = self.query_one(MatrixCells)
            cells.show(matrix)
            if new:
                cells.put_on_worst()
            text = headline(matrix)
            if len(evaluation.classes) == 2:
                text.append_text(self._threshold_line(evaluation))
        elif name in NUMBER_VIEWS:
            plot = self.query_one(PredictedActualPlot) if name == "actual" else self.query_one(ResidualPlot)
            plot.show(evaluation.actual, evaluation.outputs)
            text = Text.assemble("in ", plain(evaluation.target, 40), ("   ┈ perfect", "dim"))
        else:
            text = self._show_curve(evaluation, name)
        self.query_one("#headline", Static).update(text)

    def _threshold_line(self, evaluation: Evaluation) -> Text:
        label = plain(evaluation.classes[1], 24).plain
        return Text.assemble(
            "\n", f"{label} from a probability of ", (f"{self._threshold:.2f}", "bold"), " on"
        )

    def _show_curve(self, evaluation: Evaluation, name: str) -> Text:
        plot, index = self.query_one(CurvePlot), self._class
        if name != "calibration" and index is None and len(evaluation.classes) == 2:
            index = 1
        who = "all classes together" if index is None else f"{plain(evaluation.classes[index], 24).plain}"
        text = Text()
        text.append(who, style="bold")
        text.append("   ← → another class\n", style="dim")
        curve = {"roc": roc, "precision-recall": precision_recall, "calibration": calibration}[name](
            evaluation, index
        )
        plot.visible = curve is not None
        if curve is None:
            return text.append(f"The {evaluation.judged} rows hold none, or only rows, of this class.")
        mark = self._operating_point(evaluation) if index == 1 and len(evaluation.classes) == 2 else None
        if name == "roc":
            plot.show(curve, ((0, 0), (1, 1)), mark and (mark[0], mark[1]))
            text.append(f"area {number(curve.figure, 3)}")
            text.append("   found ↑  false alarms →  ┈ chance", style="dim")
            if mark is not None:
                text.append(
                    f"\n◆ at {self._threshold:.2f} finds {percent(mark[1])} at {percent(mark[0])} false alarms"
                )
        elif name == "precision-recall":
            plot.show(curve, ((0, curve.share), (1, curve.share)), mark and (mark[1], mark[2]))
            text.append(f"average precision {number(curve.figure, 3)}")
            text.append("   precision ↑  recall →  ┈ chance", style="dim")
            if mark is not None:
                text.append(
                    f"\n◆ at {self._threshold:.2f} precision {percent(mark[2])}, recall {percent(mark[1])}"
                )
        else:
            plot.show(curve, ((0, 0), (1, 1)), points=True)
            text.append(_calibration_text(curve, index is None))
            text.append("\nhow often it was so ↑  probability →  ┈ honest", style="dim")
        return text

    def _operating_point(self, evaluation: Evaluation) -> tuple[float, float, float] | None:
        """False alarms, recall and precision at the threshold; None where they are undefined."""
        counts = matrix_at(evaluation, self._threshold).counts
        others, own, answers = counts[0].sum(), counts[1].sum(), counts[:, 1].sum()
        if not others or not own:
            return None
        precision = counts[1, 1] / answers if answers else 1.0
        return float(counts[0, 1] / others), float(counts[1, 1] / own), float(precision)


def _calibration_text(curve: Curve, answers: bool) -> str:
    what = "the answer's probability" if answers else "the probability"
    return f"{what} is off by {percent(curve.figure)} on average"

"""Views of answers that are classes: the confusion matrix, and curves of one class or of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual.widget import Widget

from ann_tui.data.preparing.deciding import decided
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.curves import Curve, calibration, precision_recall, roc
from ann_tui.evaluation.decision import answers_at, matrix_at, rows_behind
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.figures import counted, number, percent
from ann_tui.tui.text import plain
from ann_tui.tui.views.captioned import OfJudged, OfValidation
from ann_tui.tui.views.view import EVALUATE, TRAIN, Behind, Judged, Moment, view
from ann_tui.tui.widgets.confusion_matrix import MOST_IN_A_TABLE, ConfusionView
from ann_tui.tui.widgets.confusion_matrix_cursor import MatrixCells
from ann_tui.tui.widgets.confusion_table import headline
from ann_tui.tui.widgets.evaluation_plots import CurvePlot

LINES_OF_FIGURES = 2
"""So many lines the figures take under a heat map."""
LINES_OF_PAIRS = 3
"""So many lines under a heat map are kept for the most confused pairs before anything else stands there."""


@view(TRAIN, "matrix", "Confusion matrix", "how often each class was taken for each other one", classes=True)
class ValidationMatrix(OfValidation):
    """The matrix of the validation rows as it fills in."""

    DEFAULT_CSS = "ValidationMatrix.-fills > .caption { padding: 0 1; }"
    PACKS: ClassVar[bool] = True

    def picture(self) -> Widget:
        """The matrix."""
        return ConfusionView(id="confusion")

    def fills(self, data: Moment) -> bool:
        """A heat map does."""
        return len(data.classes) > MOST_IN_A_TABLE

    def picture_lines(self, data: Moment) -> int:
        """Those of the cells, and some for the most confused pairs."""
        width, height = self.size.width - 2, self.size.height - LINES_OF_FIGURES
        return self.query_one(ConfusionView).lines_for_cells(width, height) + LINES_OF_PAIRS

    def answers(self, data: Moment, outputs: NDArray[Any]) -> Text:
        """Count the answers."""
        codes = decided(np.asarray(outputs), data.run.threshold)
        matrix = ConfusionMatrix.from_codes(data.classes, data.run.prepared.validation.actual, codes)
        self.query_one(ConfusionView).show(matrix)
        return headline(matrix, majority=False)


@view(
    EVALUATE, "matrix", "Confusion matrix", "how often each class was taken for each other one", classes=True
)
class JudgedMatrix(OfJudged):
    """The matrix of the judged rows, with a cursor."""

    DEFAULT_CSS = "JudgedMatrix.-fills > .caption { padding: 0 1; }"
    PACKS: ClassVar[bool] = True
    OPENS_ROWS: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._outputs: NDArray[Any] | None = None

    def picture(self) -> Widget:
        """The matrix."""
        return MatrixCells(id="confusion")

    def fills(self, data: Judged) -> bool:
        """A heat map does."""
        return len(data.classes) > MOST_IN_A_TABLE

    def draw(self, data: Judged) -> None:
        """The matrix at the threshold; the cursor begins on the most frequent mistake."""
        evaluation = data.evaluation
        matrix, cells = matrix_at(evaluation, data.threshold), self.query_one(MatrixCells)
        cells.show(matrix)
        if self._outputs is not evaluation.outputs:
            self._outputs = evaluation.outputs
            cells.put_on_worst()
        text = headline(matrix)
        if len(data.classes) == 2:
            label = plain(data.classes[1], 24).plain
            text.append(f"\n{label} from a probability of ").append(f"{data.threshold:.2f}", "bold").append(
                " on"
            )
        self.say(text)

    def move(self, down: int, across: int) -> None:
        """Move the cursor."""
        self.query_one(MatrixCells).move(down, across)

    @property
    def cursor_line(self) -> int | None:
        """The line of the marked cell."""
        return self.query_one(MatrixCells).cursor_line

    def behind(self, data: Judged) -> Behind | None:
        """The rows of the marked cell."""
        evaluation, split = data.evaluation, f"{data.evaluation.judged} row"
        true, predicted = self.query_one(MatrixCells).cursor
        places = rows_behind(evaluation, true, predicted, data.threshold)
        names = [plain(data.classes[index], 24).plain for index in (true, predicted)]
        what = "found" if true == predicted else f"taken for {names[1]}"
        return Behind(
            places,
            f"{counted(len(places), split)} of {names[0]} {what}, the surest first",
            answers_at(evaluation, data.threshold)[places].tolist(),
            f"no {split} of {names[0]} was taken for {names[1]}",
        )


class CurveView(OfJudged):
    """A curve of the class that is looked at, or of all together."""

    FILLS: ClassVar[bool] = True
    CURVE: ClassVar[Callable[[Evaluation, int | None], Curve | None]]
    ALL_OF_TWO: ClassVar[bool] = False
    """Whether both of two classes are looked at together, too."""

    def picture(self) -> Widget:
        """The curve."""
        return CurvePlot(id="curve")

    def move(self, down: int, across: int) -> None:
        """Go to the next class."""
        if self.data is None or not across:
            return
        focus = self.data.focus
        choices: list[int | None] = [*range(len(self.data.classes))]
        if len(choices) > 2 or self.ALL_OF_TWO:
            choices = [None, *choices]
        at = choices.index(focus.chosen) if focus.chosen in choices else 0
        focus.chosen = choices[(at + across) % len(choices)]
        self.show(self.data)

    def draw(self, data: Judged) -> None:
        """The curve, or why there is none."""
        evaluation, index = data.evaluation, data.focus.chosen
        if not self.ALL_OF_TWO and index is None and len(data.classes) == 2:
            index = 1
        text = Text()
        text.append(
            "all classes together" if index is None else plain(data.classes[index], 24).plain, style="bold"
        )
        text.append("   ← → another class\n", style="dim")
        curve = type(self).CURVE(evaluation, index)
        self.query_one(CurvePlot).visible = curve is not None
        if curve is None:
            text.append(f"The {evaluation.judged} rows hold none, or only rows, of this class.")
        else:
            text.append_text(self.curve(data, curve, index))
        self.say(text)

    def curve(self, data: Judged, curve: Curve, index: int | None) -> Text:
        """Draw the curve of a class, None for all; the figures about it."""
        raise NotImplementedError


@view(
    EVALUATE,
    "roc",
    "ROC curve",
    "what is found against false alarms, for every decision threshold",
    classes=True,
)
class RocView(CurveView):
    """The share of the class that is found against false alarms."""

    CURVE = roc

    def curve(self, data: Judged, curve: Curve, index: int | None) -> Text:
        """The curve, chance, and the point of the threshold."""
        point = _operating_point(data, index)
        self.query_one(CurvePlot).show(curve, ((0, 0), (1, 1)), point and (point[0], point[1]))
        text = Text(f"area {number(curve.figure, 3)}")
        text.append("   found ↑  false alarms →  ┈ chance", style="dim")
        if point is not None:
            found, alarms = percent(point[1]), percent(point[0])
            text.append(f"\n◆ at {data.threshold:.2f} finds {found} at {alarms} false alarms")
        return text


@view(
    EVALUATE,
    "precision-recall",
    "Precision-recall curve",
    "how many answers are right against what is found, for every decision threshold",
    classes=True,
)
class PrecisionRecallView(CurveView):
    """The share of right answers against the share that is found."""

    CURVE = precision_recall

    def curve(self, data: Judged, curve: Curve, index: int | None) -> Text:
        """The curve, chance, and the point of the threshold."""
        point = _operating_point(data, index)
        chance = ((0, curve.share), (1, curve.share))
        self.query_one(CurvePlot).show(curve, chance, point and (point[1], point[2]))
        text = Text(f"average precision {number(curve.figure, 3)}")
        text.append("   precision ↑  recall →  ┈ chance", style="dim")
        if point is not None:
            precision, recall = percent(point[2]), percent(point[1])
            text.append(f"\n◆ at {data.threshold:.2f} precision {precision}, recall {recall}")
        return text


@view(
    EVALUATE,
    "calibration",
    "Calibration",
    "whether answers given with 80 % are right in some 80 of 100 rows",
    classes=True,
)
class CalibrationView(CurveView):
    """How often it was so, against the probability."""

    CURVE = calibration
    ALL_OF_TWO: ClassVar[bool] = True

    def curve(self, data: Judged, curve: Curve, index: int | None) -> Text:
        """The points, and honesty."""
        self.query_one(CurvePlot).show(curve, ((0, 0), (1, 1)), points=True)
        what = "the answer's probability" if index is None else "the probability"
        text = Text(f"{what} is off by {percent(curve.figure)} on average")
        return text.append("\nhow often it was so ↑  probability →  ┈ honest", style="dim")


def _operating_point(data: Judged, index: int | None) -> tuple[float, float, float] | None:
    """False alarms, recall and precision at the threshold of two classes; None where they are undefined."""
    if index != 1 or len(data.classes) != 2:
        return None
    counts = matrix_at(data.evaluation, data.threshold).counts
    others, own, answers = counts[0].sum(), counts[1].sum(), counts[:, 1].sum()
    if not others or not own:
        return None
    precision = counts[1, 1] / answers if answers else 1.0
    return float(counts[0, 1] / others), float(counts[1, 1] / own), float(precision)

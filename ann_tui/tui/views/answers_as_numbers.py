"""Views of answers that are numbers: predicted against actual, and the residuals."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from numpy.typing import NDArray
from rich.text import Text
from textual.widget import Widget

from ann_tui.evaluation.decision import rows_by_error
from ann_tui.evaluation.running_score import RunningNumberScore
from ann_tui.figures import counted, number
from ann_tui.tui.text import plain
from ann_tui.tui.views.captioned import OfJudged, OfValidation
from ann_tui.tui.views.view import EVALUATE, TRAIN, Behind, Judged, Moment, view
from ann_tui.tui.widgets.evaluation_plots import ResidualPlot
from ann_tui.tui.widgets.plots import PredictedActualPlot

ACTUAL = "Predicted ↑ against actual →"
ACTUAL_SUMMARY = "a point a row; the nearer to the diagonal, the better"

FEWEST_LINES = 12
"""A plot gives no line of these to what else could stand under it."""


@view(TRAIN, "actual", ACTUAL, ACTUAL_SUMMARY, numbers=True)
class ValidationScatter(OfValidation):
    """The validation rows."""

    FILLS: ClassVar[bool] = True

    def picture(self) -> Widget:
        """The points."""
        return PredictedActualPlot(id="scatter")

    def picture_lines(self, data: Moment) -> int:
        """A plot of fewer lines shows little."""
        return FEWEST_LINES

    def answers(self, data: Moment, outputs: NDArray[Any]) -> Text:
        """Draw them in the target's unit."""
        target, actual = data.run.prepared.fitted.target, data.run.prepared.validation.actual
        predicted = target.decode(outputs)
        self.query_one(PredictedActualPlot).show(actual, predicted)
        score = RunningNumberScore()
        score.add(actual, predicted)
        r2, rmse, mae = (math.nan if value is None else value for value in score.metrics().values())
        return Text.assemble(
            "R² ",
            (number(r2, 3), "bold"),
            f"   RMSE {number(rmse, 3)}   MAE {number(mae, 3)}",
            (f"   in {plain(target.name, 24).plain}", "dim"),
        )


class JudgedPlot(OfJudged):
    """A plot of the judged rows."""

    FILLS: ClassVar[bool] = True
    OPENS_ROWS: ClassVar[bool] = True
    PLOT: ClassVar[type[PredictedActualPlot | ResidualPlot]]

    def picture(self) -> Widget:
        """The points."""
        return self.PLOT(id="points")

    def draw(self, data: Judged) -> None:
        """Draw them in the target's unit."""
        self.query_one(self.PLOT).show(data.evaluation.actual, data.evaluation.outputs)
        self.say(Text.assemble("in ", plain(data.evaluation.target.name, 40), ("   ┈ perfect", "dim")))

    def behind(self, data: Judged) -> Behind | None:
        """All rows, the largest error first."""
        places = rows_by_error(data.evaluation)
        title = f"{counted(len(places), f'{data.evaluation.judged} row')}, the largest error first"
        return Behind(places, title, data.evaluation.outputs[places].tolist())


@view(EVALUATE, "actual", ACTUAL, ACTUAL_SUMMARY, numbers=True)
class JudgedScatter(JudgedPlot):
    """Predicted against actual."""

    PLOT = PredictedActualPlot


@view(
    EVALUATE,
    "residuals",
    "Predicted less actual ↑ against predicted →",
    "a point a row; a pattern in them is something that the network has not learned",
    numbers=True,
)
class JudgedResiduals(JudgedPlot):
    """Predicted less actual, against predicted."""

    PLOT = ResidualPlot

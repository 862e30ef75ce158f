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
from ann_tui.tui.views.captioned import Captioned, OfJudged, OfValidation
from ann_tui.tui.views.view import EVALUATE, TRAIN, Behind, Data, Judged, Moment, view
from ann_tui.tui.widgets.number_plots import LINES_OF_BOTH, NumberPlots, Plot

ACTUAL, RESIDUALS = "Predicted ↑ against actual →", "Predicted less actual ↑ against predicted →"
BOTH = "Predictions, residuals"
ACTUAL_SUMMARY = "a point a row; the nearer to the diagonal, the better"
RESIDUALS_SUMMARY = "a point a row; a pattern in them is something that the network has not learned"


class OfNumbers(Captioned[Data]):
    """A view that leads with one of the two plots, and shows the other one too where there is room for it."""

    FILLS: ClassVar[bool] = True
    LEAD: ClassVar[Plot]

    def picture(self) -> Widget:
        """The plots."""
        return NumberPlots(self.LEAD)

    @property
    def plots(self) -> NumberPlots:
        """The plots, as they stand now."""
        return self.query_one(NumberPlots)

    @property
    def shows_too(self) -> tuple[str, ...]:
        """The view that leads with the other plot, where that is seen as well."""
        return ("actual", "residuals") if self.plots.shows_both else ()

    def on_number_plots_rearranged(self) -> None:
        """Other views are worth going to."""
        self.post_message(self.Rearranged())


class OfValidationNumbers(OfNumbers[Moment], OfValidation):
    """The validation rows."""

    def heading(self, title: str, data: Moment) -> str:
        """Of both plots where both are seen."""
        return super().heading(BOTH if self.plots.shows_both else title, data)

    def picture_lines(self, data: Moment) -> int:
        """Both plots have room before anything else."""
        return LINES_OF_BOTH

    def answers(self, data: Moment, outputs: NDArray[Any]) -> Text:
        """Draw them in the target's unit."""
        target, actual = data.run.prepared.fitted.target, data.run.prepared.validation.actual
        predicted = target.decode(outputs)
        self.plots.show(actual, predicted)
        score = RunningNumberScore()
        score.add(actual, predicted)
        r2, rmse, mae = (math.nan if value is None else value for value in score.metrics().values())
        return Text.assemble(
            "R² ",
            (number(r2, 3), "bold"),
            f"   RMSE {number(rmse, 3)}   MAE {number(mae, 3)}",
            (f"   in {plain(target.name, 24).plain}", "dim"),
        )


@view(TRAIN, "actual", ACTUAL, ACTUAL_SUMMARY, numbers=True)
class ValidationScatter(OfValidationNumbers):
    """Predicted against actual."""

    LEAD = "actual"


@view(TRAIN, "residuals", RESIDUALS, RESIDUALS_SUMMARY, numbers=True)
class ValidationResiduals(OfValidationNumbers):
    """Predicted less actual, against predicted."""

    LEAD = "residuals"


class OfJudgedNumbers(OfNumbers[Judged], OfJudged):
    """The judged rows."""

    OPENS_ROWS: ClassVar[bool] = True

    def heading(self, title: str, data: Judged) -> str:
        """Of both plots where both are seen."""
        return super().heading(BOTH if self.plots.shows_both else title, data)

    def draw(self, data: Judged) -> None:
        """Draw them in the target's unit."""
        self.plots.show(data.evaluation.actual, data.evaluation.outputs)
        self.say(Text.assemble("in ", plain(data.evaluation.target.name, 40), ("   ┈ perfect", "dim")))

    def behind(self, data: Judged) -> Behind | None:
        """All rows, the largest error first."""
        places = rows_by_error(data.evaluation)
        title = f"{counted(len(places), f'{data.evaluation.judged} row')}, the largest error first"
        return Behind(places, title, data.evaluation.outputs[places].tolist())


@view(EVALUATE, "actual", ACTUAL, ACTUAL_SUMMARY, numbers=True)
class JudgedScatter(OfJudgedNumbers):
    """Predicted against actual."""

    LEAD = "actual"


@view(EVALUATE, "residuals", RESIDUALS, RESIDUALS_SUMMARY, numbers=True)
class JudgedResiduals(OfJudgedNumbers):
    """Predicted less actual, against predicted."""

    LEAD = "residuals"

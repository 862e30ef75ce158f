"""Predicted against actual and the residuals: both where there is room for both, else one of them."""

from __future__ import annotations

from typing import Any, Literal

from numpy.typing import NDArray
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from ann_tui.tui.widgets.evaluation_plots import PredictedActualPlot, ResidualPlot

Plot = Literal["actual", "residuals"]
TITLES: dict[Plot, str] = {
    "actual": "predicted ↑ against actual →",
    "residuals": "predicted less actual ↑ against predicted →",
}
LINES_OF_BOTH, COLUMNS_OF_BOTH = 18, 100
"""From so many lines on the two stand one above the other; from so many columns on side by side."""
FEWEST_LINES = 10
"""Side by side they are at least so high."""

Arrangement = Literal["one", "stacked", "beside"]


def arrangement(size: Size) -> Arrangement:
    """How the plots stand in this room."""
    if size.width >= COLUMNS_OF_BOTH and size.height >= FEWEST_LINES:
        return "beside"
    return "stacked" if size.height >= LINES_OF_BOTH else "one"


class NumberPlots(Container):
    """The two plots of the same answers; `lead` is seen where there is room for one."""

    DEFAULT_CSS = """
    NumberPlots {
        layout: vertical; height: 1fr;
        &.-beside { layout: horizontal; }
        & > Vertical { width: 1fr; height: 1fr; }
        & > Vertical > Static { height: 1; padding: 0 1; color: $muted; }
        & > Vertical > .plot { height: 1fr; }
        &.-one > Vertical > Static { display: none; }
    }
    """

    class Rearranged(Message):
        """More or fewer plots are seen."""

    def __init__(self, lead: Plot) -> None:
        super().__init__(classes="-one")
        self._lead: Plot = lead
        self.arrangement: Arrangement = "one"
        self._shown: tuple[NDArray[Any], NDArray[Any]] | None = None

    def compose(self) -> ComposeResult:
        """Each plot under its title."""
        for name, plot in (
            ("actual", PredictedActualPlot(id="actual-plot")),
            ("residuals", ResidualPlot(id="residual-plot")),
        ):
            plot.add_class("plot")
            with Vertical(id=name) as around:
                around.display = name == self._lead
                yield Static(TITLES["actual" if name == "actual" else "residuals"])
                yield plot

    @property
    def shows_both(self) -> bool:
        """Whether both are seen."""
        return self.arrangement != "one"

    def show(self, actual: NDArray[Any], predicted: NDArray[Any]) -> None:
        """Draw these pairs, both of shape (n,), in the plots that are seen."""
        self._shown = actual, predicted
        self._draw()

    def on_resize(self) -> None:
        """There may be room for both, or for one only."""
        found = arrangement(self.size)
        if found == self.arrangement or not self.size.width:
            return
        before, self.arrangement = self.shows_both, found
        for name in ("one", "stacked", "beside"):
            self.set_class(name == found, f"-{name}")
        for name in TITLES:
            self.query_one(f"#{name}").display = self.shows_both or name == self._lead
        if self.shows_both != before:
            self._draw()
            self.post_message(self.Rearranged())

    def _draw(self) -> None:
        if self._shown is None:
            return
        if self.shows_both or self._lead == "actual":
            self.query_one(PredictedActualPlot).show(*self._shown)
        if self.shows_both or self._lead == "residuals":
            self.query_one(ResidualPlot).show(*self._shown)

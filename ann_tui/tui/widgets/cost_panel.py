"""The panel of the cost: legend, picture, which epochs are kept, and the cost of every batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Sparkline, Static

from ann_tui.experiments.baseline_lines import constant_cost, linear_cost
from ann_tui.figures import counted
from ann_tui.tui.widgets.cost_legend import cost_legend
from ann_tui.tui.widgets.cost_plot import CostPlot, Overlay, Reference, kept_marks

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.runs import Runs
    from ann_tui.training.snapshot import Snapshot

TALL = 12
"""From so many rows on the legend may take a second line."""
LINEAR, CONSTANT = "┈", "╌"
"""What the lines of the baselines are drawn with."""


@dataclass(frozen=True, eq=False)
class ShownCost:
    """A run of the tree `runs`, its `newest` snapshot, and as it was where it is looked at (`seen`).

    `back` is the epoch that is looked at, None for the newest; `kept` are the epochs that can be gone to.
    """

    run: Run
    runs: Runs
    newest: Snapshot
    seen: Snapshot
    back: int | None = None
    kept: Sequence[int] = ()
    overlays: Sequence[Overlay] = ()


class CostPanel(Vertical):
    """Shows the cost of one run; `logarithmic`, `part` and `smooth` say how, see `CostPlot.show`."""

    def __init__(self, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)
        self.logarithmic, self.part, self.smooth = True, False, False
        self._shown: ShownCost | None = None
        self._constant: tuple[Run, float | None] | None = None

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield Static("", id="legend")
        yield CostPlot(id="cost")
        yield Static("", id="kept")
        with Horizontal(id="batches"):
            yield Static(Text("each batch "), id="batches-label")
            yield Sparkline([], id="batch-costs", summary_function=max)

    def on_mount(self) -> None:
        """Say what it is before there is a cost."""
        self.border_title = "Cost"

    def on_resize(self) -> None:
        """Names may fit, or fit no more."""
        if self._shown is not None:
            self.show(self._shown)

    def show_batches(self, costs: Sequence[float]) -> None:
        """Show the newest costs of batches."""
        self.query_one("#batches").display = bool(costs)
        self.query_one("#batch-costs", Sparkline).data = [cost for cost in costs if math.isfinite(cost)]

    def show(self, shown: ShownCost) -> None:
        """Draw a run, with the figures of the epoch that is looked at."""
        self._shown = shown
        plot, newest = self.query_one(CostPlot), shown.newest
        references = self.references(shown)
        plot.visible = bool(newest.history)
        plot.show(
            newest.history,
            newest.best_epoch,
            log=self.logarithmic,
            cursor=shown.back,
            branches=[child.began_at for child in shown.runs.children(shown.run)],
            part=self.part,
            smooth=self.smooth,
            references=references,
            overlays=shown.overlays,
        )
        self._show_legend(shown, references, plot)
        self._show_kept(shown, plot)
        back = shown.back
        self.border_title = "Cost" if back is None else f"Cost · epoch {back:,} of {newest.epoch:,}"
        self.border_subtitle = self._how(plot, back)

    def references(self, shown: ShownCost) -> tuple[Reference, ...]:
        """What is known by now of the costs of the run's baselines."""
        run = shown.run
        if self._constant is None or self._constant[0] is not run:
            self._constant = run, constant_cost(run)
        linear, constant = linear_cost(run, shown.runs.all), self._constant[1]
        name = ("class shares", "shares") if run.prepared.fitted.target.classes else ("mean", "mean")
        found = []
        if linear is not None:
            found.append(Reference("linear model", "linear", linear, LINEAR))
        if constant is not None:
            found.append(Reference(*name, constant, CONSTANT))
        return tuple(found)

    def _show_legend(self, shown: ShownCost, references: Sequence[Reference], plot: CostPlot) -> None:
        legend, seen = self.query_one("#legend", Static), shown.seen
        text = cost_legend(
            seen.history[-1] if seen.history else None,
            shown.newest.best_epoch,
            max(1, self.size.width - legend.styles.padding.width),
            self.app.theme_variables,
            references=references if shown.newest.history else (),
            overlays=shown.overlays,
            beyond=plot.beyond,
            lines=2 if self.size.height >= TALL else 1,
        )
        legend.set_class("\n" in text.plain, "-two-lines")
        legend.update(text, layout=False)

    def _show_kept(self, shown: ShownCost, plot: CostPlot) -> None:
        """Which epochs can be gone back to, where these are not all."""
        line = self.query_one("#kept", Static)
        line.display = 0 < len(shown.kept) <= shown.newest.epoch
        if line.display:
            marks = kept_marks(plot.columns_of(shown.kept), plot.columns)
            line.update(Text(f"{'kept':<{plot.margin}}{marks}", no_wrap=True), layout=False)

    def _how(self, plot: CostPlot, back: int | None) -> str:
        """In words, how the cost is drawn."""
        pieces = ["log" if self.logarithmic else "linear"]
        if plot.first > 1:
            pieces.append(f"from epoch {plot.first:,} on")
            if back is not None and back < plot.first:
                pieces.append(f"← {back:,} lies before")
        elif self.part:
            pieces.append("all epochs yet")
        if plot.span:
            pieces.append(f"smoothed over {counted(plot.span, 'epoch')}")
        if len(pieces) == 1:
            return "cost by epoch, logarithmic" if self.logarithmic else "cost by epoch"
        return " · ".join(pieces)

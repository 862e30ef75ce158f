"""The plots as they are painted: the cost with all that is marked on it, and the plots of answers."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.widget import Widget

from ann_tui.evaluation.curves import Curve
from ann_tui.training.history import EpochRow
from ann_tui.tui.app.theme import DARK, LIGHT
from ann_tui.tui.charts.chart import Chart
from ann_tui.tui.widgets.cost_curves import CostCurves, first_of_last_part, moving_average, span_for
from ann_tui.tui.widgets.cost_legend import cost_legend
from ann_tui.tui.widgets.cost_plot import CostPlot, Overlay, Reference
from ann_tui.tui.widgets.evaluation_plots import CurvePlot, PredictedActualPlot, ResidualPlot


def epoch_row(epoch: int, training: float, validation: float | None = None, event: str = "") -> EpochRow:
    return EpochRow(epoch, training, validation, 0.5, 0.5, 0.01, 0.1, epoch / 10, event)


def falling(epochs: int, *, validation: bool = True) -> tuple[EpochRow, ...]:
    return tuple(
        epoch_row(epoch, 0.9**epoch, 0.1 + 0.9**epoch if validation else None)
        for epoch in range(1, epochs + 1)
    )


class Alone(App[None]):
    """One widget in one of the app's own themes."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self._widget = widget

    def compose(self) -> Any:
        yield self._widget


@asynccontextmanager
async def alone(plot: Chart, size: tuple[int, int] = (60, 20)) -> AsyncIterator[None]:
    async with Alone(plot).run_test(size=size):
        yield


def painted(plot: Chart) -> list[str]:
    return [plot.render_line(y).text for y in range(plot.size.height)]


def colours(plot: Chart, character: str) -> set[str]:
    """The colours that a character is painted in."""
    strips = [plot.render_line(y) for y in range(plot.size.height)]
    return {
        part.style.color.name for strip in strips for part in strip if part.style and character in part.text
    }


def column_of(lines: list[str], character: str) -> set[int]:
    return {line.index(character) for line in lines if character in line}


async def test_the_cost_stands_between_its_axes() -> None:
    plot = CostPlot("cost")
    async with alone(plot):
        plot.show(falling(40), 31, log=True)
        lines = painted(plot)
        assert all(len(line) == 60 for line in lines)
        assert lines[-2].strip().startswith("└") and lines[-1].split() == ["0", "10", "20", "30", "40"]
        labels = [line[: plot.margin - 1].strip() for line in lines if line[plot.margin - 1] == "┤"]
        assert labels == ["1", "0.5", "0.2", "0.1", "0.05", "0.02"]
        text = "\n".join(lines)
        assert any(quarter in text for quarter in "▀▄█▌▐▚▞") and any(
            0x2800 < ord(each) < 0x2900 for each in text
        )
        (best,) = column_of([line[plot.margin :] for line in lines], "│")
        assert best == plot.columns_of([31])[0]
        plot.show(falling(40), 31, log=False)
        assert [line.split("┤")[0].strip() for line in painted(plot) if "┤" in line] == [
            "1.0", "0.8", "0.6", "0.4", "0.2", "0",
        ]  # fmt: skip


async def test_marks_and_the_epoch_in_view_have_signs_of_their_own() -> None:
    plot, history = CostPlot("cost"), list(falling(40))
    history[19] = replace(history[19], event="the learning rate fell")
    async with alone(plot):
        plot.show(history, 31, log=True, cursor=11, branches=[35])
        inside = [line[plot.margin :] for line in painted(plot)[:-2]]
        assert inside[-1].index("▴") == plot.columns_of([20])[0]
        assert inside[-1].index("◆") == plot.columns_of([35])[0]
        assert column_of(inside, "┃") == {plot.columns_of([11])[0]}
        assert column_of(inside, "│") == {plot.columns_of([31])[0]}


@pytest.mark.parametrize("log", [True, False])
async def test_every_history_can_be_painted(log: bool) -> None:
    """None yet, one epoch, constant, 0, not finite, no validation rows; and in no room."""
    histories = [
        (),
        falling(1),
        falling(2, validation=False),
        tuple(epoch_row(epoch, 0.0, 0.0) for epoch in (1, 2, 3)),
        tuple(epoch_row(epoch, 0.3, 0.3) for epoch in (1, 2, 3)),
        (epoch_row(1, math.inf, math.nan), epoch_row(2, 1e300, 1e-300), epoch_row(3, 1.0, 1.0)),
        (epoch_row(1, math.nan),),
    ]
    for size in ((60, 20), (12, 4), (3, 2)):
        plot = CostPlot("cost")
        async with alone(plot, size):
            for history in histories:
                for part, smooth in ((False, False), (True, True)):
                    others = [Overlay("run 1", "○", history), Overlay("run 2", "□", falling(7))]
                    plot.show(history, None, log=log, part=part, smooth=smooth, overlays=others)
                    assert all(len(line) == size[0] for line in painted(plot))


async def test_the_last_part_has_limits_of_its_own() -> None:
    plot = CostPlot("cost")
    async with alone(plot):
        plot.show(falling(90), 80, log=True)
        whole = painted(plot)
        plot.show(falling(90), 80, log=True, part=True)
        assert plot.first == 61
        labels = [float(line.split("┤")[0]) for line in painted(plot) if "┤" in line]
        assert max(labels) <= 0.2 and painted(plot) != whole
        assert plot.columns_of([1, 60, 61, 90]) == [0, plot.columns - 1]
        plot.show(falling(15), 10, log=True, part=True)
        assert plot.first == 1


@given(st.integers(1, 10_000))
def test_the_last_part_is_a_third_and_at_least_20_epochs(last: int) -> None:
    first = first_of_last_part(last)
    shown = last - first + 1
    assert shown == min(last, max(20, math.ceil(last / 3)))


async def test_averages_lie_over_raw_dots_and_the_newest_cost_is_marked() -> None:
    plot = CostPlot("cost")
    rough = tuple(epoch_row(each, 1 + 0.5 * (-1) ** each, 3 + 0.5 * (-1) ** each) for each in range(1, 101))
    async with alone(plot):
        plot.show(rough, None, log=False)
        raw = painted(plot)
        plot.show(rough, None, log=False, smooth=True)
        assert plot.span == 5
        lines = painted(plot)
        quarters = [sum(each in "▀▄█▌▐▚▞▘▝▖▗▛▜▙▟" for each in "".join(one)) for one in (raw, lines)]
        assert quarters[1] < quarters[0] / 3, "the ripple is gone from the thick line"
        inside = [line[plot.margin :] for line in lines[:-2]]
        for mark, cost in (("•", 1.5), ("■", 3.5)):
            (row,) = (place for place, line in enumerate(inside) if mark in line)
            shares = plot._up.shares([cost])
            assert (
                row == (1 - shares[0]) * (plot.rows * 4 - 1) // 4
                and inside[row].index(mark) == plot.columns - 1
            )
        assert len(colours(plot, "⠁") | colours(plot, "⠂") | colours(plot, "⠄")) >= 2, "raw dots are paler"


@given(st.lists(st.floats(-1e3, 1e3) | st.just(math.nan), max_size=30), st.integers(1, 12))
def test_moving_averages_weigh_what_is_gone_by_ever_less(values: list[float], span: int) -> None:
    found = moving_average(np.array(values, np.float64), span)
    keep = 1 - 2 / (span + 1)
    gone: list[float] = []
    for value, average in zip(values, found.tolist(), strict=True):
        if math.isnan(value):
            assert math.isnan(average)
            continue
        gone.append(value)
        weights = [keep ** (len(gone) - 1 - place) for place in range(len(gone))]
        expected = sum(weight * each for weight, each in zip(weights, gone, strict=True)) / sum(weights)
        assert average == pytest.approx(expected, abs=1e-6)


def test_curves_of_a_history_that_goes_on_are_those_of_all_of_it() -> None:
    history = falling(30)
    curves = CostCurves.of(())
    for length in (1, 1, 5, 30):
        curves = CostCurves.of(history[:length], curves)
        anew = CostCurves.of(history[:length])
        assert [a.tolist() for a in (curves.epochs, curves.training, curves.validation)] == [
            a.tolist() for a in (anew.epochs, anew.training, anew.validation)
        ]
    other = tuple(epoch_row(epoch, 5.0) for epoch in range(1, 41))
    assert CostCurves.of(other, curves).training.tolist() == [5.0] * 40
    assert CostCurves.of(history[:4], curves).epochs.tolist() == [1, 2, 3, 4]
    assert span_for(500) == 25 and span_for(10) == 3


async def test_lines_of_baselines_differ_and_never_blow_up_the_axis() -> None:
    plot = CostPlot("cost")
    near, far, below = (
        Reference("linear model", "linear", 0.3, "┈"),
        Reference("class shares", "shares", 50.0, "╌"),
        Reference("mean", "mean", 1e-5, "╌"),
    )
    async with alone(plot):
        plot.show(falling(40), None, log=True)
        before = plot._up
        plot.show(falling(40), None, log=True, references=[near, far, below])
        assert plot._up == before
        assert [plot.beyond(each.cost) for each in (near, far, below)] == ["", "↑", "↓"]
        text = "".join(painted(plot)[:-2])
        assert "┈┈┈" in text and "╌" not in text
        close = replace(far, cost=1.4)
        plot.show(falling(40), None, log=True, references=[near, close])
        assert plot.beyond(1.4) == "" and plot._up.high > 1.4
        assert "╌╌╌" in "".join(painted(plot)) and "┈┈┈" in "".join(painted(plot))


async def test_other_runs_are_told_by_their_marks() -> None:
    plot = CostPlot("cost")
    slow = tuple(epoch_row(epoch, 3.0 * 0.99**epoch, 3.5 * 0.99**epoch) for epoch in range(1, 61))
    bare = tuple(epoch_row(epoch, 8.0) for epoch in range(1, 31))
    async with alone(plot, (100, 30)):
        plot.show(
            falling(40), 31, log=True, overlays=[Overlay("run 1", "○", slow), Overlay("run 2", "△", bare)]
        )
        lines = painted(plot)
        text = "".join(lines)
        assert text.count("○") >= 4 and text.count("△") >= 2
        assert lines[-1].split()[-1] == "60", "the longest of the runs is shown to its end"
        (row,) = {place for place, line in enumerate(lines) if "△" in line}
        shares = plot._up.shares([8.0])
        assert row == (1 - shares[0]) * (plot.rows * 4 - 1) // 4
        assert not colours(plot, "○") & (colours(plot, "▀") | colours(plot, "▄"))


def test_the_legend_tells_all_figures_where_there_is_room() -> None:
    row = epoch_row(41, 0.0514, 0.0664)
    references = [
        Reference("linear model", "linear", 0.1204, "┈"),
        Reference("class shares", "shares", 1.04, "╌"),
    ]
    overlays = [Overlay("run 1", "○", falling(3)), Overlay("a run [bold]\x1b with a name", "□", ())]
    names = dict.fromkeys(("line-training", "line-validation", "muted", "foreground"), "red")

    def legend(width: int, **more: Any) -> list[str]:
        text = cost_legend(row, 31, width, names, references=references, overlays=overlays, **more)
        return text.plain.split("\n")

    first, second = legend(200, beyond=lambda cost: "↑" if cost > 1 else "")
    assert first == "⠒⠒ training 0.0514  ▀▀ validation 0.0664  gap 0.015  │ best 31"
    assert second.startswith("┈┈ linear model 0.120  ↑ class shares 1.04  ○ run 1 0.829  □ a run [bold]")
    assert "\x1b" not in second and second.endswith(" –")
    first, second = legend(58)
    assert first == "⠒⠒ train 0.0514  ▀▀ valid 0.0664  gap 0.015  │ best 31"
    assert second.startswith("┈ linear 0.12  ╌ shares 1.0  ○ run 1 0.83  □ ")
    assert legend(58, lines=1) == [first]
    assert legend(51)[0] == "⠒ train 0.051  ▀ valid 0.066  gap 0.015  │ best 31"
    assert legend(30)[1].endswith("+3") or legend(30)[1].endswith("+2")
    for width in range(1, 90):
        assert all(len(line) <= width for line in legend(width)), width


def test_the_legend_before_any_epoch_and_without_validation_rows() -> None:
    names = dict.fromkeys(("line-training", "line-validation", "muted", "foreground"), "red")
    assert cost_legend(None, None, 60, names).plain == ""
    assert cost_legend(epoch_row(2, 0.5), None, 60, names).plain == "⠒⠒ training 0.500"


async def test_a_chart_is_painted_anew_with_another_size_or_theme() -> None:
    plot = CostPlot("cost")
    async with Alone(plot).run_test(size=(60, 20)) as pilot:
        plot.show(falling(40), 31, log=True)
        dark = colours(plot, "│")
        pilot.app.theme = LIGHT.name
        painted(plot)
        await pilot.pause()
        assert colours(plot, "│").isdisjoint(dark)
        await pilot.resize_terminal(90, 25)
        await pilot.pause()
        assert {len(line) for line in painted(plot)} == {90} and len(painted(plot)) == 25


async def test_points_lie_about_the_diagonal() -> None:
    plot = PredictedActualPlot("scatter")
    actual = np.array([0.0, 5.0, 10.0, math.nan])
    async with alone(plot, (40, 20)):
        plot.show(actual, np.array([0.0, 5.0, 10.0, 3.0]))
        lines = painted(plot)[:-2]
        rows = [place for place, line in enumerate(lines) if "•" in line]
        assert len(rows) == 3 and [lines[row].index("•") for row in rows] == sorted(
            (lines[row].index("•") for row in rows), reverse=True
        )
        assert any(0x2800 < ord(each) < 0x2900 for line in lines for each in line)
        plot.show(np.array([math.nan]), np.array([1.0]))
        assert not "".join(painted(plot)).strip()


async def test_residuals_lie_about_a_line_in_the_middle() -> None:
    plot = ResidualPlot("residuals")
    async with alone(plot, (40, 21)):
        plot.show(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 4.0]))
        lines = painted(plot)[:-2]
        assert [sum("•" in each for each in line) for line in lines if "•" in line] == [1, 1, 1]
        (zero,) = (place for place, line in enumerate(lines) if line.startswith("   0┤") or " 0┤" in line)
        assert zero == len(lines) // 2 and "•" in lines[zero]


async def test_a_curve_stands_beside_chance() -> None:
    plot = CurvePlot("curve")
    curve = Curve(np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0]), 1.0, 0.5)
    async with alone(plot, (40, 20)):
        plot.show(curve, ((0, 0), (1, 1)), (0.5, 0.5), points=True)
        text = "\n".join(painted(plot))
        assert text.count("◆") == 1 and text.count("•") == 3
        assert painted(plot)[-1].split()[0] == "0" and painted(plot)[-1].split()[-1] == "1.0"

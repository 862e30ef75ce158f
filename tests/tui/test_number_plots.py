"""Predicted against actual and the residuals: which are seen in which room, and where `v` goes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Driver, Open
from textual.geometry import Size

from ann_tui.tui.widgets.evaluation_plots import PredictedActualPlot, ResidualPlot
from ann_tui.tui.widgets.number_plots import arrangement


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((76, 17), "one"),
        ((57, 18), "stacked"),
        ((99, 40), "stacked"),
        ((100, 10), "beside"),
        ((120, 9), "one"),
    ],
)
def test_how_they_stand(size: tuple[int, int], expected: str) -> None:
    assert arrangement(Size(*size)) == expected


async def _train(app: Driver) -> None:
    experiment = app.app.workbench.experiment
    assert experiment is not None
    app.app.edit(plan=replace(experiment.plan, epochs=2))
    await app.ready()
    await app.press("t")
    await app.trained()


def _seen(app: Driver) -> set[str]:
    """Which plots have a place on the screen."""
    return {
        type(plot).__name__
        for kind in (PredictedActualPlot, ResidualPlot)
        for plot in app.app.screen.query(kind)
        if plot.region.area and all(each.display for each in plot.ancestors_with_self)
    }


async def test_both_are_seen_where_there_is_room(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv", (120, 40)) as app:
        await _train(app)
        for key in "45":
            await app.press(*((key, "tab", "m") if key == "4" else key))
            await app.sees("Predictions, residuals", "predicted less actual ↑ against predicted →")
            await app.until(
                lambda: _seen(app) == {"PredictedActualPlot", "ResidualPlot"}, "these plots alone"
            )
            plots = [app.app.screen.query(kind).first() for kind in (PredictedActualPlot, ResidualPlot)]
            assert all(plot.region.height >= 8 for plot in plots)


async def test_v_goes_to_the_other_one_where_there_is_room_for_one(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv", (80, 24)) as app:
        await _train(app)
        await app.press("4", "tab")
        for keys in ((), ("5",)):
            await app.press(*keys)
            await app.sees("Predicted ↑ against actual", "v: Predicted less actual")
            await app.until(lambda: _seen(app) == {"PredictedActualPlot"}, "these plots alone")
            await app.press("v")
            await app.sees("Predicted less actual ↑ against predicted →", "v: Predicted ↑ against actual")
            await app.until(lambda: _seen(app) == {"ResidualPlot"}, "these plots alone")


async def test_they_follow_the_size_of_the_terminal(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv", (80, 24)) as app:
        await _train(app)
        await app.press("5")
        await app.sees("v: Predicted less actual")
        await app.pilot.resize_terminal(200, 60)
        await app.sees("Predictions, residuals")
        await app.until(lambda: _seen(app) == {"PredictedActualPlot", "ResidualPlot"}, "these plots alone")
        one, other = (app.app.screen.query(kind).first() for kind in (PredictedActualPlot, ResidualPlot))
        assert one.region.y == other.region.y and one.region.right <= other.region.x
        await app.pilot.resize_terminal(80, 24)
        await app.sees("v: Predicted less actual")

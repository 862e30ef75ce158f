"""One step as numbers: what its four stops say, and that the run stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from app_driver import Driver, Open
from textual.widgets import Static
from tui.test_inside import painted, picture, shown, table, train, view_of

from ann_tui.experiments.chosen_row import row_at
from ann_tui.experiments.inside import StepError, step_at
from ann_tui.experiments.rewound import network_at
from ann_tui.figures import number
from ann_tui.network.scoring import predict
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.dialogs.step import StepScreen
from ann_tui.tui.views.inside import input_order
from ann_tui.tui.views.step_words import _digits


def words(app: Driver) -> str:
    assert isinstance(app.app.screen, StepScreen)
    return str(app.app.screen.query_one("#step", Static).render())


async def test_four_stops_with_the_runs_own_numbers(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "5 tanh")
        run = app.app.workbench.runs.front
        assert run is not None
        before = run.network.weights.copy()
        await app.press("i", "e", "S")
        row = app.app.workbench.row
        assert row is not None
        network = shown(screen).network
        answer = predict(network, row.x)[0]
        forward = words(app)
        assert "adds up what comes in" in forward and "tanh makes of it" in forward
        for share in answer:
            assert f"{share * 100:.1f} %" in forward

        await app.press("space")
        code = int(run.prepared.validation.y[0])
        cost = -np.log(answer[code])
        found = re.search(r"cost: -ln [\d.e-]+ = ([\d.e-]+)", words(app))
        assert found is not None and float(found[1]) == pytest.approx(cost, rel=1e-3)

        await app.press("space")
        assert "its delta" in words(app) and "its gradient" in words(app)

        await app.press("space")
        update = words(app)
        found = re.search(r"w ← (\S+) ([+−]) (\S+)(?: ([+−]) (\S+) \(decay\))? = (\S+)", update)
        assert found is not None
        total = float(found[1])
        for sign, part in ((found[2], found[3]), (found[4], found[5])):
            total += {"+": 1, "−": -1, None: 0}[sign] * float(part or 0)
        assert total == pytest.approx(float(found[6]), abs=2e-6)
        assert "this step went downhill" in update

        await app.press("space", "backspace", "right", "]", "down", "[", "e", "escape")
        assert app.app.screen is screen
        np.testing.assert_array_equal(run.network.weights, before)


@pytest.mark.parametrize("kind", ["two", "number"])
async def test_every_place_of_other_networks(open_app: Open, tmp_path: Path, kind: str) -> None:
    """Members, bins, normalizing and residual layers, two classes and numbers."""
    async with open_app(table(tmp_path, kind=kind), size=(80, 24)) as app:
        await train(app, "input scale, 6 relu, batch norm, residual 3, layer norm, 4 gelu", members=2)
        await app.press("S")
        for key in ("]", "]", "]", "]", ".", "right", "down", "[", "e"):
            for _ in range(4):
                assert len(words(app)) > 40
                await app.press("space")
            await app.press(key)


async def test_a_row_without_its_truth_is_no_row_for_a_step(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "5 tanh")
        run = app.app.workbench.runs.front
        assert run is not None
        await app.press("6", "d", "4", "S")
        assert isinstance(app.app.screen, StepScreen)
        assert "adds up" in words(app)
        await app.press("escape", "i")
        row = shown(screen).row
        assert row is not None and row.place is None
        epoch, network = network_at(run, 3)
        with pytest.raises(StepError, match="isn't at hand"):
            step_at(run, network, epoch, 0, row)
        assert step_at(run, network, epoch, 0, row_at(run.prepared, 2)).trace.cost > 0


async def test_the_step_is_drawn_with_its_two_points(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        await train(app, "5 tanh")
        await app.press("i", "e", "S", "backspace")
        screen = app.app.screen
        assert isinstance(screen, StepScreen)
        picture = screen.query_one("#step-slice", Picture)
        await app.until(lambda: any("○ before" in line for line in picture.lines), "the picture")
        text = "\n".join(picture.lines[:-1])
        assert text.count("○") == 1 and text.count("◆") == 1
        column = {mark: max(line.find(mark) for line in picture.lines[:-1]) for mark in "○◆"}
        assert column["○"] < column["◆"]


async def test_the_descent_shows_the_path_to_the_epoch_in_view(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "5 tanh")
        run = app.app.workbench.runs.front
        assert run is not None
        await app.press("i", "v", "v", "v", "v")
        await painted(app, screen)
        await app.until(lambda: "◆" in picture(screen), "the path")
        view = view_of(screen)
        found = view._found
        assert found is not None
        assert found[1].epochs == (0, 1, 2, 3, 4, 5, 6)
        x, y = run.prepared.training.x, run.prepared.training.y
        probabilities = predict(shown(screen).network, x)
        cost = -np.log(probabilities[np.arange(len(y)), y]).mean()
        assert found[1].land.path_costs[-1] == pytest.approx(cost, rel=1e-4)
        said = str(view.query_one(".caption", Static).render())
        assert f"◆ epoch 6: {number(float(cost), 3)}" in said and "of the way lies in this plane" in said
        await app.press("left")
        await app.until(
            lambda: "two random directions" in str(view.query_one(".caption", Static).render()), "these"
        )


async def test_it_begins_at_the_weight_that_the_row_moves_most(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "5 relu")
        run = app.app.workbench.runs.front
        assert run is not None
        await app.press("S")
        data = shown(screen)
        network = data.network
        step = step_at(run, network, data.epoch, 0, row_at(run.prepared, 0))
        gradient = np.abs(step.trace.parameters["dense_1.weights"].gradient)
        source, unit = np.unravel_index(gradient.argmax(), gradient.shape)
        assert (data.cursor.table, data.cursor.unit) == (0, unit)
        assert input_order(data, 0)[data.cursor.input] == source
        await app.press("space", "space")
        assert "can't tell which way" not in words(app)


@pytest.mark.parametrize(
    ("one", "other", "digits"),
    [(0.53534996, 0.53534954, 9), (1.0, 0.5, 4), (2.0, 2.0, 4), (1.0, 1 + 1e-30, 4)],
)
def test_two_costs_are_told_apart(one: float, other: float, digits: int) -> None:
    assert _digits(one, other) == digits
    assert one == other or f"{one:.{digits}g}" != f"{other:.{digits}g}"


async def test_the_descent_goes_on_behind_an_earlier_epoch(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "5 tanh")
        await app.press("left", "left", "left", "i", "v", "v", "v", "v")
        await painted(app, screen)
        await app.until(lambda: "◆" in picture(screen), "the path")
        found = view_of(screen)._found
        assert found is not None
        assert found[1].epochs == (0, 1, 2, 4, 5, 6, 3)
        assert "■" in picture(screen) and "○" in picture(screen)
        said = str(view_of(screen).query_one(".caption", Static).render())
        assert "○ epoch 0" in said and "◆ epoch 3" in said and "■ epoch 6" in said


async def test_capital_n_takes_the_next_batch(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path), size=(80, 24)) as app:
        await train(app, "5 tanh")
        run = app.app.workbench.runs.front
        assert run is not None
        before = run.network.weights.copy()
        await app.press("S", "N")
        batch = min(run.trainer.plan.batch, len(run.prepared.training.rows))
        assert f"the first of the {batch} rows" in words(app)
        for said in (f"mean over the {batch} rows", "of the other rows = ", f"cost of the {batch} rows"):
            await app.press("space")
            assert said in " ".join(words(app).split())
        title = str(app.app.screen.query_one("#step-box").border_title)
        assert f"the next batch, {batch} rows" in title
        await app.press("N")
        assert "a step on this row alone" in words(app)
        np.testing.assert_array_equal(run.network.weights, before)

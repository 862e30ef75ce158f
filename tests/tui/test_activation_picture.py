"""An activation as a curve with its slope, drawn where there is room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from app_driver import Open

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.widgets.activation_picture import paint_activation

AWAY_FROM_BENDS = np.array([-3.7, -2.2, -1.3, -0.4, 0.3, 0.8, 1.7, 2.6, 3.9])
STRAIGHT_THROUGH = {"step", "sign"}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_finite_differences(name: str) -> None:
    entry = ACTIVATIONS[name]
    small = 1e-6
    found = entry.slopes(AWAY_FROM_BENDS)
    between = (entry.at(AWAY_FROM_BENDS + small) - entry.at(AWAY_FROM_BENDS - small)) / (2 * small)
    if name in STRAIGHT_THROUGH:
        assert np.isfinite(found).all()
        return
    np.testing.assert_allclose(found, between, atol=1e-5)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("size", [(76, 9), (30, 5), (10, 3), (1, 1)])
def test_every_activation_is_drawn_at_any_size(name: str, size: tuple[int, int]) -> None:
    canvas = paint_activation(name, *size)
    assert (canvas.width, canvas.height) == size


async def test_it_follows_the_cursor_and_the_room(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.ready()
        await app.press("3", "down")
        await app.sees("relu", "what it makes of a sum", "its slope")
        await app.press("down", "down", "down")
        picture = app.app.screen.query_one("#bend", Picture)
        await app.until(lambda: not picture.display, "no curve for the output layer")
        await app.pilot.resize_terminal(80, 16)
        await app.press("up")
        await app.until(lambda: not picture.display, "no curve without room")

"""What is said at the bottom of the screen covers no panel, and goes when it is over."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Driver, Open
from textual.widgets._toast import Toast


def _said(app: Driver) -> list[str]:
    return [notification.message for notification in app.app._notifications]


async def test_the_next_key_takes_a_notice_away(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("u")
        assert _said(app) == ["nothing to undo"]
        await app.press("down")
        assert _said(app) == []


async def test_a_notice_goes_when_what_it_speaks_of_is_over(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        app.app.pace = 2.0
        await app.press("t", "5")
        await app.until(lambda: app.app.workbench.runs.training is not None, "the training")
        await app.press("5")
        await app.until(lambda: _said(app) == ["5 Evaluate: the network is still training"], "a notice")
        run = app.app.workbench.runs.training
        assert run is not None
        run.control.stop()
        await app.until(lambda: app.app.workbench.runs.training is None, "its end")
        await app.until(lambda: _said(app) == [], "the end of the notice")


async def test_a_notice_about_something_else_stays(open_app: Open) -> None:
    async with open_app() as app:
        app.app.say("the network is saved", about="saving")
        app.app.over("training")
        await app.until(lambda: _said(app) == ["the network is saved"], "the notice")
        app.app.over("saving")
        await app.until(lambda: _said(app) == [], "its end")


async def test_a_notice_goes_with_its_screen(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        app.app.say("a notice about the columns")
        await app.until(lambda: bool(_said(app)), "the notice")
        app.app.call_later(app.app.show_mode, "prepare")
        await app.until(lambda: app.app.current_mode == "prepare", "the other screen")
        assert _said(app) == []


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_notice_stands_where_the_keys_are(
    open_app: Open, sample_data: Path, size: tuple[int, int]
) -> None:
    async with open_app(sample_data / "penguins.csv", size=size) as app:
        await app.press("u")
        await app.until(
            lambda: any(toast.region.height for toast in app.app.screen.query(Toast)), "the notice"
        )
        region = app.app.screen.query_one(Toast).region
        assert (region.y, region.bottom) == (size[1] - 1, size[1]) and region.right <= size[0]

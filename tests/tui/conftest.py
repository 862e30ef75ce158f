"""The app under test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.tui.app.app import AnnApp


@pytest.fixture(autouse=True)
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boosted trees are fitted as ever, but few of them: what they reach is no matter of the screens."""
    monkeypatch.setattr("ann_tui.evaluation.baselines.TREES", 10)


@pytest.fixture
def open_app() -> Open:
    """A context manager that runs the app on a file (or none) in a terminal of a given size."""

    @asynccontextmanager
    async def run(file: Path | str | None = None, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Driver]:
        app = AnnApp(None if file is None else str(file))
        app.pace = 200.0
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            if file is not None:
                await driver.until(lambda: app.workbench.derived is not None or bool(app.trouble), "the file")
                await pilot.pause()
            yield driver

    return run

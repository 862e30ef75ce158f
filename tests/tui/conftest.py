"""The app under test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from app_driver import Driver, Open
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from ann_tui.tui.app.app import AnnApp

_parse_rules = Stylesheet._parse_rules
_parsed: dict[object, list[RuleSet]] = {}


def _parse_once(sheet: Stylesheet, css: str, **where: Any) -> list[RuleSet]:
    """The rules of a stylesheet, parsed once for all apps with the same colours instead of anew for each screen."""
    key = (css, *where.items(), *sheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse_rules(sheet, css, **where)
    return _parsed[key]


@pytest.fixture(autouse=True)
def quick_app(monkeypatch: pytest.MonkeyPatch, few_trees: None, plain_preset: None) -> None:
    """Stylesheets are parsed as ever, but each one once, baselines have few trees, and networks are the lesson's."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parse_once)


@pytest.fixture
def open_app() -> Open:
    """A context manager that runs the app on a file (or none) in a terminal of a given size."""

    @asynccontextmanager
    async def run(file: Path | str | None = None, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Driver]:
        app = AnnApp(None if file is None else str(file))
        app.pace = 1000.0
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            if file is not None:
                bench = app.workbench
                await driver.until(
                    lambda: bench.derived is not None or bench.model is not None or bool(app.trouble),
                    "the file",
                )
                await pilot.pause()
            yield driver

    return run

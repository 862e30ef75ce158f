"""Anything may be pressed: the app stays, and every key is answered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from monkey import Monkey, drive, wide_table
from rich.color import Color

from ann_tui.tui.app.app import AnnApp

KEYS = 120
COLOURS = (
    "accent",
    "muted",
    "warning",
    "border",
    "line-training",
    "line-validation",
    "block-cursor-background",
)


@pytest.mark.parametrize("table", ["penguins", "cars", "wide"])
async def test_a_monkey_at_the_keyboard(
    table: str, sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    seed = int(os.environ.get("ANN_TUI_MONKEY", "1"))
    print(f"seed {seed}: python -m tests.monkey {KEYS} {seed} {table}.csv")
    file = wide_table(tmp_path / "wide.csv") if table == "wide" else sample_data / f"{table}.csv"
    await drive(AnnApp(str(file)), Monkey(seed), KEYS)


async def test_texts_can_be_styled_with_every_theme() -> None:
    app = AnnApp()
    async with app.run_test() as pilot:
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            for name in COLOURS:
                Color.parse(app.theme_variables[name])


async def test_the_start_screen_takes_keys_before_text() -> None:
    """The path field is there to be typed in, but only once it is asked for."""
    app = AnnApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.focused is app.screen.query_one("#files")

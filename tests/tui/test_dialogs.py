"""A dialog is asked once and answered once, whatever arrives in one packet."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.tui.dialog import AnsweredOnce
from ann_tui.tui.prompt import Confirm

OPENED_BY = {
    "the kind of a column": ("1", "k"),
    "what a column is": ("1", "i"),
    "a choice of the preparation": ("2", "enter"),
    "a layer to add": ("3", "a"),
    "a preset": ("3", "p"),
    "help": ("2", "f1"),
    "notes": ("1", "w"),
    "the name to save as": ("3", "ctrl+s"),
    "the folders": ("3", "ctrl+o"),
}

CLOSE_AS_WELL = ("f1", "w")
"""Keys that open a panel and close it."""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is saved by the name that is offered stands in a folder of the test."""
    monkeypatch.chdir(tmp_path)


def dialogs(app: Driver) -> int:
    return sum(isinstance(screen, AnsweredOnce) for screen in app.app.screen_stack)


@pytest.mark.parametrize("name", OPENED_BY)
async def test_two_answers_in_one_packet_are_one(name: str, open_app: Open, sample_data: Path) -> None:
    step, key = OPENED_BY[name]
    async with open_app(sample_data / "penguins.csv") as app:
        for closing in (
            ("enter", "enter"),
            ("escape", "escape"),
            ("escape", "enter"),
            ("enter", "escape", "enter"),
        ):
            await app.ready()
            await app.press(step)
            await app.burst(key, key)
            if key in CLOSE_AS_WELL:
                await app.press(key)
            assert dialogs(app) == 1
            await app.burst(*closing, *closing)
            await app.burst("escape", "escape")
            await app.until(lambda: not dialogs(app), "no dialog over the screen")
            assert app.app.is_running and app.app.return_code is None


@pytest.mark.parametrize("opened_by", ["ctrl+p", "ctrl+o", "p"])
@pytest.mark.parametrize("page", ["pageup", "pagedown"])
async def test_a_page_key_may_come_before_a_list_is_laid_out(
    opened_by: str, page: str, open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3")
        for _ in range(3):
            await app.burst(opened_by, page, page, "tab", page, "escape")
        assert app.app.is_running and app.app.return_code is None


async def test_what_is_typed_in_the_palette_finds_keys_in_brackets(open_app: Open) -> None:
    async with open_app() as app:
        await app.press("ctrl+p")
        await app.press("p", "a", "t", "h")
        await app.sees("Type the path of a file", "[/]")


async def test_a_palette_under_a_question_does_not_hinder_another(open_app: Open) -> None:
    async with open_app() as app:
        await app.press("ctrl+p")
        app.app.push_screen(Confirm("Sure?", "It may be."))
        await app.sees("Sure?")
        await app.press("ctrl+p", "escape", "escape", "escape")
        assert app.app.is_running and app.app.return_code is None

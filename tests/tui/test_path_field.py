"""A path typed on the start screen: completed with tab, with `~` for the home folder, and opened at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Open

from ann_tui.tui.widgets.path_field import PathField, completed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_data: Path) -> Path:
    """The home folder and the working one: a table beside names that begin alike."""
    for name in (
        "tables/deep/more.csv",
        "tables/penguins.csv",
        "tables/penguins2.csv",
        "Tall.csv",
        ".hidden.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((sample_data / "penguins.csv").read_bytes())
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "becomes", "names"),
    [
        ("", "", ("tables/", "Tall.csv")),
        ("t", "tables/", ()),
        ("T", "Tall.csv", ()),
        ("TAB", "tables/", ()),
        ("~", "~/", ()),
        ("~/tab", "~/tables/", ()),
        ("tables/", "tables/", ("deep/", "penguins.csv", "penguins2.csv")),
        ("tables/p", "tables/penguins", ("penguins.csv", "penguins2.csv")),
        ("tables/penguins2", "tables/penguins2.csv", ()),
        (".h", ".hidden.csv", ()),
        ("none", "none", ()),
        ("nowhere/x", "nowhere/x", ()),
        ("~nobody-of-this-name/x", "~nobody-of-this-name/x", ()),
        ("a\0b/c", "a\0b/c", ()),
    ],
)
def test_a_path_is_completed_as_far_as_it_can_be(
    folder: Path, typed: str, becomes: str, names: tuple[str, ...]
) -> None:
    assert completed(typed) == (becomes, names)


async def test_a_typed_path_is_completed_and_opened(open_app: Open, folder: Path) -> None:
    async with open_app() as app:
        await app.press("~", "/", "t", "tab", "p", "tab")
        await app.sees("~/tables/penguins", "penguins.csv  penguins2.csv")
        await app.press("2", "tab", "enter")
        await app.until(lambda: app.app.workbench.experiment is not None, "the table")
        assert app.app.workbench.experiment is not None
        assert app.app.workbench.experiment.source.path == str(folder / "tables/penguins2.csv")


async def test_a_path_may_be_typed_without_tab(open_app: Open, folder: Path) -> None:
    async with open_app() as app:
        await app.press(*f"{folder}/Tall.csv", "enter")
        await app.until(lambda: app.app.workbench.experiment is not None, "the table")


async def test_a_path_that_leads_nowhere_is_refused_and_stays(open_app: Open, folder: Path) -> None:
    async with open_app() as app:
        await app.press(*"/nowhere.csv", "enter")
        await app.until(lambda: "nowhere.csv" in app.app.trouble, "the refusal")
        assert app.app.screen.query_one(PathField).value == "/nowhere.csv"


async def test_enter_on_a_folder_lists_it_and_esc_goes_back_to_the_list(open_app: Open, folder: Path) -> None:
    async with open_app() as app:
        await app.press("~", "/", "t", "tab", "enter")
        await app.sees("deep/  penguins.csv  penguins2.csv")
        await app.press("escape", "end")
        await app.sees("type a path")
        await app.press("f1")
        await app.sees("Type the path of a file")


async def test_a_pasted_path_stands_in_the_field(open_app: Open, folder: Path) -> None:
    async with open_app() as app:
        await app.paste(f"{folder}/Tall.csv\n")
        assert app.app.screen.query_one(PathField).value == f"{folder}/Tall.csv"
        await app.press("enter")
        await app.until(lambda: app.app.workbench.experiment is not None, "the table")

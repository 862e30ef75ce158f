"""The settings file: what it sets, what is ignored and said, and what the app writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from app_driver import Open

from ann_tui.own_folders import settings_file
from ann_tui.tui.user_settings import UserSettings, ensure_file, read_settings, remember_theme

THEMES = ("ann-dark", "ann-light", "nord")


def _write(text: str) -> Path:
    path = settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_sets_nothing() -> None:
    assert read_settings(THEMES) == UserSettings()


def test_all_that_can_be_set() -> None:
    _write(
        """
        theme = "nord"
        [keys]
        "data.target" = "G,f9"
        evaluate.view = "w"
        [bounds]
        kept_runs = 7
        kept_megabytes = 90
        timeline_megabytes = 64
        [notifications]
        information = false
        when_away = false
        seconds = 2.5
        """
    )
    keys = {"data.target": "G,f9", "evaluate.view": "w"}
    assert read_settings(THEMES) == UserSettings("nord", keys, 7, 90, False, 2.5, 64, False)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("colour = 1", "colour: no setting of that name"),
        ('theme = "pink"', "theme: no theme of that name (there are ann-dark, ann-light, nord)"),
        ("theme = 3", "theme: no theme of that name (there are ann-dark, ann-light, nord)"),
        ('[keys]\n"data.nothing" = "x"', "keys.data.nothing: no action of that name"),
        ('[keys]\n"data.target" = 3', "keys.data.target: a key is wanted, such as G or ctrl+g"),
        ('[keys]\n"data.target" = ""', "keys.data.target: a key is wanted, such as G or ctrl+g"),
        ("[bounds]\nkept_runs = 0", "bounds.kept_runs: a whole number from 1 to 10,000 is wanted"),
        ("[bounds]\nkept_runs = true", "bounds.kept_runs: a whole number from 1 to 10,000 is wanted"),
        (
            "[bounds]\ntimeline_megabytes = 0",
            "bounds.timeline_megabytes: a whole number from 1 to 100,000 is wanted",
        ),
        ("[notifications]\nseconds = nan", "notifications.seconds: a number from 1 to 600 is wanted"),
        ("[notifications]\ninformation = 0", "notifications.information: true or false is wanted"),
        ("bounds = 5", "bounds: no setting of that name"),
        ("kept_runs = 5", "kept_runs: no setting of that name"),
        ("[notifications]\nkept_runs = 5", "notifications.kept_runs: no setting of that name"),
    ],
)
def test_what_is_unknown_or_wrong_is_named_and_ignored(line: str, problem: str) -> None:
    _write(line)
    assert read_settings(THEMES) == UserSettings(problems=(problem,))


@pytest.mark.parametrize("text", [b"theme = ", b"\xff\xfe", b"[keys"])
def test_a_file_that_is_no_toml_is_named_and_left_as_it_is(text: bytes) -> None:
    path = _write("")
    path.write_bytes(text)
    settings = read_settings(THEMES)
    assert settings == UserSettings(problems=settings.problems)
    assert len(settings.problems) == 1 and "settings.toml is no TOML" in settings.problems[0]
    with pytest.raises(ValueError, match="is left as it is"):
        remember_theme("nord")
    assert path.read_bytes() == text


def test_the_theme_is_written_and_the_rest_stays() -> None:
    remember_theme("nord")
    assert read_settings(THEMES) == UserSettings(theme="nord")
    path = _write('# mine\n[keys]\n"data.target" = "G"  # great\n')
    remember_theme("nord")
    remember_theme("ann-light")
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"theme": "ann-light", "keys": {"data.target": "G"}}
    assert "# mine" in text and "# great" in text


async def test_a_theme_that_is_chosen_is_there_again(open_app: Open) -> None:
    async with open_app() as app:
        assert app.app.theme == "ann-dark" and not settings_file().exists()
        app.app.theme = "ann-light"
        await app.press("f1")
    async with open_app() as app:
        assert app.app.theme == "ann-light"
        app.app.theme = "ann-dark"
        await app.press("f1")
    assert read_settings(THEMES).theme == "ann-dark"


async def test_a_key_of_ones_own_does_what_the_usual_one_did(open_app: Open, sample_data: Path) -> None:
    _write('[keys]\n"data.target" = "f9"\ntrain = "T"\n')
    async with open_app(sample_data / "penguins.csv") as app:
        await app.sees("f9 target", "T train")
        await app.press("down", "g")
        await app.ready()
        assert app.app.workbench.target == "species"
        await app.press("f9")
        await app.ready()
        assert app.app.workbench.target == "island"


async def test_a_setting_that_is_ignored_is_said(open_app: Open) -> None:
    _write("colour = 1\nsound = 2\n")
    async with open_app() as app:
        await app.sees("a setting is ignored: colour: no setting of that name (and 1 more)")


def test_the_file_begins_with_all_that_can_be_set() -> None:
    path = ensure_file()
    assert read_settings(THEMES) == UserSettings()
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = [line.removeprefix("# ") if " = " in line else line for line in lines]
    path.write_text("\n".join(wanted), encoding="utf-8")
    settings = read_settings(THEMES)
    assert settings.problems == () and (settings.kept_runs, settings.seconds) == (500, 6)
    assert (
        settings.keys["data.target"] == "g" and settings.keys["quit"] == "ctrl+q" and len(settings.keys) > 30
    )
    assert ensure_file().read_text(encoding="utf-8") == "\n".join(wanted)

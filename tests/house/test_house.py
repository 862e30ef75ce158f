"""The contracts of `pyproject.toml` hold, and nothing heavy stands on the way to the first frame."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import cli

import ann_tui


def test_the_contracts_between_the_rooms_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Floors, the rooms of the data and of the app, what the engine and the lower floors don't know, and no circles."""
    monkeypatch.chdir(Path(__file__).resolve().parents[2])
    assert cli.lint_imports(no_cache=True) == cli.EXIT_STATUS_SUCCESS


def _run(code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("file", [None, "penguins.csv"])
def test_first_frame_needs_neither_pandas_nor_scikit_learn(file: str | None, sample_data: Path) -> None:
    """The first frame is what stands on the screen before the app's threads have begun."""
    path = None if file is None else str(sample_data / file)
    code = f"""
import asyncio, sys
from ann_tui.tui.app.app import AnnApp

AnnApp.run_worker = lambda self, *arguments, **options: None
AnnApp._warm_up = lambda self: None

async def main():
    app = AnnApp({path!r})
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.screen.is_mounted and app.screen.query("TopBar")
        heavy = [name for name in ("pandas", "sklearn", "scipy") if name in sys.modules]
        assert not heavy, heavy

asyncio.run(main())
"""
    _run(code)


def test_no_screen_takes_the_app_for_its_host() -> None:
    """What a screen or a dialog wants of the app, its host's protocol has to say."""
    parts = {"workbench", "opener", "editor", "saver", "runner", "steps", "reading", "pace", "edit", "say"}
    paths = sorted((Path(ann_tui.__file__).parent / "tui").rglob("*.py"))
    assert len(paths) > 40
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                assert not (node.value.attr == "app" and node.attr in parts), f"{path}: app.{node.attr}"

"""The code pane on Layers: it follows the choices, tells what has changed, and is copied and written."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.tui.copying import copies
from ann_tui.tui.widgets.code_panel import CONTEXT, CodeLines, CodePanel, changed_lines


async def _shown(app: Driver, *, than: str = "") -> str:
    """The script, once there is another one than this."""
    panel = app.app.screen.query_one(CodePanel)
    await app.until(lambda: panel.script not in ("", than))
    return panel.script


async def test_the_code_follows_what_is_edited(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(120, 40)) as app:
        await app.press("3", "c")
        before = await _shown(app)
        ast.parse(before)
        assert "nn.Linear" in before or "dense(inputs, 64" in before
        await app.press("tab", "down", "left")
        after = await _shown(app, than=before)
        changed = [after.split("\n")[place].strip() for place in changed_lines(before, after)]
        assert changed == ["dense(inputs, 48, he_uniform),", "dense(48, 32, he_uniform),"]
        await app.sees("▌        dense(inputs, 48")


async def test_arrows_choose_the_framework_and_y_copies(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("3", "c")
        await _shown(app)
        await app.sees("Code: PyTorch")
        await app.press("right")
        await app.sees("Code: Keras 3")
        script = await _shown(app)
        assert "import keras" in script
        first = copies(app.app.screen)[0]
        assert (first.what, first.text) == ("the script", script)
        await app.press("right")
        await app.sees("scikit-learn's MLPClassifier can't say: optimizer adamw")
        await app.press("c")
        assert not app.app.screen.has_class("-code")


async def test_w_writes_the_script_and_the_parts(
    open_app: Open, sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_app(sample_data / "penguins.csv", size=(120, 40)) as app:
        await app.press("3", "c")
        await _shown(app)
        await app.press("w")
        await app.sees("Write the script to")
        await app.press("enter")
        await app.until(lambda: (tmp_path / "penguins.py").exists())
        await app.sees("penguins.py written")
    assert (tmp_path / "penguins.parts.csv").read_text(encoding="utf-8").startswith("row,part\n")
    ast.parse((tmp_path / "penguins.py").read_text(encoding="utf-8"))


async def test_changed_lines_come_in_sight(open_app: Open, sample_data: Path) -> None:
    """The first of them, and the others that there is room for."""
    async with open_app(sample_data / "penguins.csv", size=(120, 40)) as app:
        await app.press("3", "c")
        before = await _shown(app)
        await app.press("tab", "tab", "right")
        lines = app.app.screen.query_one(CodeLines)
        for _ in range(6):
            await app.press("down", "right")
            after = await _shown(app, than=before)
            changed, room = changed_lines(before, after), lines.size.height
            expected = {line for line in changed if line < min(changed) + room - 2 * CONTEXT}

            def seen(expected: set[int] = expected, room: int = room) -> bool:
                top = int(lines.scroll_offset.y)
                return all(top <= line < top + room for line in expected)

            await app.until(seen)
            before = after


async def test_the_pane_is_reached_again(open_app: Open, sample_data: Path) -> None:
    """On a small screen, by `tab` and by `c`."""
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("3", "c")
        await _shown(app)
        screen = app.app.screen
        await app.press("tab", "tab", "tab")
        assert not isinstance(screen.focused, CodeLines)
        await app.press("tab")
        await app.until(lambda: isinstance(screen.focused, CodeLines))
        await app.press("tab", "c")
        await app.until(lambda: isinstance(screen.focused, CodeLines))
        await app.press("c")
        assert not screen.has_class("-code")


def test_lines_that_are_gone_mark_the_next_one() -> None:
    assert changed_lines("a\nb\nc", "a\nc") == {1}
    assert changed_lines("a\nb", "a\nx\nb") == {1}
    assert changed_lines("a", "a") == set() == changed_lines("", "a")

"""Makes the README's screenshots: `python tests/screenshots.py [FOLDER]` (run from the repository)."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEYS = {"data": ("down",) * 3, "prepare": ("tab", *("down",) * 4)}
"""What is pressed on a step before its picture is taken."""


async def make(folder: Path) -> None:
    """Open a sample, train it, and write a picture of each step."""
    from ann_tui.experiments.workbench import Step
    from ann_tui.tui.app.app import AnnApp

    app = AnnApp(str(ROOT / "sample_data" / "digits.csv"))
    async with app.run_test(size=(120, 36)) as pilot:
        while app.workbench.derived is None:
            await asyncio.sleep(0.05)
        await pilot.pause()
        await pilot.press("t")
        while app.workbench.runs.front is None or app.workbench.runs.training is not None:
            await asyncio.sleep(0.05)
        for step in Step:
            await pilot.press(str(step.number), *KEYS.get(step.value, ()))
            await pilot.pause(0.5)
            (folder / f"{step.value}.svg").write_text(
                app.export_screenshot(title="ann-tui"), encoding="utf-8"
            )


async def look_inside(folder: Path) -> None:
    """Train on two samples, and write pictures of the boundary and of the most relevant unit's page."""
    from ann_tui.tui.app.app import AnnApp

    for sample, keys, name in (
        ("spirals", ("i", "v", "v"), "boundary"),
        ("penguins", ("i", "v", "down", "up", "enter"), "unit"),
    ):
        app = AnnApp(str(ROOT / "sample_data" / f"{sample}.csv"))
        async with app.run_test(size=(120, 36)) as pilot:
            while app.workbench.derived is None:
                await asyncio.sleep(0.05)
            await pilot.pause()
            await pilot.press("t", "f")
            while app.workbench.runs.front is None or app.workbench.runs.training is not None:
                await asyncio.sleep(0.05)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(1.0)
            (folder / f"{name}.svg").write_text(app.export_screenshot(title="ann-tui"), encoding="utf-8")


async def learn(folder: Path) -> None:
    """Go to the step of the lesson, take it, and write a picture of that."""
    from ann_tui.tui.app.app import AnnApp
    from ann_tui.tui.lesson.bookmark import Bookmark, put_bookmark

    path = ROOT / "sample_data" / "penguins.csv"
    put_bookmark(Bookmark(str(path), 7))
    app = AnnApp(str(path), lesson=True)
    async with app.run_test(size=(120, 36)) as pilot:
        while not app.teacher.teaches or app.teacher.arriving:
            await asyncio.sleep(0.05)
        for key in ("S", "space", "space", "space"):
            await pilot.press(key)
            await pilot.pause(0.5)
        (folder / "lesson.svg").write_text(app.export_screenshot(title="ann-tui"), encoding="utf-8")


if __name__ == "__main__":
    os.environ["XDG_STATE_HOME"] = os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".github" / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(make(target))
    asyncio.run(look_inside(target))
    asyncio.run(learn(target))

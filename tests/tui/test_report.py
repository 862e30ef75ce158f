"""`W` on Evaluate writes the report of the run that is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Driver, Open
from textual.widgets import Input

from ann_tui.evaluation.verdict import verdict
from ann_tui.experiments.run import Run


async def _evaluated(app: Driver) -> Run:
    await app.press("t")
    await app.trained()
    run = app.app.workbench.runs.front
    assert run is not None
    await app.until(lambda: run.evaluation is not None and not run.evaluation.pending, "the baselines")
    await app.press("5")
    return run


@pytest.mark.usefixtures("plain_preset", "few_trees")
async def test_a_name_is_asked_and_the_page_stands_there(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        run = await _evaluated(app)
        await app.press("W")
        field = app.app.screen.query_one(Input)
        assert field.value == "penguins-species.html"
        field.value = str(tmp_path / "birds.pdf")
        await app.press("enter")
        await app.sees(".html for a page or .md")
        field.value = str(tmp_path / "birds.html")
        await app.press("enter")
        await app.sees("the report stands in")
        page = (tmp_path / "birds.html").read_text()
        assert run.evaluation is not None and run.looks == 1
        assert verdict(run.evaluation) in page and "have judged 1 network by now" in page
        before = page.replace("1 network", "?")
        await app.press("W")
        field = app.app.screen.query_one(Input)
        field.value = str(tmp_path / "birds.html")
        await app.press("enter")
        await app.sees("Replace it?")
        await app.press("escape")
        assert (tmp_path / "birds.html").read_text().replace("1 network", "?") == before

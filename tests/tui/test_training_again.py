"""A second training on all rows: it is seen while it lasts, and who judges is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from app_driver import Open

from ann_tui.experiments import run as run_module
from ann_tui.training.trainer import Trainer


async def test_it_is_shown_and_its_network_answers(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refitted, go = run_module.refitted, Event()

    def waiting(trainer: Trainer, epochs: int) -> object:
        go.wait(10)
        return refitted(trainer, epochs)

    monkeypatch.setattr(run_module, "refitted", waiting)
    async with open_app(sample_data / "penguins.csv") as app:
        workbench = app.app.workbench
        assert workbench.experiment is not None
        app.app.edit(plan=replace(workbench.experiment.plan, refit=True, epochs=8))
        await app.ready()
        await app.press("t", "f")
        await app.sees("again, on all rows")
        go.set()
        await app.trained()
        await app.sees("was best: trained again on all rows")
        run = workbench.runs.front
        assert run is not None and run.refitted is not None and run.answering is run.refitted
        await app.press("enter")
        await app.sees("validation: of the network before it was trained again")
        await app.press("6")
        await app.sees("Predict")
        assert run.result().refit

"""An option that is entered in one place can be chosen in the app."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Open

from ann_tui.data.choices.preparation import SCALING
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.schedules import SCHEDULES
from ann_tui.tui.widgets.choice_table import ChoiceTable


async def test_new_options_are_listed_and_chosen(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        ACTIVATIONS, "wave", replace(ACTIVATIONS["tanh"], name="wave", summary="goes up and down")
    )
    monkeypatch.setitem(
        COSTS, "hurt", replace(COSTS["squared error"], name="hurt", summary="how much it hurts")
    )
    monkeypatch.setitem(
        OPTIMIZERS, "stroll", replace(OPTIMIZERS["sgd"], name="stroll", summary="takes its time")
    )
    monkeypatch.setitem(SCHEDULES, "nap", replace(SCHEDULES["cosine"], name="nap", summary="sleeps at noon"))
    monkeypatch.setitem(
        SCALING, "shrink", replace(SCALING["robust"], name="shrink", summary="makes all small")
    )
    async with open_app(sample_data / "cars.csv") as app:
        await app.press("3")
        app.app.screen.query_one("#layers", ChoiceTable).put_cursor("0")
        await app.press("enter")
        await app.sees("wave", "goes up and down")
        await app.press("escape", "tab")
        plan = app.app.screen.query_one("#plan", ChoiceTable)
        for field, name, summary in (
            ("cost", "hurt", "how much it hurts"),
            ("optimizer", "stroll", "takes its time"),
            ("schedule", "nap", "sleeps at noon"),
        ):
            plan.put_cursor(field)
            await app.press("enter", "end")
            await app.sees(name, summary)
            await app.press("escape")
            for _ in range(20):
                await app.press("right")
                experiment = app.app.workbench.experiment
                assert experiment is not None
                if name in (experiment.design.cost, getattr(experiment.plan, field, None)):
                    break
            else:
                raise AssertionError(f"{name} is never reached")
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor("scaling")
        await app.press("enter", "end")
        await app.sees("shrink", "makes all small")

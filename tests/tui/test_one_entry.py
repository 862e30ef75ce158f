"""An option that is entered in one place can be chosen in the app."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Open
from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from ann_tui.data.choices.preparation import SCALING
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.schedules import SCHEDULES
from ann_tui.tui.views.captioned import Captioned
from ann_tui.tui.views.view import EVALUATE, TRAIN, Judged, Moment, View, all_of
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


class Surprise(Captioned[Judged]):
    """A view that did not exist before."""

    def picture(self) -> Widget:
        return Static("a picture of the surprise")

    def draw(self, data: Judged) -> None:
        self.say(Text(f"{len(data.evaluation.outputs)} answers at {data.threshold:g}"))


class Wait(Captioned[Moment]):
    """A view of a training that did not exist before."""

    def picture(self) -> Widget:
        return Static("a picture of the wait")

    def draw(self, data: Moment) -> None:
        self.say(Text(f"{len(data.snapshot.history)} epochs of {data.run.prepared.fitted.target.name}"))


async def test_new_views_are_listed_and_shown(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all_of(EVALUATE) and all_of(TRAIN)
    monkeypatch.setitem(
        EVALUATE, "surprise", View("surprise", "Surprise", "how surprised it is", Surprise, numbers=False)
    )
    monkeypatch.setitem(TRAIN, "wait", View("wait", "The wait", "how long it took", Wait, numbers=False))
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.trained()
        run = app.app.workbench.runs.front
        assert run is not None and run.evaluation is not None
        await app.sees("Confusion matrix · validation", "v: The wait", "v view")
        await app.press("tab", "v")
        await app.sees(
            "The wait",
            "a picture of the wait",
            f"{len(run.snapshot.history)} epochs of species",
            "v: Confusion",
        )
        await app.press("v")
        await app.sees("Confusion matrix · validation")
        await app.press("f1", "pagedown")
        await app.sees("Views", "how long it took")
        await app.press("escape", "5")
        for title in ("v: ROC", "v: Precision", "v: Calibration", "v: Surprise"):
            await app.sees(title)
            await app.press("v")
        answers = len(run.evaluation.outputs)
        await app.sees("a picture of the surprise", f"{answers} answers at 0.5", "v: Confusion matrix")
        assert "enter rows" not in app.text()
        await app.press("f1", "pagedown")
        await app.sees("how surprised it is")
        await app.press("escape", "v", "ctrl+p", *"surprised")
        await app.sees("View: Surprise: how surprised it is")
        await app.press("down", "enter")
        await app.sees("a picture of the surprise")


async def test_a_view_stands_for_its_targets_alone(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TRAIN, "wait", View("wait", "The wait", "how long it took", Wait, numbers=False))
    async with open_app(sample_data / "cars.csv") as app:
        await app.press("t")
        await app.trained()
        await app.press("tab", "m")
        await app.sees("Predictions, residuals · validation")
        assert "The wait" not in app.text()
        await app.press("f1")
        await app.sees("On this screen")
        assert "The next view" not in app.text()

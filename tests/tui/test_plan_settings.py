"""Every choice of the design and of the plan can be made on the Layers screen, where it matters."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from app_driver import Open

from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.outputs import Outputs
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.schedules import SCHEDULES
from ann_tui.tui.settings.plan_settings import DESIGN_SETTINGS, PLAN_SETTINGS, settings_that_matter
from ann_tui.tui.settings.setting import Setting
from ann_tui.tui.widgets.choice_table import ChoiceTable

HOLDERS = [(NetworkDesign(), setting) for setting in DESIGN_SETTINGS] + [
    (TrainingPlan(), setting) for setting in PLAN_SETTINGS
]
BINARY = Outputs("binary")


def matter(plan: TrainingPlan, design: NetworkDesign | None = None, outputs: Outputs = BINARY) -> set[str]:
    return {setting.field for _, _, setting in settings_that_matter(design or NetworkDesign(), plan, outputs)}


def test_no_choice_is_left_to_the_experiment_file() -> None:
    choices = {field.name for kind in (NetworkDesign, TrainingPlan) for field in fields(kind)}
    assert {setting.field for _, setting in HOLDERS} == choices - {"layers"}


@pytest.mark.parametrize(("holder", "setting"), HOLDERS, ids=[setting.field for _, setting in HOLDERS])
def test_stepping_stays_within_what_can_be_trained_and_typed(holder: Any, setting: Setting) -> None:
    value = setting.of(holder)
    seen = [value]
    for direction in (*[1] * 30, *[-1] * 60):
        value = setting.stepped(value, direction)
        assert setting.of(setting.put(holder, value)) == value
        written = value if setting.options is not None else setting.write(value)
        assert setting.of(setting.answered(holder, written)) == value
        seen.append(value)
    assert len({str(value) for value in seen}) > 1


@pytest.mark.parametrize(
    ("registry", "kind"), [(COSTS, NetworkDesign), (OPTIMIZERS, TrainingPlan), (SCHEDULES, TrainingPlan)]
)
def test_what_an_entry_asks_for_is_a_choice(registry: dict[str, Any], kind: type) -> None:
    known = {field.name for field in fields(kind)}
    assert {field for entry in registry.values() for field in entry.asks} <= known


def test_only_what_matters_is_listed() -> None:
    plan = TrainingPlan(optimizer="adam", schedule="constant")
    assert {"beta_1", "epsilon", "batch", "patience"} <= matter(plan)
    assert not {"momentum", "rho", "plateau_patience", "ema_decay"} & matter(plan)
    assert {"momentum", "ema_decay", "plateau_patience"} <= matter(
        replace(plan, optimizer="momentum", average="ema", schedule="plateau")
    )
    assert not {"batch"} & matter(replace(plan, optimizer="gradient descent"))
    assert not {"learning_rate", "schedule", "batch"} & matter(replace(plan, optimizer="l-bfgs"))
    assert "patience" not in matter(replace(plan, early_stopping=False))


@pytest.mark.parametrize(
    ("cost", "outputs", "asked"),
    [
        ("auto", BINARY, {"label_smoothing"}),
        ("auto", Outputs("number"), set()),
        ("focal", Outputs("multiclass", 3), {"focal_gamma"}),
        ("huber", Outputs("number"), {"huber_delta"}),
        ("quantile", Outputs("number"), {"quantile"}),
        ("huber", BINARY, set()),
    ],
)
def test_a_cost_brings_its_own_choices(cost: str, outputs: Outputs, asked: set[str]) -> None:
    own = {field for entry in COSTS.values() for field in entry.asks}
    assert matter(TrainingPlan(), NetworkDesign(cost=cost), outputs) & own == asked


async def test_choices_that_begin_to_matter_appear(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv") as app:
        await app.press("3", "tab")
        plan = app.app.screen.query_one("#plan", ChoiceTable)
        plan.put_cursor("average")
        await app.press("right")
        await app.sees("ema decay")
        plan.put_cursor("ema_decay")
        await app.press("enter", *["backspace"] * 4, *"0.5", "enter")
        plan.put_cursor("clip_norm")
        await app.press("enter", *["backspace"] * 4, *"2", "enter")
        experiment = app.app.workbench.experiment
        assert experiment is not None
        assert experiment.plan.average == "ema" and experiment.plan.ema_decay == 0.5
        assert experiment.plan.clip_norm == 2
        await app.press("t")
        await app.trained()
        assert (
            app.app.workbench.runs.front is not None and app.app.workbench.runs.front.evaluation is not None
        )

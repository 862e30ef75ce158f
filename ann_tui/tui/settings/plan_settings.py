"""The settings of the cost and of the training plan, and which of them matter for what is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ann_tui.choice_fields import described, matters
from ann_tui.network.design import NetworkDesign
from ann_tui.network.outputs import Outputs
from ann_tui.training.plan import TrainingPlan
from ann_tui.tui.settings.setting import Setting, setting_of

FIRST = (
    "optimizer", "learning_rate", "schedule", "batch", "epochs", "early_stopping", "patience", "monitor", "refit",
    "average", "ema_decay", "l2", "l1", "seed", "weight_decay", "momentum", "beta_1", "beta_2", "rho", "epsilon",
    "warm_up", "plateau_patience", "smallest_change", "clip_norm", "clip_value", "max_norm", "dropout", "frozen_layers",
)  # fmt: skip
"""The order of the lines on the screen; fields that are not named here follow."""

DESIGN_SETTINGS = tuple(
    setting_of(NetworkDesign, name)
    for name, about in described(NetworkDesign).items()
    if about.entries is None
)
PLAN_SETTINGS = tuple(
    setting_of(TrainingPlan, name) for name in dict.fromkeys((*FIRST, *described(TrainingPlan)))
)


def settings_that_matter(
    design: NetworkDesign, plan: TrainingPlan, outputs: Outputs | None
) -> Iterator[tuple[str, Any, Setting]]:
    """The settings that change something, as `("design" or "plan", its holder, the setting)`, for these outputs.

    What belongs to a cost, an optimizer or a schedule that isn't chosen is left out.
    """
    for setting in DESIGN_SETTINGS:
        if matters(design, setting.field, {"cost": _cost(design, outputs)}):
            yield "design", design, setting
    drops = any(layer.kind == "dropout" for layer in design.layers)
    for setting in PLAN_SETTINGS:
        if matters(plan, setting.field) and (drops or setting.field != "dropout" or plan.dropout is not None):
            yield "plan", plan, setting


def _cost(design: NetworkDesign, outputs: Outputs | None) -> str:
    """The cost that is meant; empty where none can judge these outputs."""
    try:
        return "" if outputs is None else design.cost_for(outputs)
    except ValueError:
        return ""

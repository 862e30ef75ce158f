"""Choices of an experiment that do nothing with its rows and layers, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ann_tui.model.building import outputs_for
from ann_tui.network.build import build_layers
from ann_tui.network.linear_start import LINEAR, obstacle

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment


def idle_choices(experiment: Experiment, prepared: PreparedData) -> Mapping[str, str]:
    """Why a choice does nothing, by its name in an experiment file; the design fits the data."""
    found = {}
    if experiment.design.start == LINEAR:
        outputs = outputs_for(prepared.fitted)
        *hidden, _ = build_layers(experiment.design, len(prepared.fitted.input_names), outputs)
        if (why := obstacle(hidden, outputs.units)) is not None:
            found["network.start"] = f"begins random: {why}"
    if experiment.plan.refit and not len(prepared.validation.rows):
        found["training.refit"] = "not trained again: there are no validation rows to say for how long"
    return found

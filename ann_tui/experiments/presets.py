"""Presets: what is chosen for a table before a person chooses anything.

To add one, enter it here: the app, the command line and the docs list it by themselves. A preset is an experiment like
any other; what it leaves alone (the data, the target, how gaps are filled, the seeds) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from ann_tui.choice_fields import Option
from ann_tui.data.choices.preparation import Preparation
from ann_tui.experiments.experiment import Experiment
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.network.linear_start import LINEAR
from ann_tui.training.plan import TrainingPlan

PREPARED = ("number_encoding", "rare")
"""The choices of the preparation that presets make."""


SHORT = 1_000
"""So few rows don't show a network by themselves what a linear model finds in them."""

LONG = 50_000
"""A table of more rows has enough of them: it is looked at less often, in larger batches, and never trained again."""

Chosen = tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]
"""Values of fields of the preparation, the design and the plan; all others have their defaults."""


@dataclass(frozen=True)
class Preset(Option):
    """One entry of `PRESETS`; `chosen` gives what it chooses for a table of so many rows."""

    chosen: Callable[[int], Chosen] = field(kw_only=True)


def _plain(rows: int) -> Chosen:
    """Larger batches and fewer epochs for longer tables."""
    if rows <= 5_000:
        return {}, {}, {}
    epochs = TrainingPlan().epochs
    if rows <= LONG:
        return {}, {}, {"batch": 128, "epochs": min(epochs, 100)}
    return {}, {}, {"batch": 256, "epochs": max(10, min(epochs, 5_000_000 // rows))}


def _good(rows: int) -> Chosen:
    """What a practitioner keeps: many small steps, in a time that a person waits for.

    A short table is looked at more often, so that it gets as many steps; a category counts from 20 rows on, whatever
    their share. One that is too short to show by itself what a linear model finds begins as that model, and leaves it
    in shorter steps. Of a table of 1,000,000 rows and 30 numbers an epoch takes some ten seconds.
    """
    rows = max(rows, 1)
    preparation = {"number_encoding": "piecewise linear", "rare": min(Preparation().rare, 20 / rows)}
    design: dict[str, Any] = {"layers": (LayerDesign("input scale"), *NetworkDesign().layers)}
    if rows > LONG:
        return preparation, design, {
            "batch": 256, "epochs": max(4, min(40, 4_000_000 // rows)), "patience": 15, "average": "ema",
        }  # fmt: skip
    epochs = max(40, min(600, 250_000 // rows))
    plan: dict[str, Any] = {
        "batch": 16 if rows <= 8_000 else 32,
        "epochs": epochs,
        "patience": max(15, epochs // 6),
    }
    if rows <= SHORT:
        design["start"], plan["learning_rate"] = LINEAR, TrainingPlan().learning_rate / 4
    return preparation, design, {**plan, "average": "ema", "refit": True}


def _strong(rows: int) -> Chosen:
    """What `good` chooses, six times: more members cost more than they give."""
    preparation, design, plan = _good(rows)
    return preparation, {**design, "members": 6}, plan


PRESETS: dict[str, Preset] = {
    each.name: each
    for each in (
        Preset("plain", "the lesson's network: scaled numbers, two layers, and nothing else", chosen=_plain),
        Preset(
            "good",
            "numbers in bins, small batches, averaged weights: as good as boosted trees on most tables",
            chosen=_good,
        ),
        Preset("strong", "several such networks that answer together: better, and slower", chosen=_strong),
    )
}
DEFAULT_PRESET = "good"
"""With which everybody begins who names none."""


def with_preset(experiment: Experiment, name: str | None, rows: int) -> Experiment:
    """The experiment with what a preset chooses for a table of so many rows; cost and seeds stay as they are.

    None is the preset with which everybody begins.
    """
    preparation, design, plan = PRESETS[name or DEFAULT_PRESET].chosen(rows)
    usual = Preparation()
    prepared = {each: preparation.get(each, getattr(usual, each)) for each in PREPARED}
    kept = {each.name: getattr(experiment.design, each.name) for each in fields(NetworkDesign)}
    shaped = {
        each: design.get(each, getattr(NetworkDesign(), each)) for each in ("layers", "start", "members")
    }
    return replace(
        experiment,
        preparation=replace(experiment.preparation, **prepared),
        design=NetworkDesign(**{**kept, **shaped}),
        plan=TrainingPlan(**{**plan, "seed": experiment.plan.seed}),
    )


def preset_of(experiment: Experiment, rows: int) -> str | None:
    """The preset that chooses what the experiment says; None where none does."""
    return next((name for name in PRESETS if with_preset(experiment, name, rows) == experiment), None)

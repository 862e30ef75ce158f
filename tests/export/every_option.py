"""Every option of design and plan as an experiment of its own, and which of them a framework can't say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from export.cases import experiment

from ann_tui.experiments.experiment import Experiment
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.layer_kinds import LAYER_KINDS
from ann_tui.network.linear_start import STARTS
from ann_tui.training.averages import AVERAGES
from ann_tui.training.monitors import MONITORS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.schedules import SCHEDULES

PLAIN: dict[str, Any] = {"optimizer": "adam", "schedule": "constant"}
"""What scikit-learn can say, too."""

REFUSED = {
    "pytorch": {"optimizer schedule-free", "optimizer muon"},
    "keras": {
        "optimizer schedule-free",
        "optimizer muon",
        "optimizer l-bfgs",
        "plan members with clip_norm",
    },
    "sklearn": {
        *(f"optimizer {name}" for name in OPTIMIZERS if name not in
          ("adam", "sgd", "gradient descent", "momentum", "nesterov", "l-bfgs")),
        *(f"schedule {name}" for name in SCHEDULES if name != "constant"),
        *(f"layer {name}" for name in LAYER_KINDS if name != "dense"),
        *(f"activation {name}" for name in ACTIVATIONS if name not in ("relu", "linear", "sigmoid", "tanh")),
        *(f"initializer {name}" for name in INITIALIZERS if name != "glorot uniform"),
        *(f"cost {name}" for name in COSTS if name not in ("cross-entropy", "squared error")),
        "start linear model",
        "average ema",
        "average swa",
        "design members",
        "design label_smoothing",
        *(f"plan {name}" for name in
          ("warm_up", "l1", "weight_decay", "max_norm", "clip_norm", "clip_value", "frozen_layers")),
        "plan members with clip_norm",
        "plan dropout",
        "plan plateau_patience",
        "plan ema_decay",
        "plan rho",
    },
    "ann": {
        *(f"monitor {name}" for name in MONITORS if name != "validation cost"),
        "start linear model",
        "average ema",
        "average swa",
        "design members",
        "design label_smoothing",
        *(f"plan {name}" for name in (
            "warm_up", "smallest_change", "refit", "l1", "weight_decay", "max_norm", "clip_norm", "clip_value",
            "frozen_layers", "plateau_patience", "ema_decay", "momentum", "rho", "beta_1", "beta_2", "epsilon",
            "dropout", "patience", "members with clip_norm",
        )),
    },
}  # fmt: skip
"""What can't be written for each; all else can."""

OTHER = {
    "learning_rate": 0.02, "warm_up": 0.1, "batch": 20, "epochs": 7, "early_stopping": True, "patience": 4,
    "smallest_change": 0.01, "refit": True, "l1": 0.001, "l2": 0.01, "weight_decay": 0.03, "max_norm": 2.0,
    "clip_norm": 1.5, "clip_value": 0.5, "frozen_layers": 1, "seed": 5,
}  # fmt: skip
"""Another value than the usual one for each field of the plan that is no list of options, and always matters."""

STOPPED = {name: {"early_stopping": True} for name in ("patience", "smallest_change")}
"""What else is chosen with a field that matters to early stopping."""

ASKED = {
    "plateau_patience": {"schedule": "plateau", "plateau_patience": 3},
    "ema_decay": {"average": "ema", "ema_decay": 0.97},
    "momentum": {"optimizer": "momentum", "momentum": 0.77},
    "rho": {"optimizer": "rmsprop", "rho": 0.77},
    "beta_1": {"beta_1": 0.77},
    "beta_2": {"beta_2": 0.977},
    "epsilon": {"epsilon": 1e-5},
}
"""Fields that matter with an option."""


def cases(table: Path) -> list[tuple[str, Experiment]]:
    """One experiment for each option of each list, and for each other field."""

    def of(kind: str = "multiclass", **more: Any) -> Experiment:
        more["plan"] = {**PLAIN, **more.get("plan", {})}
        return experiment(table, kind, **more)

    found = [(f"layer {name}", of(layers=_layer(name))) for name in LAYER_KINDS]
    found += [(f"activation {name}", of(layers=f"6 {name}")) for name in ACTIVATIONS]
    found += [(f"initializer {name}", of(layers=f"6 relu {name}")) for name in INITIALIZERS]
    for name, entry in COSTS.items():
        found += [(f"cost {name}", of(kind, design={"cost": name})) for kind in entry.kinds]
    found += [(f"start {name}", of(design={"start": name}, layers="8 relu")) for name in STARTS]
    found += [(f"optimizer {name}", of(plan={"optimizer": name})) for name in OPTIMIZERS]
    found += [(f"schedule {name}", of(plan={"schedule": name})) for name in SCHEDULES]
    found += [
        (f"monitor {name}", of(kind, plan={"monitor": name}))
        for name in MONITORS
        for kind in ("multiclass", "number")
    ]
    found += [(f"average {name}", of(plan={"average": name})) for name in AVERAGES]
    found += [
        (f"plan {name}", of(plan={**STOPPED.get(name, {}), name: value})) for name, value in OTHER.items()
    ]
    found += [(f"plan {name}", of(plan=chosen)) for name, chosen in ASKED.items()]
    found += [
        ("plan dropout", of(plan={"dropout": 0.4}, layers="6 relu, dropout 0.2")),
        ("plan members with clip_norm", of(plan={"clip_norm": 1.0}, design={"members": 2})),
        ("design members", of(design={"members": 3})),
        ("design label_smoothing", of(design={"label_smoothing": 0.1})),
        ("design label_smoothing", of("binary", design={"label_smoothing": 0.1})),
    ]
    return found


def _layer(name: str) -> str:
    asks = LAYER_KINDS[name].asks
    layer = f"{'' if name in ('dense', 'activation') else name} {'5' if 'units' in asks else ''}"
    return f"6 relu, {layer} {'tanh' if name == 'activation' else ''}{'0.2' if 'rate' in asks else ''}"

"""Every option of design and plan is written out for a framework, or refused by name; a new one is seen here."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from export.cases import experiment, prepared

from ann_tui.experiments.experiment import Experiment
from ann_tui.export.export_error import ExportError
from ann_tui.export.frameworks import TITLES
from ann_tui.export.source_rows import rows_code
from ann_tui.export.writing import FRAMEWORKS, experiment_script
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.layer_kinds import LAYER_KINDS
from ann_tui.network.linear_start import STARTS
from ann_tui.training.averages import AVERAGES
from ann_tui.training.monitors import MONITORS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
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
}  # fmt: skip
"""What can't be written for each; all else can."""

OTHER = {
    "learning_rate": 0.02, "warm_up": 0.1, "batch": 20, "epochs": 7, "early_stopping": True, "patience": 4,
    "smallest_change": 0.01, "refit": True, "l1": 0.001, "l2": 0.01, "weight_decay": 0.03, "max_norm": 2.0,
    "clip_norm": 1.5, "clip_value": 0.5, "frozen_layers": 1, "seed": 5,
}  # fmt: skip
"""Another value than the usual one for each field of the plan that is no list of options, and always matters."""

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
    found += [(f"plan {name}", of(plan={name: value})) for name, value in OTHER.items()]
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


def test_each_field_is_thought_of() -> None:
    """A field that is new to the plan or to the design has to be written out, or refused, first."""
    listed = {"optimizer", "schedule", "monitor", "average", "dropout"}
    assert {each.name for each in fields(TrainingPlan)} == listed | set(OTHER) | set(ASKED)
    assert {each.name for each in fields(NetworkDesign)} == {
        "layers", "cost", "label_smoothing", "focal_gamma", "huber_delta", "quantile", "start", "members",
    }  # fmt: skip
    assert set(TITLES) | {"ann"} >= set(FRAMEWORKS)


@pytest.mark.parametrize("framework", list(REFUSED))
def test_each_option_is_written_or_refused_by_name(framework: str, table: Path, tmp_path: Path) -> None:
    """What is written is Python without a name that nobody defines; what is refused is what is listed above."""
    refused, rows = set(), None
    for place, (name, found) in enumerate(cases(table)):
        made = prepared(found)
        rows = rows_code(made, tmp_path, "things.rows.csv")
        try:
            script = experiment_script(framework, found, made, rows)
        except ExportError as error:
            assert "\n" not in str(error)
            refused.add(name)
            continue
        ast.parse(script)
        (tmp_path / f"script_{place}.py").write_text(script, encoding="utf-8")
    assert refused == REFUSED[framework]
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,E9,W6,I", "--ignore", "E402"]
    checked = subprocess.run([*ruff, str(tmp_path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("framework", list(REFUSED))
def test_what_a_field_says_is_in_the_script(framework: str, table: Path, tmp_path: Path) -> None:
    """Another value of a field gives another script: nothing is dropped in silence."""
    for name, chosen in [*((name, {name: value}) for name, value in OTHER.items()), *ASKED.items()]:
        if f"plan {name}" in REFUSED[framework] or any(
            f"{key} {value}" in REFUSED[framework] for key, value in chosen.items()
        ):
            continue
        with_it = {**PLAIN, **chosen}
        if name in ("patience", "smallest_change"):
            with_it["early_stopping"] = True
        usual = {**with_it, name: getattr(TrainingPlan(epochs=3, early_stopping=False), name)}
        found = experiment(table, plan=with_it)
        made = prepared(found)
        rows = rows_code(made, tmp_path, "things.rows.csv")
        scripts = [
            experiment_script(
                framework,
                replace(found, plan=TrainingPlan(**{"epochs": 3, "early_stopping": False, **plan})),
                made,
                rows,
            )
            for plan in (with_it, usual)
        ]
        assert scripts[0] != scripts[1], name


def test_an_option_that_nobody_has_written_is_refused(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each list: a new entry is refused by its name until it is written out."""
    for registry, like, chosen in (
        (OPTIMIZERS, "sgd", {"plan": {"optimizer": "brand new"}}),
        (SCHEDULES, "cosine", {"plan": {"schedule": "brand new"}}),
        (MONITORS, "newest", {"plan": {"monitor": "brand new"}}),
        (AVERAGES, "swa", {"plan": {"average": "brand new"}}),
        (ACTIVATIONS, "tanh", {"layers": "6 brand new"}),
        (INITIALIZERS, "zeros", {"layers": "6 relu brand new"}),
        (COSTS, "cross-entropy", {"design": {"cost": "brand new"}}),
    ):
        entry = replace(registry[like], name="brand new")  # type: ignore[index, type-var]
        monkeypatch.setitem(registry, "brand new", entry)  # type: ignore[arg-type]
        found = experiment(table, **chosen)  # type: ignore[arg-type]
        made = prepared(found)
        rows = rows_code(made, table.parent, "things.rows.csv")
        for framework in REFUSED:
            with pytest.raises(ExportError, match="brand new"):
                experiment_script(framework, found, made, rows)

"""Every option of design and plan is written out for a framework, or refused by name; a new one is seen here."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from export.cases import experiment, prepared
from export.every_option import ASKED, OTHER, PLAIN, REFUSED, cases

from ann_tui.export.export_error import ExportError
from ann_tui.export.frameworks import TITLES
from ann_tui.export.source_rows import rows_code
from ann_tui.export.writing import FRAMEWORKS, experiment_script
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.training.averages import AVERAGES
from ann_tui.training.monitors import MONITORS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.schedules import SCHEDULES


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
    checked = subprocess.run(
        [*ruff, str(tmp_path)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
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
        for framework in ("pytorch", "keras", "sklearn"):  # ann-tui's own engine knows it at once
            with pytest.raises(ExportError, match="brand new"):
                experiment_script(framework, found, made, rows)

"""What differs between two experiments, against a plain comparison of all their fields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.choice_fields import matters
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.experiments.choice_texts import choice_texts, differences
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import with_choices
from ann_tui.experiments.named_choices import named_choices
from ann_tui.network.design import NetworkDesign

PLAIN = Experiment(Source("x.csv", target="y"))
CHANGES = (
    "training.learning_rate=0.01",
    "training.batch=16",
    "training.seed=7",
    "training.early_stopping=false",
    "training.patience=5",
    "training.optimizer=sgd",
    "training.momentum=0.5",
    "training.schedule=constant",
    "training.clip_norm=1",
    "preparation.scaling=robust",
    "preparation.rare=0.05",
    "preparation.split.seed=3",
    "preparation.split.test=0.3",
    "network.layers=8 tanh",
    "network.cost=focal",
    "source.target=z",
)


def _flat(within: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {
            key: each for name, own in value.items() for key, each in _flat(f"{within}.{name}", own).items()
        }
    return {within: value}


def plainly(experiment: Experiment) -> dict[str, Any]:
    parts = {
        "source": experiment.source,
        "preparation": experiment.preparation,
        "network": experiment.design,
        "training": experiment.plan,
    }
    return {
        key: value
        for name, part in parts.items()
        for key, value in _flat(name, msgspec.to_builtins(part)).items()
    }


def holder_of(experiment: Experiment, name: str) -> Any:
    parts = {"source": experiment.source, "preparation": experiment.preparation,
             "network": experiment.design, "training": experiment.plan}  # fmt: skip
    table, *inner = name.split(".")
    holder: Any = parts[table]
    for each in inner[:-1]:
        holder = getattr(holder, each)
    return holder


@given(st.sets(st.sampled_from(CHANGES)), st.sets(st.sampled_from(CHANGES)))
def test_what_differs_is_what_a_plain_comparison_finds_and_matters_to_both(
    one: set[str], other: set[str]
) -> None:
    experiments = [with_choices(PLAIN, sorted(changes)) for changes in (one, other)]
    fields = [plainly(experiment) for experiment in experiments]
    expected = {
        name
        for name in named_choices()
        if name in fields[0]
        and fields[0][name] != fields[1][name]
        and all(matters(holder_of(each, name), name.rpartition(".")[2]) for each in experiments)
    }
    found = differences(*map(choice_texts, experiments))
    assert {each.name for each in found} == expected
    assert [each.name for each in found] == [name for name in named_choices() if name in expected]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            replace(PLAIN, preparation=Preparation(columns={"a.b": ColumnPreparation(scaling="robust")})),
            [("a.b: scaling", "–", "robust")],
        ),
        (
            replace(PLAIN, source=Source("x.csv", target="y", kinds={"a": "text"})),
            [("a: kinds", "–", "text")],
        ),
        (
            replace(PLAIN, source=Source("x.csv", target="y", dialect=Dialect())),
            [("dialect", "found", "stated")],
        ),
        (replace(PLAIN, source=Source("elsewhere.csv", target="y")), []),
        (replace(PLAIN, design=NetworkDesign(())), [("layers", "64 relu, 32 relu", "none")]),
        (with_choices(PLAIN, ["preparation.split.test=0.25"]), [("test rows", "20 %", "25 %")]),
        (with_choices(PLAIN, ["training.early_stopping=false"]), [("early stopping", "on", "off")]),
    ],
)
def test_how_differences_are_written(changed: Experiment, said: list[tuple[str, str, str]]) -> None:
    found = differences(choice_texts(PLAIN), choice_texts(changed))
    assert [(each.title, each.one, each.other) for each in found] == said

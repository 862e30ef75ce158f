"""An option that is entered in one place is found in the settings, the flags, the experiment file and the list."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click
import pytest
from command_line import Run as RunCommand

from ann_tui.commands.field_option import FieldOption
from ann_tui.commands.train import train
from ann_tui.data.choices.source import Source
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import read_experiment, with_choices
from ann_tui.experiments.experiment_writing import experiment_text
from ann_tui.experiments.named_choices import options_by_name
from ann_tui.tui.settings.plan_settings import DESIGN_SETTINGS, PLAN_SETTINGS
from ann_tui.tui.settings.preparation_settings import BY_FIELD

NEW, SUMMARY = "brand new", "an option that did not exist before"
MODELS = {
    "preparation.missing_number": "mean", "preparation.missing_category": "most frequent",
    "preparation.outliers": "iqr", "preparation.outlier_action": "clip", "preparation.scaling": "robust",
    "preparation.encoding": "one-hot", "preparation.number_encoding": "piecewise linear",
    "preparation.dates": "year", "preparation.text": "hashed words",
    "preparation.duplicates": "keep", "preparation.unparseable": "missing", "preparation.target_transform": "none",
    "preparation.class_weights": "none", "preparation.split.method": "random", "network.layers": "dense",
    "network.layers, activation": "tanh", "network.layers, initializer": "he normal",
    "network.cost": "squared error", "network.start": "random", "training.optimizer": "sgd",
    "training.schedule": "cosine",
    "training.monitor": "training cost", "training.average": "none",
}  # fmt: skip
"""For each field with options one of them, which the new one is like."""

WRITTEN = {
    "network.layers": f"network.layers={NEW} 8 relu",
    "network.layers, activation": f"network.layers=8 {NEW}",
    "network.layers, initializer": f"network.layers=8 relu {NEW}",
}
SETTINGS = {
    **{f"preparation.{field}": setting for field, setting in BY_FIELD.items()},
    **{f"network.{setting.field}": setting for setting in DESIGN_SETTINGS},
    **{f"training.{setting.field}": setting for setting in PLAN_SETTINGS},
}
FLAGS = {field: flag for flag in train.params if isinstance(flag, FieldOption) for field in flag.fields}


def enter(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Enter a new option for a field, until the test ends."""
    registry = cast(MutableMapping[str, Any], options_by_name()[name])
    entry = replace(registry[MODELS[name]], name=NEW, summary=SUMMARY)
    monkeypatch.setitem(registry, NEW, entry)


def test_all_fields_with_options_are_tried() -> None:
    """But for the task: there are two."""
    assert set(MODELS) == set(options_by_name()) - {"source.task"}


@pytest.mark.parametrize("name", MODELS)
def test_a_new_option_is_found_everywhere(
    name: str, monkeypatch: pytest.MonkeyPatch, run: RunCommand
) -> None:
    before = Experiment(Source("data.csv"))
    written = WRITTEN.get(name, f"{name}={NEW}")
    with pytest.raises(ValueError, match="brand"):
        with_choices(before, [written])
    enter(monkeypatch, name)

    listed = run("choices", NEW).out
    assert listed.startswith(f"{name}\n") and NEW in listed and SUMMARY in listed

    experiment = with_choices(before, [written])
    assert experiment != before
    text = experiment_text(experiment, Path())
    assert with_choices(before, [written]) == experiment and NEW in text
    if "," not in name and name != "network.layers":
        field = name.rpartition(".")[2]
        line = next(line for line in text.splitlines() if line.startswith(f"{field} = "))
        comment = experiment_text(before, Path()).split(f"\n{field} = ")[1].split("\n")[0].partition("#")[2]
        assert f'"{NEW}"' in line and NEW in comment

        setting = SETTINGS[name]
        assert setting.options is not None and setting.options[NEW].summary == SUMMARY
        assert NEW in {setting.stepped(option, 1) for option in setting.options}

    if name in FLAGS and name != "network.layers":
        flag = FLAGS[name]
        found = flag.shell_complete(click.Context(train), "bra")
        assert [(item.value, item.help) for item in found] == [(NEW, SUMMARY)]
        assert flag.type.convert(NEW, flag, None) == NEW


def test_new_options_train(
    monkeypatch: pytest.MonkeyPatch, run: RunCommand, sample_data: Path, tmp_path: Path
) -> None:
    for name in ("network.cost", "network.layers, activation", "training.optimizer", "training.schedule"):
        enter(monkeypatch, name)
    saved = tmp_path / "e.toml"
    ended = run(
        "train", sample_data / "cars.csv", "--layers", f"8 {NEW}", "--cost", NEW, "--optimizer", NEW,
        "--schedule", NEW, "--epochs", 2, "--learning-rate", 0.01, "--save-experiment", saved,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    made = read_experiment(saved)
    assert (made.design.layers[0].activation, made.design.cost) == (NEW, NEW)
    assert (made.plan.optimizer, made.plan.schedule) == (NEW, NEW)


@pytest.mark.parametrize(
    ("flag", "value", "says"),
    [
        ("--optimizer", "adamm", "'adamm' isn't known: choose from adam, adamw"),
        ("--cost", "none", "choose from auto, cross-entropy"),
        ("--batch", 0, "0: it must be a whole number of rows, 1 or more"),
        ("--test-fraction", 1, "1: it must be a share of the rows, from 0 to below 1"),
        ("--learning-rate", "nan", "it must be a number, 0 or more"),
        ("--task", "clustering", "choose from classification, regression"),
    ],
)
def test_a_flag_refuses_what_its_field_refuses(
    flag: str, value: object, says: str, run: RunCommand, sample_data: Path
) -> None:
    ended = run("train", sample_data / "cars.csv", flag, value)
    assert ended.code == 2 and says in ended.err and flag in ended.err and ended.err.count("\n") == 1


def test_help_has_the_words_of_the_fields(run: RunCommand) -> None:
    text = " ".join(run("train", "--help").out.split())
    for flag in FLAGS.values():
        assert flag.opts[0] in text
    for words in ("How many rows a step looks at.", "adam, adamw, gradient descent …", "it is guessed."):
        assert words in text

"""What a sweep may vary: the table of an experiment file, its faults, and the experiments that settings make."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from experiment.small import prepared_anew, shells, small_experiment
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.experiments.dimension import Dimension, SpaceError, dimensions_of, table_of
from ann_tui.experiments.experiment_file import (
    ExperimentError,
    experiment_from_text,
    read_experiment,
    with_values,
)
from ann_tui.experiments.experiment_writing import experiment_text, write_experiment
from ann_tui.experiments.sweeps.default_space import space_of
from ann_tui.experiments.sweeps.space import differing, read_space, with_settings
from ann_tui.experiments.sweeps.stage import train_stage
from ann_tui.experiments.sweeps.trial import Stage

FAULTS = {
    "training.bach = [16]": "did you mean training.batch",
    "training.epochs = [10, 20]": "as many epochs",
    "training.seed = [1, 2]": "another draw",
    "source.target = ['a']": "source can't vary: trials are of the same table",
    "preparation.split.method = ['time']": "preparation.split can't vary: trials are compared on the same rows",
    "training.batch = []": "nothing to try",
    "training.batch = [16, 16]": "stands there twice",
    "training.batch = [16, 0]": "1 or more",
    "training.batch = [16.5]": "whole number",
    "training.batch = [true]": "whole number",
    "training.batch = ['many']": "whole number",
    "training.optimizer = ['adan']": "choose from",
    "training.early_stopping = [1]": "true or false",
    "training.learning_rate = {low = 0.1}": "two ends",
    "training.learning_rate = {low = 0.1, high = 0.01}": "must be more",
    "training.learning_rate = {low = 0, high = 0.01, log = true}": "above 0 for a logarithm",
    "training.learning_rate = {low = 0.1, high = 0.2, step = 1}": "has no 'step'",
    "training.learning_rate = {low = 0.1, high = 0.2, log = 1}": "true or false",
    "training.optimizer = {low = 1, high = 2}": "list the values",
    "network.layers = ['64 rleu']": "rleu",
    "network.layers = [64]": "write a text",
    "network.width = [0]": "from 1",
    "network.dropout = [1.0]": "below 1",
    "network.activation = ['reul']": "choose from",
    "preparation.scaling = ['none', 'nope']": "choose from",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_of_the_space_is_told_in_one_line(line: str, tmp_path: Path) -> None:
    """By a file of its own, and in an experiment file, with the name of the file."""
    alone, within = tmp_path / "space.toml", tmp_path / "experiment.toml"
    alone.write_text(line)
    within.write_text(f'[source]\npath = "shells.csv"\n[sweep]\n{line}\n')
    with pytest.raises(SpaceError, match=r"space\.toml") as raised:
        read_space(alone)
    assert FAULTS[line] in str(raised.value) and "\n" not in str(raised.value)
    with pytest.raises(ExperimentError, match=r"experiment\.toml") as of_file:
        read_experiment(within)
    assert FAULTS[line] in str(of_file.value)


@pytest.mark.parametrize("text", ["", "[sweep]", "sweep = 3", "[sweep", "\x00"])
def test_a_file_that_is_no_space_is_refused(text: str, tmp_path: Path) -> None:
    """Also an empty one, in which nothing varies."""
    path = tmp_path / "space.toml"
    path.write_text(text)
    with pytest.raises(SpaceError, match=r"space\.toml"):
        read_space(path)
    with pytest.raises(SpaceError, match="missing"):
        read_space(tmp_path / "missing.toml")


SPACE = (
    Dimension("network.layers", ("64 relu, 32 relu", "")),
    Dimension("network.dropout", low=0.0, high=0.5),
    Dimension("training.batch", low=8.0, high=64.0, whole=True, log=True),
    Dimension("training.clip_norm", (None, 1.0)),
    Dimension("training.early_stopping", (True, False)),
    Dimension("preparation.scaling", ("standard", "robust")),
)


def test_a_space_comes_back_from_its_file(tmp_path: Path) -> None:
    """From an experiment file, from one of its own, and through an edit by name."""
    experiment = replace(small_experiment(shells(tmp_path)), space=SPACE)
    path = tmp_path / "experiment.toml"
    write_experiment(experiment, path)
    assert read_experiment(path).space == SPACE == read_space(path)
    assert with_values(experiment, {"training.epochs": 3}).space == SPACE
    assert experiment_from_text(experiment_text(experiment, tmp_path), tmp_path).space == SPACE
    assert dimensions_of(table_of(SPACE)) == SPACE
    assert "sweep" not in tomllib.loads(experiment_text(replace(experiment, space=()), tmp_path))


@given(share=st.floats(0, 1, exclude_max=True), of=st.sampled_from(SPACE))
def test_every_share_gives_a_value_of_the_dimension(share: float, of: Dimension) -> None:
    """One of the values, or a number between the ends."""
    value = of.at(share)
    if of.values:
        assert value in of.values
    else:
        assert isinstance(value, int if of.whole else float) and of.low <= value <= of.high


def test_equal_shares_of_a_span_are_equal_ratios_in_its_logarithm() -> None:
    """Or equal distances without it, up to the four digits that are kept."""
    log, even = Dimension("x", low=0.001, high=10.0, log=True), Dimension("x", low=1.0, high=5.0)
    assert [log.at(share) for share in (0.0, 0.25, 0.5, 0.75)] == pytest.approx([0.001, 0.01, 0.1, 1.0])
    assert even.at(0.5) == 3.0 and math.isclose(float(str(even.at(0.25))), 2.0)


def test_settings_make_an_experiment(tmp_path: Path) -> None:
    """Layers by their number and width, dropout behind each, input scales at the front stay."""
    base = small_experiment(shells(tmp_path))
    base = replace(base, design=base.design.from_text("input scale, 8 tanh, dropout 0.4, 4 relu"))

    def layers(**settings: object) -> str:
        named = {f"network.{name}": value for name, value in settings.items()}
        return with_settings(base, named).design.text  # type: ignore[arg-type]

    assert layers() == "input scale, 8 tanh, dropout 0.4, 4 relu"
    assert layers(depth=3, width=5) == "input scale, 5 tanh, 5 tanh, 5 tanh"
    assert layers(depth=1, dropout=0.2) == "input scale, 8 tanh, dropout 0.2"
    assert layers(dropout=0.0) == "input scale, 8 tanh, 4 relu"
    assert layers(dropout=0.1, activation="silu") == "input scale, 8 silu, dropout 0.1, 4 silu, dropout 0.1"
    assert layers(layers="3 relu", width=7) == "7 relu"
    found = with_settings(base, {"training.batch": 4, "preparation.scaling": "robust", "network.members": 2})
    assert (found.plan.batch, found.preparation.scaling, found.design.members) == (4, "robust", 2)
    assert replace(found, plan=base.plan, preparation=base.preparation, design=base.design) == base
    settings = {"training.batch": base.plan.batch, "preparation.scaling": "robust"}
    assert differing(base, settings) == {"preparation.scaling": "robust"}


def test_the_default_space_is_of_use_for_the_table(tmp_path: Path) -> None:
    """It varies what the table has, and each of its values can be trained with."""
    base = small_experiment(shells(tmp_path, rows=200), epochs=1)
    prepared = prepared_anew(base)
    space = space_of(base, prepared)
    names = {each.name for each in space}
    assert {"network.width", "training.learning_rate", "preparation.scaling", "preparation.encoding"} <= names
    only_numbers = replace(base, source=replace(base.source, excluded=("colour", "note")))
    assert "preparation.encoding" not in {
        each.name for each in space_of(only_numbers, prepared_anew(only_numbers))
    }
    searching = replace(base, plan=replace(base.plan, optimizer="l-bfgs"))
    assert "training.learning_rate" not in {each.name for each in space_of(searching, prepared)}
    from ann_tui.experiments.derived import load

    data = load(base.source)
    for dimension in space:
        for value in dimension.values or (dimension.low, dimension.high):
            stage = Stage(1, with_settings(base, {dimension.name: value}), 1)
            reached = train_stage(data, stage, lambda: False)
            assert reached is not None and not reached.problem
    assert space_of(replace(base, space=SPACE), prepared) == SPACE

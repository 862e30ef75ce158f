"""Presets: what they choose for a table, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from experiment.small import small_experiment
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, Split
from ann_tui.data.choices.source import Source
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.experiment_writing import write_experiment
from ann_tui.experiments.presets import PRESETS, preset_of, with_preset
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

ROWS = st.integers(0, 10_000_000)
NAMES = st.sampled_from(sorted(PRESETS))
OWN = Experiment(
    Source("own.csv", target="y", excluded=("id",)),
    Preparation(
        missing_number="mean",
        scaling="robust",
        number_encoding="piecewise linear",
        columns={"x": ColumnPreparation(scaling="none")},
        split=Split(test=0.3, seed=5),
    ),
    replace(NetworkDesign.from_text("3 tanh", "focal"), focal_gamma=1.0, members=3),
    TrainingPlan(optimizer="sgd", epochs=7, seed=9),
)


@given(name=NAMES, rows=ROWS)
def test_a_preset_leaves_data_cost_and_seeds_alone(name: str, rows: int) -> None:
    found = with_preset(OWN, name, rows)
    assert found.source == OWN.source
    own = replace(found.preparation, number_encoding="piecewise linear", rare=OWN.preparation.rare)
    assert own == OWN.preparation
    assert replace(found.design, layers=OWN.design.layers, start="random", members=3) == OWN.design
    assert found.plan.seed == 9


@given(first=NAMES, second=NAMES, rows=ROWS)
def test_nothing_of_an_earlier_preset_remains(first: str, second: str, rows: int) -> None:
    assert with_preset(with_preset(OWN, first, rows), second, rows) == with_preset(OWN, second, rows)


@given(name=NAMES, rows=ROWS)
def test_an_experiment_knows_its_preset(name: str, rows: int) -> None:
    found = with_preset(OWN, name, rows)
    assert preset_of(found, rows) == name
    assert preset_of(replace(found, plan=replace(found.plan, learning_rate=0.5)), rows) is None


@pytest.mark.parametrize(
    ("rows", "batch", "epochs"),
    [
        (0, 32, 200),
        (5_000, 32, 200),
        (5_001, 128, 100),
        (50_000, 128, 100),
        (50_001, 256, 99),
        (100_000, 256, 50),
        (500_000, 256, 10),
        (2_000_000, 256, 10),
    ],
)
def test_plain_is_the_defaults_of_the_choices_with_batches_for_the_rows(
    rows: int, batch: int, epochs: int
) -> None:
    plain = Experiment(Source("a.csv"), plan=TrainingPlan(batch=batch, epochs=epochs))
    assert with_preset(Experiment(Source("a.csv")), "plain", rows) == plain


@given(rows=ROWS)
def test_strong_is_good_several_times(rows: int) -> None:
    good, strong = (with_preset(OWN, name, rows) for name in ("good", "strong"))
    assert strong.design.members > good.design.members
    assert replace(strong, design=good.design) == good


def test_a_long_table_is_not_looked_at_more_often_than_a_short_one() -> None:
    epochs = [with_preset(OWN, "good", int(10 ** (power / 4))).plan.epochs for power in range(4, 29)]
    assert epochs == sorted(epochs, reverse=True) and epochs[-1] >= 4


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_goes_through_an_experiment_file(name: str, tmp_path: Path) -> None:
    experiment = with_preset(small_experiment(tmp_path / "a.csv"), name, 300)
    write_experiment(experiment, tmp_path / "a.toml")
    assert read_experiment(tmp_path / "a.toml") == experiment

"""What follows from an edited experiment is worked out anew where the edit matters, and only there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ann_tui.data.preparation import Preparation
from ann_tui.data.source import Source
from ann_tui.experiment import Experiment, Run
from ann_tui.network.design import NetworkDesign
from ann_tui.workbench import Derived, Step, Workbench, derive


def counts_file(folder: Path, first: str = "4") -> Path:
    """100 rows with a count, the first of which is `first`."""
    rng = np.random.default_rng(0)
    cells = [first, *map(str, rng.poisson(5, 99))]
    path = folder / "visits.csv"
    path.write_text("x,visits\n" + "".join(f"{rng.normal():.3f},{cell}\n" for cell in cells))
    return path


def with_cost(experiment: Experiment, cost: str) -> Experiment:
    """The experiment with another cost."""
    return replace(experiment, design=replace(experiment.design, cost=cost))


def derived_of(path: Path) -> Derived:
    """What follows from the defaults, for the number of visits."""
    return derive(Experiment(Source(str(path), target="visits", task="regression")))


def test_the_target_follows_the_cost(tmp_path: Path) -> None:
    """To counts and back; another cost or other layers change no prepared number."""
    first = derived_of(counts_file(tmp_path))
    assert first.prepared is not None and first.prepared.training.y.min() < 0
    huber = derive(with_cost(first.experiment, "huber"), first)
    assert huber.prepared is first.prepared and huber.experiment.design.cost == "huber"
    poisson = derive(with_cost(first.experiment, "poisson"), huber)
    assert poisson.prepared is not None and poisson.data is first.data
    np.testing.assert_array_equal(poisson.prepared.training.y, poisson.prepared.training.original)
    layers = NetworkDesign.from_text("4 tanh", "poisson")
    again = derive(replace(poisson.experiment, design=layers), poisson)
    assert again.prepared is poisson.prepared
    back = derive(first.experiment, again)
    assert back.prepared is not None and back.prepared.fitted == first.prepared.fitted


def test_a_run_of_counts_begins_near_their_mean(tmp_path: Path) -> None:
    first = derived_of(counts_file(tmp_path))
    poisson = derive(with_cost(first.experiment, "poisson"), first)
    assert first.prepared is not None and poisson.prepared is not None
    bias = Run(poisson.experiment, poisson.prepared).network.parameters["output.bias"]
    assert np.exp(bias[0]) == pytest.approx(poisson.prepared.training.y.mean(), rel=1e-5)
    assert Run(first.experiment, first.prepared).network.parameters["output.bias"][0] == 0


@pytest.mark.parametrize(
    ("first", "preparation", "problem"),
    [
        ("-2", Preparation(), "the target 'visits' is -2 in line 2, and the cost 'poisson' takes nothing below 0"),
        ("2", Preparation(target_transform="log"), "the target transform is 'log': choose 'none', or another cost"),
    ],
)  # fmt: skip
def test_what_does_not_suit_the_cost_can_be_mended(
    tmp_path: Path, first: str, preparation: Preparation, problem: str
) -> None:
    """The cost is chosen on the Layers screen, which therefore stays open."""
    plain = derived_of(counts_file(tmp_path, first))
    experiment = replace(with_cost(plain.experiment, "poisson"), preparation=preparation)
    derived = derive(experiment, plain)
    assert derived.prepared is None and derived.problem is not None and problem in derived.problem
    workbench = Workbench()
    workbench.open(experiment, derived)
    assert workbench.blocked(Step.LAYERS) is None and workbench.blocked(Step.PREPARE) is None
    assert workbench.blocked(Step.TRAIN) == derived.problem
    mended = derive(with_cost(experiment, "auto"), derived)
    assert mended.prepared is not None and mended.problem is None

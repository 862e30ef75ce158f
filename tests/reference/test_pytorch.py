"""The same weights and batches give what PyTorch gives.

PyTorch's figures are the kept ones of `golden_file.py` and, where torch is installed, also those that it gives now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from reference.comparisons import (
    ACTIVATION_TWINS,
    COMPARISONS,
    COST_TWINS,
    OPTIMIZER_TWINS,
    SCHEDULE_TWINS,
    Comparison,
    Figures,
    Tolerance,
)

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.schedules import SCHEDULES

AMONG_VERSIONS = Tolerance(1e-4, 1e-5)
"""How far PyTorch's figures may lie apart between its versions, and between processors."""


def assert_same(ours: Figures, theirs: Figures, tolerances: Mapping[str, Tolerance]) -> None:
    """All figures are there, in the same shapes, and near enough."""
    assert set(ours) == set(theirs) == set(tolerances)
    for name, (relative, absolute) in tolerances.items():
        assert ours[name].shape == theirs[name].shape
        np.testing.assert_allclose(ours[name], theirs[name], relative, absolute, err_msg=name)


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.name)
def test_we_give_what_pytorch_gives(comparison: Comparison, kept: dict[str, Figures], torch: Any) -> None:
    """50 batches with each optimizer and schedule, and values and gradients of all that has no memory."""
    ours = comparison.ours()
    assert_same(ours, kept[comparison.name], comparison.tolerances)
    if torch is not None:
        theirs = comparison.theirs(torch)
        assert_same(ours, theirs, comparison.tolerances)
        assert_same(kept[comparison.name], theirs, dict.fromkeys(theirs, AMONG_VERSIONS))


def test_the_kept_figures_are_those_of_the_comparisons(kept: dict[str, Figures]) -> None:
    """None is left over, and no two comparisons share a name."""
    assert sorted(kept) == sorted(comparison.name for comparison in COMPARISONS)


def test_the_plateaus_are_some(kept: dict[str, Figures]) -> None:
    """The comparison would show little if the learning rate hardly fell."""
    assert len(set(kept["plateau"]["rates"].tolist())) > 3


def test_what_has_no_twin_has_a_reason() -> None:
    """PyTorch knows no step; Lion and these schedules have a comparison apart; whole-data optimizers one elsewhere.

    So have Muon, which PyTorch rounds to bfloat16 within the step, and schedule-free AdamW, which it lacks.
    """
    assert set(OPTIMIZERS) - set(OPTIMIZER_TWINS) == {
        "gradient descent",
        "lion",
        "l-bfgs",
        "muon",
        "schedule-free",
    }
    assert set(SCHEDULES) - set(SCHEDULE_TWINS) == {"cosine restarts", "plateau"}
    assert set(ACTIVATIONS) - set(ACTIVATION_TWINS) == {"step"}
    assert {(twin.cost, twin.kind) for twin in COST_TWINS} == {
        (name, kind) for name, entry in COSTS.items() for kind in entry.kinds
    }

"""Whether a training still learns, read from made histories."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.experiments.learning import learning
from ann_tui.training.history import EpochRow


def history(validation: Sequence[float | None], training: Sequence[float] | None = None) -> list[EpochRow]:
    """Epochs with these costs; the training cost halves with each where it is not said."""
    costs = training or [0.5**epoch for epoch in range(len(validation))]
    return [
        EpochRow(epoch + 1, costs[epoch], cost, 0.5, 0.5, 0.01, 0.1, 0.0)
        for epoch, cost in enumerate(validation)
    ]


FALLING = [0.9**epoch for epoch in range(30)]
FLAT = [*FALLING, *[FALLING[-1] * 1.01] * 12]
RISING = [*FALLING, *[FALLING[-1] * (1.02**step) for step in range(1, 21)]]


@pytest.mark.parametrize(
    ("costs", "course", "text"),
    [
        ([], "none", "no epoch is finished yet"),
        ([0.7], "begun", "validation cost 0.700 after 1 epoch; the next ones tell"),
        ([0.8, 0.4], "falling", "validation cost still falls: −50 % in the last epoch"),
        (FALLING, "falling", "validation cost still falls: −65 % in the last 10 epochs"),
        ([1.0, 0.999], "hardly falling", "validation cost hardly falls: −0.1 % in the last epoch"),
        ([1.0, 0.9999], "hardly falling", "validation cost no longer falls"),
        (FLAT, "flat", "validation cost no better for 12 epochs"),
        (RISING, "rising", "validation cost rises since epoch 30: it learns the training rows by heart"),
        ([*FALLING, math.inf], "no number", "the validation cost grew without bound"),
        ([*FALLING, math.nan], "no number", "the validation cost grew without bound"),
        ([-1.0, -1.5, -1.7], "falling", "validation cost still falls"),
        ([0.5] * 12, "flat", "validation cost no better for 11 epochs"),
    ],
)
def test_what_is_said(costs: list[float], course: str, text: str) -> None:
    found = learning(history(costs))
    assert (found.course, found.text) == (course, text)
    assert found.is_trouble == (course in ("rising", "no number"))


def test_without_validation_rows_the_training_cost_is_told() -> None:
    found = learning(history([None] * 20, [0.9**epoch for epoch in range(20)]))
    assert found.text == "training cost still falls: −65 % in the last 10 epochs"
    rises = learning(history([None] * 30, [*FALLING[:20], *[1.0] * 10]))
    assert rises.text == "training cost rises since epoch 20: a lower rate may help"


def test_where_both_costs_rise_nothing_is_learned_by_heart() -> None:
    found = learning(history(RISING, RISING))
    assert found.text.endswith("and the training cost with it: a lower rate may help")


def test_more_epochs_help_what_still_falls_at_its_end() -> None:
    assert learning(history(FALLING), ended=True).text.endswith("; more epochs may help")
    assert "more epochs" not in learning(history(FLAT), ended=True).text


def test_moves_that_are_small_beside_the_whole_fall_are_noise() -> None:
    perfect = [1.0, 0.1, 0.003, *[0.005] * 20]
    assert learning(history(perfect)).course == "flat"


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=40), st.floats(1e-3, 1e3))
def test_the_unit_of_the_cost_does_not_matter(costs: list[float], unit: float) -> None:
    scaled = [cost * unit for cost in costs]
    if scaled.index(min(scaled)) == costs.index(min(costs)):
        assert learning(history(scaled)).course == learning(history(costs)).course

"""The chance of an epoch follows from the seed, the epoch and the attempt alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.training.plan import TrainingPlan
from ann_tui.training.position import Position


def orders(seed: int, epochs: int) -> list[list[int]]:
    """The orders of a training's first epochs, between which other chance is drawn as well."""
    position, found = Position(TrainingPlan(seed=seed), 50, 4), []
    for epoch in range(epochs):
        position.begin_epoch()
        found.append(position.order.tolist())
        position.generators[0].random(7 * epoch)
        position.end_epoch()
        position.epoch += 1
    return found


@given(st.integers(0, 2**32 - 1), st.integers(0, 20))
def test_an_epoch_is_drawn_without_those_before_it(seed: int, epoch: int) -> None:
    there = Position(TrainingPlan(seed=seed), 50, 4)
    there.epoch = epoch
    there.begin_epoch()
    assert there.order.tolist() == orders(seed, epoch + 1)[epoch]


def test_epochs_attempts_seeds_and_threads_differ() -> None:
    found = {tuple(order) for seed in (0, 1) for order in orders(seed, 200)}
    assert len(found) == 400
    position, tried, drawn = Position(TrainingPlan(), 50, 4), set(), set()
    for position.attempt in range(3):
        position.begin_epoch()
        tried.add(tuple(position.order))
        drawn |= {float(generator.random()) for generator in position.generators}
    assert len(tried) == 3 and len(drawn) == 6


def test_every_order_holds_every_row_once() -> None:
    assert all(sorted(order) == list(range(50)) for order in orders(3, 10))
    places = np.array(orders(9, 400))
    assert np.all(np.abs(places.mean(axis=0) - 24.5) < 4), "no row has a place of its own"

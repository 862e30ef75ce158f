"""Which trial wins: against plain loops over the rows, and never by chance or a trifle alone."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experiment.small import small_experiment

from ann_tui.experiments.sweeps.chosen_trial import best_of, is_better
from ann_tui.experiments.sweeps.costs_by_row import MOST_ROWS, costs_by_row, shares_of_a_guess
from ann_tui.experiments.sweeps.trial import Reached, Trial


def _trial(number: int, rows: list[float], cost: float | None = None) -> Trial:
    costs = np.array(rows, np.float32)
    reached = Reached(
        number,
        4,
        cost=float(costs.mean()) if cost is None else cost,
        rows=len(rows),
        row_costs=costs.tobytes(),
    )
    return Trial(number, {}, small_experiment(Path("shells.csv")), (reached,), "finished")


def test_costs_by_row_are_shares_of_what_a_guess_costs() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, 50)
    labels = np.array(["ant", "bee", "cat"])[codes]
    answers = rng.dirichlet((1, 1, 1), 50)
    shares = [sum(1 for code in codes if code == each) / 50 for each in range(3)]
    guess = -sum(share * math.log(share) for share in shares)
    told = [-math.log(answers[row, code]) / guess for row, code in enumerate(codes)]
    assert shares_of_a_guess(costs_by_row(codes, answers), labels) == pytest.approx(told, rel=1e-5)
    guessed = costs_by_row(codes, np.tile(shares, (50, 1)))
    assert shares_of_a_guess(guessed, labels).mean() == pytest.approx(1.0, rel=1e-6)
    actual = rng.normal(5, 3, 40)
    guessed = costs_by_row(actual, np.full(40, actual.mean()))
    assert shares_of_a_guess(guessed, actual).mean() == pytest.approx(1.0, rel=1e-6)
    many = rng.normal(size=9 * MOST_ROWS)
    assert len(shares_of_a_guess(costs_by_row(many, np.zeros(len(many))), many)) == MOST_ROWS


def test_a_gain_counts_beyond_its_standard_error_and_a_hundredth() -> None:
    rng = np.random.default_rng(1)
    for size in (5, 40, 400):
        for gain in (0.0, 0.005, 0.02, 0.2):
            start = rng.uniform(0.5, 1.5, size)
            own = start - gain + rng.normal(0, 0.1, size)
            gains = [float(a) - float(b) for a, b in zip(np.float32(start), np.float32(own), strict=True)]
            mean = sum(gains) / size
            error = math.sqrt(sum((each - mean) ** 2 for each in gains) / (size - 1) / size)
            for tried in (1, 40):
                wins = is_better(_trial(3, list(own)), _trial(0, list(start)), tried)
                wanted = error * {1: 1.6449, 40: 3.0233}[tried]
                assert wins == (mean > wanted and mean > 0.01)


def test_the_lowest_cost_wins_unless_the_choices_as_they_are_do_as_well() -> None:
    start, better, trifle = (
        _trial(0, [0.5, 0.6] * 9),
        _trial(1, [0.3, 0.4] * 9),
        _trial(2, [0.499, 0.599] * 9),
    )
    assert best_of([start, better, trifle]) is better
    assert best_of([start, trifle]) is start
    assert best_of([start, replace(better, fate="stopped early")]) is start
    assert best_of([better, trifle]) is better
    assert best_of([replace(start, fate="failed")]) is None and best_of([]) is None


def test_the_luckiest_of_many_that_gain_nothing_seldom_wins() -> None:
    rng = np.random.default_rng(2)
    start = rng.uniform(0.5, 1.5, 80)
    wins = 0
    for _ in range(400):
        noise = rng.normal(0, 0.3, (20, 80))
        luckiest = noise[noise.mean(axis=1).argmin()]
        wins += is_better(_trial(1, list(start + luckiest)), _trial(0, list(start)), 20)
    assert wins <= 400 * 0.09  # One in twenty, and three of its standard errors.

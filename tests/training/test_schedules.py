"""Learning-rate schedules."""

import math

import numpy as np
import pytest

from ann_tui.training.schedules import CYCLES, SCHEDULES, with_warm_up

PROGRESS = np.linspace(0, 1, 401)[:-1]
FALLING = ["constant", "step", "exponential", "linear", "cosine", "plateau"]


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_factor_lies_between_0_and_1_and_is_explained(name: str) -> None:
    """The learning rate is the largest that is used; and a learner finds a line about it."""
    factors = [SCHEDULES[name].factor(progress) for progress in PROGRESS]
    assert 0 <= min(factors) <= max(factors) <= 1
    assert SCHEDULES[name].name == name
    assert len(SCHEDULES[name].summary) > 20


@pytest.mark.parametrize("name", FALLING)
def test_these_never_rise(name: str) -> None:
    """From 1 downwards."""
    factors = [SCHEDULES[name].factor(progress) for progress in PROGRESS]
    assert factors[0] == 1
    assert (np.diff(factors) <= 0).all()


@pytest.mark.parametrize(
    ("name", "progress", "factor"),
    [
        ("step", 0.34, 0.1),
        ("step", 0.67, 0.01),
        ("exponential", 0.5, 0.1),
        ("linear", 0.25, 0.75),
        ("cosine", 0.5, 0.5),
        ("cosine", 1 / 3, 0.75),
        ("cosine restarts", 0.25, 1.0),
        ("cosine restarts", 0.375, 0.5),
        ("one cycle", 0.0, 0.04),
        ("one cycle", 0.3, 1.0),
        ("one cycle", 0.15, 0.52),
        ("coslog4", 0.0, 0.0),
        ("coslog4", (math.sqrt(2) - 1) / 15, 1.0),
        ("coslog4", 1 / 15, 0.0),
        ("coslog4", 3 / 15, 0.0),
    ],
)
def test_known_places(name: str, progress: float, factor: float) -> None:
    """Worked out by hand."""
    assert SCHEDULES[name].factor(progress) == pytest.approx(factor, abs=1e-9)


@pytest.mark.parametrize("name", ["cosine restarts", "coslog4"])
def test_these_have_so_many_waves(name: str) -> None:
    """Counted by their peaks."""
    factors = np.array([SCHEDULES[name].factor(progress) for progress in np.linspace(0, 1, 4001)[:-1]])
    padded = np.r_[0, factors, 0]
    peaks = (padded[1:-1] > padded[:-2]) & (padded[1:-1] >= padded[2:])
    assert peaks.sum() == CYCLES


@pytest.mark.parametrize("name", SCHEDULES)
def test_warm_up_rises_first_and_then_runs_the_whole_schedule(name: str) -> None:
    """In front of any."""
    factor = SCHEDULES[name].factor
    warmed = with_warm_up(factor, 0.2)
    assert warmed(0.0) == 0.0
    assert warmed(0.05) == pytest.approx(0.25)
    assert warmed(0.2) == factor(0.0)
    assert warmed(0.52) == pytest.approx(factor(0.4))
    assert with_warm_up(factor, 0.0) is factor

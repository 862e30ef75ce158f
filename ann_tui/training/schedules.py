"""Learning-rate schedules: each a function of the progress.

`progress` runs from 0 at the first batch towards 1 after the last; the result multiplies the learning rate. To add
one, write such a function here under `@schedule`: the app, the command line and the docs list it by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Factor = Callable[[float], float]

CYCLES = 4
"""How many waves `cosine restarts` and `coslog4` have."""

RISE, START, END = 0.3, 1 / 25, 1 / 250_000
"""One-cycle: the share of the training that rises, and its first and last factor."""


@dataclass(frozen=True)
class Schedule:
    """One entry of `SCHEDULES`; `asks` names the fields of `TrainingPlan` that it alone uses."""

    name: str
    summary: str
    factor: Factor
    asks: tuple[str, ...] = ()


SCHEDULES: dict[str, Schedule] = {}


def schedule(name: str, summary: str, asks: tuple[str, ...] = ()) -> Callable[[Factor], Factor]:
    """Enter the decorated function into `SCHEDULES`."""

    def enter(factor: Factor) -> Factor:
        SCHEDULES[name] = Schedule(name, summary, factor, asks)
        return factor

    return enter


def with_warm_up(factor: Factor, share: float) -> Factor:
    """The schedule after a straight rise from 0 over the first `share` of the training."""
    if not share:
        return factor

    def warmed(progress: float) -> float:
        return progress / share if progress < share else factor((progress - share) / (1 - share))

    return warmed


@schedule("constant", "the same learning rate from the first batch to the last")
def constant(progress: float) -> float:
    """1."""
    return 1.0


@schedule("step", "a tenth after each third of the training")
def step(progress: float) -> float:
    """1, then 0.1, then 0.01."""
    return math.pow(0.1, math.floor(3 * progress))


@schedule("exponential", "falls by the same share in every batch, to 1 % at the end")
def exponential(progress: float) -> float:
    """0.01 to the power of the progress."""
    return math.pow(0.01, progress)


@schedule("linear", "falls along a straight line to 0")
def linear(progress: float) -> float:
    """1 - progress."""
    return 1.0 - progress


@schedule(
    "cosine",
    "falls along half a cosine wave to 0: large steps first, fine ones last (Loshchilov & Hutter 2016)",
)
def cosine(progress: float) -> float:
    """(1 + cos(π·progress)) / 2."""
    return 0.5 + 0.5 * math.cos(math.pi * progress)


@schedule(
    "cosine restarts",
    "four cosine waves, each from the full learning rate down to 0 (Loshchilov & Hutter 2016)",
)
def cosine_restarts(progress: float) -> float:
    """The cosine of the progress within each quarter."""
    return cosine(CYCLES * progress % 1.0)


@schedule(
    "one cycle", "rises over the first 30 % of the training, then falls to almost 0 (Smith & Topin 2017)"
)
def one_cycle(progress: float) -> float:
    """Half a cosine wave from 1/25 up to 1, then another down to 1/250,000."""
    if progress < RISE:
        return 1.0 + (START - 1.0) * cosine(progress / RISE)
    return END + (1.0 - END) * cosine((progress - RISE) / (1.0 - RISE))


@schedule(
    "coslog4", "four waves, each longer than the one before, from 0 up and back (Holzmüller et al. 2024)"
)
def coslog4(progress: float) -> float:
    """(1 - cos(2π·log₂(1 + 15·progress))) / 2."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * math.log2(1 + (2**CYCLES - 1) * progress))


@schedule(
    "plateau",
    "halves the learning rate whenever the epochs bring nothing better for a while",
    asks=("plateau_patience",),
)
def plateau(progress: float) -> float:
    """1; the trainer halves the learning rate itself, after `plateau_patience` epochs without a better one."""
    return 1.0

"""The settings of the cost and of the training plan, and which of them matter for what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.outputs import Outputs
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import AVERAGES, MONITORS, TrainingPlan
from ann_tui.training.schedules import SCHEDULES
from ann_tui.tui.settings.setting import (
    Setting,
    flip,
    read_number,
    read_whole,
    step_along,
    step_by,
    write_number,
    write_switch,
    yes_or_no,
)


class _Plain:
    """An option that needs no word of explanation."""

    def __init__(self, summary: str) -> None:
        self.summary = summary


def _number(
    field: str, label: str, explanation: str, least: float, most: float, values: tuple[float, ...]
) -> Setting:
    """A number from `least` to `most`, which the arrow keys take along `values`; one below 1 never reaches `most`."""
    read = read_number(least, most, open_end=most == 1)
    return Setting(field, label, explanation, read=read, write=write_number, step=step_along(values))


def _bound(field: str, label: str, explanation: str) -> Setting:
    """A bound above 0, or none."""
    read = read_number(1e-12, 1e12)
    steps = step_along(BOUNDS)

    def read_bound(text: str) -> float | None:
        return None if text.strip().casefold() in ("", "none") else read(text)

    def step(value: float | None, direction: int) -> float | None:
        if value is None:
            return BOUNDS[-1] if direction < 0 else None
        return None if direction > 0 and value >= BOUNDS[-1] else float(steps(value, direction))

    return Setting(field, label, explanation, read=read_bound, write=write_number, step=step)


RATES = tuple(float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 3, 5))
BATCHES = tuple(2**power for power in range(0, 14))
SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
DECAYS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999)
BOUNDS = (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0)
PENALTIES = (0.0, *(float(f"{digit}e{power}") for power in range(-6, 0) for digit in (1, 3)))

DESIGN_SETTINGS = (
    Setting(
        "cost",
        "cost",
        "What the network makes as small as it can",
        {
            "auto": _Plain("follows from the target: cross-entropy for classes, squared error for numbers"),
            **COSTS,
        },
    ),
    _number(
        "label_smoothing",
        "label smoothing",
        "Asks for a little less than certainty, so that wrong labels mislead less",
        0,
        1,
        SHARES,
    ),
    _number(
        "focal_gamma",
        "focal gamma",
        "The larger, the less counts what is already told well",
        0,
        10,
        (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0),
    ),
    _number(
        "huber_delta",
        "huber delta",
        "From how many standard deviations of the target on an error counts as large",
        1e-6,
        1e6,
        (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    ),
    _number(
        "quantile",
        "quantile",
        "The share of the truths that shall lie below the prediction",
        1e-6,
        1,
        (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99),
    ),
)
PLAN_SETTINGS = (
    Setting("optimizer", "optimizer", "How a gradient becomes a step of the weights", OPTIMIZERS),
    Setting(
        "learning_rate",
        "learning rate",
        "How long a step is: too long and the cost jumps, too short and it takes forever",
        read=read_number(0, 1e9),
        write=write_number,
        step=step_along(RATES),
    ),
    Setting(
        "schedule", "schedule", "How the learning rate changes from the first epoch to the last", SCHEDULES
    ),
    Setting(
        "batch",
        "batch",
        "How many rows a step looks at",
        read=read_whole(1, 10_000_000),
        step=step_along(BATCHES),
    ),
    Setting(
        "epochs",
        "epochs",
        "How often every training row is looked at, at most",
        read=read_whole(1, 1_000_000),
        step=step_along((1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 1000, 2000, 5000)),
    ),
    Setting(
        "early_stopping",
        "early stopping",
        "Stop when the validation rows no longer get better",
        read=yes_or_no,
        write=write_switch,
        step=flip,
    ),
    Setting(
        "patience",
        "patience",
        "How many epochs without a better one early stopping waits",
        read=read_whole(1, 100_000),
        step=step_along((1, 2, 5, 10, 15, 20, 30, 50, 75, 100, 200, 500)),
    ),
    Setting(
        "monitor",
        "judged by",
        "What makes an epoch the best one, whose weights are kept",
        {name: _Plain(summary) for name, summary in MONITORS.items()},
    ),
    Setting(
        "l2",
        "L2",
        "A penalty on large weights: holds the network back from learning rows by heart",
        read=read_number(0, 1e3),
        write=write_number,
        step=step_along(PENALTIES),
    ),
    Setting(
        "l1",
        "L1",
        "A penalty that pushes weights to exactly zero",
        read=read_number(0, 1e3),
        write=write_number,
        step=step_along(PENALTIES),
    ),
    Setting(
        "seed",
        "seed",
        "Another one draws other weights and shuffles anew; the same one gives the same run",
        read=read_whole(0, 2**31 - 1),
        step=step_by(1, 0, 2**31 - 1),
    ),
    _number(
        "weight_decay",
        "weight decay",
        "Shrinks the weights in every step; 0: as much as the optimizer does by itself",
        0,
        1e3,
        PENALTIES,
    ),
    _number(
        "momentum", "momentum", "The share of its speed that a step hands on to the next one", 0, 1, DECAYS
    ),
    _number("beta_1", "beta 1", "The share of the past in the mean gradient", 0, 1, DECAYS),
    _number("beta_2", "beta 2", "The share of the past in the mean squared gradient", 0, 1, DECAYS),
    _number("rho", "rho", "The share of the past in the mean squared gradient", 0, 1, DECAYS),
    _number(
        "epsilon",
        "epsilon",
        "Added where is divided, so that it is never by 0",
        1e-30,
        1e3,
        tuple(float(f"1e{power}") for power in range(-12, -1)),
    ),
    _number(
        "warm_up",
        "warm-up",
        "The share of the training in which the learning rate rises from 0",
        0,
        1,
        SHARES,
    ),
    Setting(
        "plateau_patience",
        "plateau patience",
        "After how many epochs without a better one the learning rate is halved",
        read=read_whole(1, 100_000),
        step=step_along((1, 2, 3, 5, 10, 20, 50)),
    ),
    _number(
        "smallest_change",
        "smallest change",
        "An epoch that is better by no more than this counts as no better",
        0,
        1e9,
        (0.0, 1e-5, 1e-4, 1e-3, 1e-2),
    ),
    _bound(
        "clip_norm",
        "clip gradient",
        "The longest that a gradient may be, against steps that jump too far; none: any length",
    ),
    _bound("clip_value", "clip each slope", "The largest that one number of the gradient may be"),
    _bound("max_norm", "max-norm", "The longest that the weights of one unit may become"),
    Setting(
        "average",
        "average weights",
        "What is measured and kept: the newest weights, or a mean of them",
        {name: _Plain(summary) for name, summary in AVERAGES.items()},
    ),
    _number("ema_decay", "ema decay", "The share of the old mean that each batch keeps", 0, 1, DECAYS),
)


def settings_that_matter(
    design: NetworkDesign, plan: TrainingPlan, outputs: Outputs | None
) -> Iterator[tuple[str, Any, Setting]]:
    """The settings that change something, as `("design" or "plan", its holder, the setting)`, for these outputs.

    What belongs to a cost, an optimizer or a schedule that isn't chosen is left out.
    """
    matters = {"design": _matters_to_design(design, outputs), "plan": _matters_to_plan(plan)}
    for name, holder, settings in (("design", design, DESIGN_SETTINGS), ("plan", plan, PLAN_SETTINGS)):
        for setting in settings:
            if matters[name](setting.field):
                yield name, holder, setting


def _matters_to_design(design: NetworkDesign, outputs: Outputs | None) -> Callable[[str], bool]:
    try:
        asked = COSTS[design.cost_for(outputs)].asks if outputs is not None else ()
    except ValueError:
        asked = ()
    of_costs = {field for entry in COSTS.values() for field in entry.asks}
    return lambda field: field not in of_costs or field in asked


def _matters_to_plan(plan: TrainingPlan) -> Callable[[str], bool]:
    optimizer, schedule = OPTIMIZERS[plan.optimizer], SCHEDULES[plan.schedule]
    idle = {field for entry in OPTIMIZERS.values() for field in entry.asks} - {*optimizer.asks}
    idle |= {field for entry in SCHEDULES.values() for field in entry.asks} - {*schedule.asks}
    if optimizer.searches:
        idle |= {"learning_rate", "schedule", "warm_up", "plateau_patience", "weight_decay"}
    if optimizer.whole:
        idle.add("batch")
    if not plan.early_stopping:
        idle.add("patience")
    if plan.average != "ema":
        idle.add("ema_decay")
    return lambda field: field not in idle

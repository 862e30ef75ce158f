"""The settings of the cost and of the training plan, in the order in which the screen lists them."""

from __future__ import annotations

from ann_tui.network.costs import COSTS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import MONITORS
from ann_tui.training.schedules import SCHEDULES
from ann_tui.tui.settings import (
    Setting,
    flip,
    read_number,
    read_whole,
    step_along,
    step_by,
    write_switch,
    yes_or_no,
)


class _Plain:
    """An option that needs no word of explanation."""

    def __init__(self, summary: str) -> None:
        self.summary = summary


def _write_number(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


RATES = tuple(digit * 10.0**power for power in range(-5, 1) for digit in (1, 2, 3, 5))
BATCHES = tuple(2**power for power in range(0, 14))
PENALTIES = (0.0, *(digit * 10.0**power for power in range(-6, 0) for digit in (1, 3)))

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
)
PLAN_SETTINGS = (
    Setting("optimizer", "optimizer", "How a gradient becomes a step of the weights", OPTIMIZERS),
    Setting(
        "learning_rate",
        "learning rate",
        "How long a step is; too long a step makes the cost jump, too short a one takes forever",
        read=read_number(0, 1e9),
        write=_write_number,
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
        {name: _Plain("what makes an epoch the best one, whose weights are kept") for name in MONITORS},
    ),
    Setting(
        "l2",
        "L2",
        "A penalty on large weights: holds the network back from learning rows by heart",
        read=read_number(0, 1e3),
        write=_write_number,
        step=step_along(PENALTIES),
    ),
    Setting(
        "l1",
        "L1",
        "A penalty that pushes weights to exactly zero",
        read=read_number(0, 1e3),
        write=_write_number,
        step=step_along(PENALTIES),
    ),
    Setting(
        "seed",
        "seed",
        "Another seed begins with other weights and shuffles otherwise; the same seed gives the same run",
        read=read_whole(0, 2**31 - 1),
        step=step_by(1, 0, 2**31 - 1),
    ),
)

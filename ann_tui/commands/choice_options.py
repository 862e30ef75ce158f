"""The options that stand for choices of an experiment, for every command that trains one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ann_tui.commands.field_option import field_option
from ann_tui.commands.options import ThresholdType, preset_option

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    field_option("--target", "source.target", metavar="COL"),
    field_option("--drop", "source.excluded", metavar="COL", multiple=True, more="May be repeated."),
    field_option("--task", "source.task", metavar="NAME"),
    preset_option,
    field_option("--layers", "network.layers", metavar="TEXT"),
    field_option("--cost", "network.cost", metavar="NAME"),
    field_option("--epochs", "training.epochs", metavar="NUMBER"),
    field_option("--optimizer", "training.optimizer", metavar="NAME"),
    field_option("--learning-rate", "training.learning_rate", metavar="NUMBER"),
    field_option("--schedule", "training.schedule", metavar="NAME"),
    field_option("--batch", "training.batch", metavar="NUMBER"),
    field_option(
        "--seed",
        "preparation.split.seed",
        "training.seed",
        metavar="NUMBER",
        help="For the split, the weights and the shuffling.  [default: 0]",
    ),
    field_option("--test-fraction", "preparation.split.test", metavar="SHARE", more=" [default: 0.2]"),
    field_option(
        "--validation-fraction", "preparation.split.validation", metavar="SHARE", more=" [default: 0.2]"
    ),
    click.option(
        "--set",
        "choices",
        metavar="NAME=VALUE",
        multiple=True,
        help="Any other choice, by its name in an experiment file. May be repeated.",
    ),
)

threshold_option = click.option(
    "--threshold",
    metavar="VALUE",
    type=ThresholdType(aims=True),
    help="Two classes: the second is the answer above this probability. f1: the one with the best F1 on the validation "
    "rows; 1:5: with the lowest cost, a false alarm costing 1 and a miss 5.  [default: 0.5]",
)


def choice_options(command: Any) -> Any:
    """Give a command the options that stand for fields of an experiment; they come as `asked_experiment` takes them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command

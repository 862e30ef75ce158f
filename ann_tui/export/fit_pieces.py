"""What step 4 says alike in several frameworks: the optimizer's call, the best epoch so far, the calls of fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ann_tui.export.code_text import without

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.training.plan import TrainingPlan

FIT_DOC = '"""A network trained on these rows, with the weights of its best epoch, and which that was."""'

NOTHING_JUDGES = ("if held_out is None:  # nothing judges: the newest weights stay", "    continue")
"""Lines at the end of an epoch, before what judges it."""


def optimizer_call(plan: TrainingPlan, codes: Mapping[str, str], usual: Sequence[str], **own: object) -> str:
    """The call of the plan's optimizer by a framework's `codes`, without the arguments that are `usual` there.

    `own` are the values that only these codes have a place for, or that stand there otherwise than in the plan.
    """
    values = {
        "rate": plan.learning_rate,
        "beta_1": plan.beta_1,
        "beta_2": plan.beta_2,
        "epsilon": plan.epsilon,
        "momentum": plan.momentum,
        "rho": plan.rho,
    }
    return without(codes[plan.optimizer].format(**{**values, **own}), usual)


def best_begun(plan: TrainingPlan) -> str:
    """The line before the first epoch by which `best_lines` can tell the best one."""
    if plan.early_stopping and plan.smallest_change:
        return "best, best_epoch, best_value, mark, waited = None, epochs, math.inf, math.inf, 0"
    return "best, best_epoch, best_value = None, epochs, math.inf"


def best_lines(plan: TrainingPlan, kept: str) -> list[str]:
    """Lines at the end of an epoch with this `value`: is it the best, of which `kept` is kept; and was it the last?"""
    lines = ["if value < best_value:", f"    best, best_epoch, best_value = {kept}, epoch, value"]
    if not plan.early_stopping:
        return lines
    if not plan.smallest_change:
        return [*lines, f"elif epoch - best_epoch >= {plan.patience}:", "    break"]
    return [
        *lines,
        f"mark, waited = (value, 0) if value < mark - {plan.smallest_change} else (mark, waited + 1)",
        f"if waited >= {plan.patience}:",
        "    break",
    ]


def fit_calls(facts: Facts, held_out: str, join: str) -> str:
    """The call of `fit`, and the one that follows it on all rows where the plan asks for that.

    `held_out` is code of what judges, "" for nothing, and `join` the function that joins rows.
    """
    given = f", {held_out}" if held_out else ""
    calls = f"model, epochs = fit(x_train, y_train, {facts.plan.epochs}{given})\n"
    if facts.refits:
        calls += (
            "# Again, on the validation rows too, for as many epochs as were best\n"
            f"x_all, y_all = {join}([x_train, x_valid]), {join}([y_train, y_valid])\n"
            "model, _ = fit(x_all, y_all, epochs)\n"
        )
    return calls

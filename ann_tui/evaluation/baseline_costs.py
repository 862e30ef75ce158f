"""What simple answers cost by a network's own cost function, on the rows that its training is measured on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.baselines import Rows
from ann_tui.network.cost import Cost


def constant_answer(training: Rows, classes: int) -> NDArray[Any]:
    """The answer that knows no feature, (1, k) or (1,): the classes' shares of the training rows, or their mean.

    Rows count by their weights. `classes` is 0 for a number.
    """
    weight = np.ones(len(training)) if training.weight is None else np.asarray(training.weight, np.float64)
    if not classes:
        return np.array([np.average(np.asarray(training.y, np.float64), weights=weight)])
    shares = np.bincount(training.y, weight, classes)
    answer: NDArray[Any] = (shares / shares.sum())[None, :]
    return answer


def cost_of_answers(cost: Cost, answers: NDArray[Any], rows: Rows) -> float | None:
    """The mean cost over rows of a model's `answers`, (n, k) or (n,), as the validation cost of a training is.

    They are what `Cost.predictions` would give, on the scale of the training target. None where there are no rows,
    where the cost can't be told of such answers (hinge), and where it is not finite.
    """
    z = cost.raw_sums(answers) if len(rows) else None
    if z is None:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        values = cost.values(z, cost.targets(rows.y))
        if rows.weight is not None:
            values = values * (rows.weight / rows.weight.mean(dtype=np.float64))
        found = float(values.mean(dtype=np.float64))
    return found if np.isfinite(found) else None


def cost_of_constant(cost: Cost, training: Rows, rows: Rows) -> float | None:
    """What always giving the `constant_answer` of the training rows costs; None as in `cost_of_answers`."""
    if not len(training):
        return None
    answer = constant_answer(training, cost.outputs.classes)
    return cost_of_answers(cost, np.repeat(answer, len(rows), axis=0), rows)

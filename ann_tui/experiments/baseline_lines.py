"""What a run's baselines cost on its validation rows, by its own cost function, as soon as that is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ann_tui.evaluation.baseline_costs import cost_of_constant
from ann_tui.evaluation.baselines import LINEAR_MODELS
from ann_tui.evaluation.measures import rows_of
from ann_tui.network.costs import COSTS

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run


def constant_cost(run: Run) -> float | None:
    """What always answering the class shares of the training rows, or their mean, costs on the validation rows.

    It is known before the first epoch. None where there are no such rows, or the cost can't be told of it.
    """
    return cost_of_constant(
        run.network.cost, rows_of(run.prepared.training), rows_of(run.prepared.validation)
    )


def linear_cost(run: Run, others: Iterable[Run]) -> float | None:
    """What the linear model costs on the validation rows of a run; None as long as that is not known.

    It is known once a run on the same prepared data with the same cost was compared with its baselines: this one, or
    one of the `others`.
    """
    return next(
        (
            score.validation_cost
            for other in (run, *others)
            if other is run or (other.prepared is run.prepared and _same_cost(other, run))
            for score in (() if other.evaluation is None else other.evaluation.baselines)
            if score.name in LINEAR_MODELS and score.validation_cost is not None
        ),
        None,
    )


def _same_cost(one: Run, other: Run) -> bool:
    """Whether both have the same cost function with the same options."""
    costs = one.network.cost, other.network.cost
    if type(costs[0]) is not type(costs[1]):
        return False
    asked = COSTS[one.network.design.cost_for(one.network.outputs)].asks
    return all(getattr(costs[0].design, name) == getattr(costs[1].design, name) for name in asked)

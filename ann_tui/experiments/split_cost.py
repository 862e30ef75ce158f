"""What a stricter split costs: the same network, trained after a split at random and after the one that is advised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.data.choices.checks import PreparationError
from ann_tui.data.choices.split import Split
from ann_tui.data.preparing.assigning import assign_within
from ann_tui.data.preparing.prepare import prepare_rows
from ann_tui.evaluation.doubts import SplitCost
from ann_tui.evaluation.evaluation import Evaluation, judge
from ann_tui.evaluation.verdict import all_alike
from ann_tui.experiments.derived import own_unit_of
from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.experiments.stopped_by import StoppedBy
from ann_tui.network.design import DesignError
from ann_tui.network.scoring import predict
from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.data.profile.findings import Remedy
    from ann_tui.experiments.experiment import Experiment

MOST_ROWS = 20_000
"""Of longer tables the last rows, in the order of the split's column, are trained on."""


def with_split_costs(
    evaluation: Evaluation,
    experiment: Experiment,
    prepared: PreparedData,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Evaluation:
    """The evaluation with what each split that its doubts advise would cost, as far as that can be told."""
    doubts = evaluation.doubts
    if doubts is None or not doubts.advice:
        return evaluation
    remedies = [finding.remedy for finding in doubts.advice if finding.remedy is not None]
    costs = [split_cost(experiment, prepared, remedy, cancelled=cancelled) for remedy in remedies]
    return replace(
        evaluation, doubts=replace(doubts, costs=tuple(cost for cost in costs if cost is not None))
    )


def split_cost(
    experiment: Experiment,
    prepared: PreparedData,
    advised: Remedy,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> SplitCost | None:
    """Train the experiment's network twice on the training and validation rows, and judge it on some of these.

    No test row is looked at. None where one of the splits can't be made or judged, or when `cancelled` says yes.
    """
    method = advised.action.removeprefix("split by ")
    own, usual = prepared.preparation.split, Split()
    scores = []
    try:
        at_random = replace(own, test=own.test or usual.test, validation=own.validation or usual.validation)
        strict = replace(at_random, method=method, column=advised.column)
        for split in (at_random, strict):
            score = None if cancelled() else _score(experiment, prepared, split, strict, cancelled)
            if score is None:
                return None
            scores.append(score)
    except (PreparationError, TrainingError, DesignError):
        return None
    (metric, usual_score), (_, strict_score) = scores
    return SplitCost(method, advised.column, metric, usual_score, strict_score)


def _score(
    experiment: Experiment,
    prepared: PreparedData,
    split: Split,
    strict: Split,
    cancelled: Callable[[], bool],
) -> tuple[str, float] | None:
    """The first metric and its value on the rows that this split holds out; None where it can't be told."""
    profile, preparation = prepared.profile, replace(prepared.preparation, split=split)
    rows = np.sort(np.concatenate([prepared.training.rows, prepared.validation.rows]))
    assigned = assign_within(prepared.table, profile, preparation, rows, by=strict, most=MOST_ROWS)
    own_unit = own_unit_of(experiment.design)
    again = prepare_rows(prepared.table, profile, experiment.source, preparation, assigned, own_unit)
    trainer = fresh_training(experiment, again, StoppedBy(cancelled))
    if trainer.run().state == "failed" or not len(again.test.rows):
        return None
    evaluation = judge(partial(predict, trainer.network), again)
    if all_alike(evaluation) is not None:
        return None
    metric = evaluation.measures.first
    value = evaluation.scores["test"].metrics.get(metric)
    return None if value is None else (metric, value)

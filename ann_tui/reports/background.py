"""What a page tells of a run beside its score: its table, what was done to it, its network, and what that relies on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.data.cells.values import read_labels
from ann_tui.data.preparing.columns import LabelColumn
from ann_tui.experiments.baseline_lines import constant_cost, linear_cost
from ann_tui.insight.relevance import InputRelevance, permuted
from ann_tui.network.build import LayerSummary, describe

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.data.preparing.transform_report import Effect
    from ann_tui.data.profile.table_profile import TableProfile
    from ann_tui.evaluation.evaluation import Evaluation
    from ann_tui.experiments.run import Run

MOST_ROWS = 2_000
"""Relevance is found on so many of the judged rows."""
MOST_GROUPED, MOST_GROUPS, FEWEST_ROWS = 4, 8, 10
"""Columns by whose words the score is told apart, words of each, and the rows that a score needs."""


@dataclass(frozen=True)
class GroupScore:
    """The first metric on the judged rows that have one word in a column; None on fewer than 10 of them."""

    column: str
    word: str
    rows: int
    value: float | None


@dataclass(frozen=True, eq=False)
class Background:
    """What a page tells beside the score.

    `effects` are what each step of the preparation did, `layers` the network's table. `relevances` tell how much the
    cost rises on the judged rows when a raw column is shuffled, the most relevant first; () where the rows are gone.
    `groups` tell the first metric apart by the words of some columns. `constant_cost` and `linear_cost` are what the
    class shares (or the mean) and the linear model cost on the validation rows.
    """

    profile: TableProfile
    warnings: tuple[str, ...]
    inputs: tuple[str, ...]
    effects: tuple[Effect, ...]
    layers: tuple[LayerSummary, ...]
    parameters: int
    relevances: tuple[InputRelevance, ...]
    groups: tuple[GroupScore, ...]
    constant_cost: float | None
    linear_cost: float | None


def background_of(run: Run, cancelled: Callable[[], bool] = lambda: False) -> Background:
    """The background of a judged run. When `cancelled` says yes, relevances that are not found yet are left out."""
    prepared, network, evaluation = run.prepared, run.answering, run.evaluation
    assert evaluation is not None
    relevances = _relevances(run, evaluation, cancelled)
    order = [each.name for each in relevances] or [column.name for column in prepared.fitted.columns]
    return Background(
        prepared.profile,
        prepared.table.warnings,
        tuple(column.name for column in prepared.fitted.columns),
        prepared.effects,
        describe(network.design, network.inputs, network.outputs),
        network.parameter_count,
        relevances,
        tuple(_groups(prepared, evaluation, order)),
        constant_cost(run) if run.has_rows else None,
        linear_cost(run, ()),
    )


def _relevances(
    run: Run, evaluation: Evaluation, cancelled: Callable[[], bool]
) -> tuple[InputRelevance, ...]:
    prepared = run.prepared
    parts: dict[str, Part] = {
        "training": prepared.training,
        "validation": prepared.validation,
        "test": prepared.test,
    }
    part = parts[evaluation.judged]
    if not run.has_rows or len(part.x) < 2:
        return ()
    places = np.linspace(0, len(part.x) - 1, min(MOST_ROWS, len(part.x))).astype(np.intp)
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(prepared.fitted.feature_origins):
        groups.setdefault(name, []).append(place)
    weight = None if part.weight is None else part.weight[places]
    return permuted(run.answering, part.x[places], part.y[places], groups, weight, cancelled=cancelled)


def _groups(prepared: PreparedData, evaluation: Evaluation, order: Sequence[str]) -> list[GroupScore]:
    """Of the columns of few words, those that come first in this order."""
    columns = {column.name: column for column in prepared.fitted.columns}
    few = [
        name
        for name in order
        if isinstance(column := columns[name], LabelColumn) and 2 <= len(column.seen) <= MOST_GROUPS
    ]
    found = []
    for name in few[:MOST_GROUPED]:
        labels = read_labels(prepared.table.parsed[name]).take(evaluation.rows)
        for code, word in enumerate(labels.labels):
            rows = labels.codes == code
            count = int(rows.sum())
            if not count:
                continue
            value = None
            if count >= FEWEST_ROWS:
                metrics = evaluation.measures.metrics(evaluation.actual[rows], evaluation.outputs[rows])
                value = metrics[evaluation.measures.first]
            found.append(GroupScore(name, word, count, value))
    return found

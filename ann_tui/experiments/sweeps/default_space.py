"""What a sweep varies where nobody says: what usually matters, around what is set, as far as it matters here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.choice_fields import matters
from ann_tui.data.preparing.columns import LabelColumn, NumberColumn
from ann_tui.experiments.dimension import ACTIVATION, DEPTH, DROPOUT, WIDTH, Dimension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment

AROUND = 8.0
"""The learning rate goes from so small a part of the one that is set up to so many times it."""

LEAST_BATCHES = 8
"""A batch is at most so small a part of the training rows."""


def space_of(experiment: Experiment, prepared: PreparedData) -> tuple[Dimension, ...]:
    """What a sweep of an experiment varies: what its own table `[sweep]` says, or else the default space."""
    return experiment.space or tuple(_default(experiment, prepared))


def _default(experiment: Experiment, prepared: PreparedData) -> Iterator[Dimension]:
    plan, columns = experiment.plan, prepared.fitted.columns
    yield Dimension(DEPTH, (1, 2, 3))
    yield Dimension(WIDTH, (16, 32, 64, 128, 256))
    yield Dimension(ACTIVATION, ("relu", "silu", "gelu", "tanh"))
    yield Dimension(DROPOUT, (0.0, 0.1, 0.2, 0.3, 0.5))
    if matters(plan, "learning_rate") and plan.learning_rate:
        rate = plan.learning_rate
        low, high = (float(f"{end:.4g}") for end in (rate / AROUND, rate * AROUND))
        yield Dimension("training.learning_rate", low=low, high=high, log=True)
        yield Dimension("training.weight_decay", (0.0, 0.001, 0.01, 0.1, 0.3))
    most = max(len(prepared.training.rows) // LEAST_BATCHES, 1)
    batches = tuple(each for each in (plan.batch // 2, plan.batch, plan.batch * 2, plan.batch * 4) if each)
    batches = tuple(each for each in batches if each <= most)
    if matters(plan, "batch") and len(batches) > 1:
        yield Dimension("training.batch", batches)
    if any(isinstance(column, NumberColumn) for column in columns):
        yield Dimension("preparation.scaling", ("standard", "robust", "quantile"))
        yield Dimension("preparation.number_encoding", ("as they are", "piecewise linear"))
    if any(isinstance(column, LabelColumn) and column.kind != "boolean" for column in columns):
        yield Dimension("preparation.encoding", ("one-hot", "target", "binary"))

"""What an experiment file says of itself: its options, and a comment for each table and each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ann_tui.data.choices.preparation import CHOICES, SPLITS
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.layer_kinds import LAYER_KINDS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import AVERAGES, MONITORS
from ann_tui.training.schedules import SCHEDULES

HEADING = (
    "An experiment of ann-tui: which data, how prepared, which network, how trained.",
    "Run it again, to the last bit, with: ann-tui train {name}",
    "Open it in the app with: ann-tui {name}",
    "A line that is left out means its default.",
)


def _summaries(registry: Mapping[str, Any]) -> dict[str, str]:
    return {name: entry.summary for name, entry in registry.items()}


TABLE_COMMENTS: Mapping[str, str] = {
    "source": "Which file, and what its columns mean. The path is relative to this file.",
    "source.dialect": "How the file is written; without this table it is detected.",
    "source.kinds": "Columns that are something else than they look like: "
    "number, category, boolean, date, text or identifier.",
    "source.column_marks": "The texts that stand for a missing value in one column alone.",
    "preparation": "How the columns are cleaned, scaled and encoded, fitted on the training rows alone.",
    "preparation.split": "Which rows train, which choose the best epoch, and which judge once at the end.",
    "preparation.columns": "What one column does in another way than all others.",
    "network": "The hidden layers and the cost function; the output layer follows from the target.",
    "training": "How the weights are found.",
}


OPTIONS: Mapping[str, Mapping[str, str]] = {
    **{f"preparation.{name}": _summaries(known) for name, known in CHOICES.items()},
    "preparation.split.method": _summaries(SPLITS),
    "network.layers": _summaries(LAYER_KINDS),
    "network.layers, activation": _summaries(ACTIVATIONS),
    "network.layers, initializer": _summaries(INITIALIZERS),
    "network.cost": {"auto": "follows from the target", **_summaries(COSTS)},
    "training.optimizer": _summaries(OPTIMIZERS),
    "training.schedule": _summaries(SCHEDULES),
    "training.monitor": MONITORS,
    "training.average": AVERAGES,
}
"""For each field that takes one of a list of names: the names, and what each means."""


def _askers(*registries: Mapping[str, Any]) -> dict[str, str]:
    """For each field that only some entries use: which they are."""
    askers: dict[str, list[str]] = {}
    for name, entry in (item for registry in registries for item in registry.items()):
        for field in entry.asks:
            askers.setdefault(field, []).append(name)
    return {field: f"for {', '.join(names)}" for field, names in askers.items()}


FIELD_COMMENTS: Mapping[str, str] = {
    "source.target": "the column to predict; without it, it is guessed",
    "source.excluded": "columns that are left out",
    "source.included": "columns that are kept although they look useless",
    "source.missing_marks": "texts that stand for a missing value",
    "source.rules": 'such as "age in 0..120" or "sex in {male, female}"',
    "source.task": "classification or regression; without it, it follows from the target",
    "source.sample_rows": "so many random rows instead of all",
    "source.dialect.skip": "lines above the header",
    "source.dialect.footer": "lines below the last row",
    **{name: ", ".join(options) for name, options in OPTIONS.items()},
    "preparation.fill_number": "for constant",
    "preparation.fill_category": "for constant",
    "preparation.indicator": "an extra 0/1 column that says where a value was missing",
    "preparation.outlier_limit": "without it, the usual one of the rule",
    "preparation.rare": "categories of fewer training rows than this share are put together",
    "preparation.merge_labels": "labels that differ by case and spaces become one",
    "preparation.split.test": "share of all rows; 0 for none",
    "preparation.split.validation": "share of all rows; 0 for none",
    "preparation.split.column": "for group and time",
    "preparation.split.file": "for file: the second file, which is the test",
    "network.layers": 'as "64 relu, dropout 0.2, 32 relu"; "" is a linear model',
    **{f"network.{field}": text for field, text in _askers(COSTS).items()},
    "network.huber_delta": "for huber, in standard deviations of the target",
    "training.warm_up": "share of the training in which the learning rate rises from 0",
    **{f"training.{field}": text for field, text in _askers(OPTIMIZERS, SCHEDULES).items()},
    "training.plateau_patience": "epochs, for plateau",
    "training.batch": "rows a step",
    "training.epochs": "at most",
    "training.early_stopping": "end when nothing has improved for `patience` epochs",
    "training.smallest_change": "less than this is no improvement",
    "training.l1": "penalty on the size of the weights",
    "training.l2": "penalty on the square of the weights",
    "training.max_norm": "the longest that a unit's weights may become",
    "training.clip_norm": "the longest that a gradient may be",
    "training.clip_value": "the largest that one number of a gradient may be",
    "training.ema_decay": "for ema",
    "training.weight_decay": "times the learning rate; 0: what the optimizer does by itself",
    "training.seed": "draws the first weights and shuffles the rows",
}

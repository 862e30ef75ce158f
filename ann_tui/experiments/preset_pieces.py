"""The pieces of a preset: in which choices an experiment differs from the plain one, and the experiment without each.

A piece is a group of fields that make sense together, as `GROUPS` names them; a field that stands in none is a piece
of its own. To give a new field of a preset a title that readers understand, enter it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import takewhile
from typing import Any

from ann_tui.experiments.choice_texts import Difference, choice_texts, differences, title_of
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.presets import PRESETS, with_preset

PLAIN = next(iter(PRESETS))
"""The preset that the others are compared with."""

INPUT_SCALE = "network.layers, in front"
"""The input scales in front of the layers, which are a piece apart; `network.layers` are the others."""

KEPT = frozenset(
    {
        "preparation.split", "preparation.duplicates", "preparation.merge_labels", "preparation.columns",
        "training.seed",
    }
)  # fmt: skip
"""Choices that stay as they are in all that is compared: they say which rows and classes are judged, and what is
stated of single columns."""


@dataclass(frozen=True)
class Group:
    """Fields, by their names in an experiment file, that are left out together."""

    title: str
    fields: tuple[str, ...]


GROUPS: tuple[Group, ...] = (
    Group("missing values", tuple(f"preparation.{name}" for name in (
        "missing_number", "missing_category", "fill_number", "fill_category", "indicator"))),
    Group("outliers", tuple(f"preparation.{name}" for name in ("outliers", "outlier_limit", "outlier_action"))),
    Group("numbers in bins", ("preparation.number_encoding",)),
    Group("rare categories", ("preparation.rare",)),
    Group("input scale", (INPUT_SCALE,)),
    Group("hidden layers", ("network.layers",)),
    Group("cost function", tuple(f"network.{name}" for name in ("cost", "focal_gamma", "huber_delta", "quantile"))),
    Group("linear start", ("network.start",)),
    Group("several networks", ("network.members",)),
    Group("optimizer and rate", tuple(f"training.{name}" for name in (
        "optimizer", "learning_rate", "schedule", "warm_up", "plateau_patience", "momentum", "rho", "beta_1", "beta_2",
        "epsilon"))),
    Group("batches and length", tuple(f"training.{name}" for name in (
        "batch", "epochs", "early_stopping", "patience", "smallest_change"))),
    Group("penalties", tuple(f"training.{name}" for name in ("l1", "l2", "weight_decay", "max_norm"))),
    Group("clipping", tuple(f"training.{name}" for name in ("clip_norm", "clip_value"))),
    Group("training again on all rows", ("training.refit",)),
    Group("averaged weights", tuple(f"training.{name}" for name in ("average", "ema_decay"))),
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """Choices in which an experiment differs from the plain one, and the experiment with these as plain has them.

    `fields` are names as in an experiment file, and `INPUT_SCALE`.
    """

    title: str
    fields: tuple[str, ...]
    whole: Experiment
    without: Experiment

    @property
    def choices(self) -> list[Difference]:
        """What is chosen otherwise where it is left out: as it is in the whole, and as plain has it."""
        return differences(choice_texts(self.whole), choice_texts(self.without))


def plain_of(experiment: Experiment, rows: int) -> Experiment:
    """What the plain preset chooses for a table of so many rows, for the same data and target, split and seeds."""
    plain = with_preset(Experiment(experiment.source), PLAIN, rows)
    return with_fields(replace(experiment, steering=()), fields_of(plain))


def pieces_of(whole: Experiment, plain: Experiment) -> tuple[Piece, ...]:
    """The pieces in which an experiment differs from the plain one: by groups, then fields that stand in no group."""
    own, other = fields_of(whole), fields_of(plain)
    differing = [name for name, value in own.items() if value != other[name]]
    grouped = {name for group in GROUPS for name in group.fields}
    groups = [*GROUPS, *(Group(title_of(name), (name,)) for name in differing if name not in grouped)]
    found = []
    for group in groups:
        names = tuple(name for name in differing if name in group.fields)
        if names:
            without = with_fields(whole, {name: other[name] for name in names})
            found.append(Piece(group.title, names, whole, without))
    return tuple(found)


def fields_of(experiment: Experiment) -> dict[str, Any]:
    """All choices but `KEPT` ones by their names in an experiment file, and `INPUT_SCALE`."""
    found = {
        f"{table}.{each.name}": getattr(holder, each.name)
        for table, holder in _tables(experiment).items()
        for each in fields(holder)
    }
    layers = found["network.layers"]
    front = len(list(takewhile(lambda layer: layer.kind == "input scale", layers)))
    found[INPUT_SCALE], found["network.layers"] = layers[:front], layers[front:]
    return {name: value for name, value in found.items() if name not in KEPT}


def with_fields(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    """The experiment with other values of fields, named as `fields_of` does. Raises ValueError with one line."""
    found = {**fields_of(experiment), **values}
    found["network.layers"] = found.pop(INPUT_SCALE) + found["network.layers"]
    preparation, design, plan = (
        replace(
            holder,
            **{
                each.name: found.get(f"{table}.{each.name}", getattr(holder, each.name))
                for each in fields(holder)
            },
        )
        for table, holder in _tables(experiment).items()
    )
    return replace(experiment, preparation=preparation, design=design, plan=plan)


def _tables(experiment: Experiment) -> dict[str, Any]:
    return {"preparation": experiment.preparation, "network": experiment.design, "training": experiment.plan}

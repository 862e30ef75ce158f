"""Every choice by the name that it has in an experiment file, such as `training.epochs`, with its description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ann_tui.choice_fields import ChoiceField, Named, askers, described
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

TABLES: Mapping[str, ChoiceField] = {
    "source": ChoiceField(
        "data", "Which file, and what its columns mean. The path is relative to this file", parts=Source
    ),
    "preparation": ChoiceField(
        "preparation",
        "How the columns are cleaned, scaled and encoded, fitted on the training rows alone",
        parts=Preparation,
    ),
    "network": ChoiceField(
        "network",
        "The hidden layers and the cost function; the output layer follows from the target",
        parts=NetworkDesign,
    ),
    "training": ChoiceField("training", "How the weights are found", parts=TrainingPlan),
}
"""The tables of an experiment file."""


@dataclass(frozen=True)
class NamedChoice:
    """A described field, and which options of its own choice ask for it."""

    about: ChoiceField
    holder: type | None
    field: str

    @property
    def asked_by(self) -> tuple[str, ...]:
        """The options that alone use the field; none where it always counts."""
        found = askers(self.holder, self.field) if self.holder is not None else []
        return tuple(dict.fromkeys(option for _, option in found))

    @property
    def may_be_none(self) -> bool:
        """Whether it has no value where nobody says, which the field has a word for."""
        return (
            bool(self.about.none) and self.holder is not None and getattr(self.holder(), self.field) is None
        )


@cache
def named_choices() -> Mapping[str, NamedChoice]:
    """All tables and fields, in the order of the file."""
    return dict(_named("", None, TABLES))


def _named(
    within: str, holder: type | None, fields: Mapping[str, ChoiceField]
) -> Iterator[tuple[str, NamedChoice]]:
    for field, about in fields.items():
        name = f"{within}.{field}" if within else field
        yield name, NamedChoice(about, holder, field)
        if about.parts is not None:
            yield from _named(name, about.parts, described(about.parts))


def options_by_name() -> dict[str, Mapping[str, Named]]:
    """For each field that takes one of a list of options: these, as they are registered now.

    What an entry of a list takes stands behind a comma: `network.layers, activation`; its kind behind none.
    """
    found: dict[str, Mapping[str, Named]] = {}
    for name, choice in named_choices().items():
        if choice.about.options is not None:
            found[name] = choice.about.options
        if choice.about.entries is not None:
            for place, (field, about) in enumerate(described(choice.about.entries).items()):
                if about.options is not None:
                    found[f"{name}, {field}" if place else name] = about.options
    return found

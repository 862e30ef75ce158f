"""The choices of an experiment as short texts by name, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ann_tui.choice_fields import ChoiceField, described, matters
from ann_tui.data.choices.splits import split_for
from ann_tui.experiments.named_choices import named_choices
from ann_tui.network.outputs import Outputs

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment

DIALECT, COLUMNS = "source.dialect", "preparation.columns."
NOTHING = "–"

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """A choice that two experiments make in different ways: its name in an experiment file, and what each chose."""

    name: str
    one: str
    other: str

    @property
    def title(self) -> str:
        """What the choice is called on the screen."""
        return title_of(self.name)


def choice_texts(experiment: Experiment, target: str = "") -> dict[str, str]:
    """What is chosen, by the names of an experiment file, for all that matters with the options as they are.

    `target` is the column that was predicted, where the experiment leaves it to a guess. The file itself is left out;
    the exceptions of a column stand under `preparation.columns.NAME.FIELD`.
    """
    choices = {
        "source": experiment.source,
        "preparation": experiment.preparation,
        "network": experiment.design,
        "training": experiment.plan,
    }
    found = {name: text for table, choice in choices.items() for name, text in _texts(table, choice)}
    del found["source.path"]
    found["source.target"] = target or found["source.target"]
    found[DIALECT] = "found" if experiment.source.dialect is None else "stated"
    found["network.layers"] = experiment.design.text or "none"
    return found


def used_texts(experiment: Experiment, target: str, classes: int) -> dict[str, str]:
    """`choice_texts` with what was used where a choice leaves that to another one, or to the target.

    The target `target` has so many `classes`, 0 for a number.
    """
    found = choice_texts(experiment, target)
    choices: dict[str, Any] = {"preparation": experiment.preparation, "training": experiment.plan}
    for table, choice in choices.items():
        for name, about in described(choice.__class__).items():
            if about.own is not None and f"{table}.{name}" in found and (used := about.own(choice)):
                found[f"{table}.{name}"] = used
    if "preparation.split.method" in found:
        found["preparation.split.method"] = split_for(experiment.preparation.split.method, classes > 0).name
    cost = experiment.design.cost_for(Outputs.telling(classes))
    if cost != experiment.design.cost:
        found["network.cost"] = f"{cost}, which follows from the target"
    return found


def differences(one: Texts, other: Texts) -> list[Difference]:
    """The choices that differ, in the order of an experiment file.

    What matters to one of them alone follows from another difference and is left out, but for exceptions of columns.
    """
    found = []
    for name in dict.fromkeys((*one, *other)):
        before, after = one.get(name), other.get(name)
        alone = before is None or after is None
        if before != after and not (alone and not _may_stand_alone(name)):
            found.append(Difference(name, before or NOTHING, after or NOTHING))
    order = {name: place for place, name in enumerate(named_choices())}
    return sorted(found, key=lambda each: order.get(each.name, order["preparation.columns"]))


def _may_stand_alone(name: str) -> bool:
    return name.startswith(COLUMNS) or name not in named_choices()


@cache
def title_of(name: str) -> str:
    """What a choice is called on the screen; that of a column with its name."""
    known = named_choices().get(name)
    if known is not None:
        title = known.about.title
        return f"file's {title}" if name.startswith(f"{DIALECT}.") else title
    if name.startswith(COLUMNS):
        column, _, inner = name.removeprefix(COLUMNS).rpartition(".")
        return f"{column}: {title_of(f'preparation.{inner}')}"
    table, field, column = name.split(".", 2)
    return f"{column}: {title_of(f'{table}.{field}').removesuffix(' of one column')}"


def _texts(within: str, holder: Any) -> Iterator[tuple[str, str]]:
    about = described(holder.__class__)
    for each in fields(holder):
        name, value = f"{within}.{each.name}", getattr(holder, each.name)
        if is_dataclass(value):
            yield from _texts(name, value)
        elif isinstance(value, Mapping):
            for key, own in value.items():
                if is_dataclass(own):
                    yield from _exceptions(f"{name}.{key}", own)
                else:
                    yield f"{name}.{key}", _text(own, None)
        elif each.name not in about or matters(holder, each.name):
            yield name, _text(value, about.get(each.name))


def _exceptions(within: str, column: Any) -> Iterator[tuple[str, str]]:
    for each in fields(column):
        value = getattr(column, each.name)
        if value is not None:
            yield f"{within}.{each.name}", _text(value, None)


def _text(value: Any, about: ChoiceField | None) -> str:
    match value:
        case None:
            return (about.none if about is not None else "") or "none"
        case bool():
            return "on" if value else "off"
        case int() | str():
            return str(value) or "none"
        case float():
            percent = about is not None and about.percent
            return f"{value * 100:g} %" if percent else f"{value:g}"
        case tuple() | list():
            return ", ".join(_text(each, None) for each in value) or "none"
        case _:
            return str(value)

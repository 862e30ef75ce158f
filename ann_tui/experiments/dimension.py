"""What a sweep may vary: one choice, and the values that it may take there.

A dimension reads and writes as a line of the table `[sweep]` of an experiment file, under the choice's own name:
`training.batch = [16, 32]`, or `training.learning_rate = {low = 0.001, high = 0.1, log = true}`. What a value may be,
the field itself says. The hidden layers can be varied as whole texts, or by their number, width and the like.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ann_tui.choice_fields import ChoiceField, Range, described, refusal, unknown, written
from ann_tui.data.plain_text import printable
from ann_tui.experiments.named_choices import named_choices
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.design import DesignError, LayerDesign, NetworkDesign

Value = str | int | float | bool | None
"""What one choice can be."""

LAYERS, DEPTH, WIDTH = "network.layers", "network.depth", "network.width"
ACTIVATION, DROPOUT = "network.activation", "network.dropout"

DEEPEST = 16
"""So many hidden layers at most are tried by their number."""

OF_LAYERS: Mapping[str, ChoiceField] = {
    LAYERS: ChoiceField("layers", "Lists of hidden layers, such as '64 relu, dropout 0.2, 32 relu'"),
    DEPTH: ChoiceField(
        "hidden layers", "How many hidden layers there are", range=Range(1, DEEPEST, whole=True)
    ),
    WIDTH: ChoiceField(
        "width", "How many units each hidden layer has", range=described(LayerDesign)["units"].range
    ),
    ACTIVATION: ChoiceField("activation", "How the sums of all units are bent", options=ACTIVATIONS),
    DROPOUT: ChoiceField(
        "dropout",
        "The share of units that is silenced behind each hidden layer; 0: no such layers",
        range=described(LayerDesign)["rate"].range,
    ),
}
"""What can be varied of the hidden layers."""

NEVER: Mapping[str, str] = {
    "training.epochs": "trials are compared after as many epochs of the same plan",
    "training.seed": "another seed is no better choice, only another draw",
    "training.refit": "the validation rows, which judge the trials, can't tell of it",
}
"""What is the same in all trials, and why."""

SAME_FOR_ALL: Mapping[str, str] = {
    "preparation.split": "trials are compared on the same rows",
    "preparation.columns": "what is done to one column alone is the same in all trials",
    "source": "trials are of the same table",
}
"""Whole tables of choices that are the same in all trials, and why."""


class SpaceError(ValueError):
    """What is to be varied can't be; the message is one line that names it."""


@dataclass(frozen=True)
class Dimension:
    """A choice by its `name` and what it may be: one of `values`, or where there are none a number of a span.

    The span goes from `low` to `high`, both of them included, by whole numbers where `whole`, and evenly in the
    logarithm with `log`.
    """

    name: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False

    @property
    def title(self) -> str:
        """What the choice is called on the screen."""
        return field_of(self.name).title

    @property
    def text(self) -> str:
        """What it may be, in words."""
        if self.values:
            return ", ".join(value_text(self.name, value) for value in self.values)
        return f"{self.low:g} to {self.high:g}" + (", by its logarithm" if self.log else "")

    @property
    def count(self) -> int | None:
        """How many values there are; None for a span of numbers that are not whole."""
        if self.values:
            return len(self.values)
        return int(self.high - self.low) + 1 if self.whole else None

    def nth(self, place: int) -> Value:
        """The value at a place, from 0 to below `count`."""
        return self.values[place] if self.values else int(self.low) + place

    def at(self, share: float) -> Value:
        """The value at a share, from 0 to below 1, of all there are."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole and not self.log:
            return min(int(self.low + share * (self.high - self.low + 1)), int(self.high))
        ends = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        number = ends[0] + share * (ends[1] - ends[0])
        number = min(max(math.exp(number) if self.log else number, self.low), self.high)
        # Four digits are a value that a person can read and type again.
        return round(number) if self.whole else float(f"{number:.4g}")


def value_text(name: str, value: Value) -> str:
    """A value as it is read on a screen."""
    if value is None:
        return field_of(name).none or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return value or "none" if isinstance(value, str) else f"{value:g}"


@cache
def field_of(name: str) -> ChoiceField:
    """The description of what can be varied. Raises SpaceError for any other name."""
    if name in NEVER:
        raise SpaceError(f"[sweep] {name} can't vary: {NEVER[name]}")
    for table, why in SAME_FOR_ALL.items():
        if name == table or name.startswith(f"{table}."):
            raise SpaceError(f"[sweep] {table} can't vary: {why}")
    if name not in _variable():
        near = difflib.get_close_matches(name, _variable(), 1)
        hint = f"did you mean {near[0]}?" if near else "ann-tui choices lists the names"
        raise SpaceError(f"[sweep] {printable(repr(name), 60)} can't vary: {hint}")
    return _variable()[name][0]


@cache
def _variable() -> Mapping[str, tuple[ChoiceField, Any]]:
    """All that can be varied by name: the field, and its default."""
    found: dict[str, tuple[ChoiceField, Any]] = {name: (about, None) for name, about in OF_LAYERS.items()}
    for name, choice in named_choices().items():
        table, _, field = name.partition(".")
        if table in ("preparation", "network", "training") and field == choice.field and name not in NEVER:
            default = getattr(choice.holder(), field) if choice.holder is not None else None
            kind = choice.about
            if kind.options is not None or kind.range is not None or isinstance(default, bool):
                found.setdefault(name, (kind, default))
    return found


# ---------------------------------------------------------------------- a table of TOML


def dimensions_of(table: Mapping[str, Any]) -> tuple[Dimension, ...]:
    """The dimensions in a table `[sweep]`, in its order. Raises SpaceError with one line."""
    return tuple(_dimension(name, value) for name, value in _flat("", table))


def table_of(dimensions: tuple[Dimension, ...]) -> dict[str, Any]:
    """The inverse of `dimensions_of`, as tables in a table."""
    found: dict[str, Any] = {}
    for each in dimensions:
        table, _, field = each.name.partition(".")
        if each.values:
            value: Any = [_written(each.name, one) for one in each.values]
        else:
            ends = (int(each.low), int(each.high)) if each.whole else (each.low, each.high)
            value = {"low": ends[0], "high": ends[1]} | ({"log": True} if each.log else {})
        found.setdefault(table, {})[field] = value
    return found


def _written(name: str, value: Value) -> Value:
    return field_of(name).none if value is None else value


def _flat(within: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        name = f"{within}.{key}" if within else key
        if isinstance(value, Mapping) and name not in _variable() and name not in NEVER and not within:
            yield from _flat(name, value)
        else:
            yield name, value


def _dimension(name: str, value: Any) -> Dimension:
    about = field_of(name)
    if isinstance(value, Mapping):
        return _span(name, about, value)
    if not isinstance(value, list):
        value = [value]
    values = tuple(_checked(name, about, each) for each in value)
    if not values:
        raise SpaceError(f"[sweep] {name}: the list is empty, so that there is nothing to try")
    for place, each in enumerate(values):
        if any(each == other and type(each) is type(other) for other in values[:place]):
            raise SpaceError(f"[sweep] {name}: {printable(repr(each), 60)} stands there twice")
    return Dimension(name, values)


def _span(name: str, about: ChoiceField, value: Mapping[str, Any]) -> Dimension:
    for key in value:
        if key not in ("low", "high", "log"):
            raise SpaceError(
                f"[sweep] {name} has no {printable(repr(key), 60)}: write {{low = …, high = …, log = true}}"
            )
    if about.range is None:
        raise SpaceError(f"[sweep] {name}: it takes no numbers, so list the values that it may have")
    if "low" not in value or "high" not in value:
        raise SpaceError(f"[sweep] {name}: a span has two ends: write {{low = …, high = …}}")
    low, high = (_checked(name, about, value[end]) for end in ("low", "high"))
    log = value.get("log", False)
    if not isinstance(log, bool):
        raise SpaceError(f"[sweep] {name}: log must be true or false")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise SpaceError(f"[sweep] {name}: low and high must be numbers")
    if not low < high:
        raise SpaceError(f"[sweep] {name}: low is {low:g}, and high, {high:g}, must be more")
    if log and low <= 0:
        raise SpaceError(f"[sweep] {name}: low must be above 0 for a logarithm")
    return Dimension(name, (), float(low), float(high), log, about.range.whole)


def _checked(name: str, about: ChoiceField, value: Any) -> Value:
    """A value that the choice takes. Raises SpaceError."""
    problem = ""
    if about.none and value == about.none and name in _variable() and _variable()[name][1] is None:
        return None
    if name == LAYERS:
        problem = _layers_problem(value)
    elif about.options is not None:
        if not isinstance(value, str) or value not in about.options:
            problem = unknown(about.title, value, about.options)
    elif about.range is not None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            problem = f"{printable(repr(value), 60)}: it must be {about.number_text}"
        elif value not in about.range:
            problem = refusal(about.title, value, about)
    elif not isinstance(value, bool):
        problem = f"{written(value)}: it must be true or false"
    if problem:
        raise SpaceError(f"[sweep] {name}: {printable(problem, 400)}")
    checked: Value = value
    return checked


def _layers_problem(value: Any) -> str:
    if not isinstance(value, str):
        return 'write a text such as "64 relu, 32 relu"'
    try:
        NetworkDesign.from_text(value)
    except DesignError as error:
        return str(error)
    return ""

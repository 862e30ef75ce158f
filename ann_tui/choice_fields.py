"""What a field of a choice is: its name, what it means, which values it takes, and when it matters.

The description stands at the field itself, in the metadata of a dataclass. The app's settings, the comments of an
experiment file, the flags of the command line, `ann-tui choices` and the checks of values are made from it. To add a
field, describe it where it is declared; to add an option, enter it into the registry that its field names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from functools import cache
from numbers import Integral, Real
from typing import Any, Protocol, TypeVar

Value = TypeVar("Value")


class Named(Protocol):
    """An entry of a registry of options; where it has `asks`, these are the fields that it uses."""

    @property
    def summary(self) -> str:
        """One line for a learner."""


@dataclass(frozen=True)
class Option:
    """One of the values that a field can take.

    `name` is what is written in an experiment file, `summary` one line for a learner; `asks` names the other fields
    of the same choice that matter with it.
    """

    name: str
    summary: str
    asks: tuple[str, ...] = ()


def options(*entries: tuple[str, str] | Option) -> dict[str, Option]:
    """A registry of options by name, in this order."""
    made = (entry if isinstance(entry, Option) else Option(*entry) for entry in entries)
    return {option.name: option for option in made}


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`, finite ones only; an open end is not one of them.

    `typed` is the largest that the app takes from the keyboard, where larger ones are mistakes, yet possible.
    """

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    whole: bool = False
    typed: float | None = None

    def __contains__(self, value: Any) -> bool:
        """Whether a value is one of them."""
        is_one = isinstance(value, Integral) if self.whole else isinstance(value, Real)
        if not is_one or not math.isfinite(value):
            return False
        number: float = value
        above = number > self.low if self.open_low else number >= self.low
        return above and (number < self.high if self.open_high else number <= self.high)

    @property
    def text(self) -> str:
        """What it takes, in words: a number from 0 to below 1."""
        return self._text(self.high, self.open_high, "")

    @property
    def typed_text(self) -> str:
        """What can be typed, in words."""
        high, is_open = (self.high, self.open_high) if self.typed is None else (self.typed, False)
        return self._text(high, is_open, ",")

    def takes_typed(self, value: float) -> bool:
        """Whether a number can be typed."""
        return value in self and (self.typed is None or value <= self.typed)

    def _text(self, high: float, is_open: bool, separator: str) -> str:
        noun = "a whole number" if self.whole else "a number"
        start, end = (
            f"{bound:{separator}.0f}" if self.whole and math.isfinite(bound) else f"{bound:g}"
            for bound in (self.low, high)
        )
        if math.isinf(high):
            if math.isinf(self.low):
                return noun
            return f"{noun} above {start}" if self.open_low else f"{noun}, {start} or more"
        if self.open_low and is_open:
            return f"{noun} between {start} and {end}"
        return f"{noun} {'above' if self.open_low else 'from'} {start} to {'below ' if is_open else ''}{end}"


SHARE = Range(0, 1, open_high=True)
POSITIVE = Range(0, open_low=True)
NOT_NEGATIVE = Range(0)
ANY_NUMBER = Range()
SEED = Range(0, whole=True, typed=2**31 - 1)
SEED_OF_ROWS = Range(0, 2**32 - 2, whole=True, typed=2**31 - 1)
"""Rows are drawn with the seed and with the one after it, of 32 bits each."""


class MayChange(Enum):
    """When a field may get another value."""

    RUNNING = "while the training runs"
    BRANCH = "where a training goes on from an epoch of another one"
    NEVER = "not once the training has begun"


@dataclass(frozen=True, eq=False)
class ChoiceField:
    """The description of one field.

    `title` names it on the screen; `words` say in one sentence, without its full stop, what it is for. It takes one
    of `options`, or a number of `range`, counted in `unit`, or else a switch or a text, as its default is. `steps` are
    the values that the arrow keys walk along, rising, or how far they go each time; None among them is no value,
    which is called `none`. `percent` says that it is written so.

    `matters` tells from the whole choice whether the field changes anything; without it, it does unless options that
    are not chosen ask for it. `own` tells from the whole choice what is used where the field leaves that to another
    one, and "" where it does not. `parts` is the dataclass of what it holds, `entries` that of each thing that it
    lists.
    """

    title: str
    words: str
    options: Mapping[str, Named] | None = None
    range: Range | None = None
    unit: str = ""
    steps: tuple[float | None, ...] | int = ()
    none: str = ""
    percent: bool = False
    matters: Callable[[Any], bool] | None = None
    own: Callable[[Any], str] | None = None
    parts: type | None = None
    entries: type | None = None
    may_change: MayChange | None = None

    @property
    def metadata(self) -> Mapping[str, ChoiceField]:
        """What the dataclass field carries."""
        return {"choice": self}

    def takes(self, value: Any) -> bool:
        """Whether a value is among the options, or in the range; a value that is None isn't judged."""
        if value is None:
            return True
        if self.options is not None:
            return value in self.options
        return self.range is None or value in self.range

    @property
    def number_text(self) -> str:
        """Which numbers it takes, in words, with their unit."""
        assert self.range is not None
        if not self.unit:
            return self.range.text
        noun = f"share of the {self.unit}," if self.percent else f"number of {self.unit}"
        return self.range.text.replace("number", noun, 1)


def choice(default: Value, described: ChoiceField) -> Value:
    """A dataclass field with a default value and its description."""
    found: Value = field(default=default, metadata=described.metadata)
    return found


@cache
def described(kind: type) -> Mapping[str, ChoiceField]:
    """The descriptions of a dataclass's fields by name, in their order."""
    return {each.name: each.metadata["choice"] for each in fields(kind) if "choice" in each.metadata}


def askers(kind: type, name: str) -> list[tuple[str, str]]:
    """Which options ask for a field: the field that has the option, and the option's name."""
    return [
        (other, option)
        for other, about in described(kind).items()
        if about.options is not None
        for option, entry in about.options.items()
        if name in getattr(entry, "asks", ())
    ]


def matters(holder: Any, name: str, chosen: Mapping[str, str] | None = None) -> bool:
    """Whether a field changes anything in a choice; `chosen` are options that stand for those that it holds."""
    own = described(holder.__class__)[name].matters
    if own is not None and not own(holder):
        return False
    asking = askers(holder.__class__, name)
    held = chosen or {}
    return not asking or any(held.get(other, getattr(holder, other)) == option for other, option in asking)


def untaken(holder: Any) -> Iterator[tuple[str, Any, ChoiceField]]:
    """The fields with a value that they can't have: name, value, description."""
    for name, about in described(holder.__class__).items():
        value = getattr(holder, name)
        if not about.takes(value):
            yield name, value, about


def refusal(name: str, value: Any, about: ChoiceField) -> str:
    """Why a value can't be, in one line."""
    words = name.replace("_", " ")
    if about.options is not None:
        return unknown(words, value, about.options)
    return f"{words} {written(value)}: it must be {about.number_text}"


def written(value: Any) -> str:
    """A value as a person writes it; a whole number with all its digits."""
    if isinstance(value, Integral):
        return str(value)
    return f"{value:g}" if isinstance(value, Real) else repr(value)


def unknown(what: str, value: str, known: Collection[str]) -> str:
    """That an option isn't known, and which are."""
    return f"unknown {what} {value!r}: choose from {', '.join(known)}"


def even_steps(step: float, low: float, high: float) -> tuple[float, ...]:
    """Numbers at equal distances from `low` to `high`."""
    return tuple(round(low + step * place, 10) for place in range(round((high - low) / step) + 1))


def decades(first: int, last: int, digits: tuple[int, ...] = (1,)) -> tuple[float, ...]:
    """These digits in each power of ten from `first` to `last`."""
    return tuple(float(f"{digit}e{power}") for power in range(first, last + 1) for digit in digits)

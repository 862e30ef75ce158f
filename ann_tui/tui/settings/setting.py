"""Settings that are changed in place: what each is called, how it is written, stepped and typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ann_tui.figures import number
from ann_tui.tui.dialogs.prompt import Choice, LinePrompt, PickList, problem_of


class Named(Protocol):
    """An entry of a registry of options."""

    @property
    def summary(self) -> str:
        """One line for a learner."""


@dataclass(frozen=True)
class Setting:
    """One setting of a frozen dataclass.

    `field` is its name, with a dot for a field of a field ("split.test"). A setting either takes one of `options`
    or a typed value: `read` makes the value of a text and raises ValueError with one line where it can't; `write`
    is its inverse; `step` gives the value after one arrow key to the left (-1) or right (1).
    """

    field: str
    label: str
    explanation: str
    options: Mapping[str, Named] | None = None
    read: Callable[[str], Any] | None = None
    write: Callable[[Any], str] = str
    step: Callable[[Any, int], Any] | None = None

    def of(self, holder: Any) -> Any:
        """The setting's value."""
        for name in self.field.split("."):
            holder = getattr(holder, name)
        return holder

    def put(self, holder: Any, value: Any) -> Any:
        """A copy of `holder` with the setting changed. Raises ValueError where the value can't be."""
        outer, _, inner = self.field.partition(".")
        if inner:
            return replace(holder, **{outer: replace(getattr(holder, outer), **{inner: value})})
        return replace(holder, **{outer: value})

    def stepped(self, value: Any, direction: int) -> Any:
        """The value beside this one."""
        if self.options is not None:
            names = list(self.options)
            at = names.index(value) if value in names else 0
            return names[(at + direction) % len(names)]
        return value if self.step is None else self.step(value, direction)

    def question(self, holder: Any) -> LinePrompt | PickList:
        """The screen that asks for a new value; it answers with the text of the value, or None."""
        value = self.of(holder)
        if self.options is not None:
            choices = [Choice(name, option.summary) for name, option in self.options.items()]
            return PickList(self.label, choices, value)
        return LinePrompt(
            self.label,
            self.write(value),
            problem_of(lambda text: self.answered(holder, text)),
            self.explanation,
        )

    def answered(self, holder: Any, text: str) -> Any:
        """A copy of `holder` with the value that a text stands for. Raises ValueError with one line."""
        return self.put(holder, text if self.read is None else self.read(text))


def read_number(least: float, most: float, *, open_end: bool = False) -> Callable[[str], float]:
    """A reader of a number from `least` to `most` (not `most` itself with `open_end`)."""

    def read(text: str) -> float:
        try:
            value = float(text.strip().removesuffix("%"))
        except ValueError:
            raise ValueError("type a number") from None
        if text.strip().endswith("%"):
            value /= 100
        if not least <= value <= most or (open_end and value == most):
            raise ValueError(
                f"type a number from {number(least)} {'up to, not with,' if open_end else 'to'} {number(most)}"
            )
        return value

    return read


def write_number(value: float | None) -> str:
    """A number so that exactly it can be typed again; "none" for none."""
    if value is None:
        return "none"
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def read_whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of a whole number from `least` to `most`."""

    def read(text: str) -> int:
        try:
            value = int(text.strip().replace(",", ""))
        except ValueError:
            raise ValueError("type a whole number") from None
        if not least <= value <= most:
            raise ValueError(f"type a whole number from {least:,} to {most:,}")
        return value

    return read


def step_by(amount: float, least: float, most: float) -> Callable[[Any, int], Any]:
    """Arrow keys that add and subtract, within bounds; whole amounts keep whole numbers whole."""

    def step(value: Any, direction: int) -> Any:
        moved = min(max(round((value + direction * amount) / amount) * amount, least), most)
        return int(moved) if isinstance(amount, int) else round(moved, 10)

    return step


def step_along(values: tuple[Any, ...]) -> Callable[[Any, int], Any]:
    """Arrow keys that walk along these rising values, from wherever the value stands."""

    def step(value: Any, direction: int) -> Any:
        if direction > 0:
            return next((other for other in values if other > value * (1 + 1e-9)), values[-1])
        return next((other for other in reversed(values) if other < value * (1 - 1e-9)), values[0])

    return step


def yes_or_no(text: str) -> bool:
    """Read a switch. Raises ValueError."""
    answer = text.strip().casefold()
    if answer in ("yes", "y", "on", "true", "1"):
        return True
    if answer in ("no", "n", "off", "false", "0"):
        return False
    raise ValueError("type yes or no")


def write_switch(value: bool) -> str:
    """How a switch is written."""
    return "yes" if value else "no"


def flip(value: bool, direction: int) -> bool:
    """Arrow keys on a switch."""
    return not value

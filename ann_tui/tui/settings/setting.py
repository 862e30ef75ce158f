"""Settings that are changed in place: what each is called, how it is written, stepped and typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ann_tui.choice_fields import ChoiceField, Named, Range, described
from ann_tui.tui.prompt import Choice, LinePrompt, PickList, problem_of


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


def setting_of(kind: type, name: str, within: str = "") -> Setting:
    """The setting of a described field; `within` is the field of the holder in which it stands ("split")."""
    about = described(kind)[name]
    read, write, step = typing_of(about, default_of(kind, name))
    field = f"{within}.{name}" if within else name
    return Setting(field, about.title, about.words, about.options, read, write, step)


def default_of(kind: type, name: str) -> Any:
    """The default of a dataclass's field that has a plain one."""
    return next(each.default for each in fields(kind) if each.name == name)


def typing_of(
    about: ChoiceField, default: Any
) -> tuple[Callable[[str], Any], Callable[[Any], str], Callable[[Any, int], Any] | None]:
    """How a field is read from a text, how it is written, and what an arrow key does to it."""
    if about.range is not None:
        read, write = read_number(about.range), write_percent if about.percent else write_number
        if not about.none:
            return read, write, _steps(about)

        def write_or_none(value: float | None) -> str:
            return about.none if value is None else write(value)

        return or_none(read, about.none), write_or_none, _steps(about)
    if isinstance(default, bool):
        return yes_or_no, write_switch, flip
    return read_word, str, None


def _steps(about: ChoiceField) -> Callable[[Any, int], Any] | None:
    if isinstance(about.steps, int):
        assert about.range is not None
        high = about.range.high if about.range.typed is None else about.range.typed
        return step_by(about.steps, about.range.low, high)
    return step_along(about.steps) if about.steps else None


def read_word(text: str) -> str:
    """A text that is no gap itself. Raises ValueError."""
    if not text.strip():
        raise ValueError("type a word")
    return text.strip()


def or_none(read: Callable[[str], Any], none: str = "") -> Callable[[str], Any]:
    """A reader that takes nothing, or the word for it, as None."""
    return lambda text: None if text.strip().casefold() in ("", none) else read(text)


def read_number(numbers: Range) -> Callable[[str], float]:
    """A reader of one of these numbers; it may be written in percent where it need not be whole."""

    def read(text: str) -> float:
        written = text.strip()
        try:
            if numbers.whole:
                value: float = int(written.replace(",", ""))
            else:
                value = float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)
        except ValueError:
            raise ValueError(f"type {'a whole number' if numbers.whole else 'a number'}") from None
        if not numbers.takes_typed(value):
            raise ValueError(f"type {numbers.typed_text}")
        return value

    return read


def write_percent(share: float) -> str:
    """A share in percent."""
    return f"{share * 100:g} %"


def write_number(value: float | None) -> str:
    """A number so that exactly it can be typed again; "none" for none."""
    if value is None or isinstance(value, int):
        return "none" if value is None else str(value)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def step_by(amount: float, least: float, most: float) -> Callable[[Any, int], Any]:
    """Arrow keys that add and subtract, within bounds; whole amounts keep whole numbers whole."""

    def step(value: Any, direction: int) -> Any:
        moved = min(max(round((value + direction * amount) / amount) * amount, least), most)
        return int(moved) if isinstance(amount, int) else round(moved, 10)

    return step


def step_along(values: tuple[float | None, ...]) -> Callable[[Any, int], Any]:
    """Arrow keys that walk along these rising values, from wherever the value stands; None may be the first or last."""
    numbers = tuple(value for value in values if value is not None)
    ends = {direction: values[end] is None for direction, end in ((-1, 0), (1, -1))}

    def step(value: Any, direction: int) -> Any:
        ahead = numbers if direction > 0 else numbers[::-1]
        if value is None:
            return None if ends[direction] else ahead[0]
        beyond = (other for other in ahead if (other - value) * direction > abs(value) * 1e-9)
        return next(beyond, None if ends[direction] else ahead[-1])

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

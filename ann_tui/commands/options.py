"""Arguments that several commands take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from ann_tui.evaluation.threshold import Aim

    AnyType = click.ParamType[Any]
else:
    AnyType = click.ParamType

FILE = click.Path(allow_dash=True)
"""A path; whether it can be read is told by the reader, which knows more to say."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

baselines = click.option(
    "--no-baselines",
    "baselines",
    is_flag=True,
    flag_value=False,
    default=True,
    help="Leave out the simple models that the network is compared with.",
)


class Whole(click.IntRange):
    """A whole number of a range, which another one names in words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; fails with one line for anything else."""
        try:
            number = int(value)
        except ValueError:
            number = None
        low, high = self.min, self.max
        if number is None or (low is not None and number < low) or (high is not None and number > high):
            self.fail(f"{value!r}: it takes a whole number, {self._describe_range()}", param, ctx)
        return number

    def _describe_range(self) -> str:
        """The range in words, for the help as well."""
        return f"{self.min:,} or more" if self.max is None else f"{self.min:,} to {self.max:,}"


class PresetType(AnyType):
    """The name of a preset."""

    name = "preset"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name; fails with one line where there is no such preset."""
        from ann_tui.experiments.presets import PRESETS

        if value not in PRESETS:
            self.fail(f"{value!r} isn't known: choose from {', '.join(PRESETS)}", param, ctx)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The presets that begin so, each with what it means."""
        from ann_tui.experiments.presets import PRESETS

        return [
            CompletionItem(name, help=preset.summary)
            for name, preset in PRESETS.items()
            if name.startswith(incomplete)
        ]


preset_option = click.option(
    "--preset",
    metavar="NAME",
    type=PresetType(),
    help="How much is done for a good score: plain (the lesson's network), good (numbers in bins, averaged weights) or "
    "strong (several networks, slower). Other options come on top.  [default: good; that of an experiment file: as it "
    "is]",
)


class ThresholdType(AnyType):
    """A decision threshold; where `aims` are taken, also what it is to be chosen for."""

    name = "threshold"

    def __init__(self, *, aims: bool) -> None:
        self.aims = aims

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | Aim:
        """The threshold or the aim of a text; fails with one line where it is neither."""
        from ann_tui.evaluation.threshold import read_threshold

        try:
            found = read_threshold(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not self.aims and not isinstance(found, float):
            self.fail(
                "it can be chosen by train alone, on validation rows: give a number from 0 to 1", param, ctx
            )
        return found


own_threshold = click.option(
    "--threshold",
    metavar="NUMBER",
    type=ThresholdType(aims=False),
    help="Two classes: the second is the answer above this probability.  [default: the model's]",
)

"""Options of a command that stand for fields of an experiment: help, values and completions are the fields' own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from ann_tui.choice_fields import ChoiceField

    AnyType = click.ParamType[Any]
else:
    AnyType = click.ParamType

SHOWN = 3
"""How many options a help text names as examples."""


def _about(name: str) -> ChoiceField:
    """The description of a field by its name in an experiment file, imported when it is asked for."""
    from ann_tui.experiments.named_choices import named_choices

    return named_choices()[name].about


class FieldType(AnyType):
    """What a field takes: one of its options, a number of its range, or any text."""

    name = "value"

    def __init__(self, field: str) -> None:
        """`field` is the name in an experiment file."""
        self.field = field

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value of a text; fails with one line where it can't be."""
        from ann_tui.choice_fields import written

        about = _about(self.field)
        if about.options is not None and value not in about.options:
            self.fail(f"{value!r} isn't known: choose from {', '.join(about.options)}", param, ctx)
        if about.range is not None:
            kind: AnyType = click.INT if about.range.whole else click.FLOAT
            value = kind.convert(value, param, ctx)
            if value not in about.range:
                self.fail(f"{written(value)}: it must be {about.number_text}", param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The options that begin so, each with what it means."""
        return [
            CompletionItem(name, help=option.summary)
            for name, option in (_about(self.field).options or {}).items()
            if name.startswith(incomplete)
        ]


class FieldOption(click.Option):
    """An option that stands for one field, or for several that get the same value."""

    def __init__(self, *arguments: Any, fields: tuple[str, ...], more: str = "", **options: Any) -> None:
        """`more` is added to the help text of the first of the fields."""
        super().__init__(*arguments, **options)
        self.fields = fields
        self._more = more

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The flag, and the words of its field."""
        if self.help is None:
            about = _about(self.fields[0])
            names = list(about.options or ())
            examples = f": {', '.join(names[:SHOWN])}" if names else ""
            end = " …" if len(names) > SHOWN else "."
            self.help = " ".join(filter(None, (f"{about.words}{examples}{end}", self._more)))
        return super().get_help_record(ctx)


def field_option(flag: str, *fields: str, metavar: str, **options: Any) -> Callable[[Any], Any]:
    """A flag for these fields of an experiment, named as in its file."""
    return click.option(
        flag, cls=FieldOption, fields=fields, type=FieldType(fields[0]), metavar=metavar, **options
    )

"""The command line that trains a trial of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from ann_tui.commands.field_option import FieldOption
from ann_tui.commands.shell_words import shell_line

if TYPE_CHECKING:
    from ann_tui.experiments.dimension import Value
    from ann_tui.experiments.sweeps.kept_sweep import Begun, FoundSweep
    from ann_tui.experiments.sweeps.trial import Trial


def begun_with(file: str, options: Mapping[str, Any]) -> Begun:
    """The file and the options that the sweep under way was given, in the order of its options."""
    from ann_tui.experiments.sweeps.kept_sweep import Begun

    words = [
        (flag.opts[0], str(each))
        for flag in click.get_current_context().command.params
        if flag.name in options and (value := options[flag.name]) not in (None, ())
        for each in (value if isinstance(value, tuple) else (value,))
    ]
    return Begun(file=file, options=words)


def begun_before(found: FoundSweep) -> Begun:
    """What a kept sweep was begun with, or where that is not known or may have changed, its own experiment file."""
    from ann_tui.experiments.sweeps.kept_sweep import EXPERIMENT, Begun

    begun = found.about.begun
    if begun is None or begun.file.casefold().endswith(".toml") or found.sweep()[1].preparation.split.file:
        return Begun(file=str(found.folder / EXPERIMENT), options=[])
    return Begun(file=found.about.table, options=begun.options)


def command_of(begun: Begun, trial: Trial) -> str:
    """The command line that trains a trial of a sweep that was begun so."""
    from ann_tui.experiments.dimension import OF_LAYERS

    words = ["ann-tui", "train", begun.file]
    fields = _fields()
    for option, value in begun.options:
        # An option would count for more than the --set of a trial.
        if option != "--layers" and trial.settings.keys().isdisjoint(fields.get(option, ())):
            words += [option, value]
    words += ["--layers", trial.experiment.design.text]
    for name, setting in trial.settings.items():
        if name not in OF_LAYERS:
            words += ["--set", f"{name}={_written(name, setting)}"]
    return shell_line(words)


def _fields() -> dict[str, Sequence[str]]:
    """What each option stands for, by its flag."""
    flags = click.get_current_context().command.params
    return {flag.opts[0]: flag.fields for flag in flags if isinstance(flag, FieldOption)}


def _written(name: str, value: Value) -> str:
    """A value as --set takes it."""
    from ann_tui.experiments.dimension import field_of

    if value is None:
        return field_of(name).none
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

"""The experiment that the words of a command ask for: a file, a preset, and options that stand for fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ann_tui.commands.field_option import FieldOption
from ann_tui.commands.running import say

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment


def say_guess(data: LoadedData) -> None:
    """Say on standard error which column is taken for the target where nobody named one."""
    from ann_tui.data.plain_text import printable

    if data.profile.guessed:
        others = ", ".join(printable(name) for name in data.profile.candidates[1:])
        among = f"; it may be {others}" if others else ""
        say(f"target: {printable(data.profile.target)} (a guess{among}; --target names another)", err=True)


def asked_experiment(file: str, options: Mapping[str, Any]) -> tuple[LoadedData, Experiment]:
    """Read the file and make the experiment that it and the options ask for. Raises ValueError with one line.

    `options` are what the command under way was given, by name: `drop` and `preset`, those that stand for fields, and
    `choices` where it takes other ones by their names. Without a preset a table gets the default one.
    """
    from ann_tui.data.choices.source import Source
    from ann_tui.experiments.derived import load, suggested_experiment
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.experiment_file import read_experiment
    from ann_tui.experiments.presets import with_preset

    is_stated = file.casefold().endswith(".toml")
    experiment = read_experiment(file) if is_stated else Experiment(Source(file))
    source = _with_options(experiment, options).source
    data = load(source)
    preset = options["preset"]
    if not is_stated:
        experiment = suggested_experiment(source, data, preset)
    elif preset is not None:
        experiment = with_preset(experiment, preset, len(data.table.frame))
    asked = replace(_with_options(experiment, options), source=source)
    _check_columns(file, data, asked)
    if asked.steering and asked != experiment:
        say("note: with other choices nothing is steered as a run of this file was", err=True)
        asked = replace(asked, steering=())
    return data, asked


def _with_options(experiment: Experiment, options: Mapping[str, Any]) -> Experiment:
    """The experiment with what the options say. Raises ValueError with one line."""
    from ann_tui.experiments.experiment_file import with_choices, with_values

    experiment = with_choices(experiment, options.get("choices", ()))
    source = experiment.source
    values = {
        field: options[flag.name]
        for flag in click.get_current_context().command.params
        if isinstance(flag, FieldOption) and flag.name is not None and options[flag.name] not in (None, ())
        for field in flag.fields
    }
    if values.get("source.target", source.target) != source.target:
        values.setdefault("source.task", None)
    added = (name for name in options["drop"] if name not in source.excluded)
    return with_values(experiment, {**values, "source.excluded": (*source.excluded, *added)})


def _check_columns(file: str, data: LoadedData, experiment: Experiment) -> None:
    """Raises ClickException for the first choice about a column that the table doesn't have, or can't use."""
    from ann_tui.data.plain_text import printable, shown_path
    from ann_tui.experiments.unmet_choices import unmet_choices

    source = experiment.source
    if source.target is not None and source.target in source.excluded:
        raise click.ClickException(
            f"the column '{source.target}' can't be the target and be left out: drop another, or name another target"
        )
    for name, problem in unmet_choices(experiment, list(data.table.frame.columns)):
        raise click.ClickException(f"{shown_path(file)}: {name}: {printable(problem, 400)}")

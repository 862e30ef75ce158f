"""`ann-tui train`: an experiment without the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ann_tui.commands.options import FILE, as_json
from ann_tui.commands.running import (
    DONE,
    INTERRUPTED,
    check_output,
    check_table,
    print_json,
    stopping_on_interrupt,
)

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run, RunResult
    from ann_tui.training.snapshot import Snapshot


def _names_of(module: str, registry: str) -> Callable[..., list[str]]:
    """The names of a registry that begin so, for the tab key; imported when it is pressed."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        from importlib import import_module

        names = getattr(import_module(f"ann_tui.{module}"), registry)
        return [name for name in names if name.startswith(incomplete)]

    return complete


@click.command()
@click.argument("file", type=FILE)
@click.option("--target", metavar="COL", help="The column to predict. Without it, it is guessed.")
@click.option("--drop", metavar="COL", multiple=True, help="Leave a column out. May be repeated.")
@click.option(
    "--task",
    type=click.Choice(["classification", "regression"]),
    help="Without it, it follows from the target.",
)
@click.option(
    "--layers",
    metavar="TEXT",
    help="Hidden layers, such as '64 relu, dropout 0.2, 32 relu'. '' is a linear model.",
)
@click.option(
    "--cost",
    metavar="NAME",
    shell_complete=_names_of("network.costs", "COSTS"),
    help="What training makes small: cross-entropy, huber …  [default: follows from the target]",
)
@click.option("--epochs", type=click.IntRange(1), help="At most so many passes over the training rows.")
@click.option(
    "--optimizer",
    metavar="NAME",
    shell_complete=_names_of("training.optimizers", "OPTIMIZERS"),
    help="How a gradient becomes a step: adam, sgd …",
)
@click.option("--learning-rate", type=click.FloatRange(0), help="How long a step is.")
@click.option(
    "--schedule",
    metavar="NAME",
    shell_complete=_names_of("training.schedules", "SCHEDULES"),
    help="How the learning rate changes: constant, cosine …",
)
@click.option("--batch", type=click.IntRange(1), help="Rows a step.")
@click.option(
    "--seed", type=click.IntRange(0), help="For the split, the weights and the shuffling.  [default: 0]"
)
@click.option(
    "--test-fraction",
    type=click.FloatRange(0, 1, max_open=True),
    help="Share of the rows that judge; 0 for none.  [default: 0.2]",
)
@click.option(
    "--validation-fraction",
    type=click.FloatRange(0, 1, max_open=True),
    help="Share that chooses the best epoch.  [default: 0.2]",
)
@click.option(
    "--set",
    "choices",
    metavar="NAME=VALUE",
    multiple=True,
    help="Any other choice, by its name in an experiment file. May be repeated.",
)
@click.option("--save", metavar="MODEL.ann", type=FILE, help="Keep the trained model in a file.")
@click.option(
    "--save-experiment",
    metavar="FILE.toml",
    type=FILE,
    help="Keep all choices in a file that runs them again.",
)
@as_json
def train(file: str, save: str | None, save_experiment: str | None, as_json: bool, **options: Any) -> int:
    """Train a network on FILE and score it on rows that it has never seen.

    FILE is a table (CSV, TSV, Parquet; - is standard input) or an experiment (.toml), whose choices hold as far as
    no option says otherwise. Ctrl-C ends the training; with --save the best network so far is kept.

    \b
    Examples:
      ann-tui train sample_data/penguins.csv --target species --save penguins.ann
      ann-tui train sample_data/cars.csv --layers "32 relu" --epochs 100 --json
      ann-tui train penguins.toml --seed 1
      ann-tui train data.csv --set preparation.scaling=robust --set training.clip_norm=1
      ann-tui train data.csv --epochs 1 --save-experiment all.toml   (writes all choices down)
    """
    from ann_tui.data.plain_text import printable
    from ann_tui.experiments.run import run_experiment
    from ann_tui.training.control import TrainingControl

    check_table(file, experiment=True)
    for path, suffix in ((save, ".ann"), (save_experiment, ".toml")):
        if path is not None:
            check_output(path, [file], suffix)
    data, experiment = _experiment(file, options)
    control = TrainingControl()

    def train(run: Run) -> Snapshot:
        from ann_tui.commands.progress import train_with_progress

        if experiment.source.target is None and not as_json:
            click.echo(
                f"target: {printable(data.profile.target)} (a guess; --target names another)", err=True
            )
        if save_experiment is not None:
            from ann_tui.experiments.experiment_file import write_experiment

            write_experiment(experiment, save_experiment)
        return train_with_progress(run, shown=sys.stderr.isatty())

    def keep(result: RunResult) -> None:
        if save is not None:
            _save(result, save)

    with stopping_on_interrupt(control.stop) as interrupted:
        result = run_experiment(experiment, data, control=control, train=train, judged=keep)
        if result.evaluation is None:
            raise click.ClickException(result.snapshot.message)
        if interrupted():
            if save is not None:
                epochs = result.snapshot.epoch
                click.echo(f"stopped after {epochs} epochs; the best network so far is in {save}", err=True)
            return INTERRUPTED
    if as_json:
        from ann_tui.reports.run_record import run_record

        print_json(run_record(result) | ({"model": save} if save is not None else {}))
    else:
        from ann_tui.reports.text_report import print_report

        print_report(result)
        if save is not None:
            click.echo(f"\nsaved: {save}")
    return DONE


def _save(result: RunResult, path: str) -> None:
    from ann_tui.model.storage import save_model
    from ann_tui.model.trained_model import TrainedModel

    save_model(TrainedModel.from_result(result), path)


def _experiment(file: str, options: dict[str, Any]) -> tuple[LoadedData, Experiment]:
    """Read the file and make the experiment that it and the options ask for. Raises ValueError with one line."""
    from ann_tui.data.choices.source import Source
    from ann_tui.experiments.derived import load, suggested_experiment
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.experiment_file import read_experiment, with_choices
    from ann_tui.network.design import NetworkDesign

    is_stated = file.casefold().endswith(".toml")
    experiment = read_experiment(file) if is_stated else Experiment(Source(file))
    layers = None if options["layers"] is None else NetworkDesign.from_text(options["layers"]).layers
    source = _source(with_choices(experiment, options["choices"]).source, options)
    data = load(source)
    _check_columns(data, source)
    if not is_stated:
        experiment = suggested_experiment(source, data)
    experiment = with_choices(experiment, options["choices"])
    split, plan, design = experiment.preparation.split, experiment.plan, experiment.design
    seed = {} if options["seed"] is None else {"seed": options["seed"]}
    fractions = {"test": options["test_fraction"], "validation": options["validation_fraction"]}
    split = replace(split, **seed, **{name: value for name, value in fractions.items() if value is not None})
    given = {name: options[name] for name in ("epochs", "optimizer", "learning_rate", "schedule", "batch")}
    plan = replace(plan, **seed, **{name: value for name, value in given.items() if value is not None})
    if layers is not None:
        design = replace(design, layers=layers)
    if options["cost"] is not None:
        design = replace(design, cost=options["cost"])
    preparation = replace(experiment.preparation, split=split)
    return data, Experiment(source, preparation, design, plan)


def _source(source: Any, options: dict[str, Any]) -> Any:
    """The source with what the options say about its columns."""
    if options["target"] is not None and options["target"] != source.target:
        source = replace(source, target=options["target"], task=None)
    if options["task"] is not None:
        source = replace(source, task=options["task"])
    added = tuple(name for name in options["drop"] if name not in source.excluded)
    return replace(source, excluded=(*source.excluded, *added))


def _check_columns(data: LoadedData, source: Any) -> None:
    if source.target is not None and source.target in source.excluded:
        raise click.ClickException(
            f"the column '{source.target}' can't be the target and be left out: drop another, or name another target"
        )
    known = list(data.table.frame.columns)
    for column in (*source.excluded, *([source.target] if source.target is not None else [])):
        if column not in known:
            shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            raise click.ClickException(
                f"{source.path}: there is no column '{column}'; the columns are: {shown}"
            )

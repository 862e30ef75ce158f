"""`ann-tui cv`: an experiment in folds."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from ann_tui.commands.asking import asked_experiment, say_guess
from ann_tui.commands.choice_options import choice_options, threshold_option
from ann_tui.commands.options import FILE, Whole, as_json, baselines
from ann_tui.commands.places import cluster_option, jobs_option
from ann_tui.commands.running import (
    DONE,
    INTERRUPTED,
    check_output,
    check_table,
    confirm_overwriting,
    is_terminal,
    print_json,
    print_notes,
    say,
    stopping_on_interrupt,
)

if TYPE_CHECKING:
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.folds.cross_validation import CrossValidation
    from ann_tui.experiments.folds.folds import FoldResult


def _one_at_most(context: click.Context, param: click.Parameter, given: tuple[str, ...]) -> str | None:
    if len(given) > 1:
        raise click.UsageError(f"--against compares with one experiment, not with {len(given)}")
    return given[0] if given else None


@click.command()
@click.argument("file", type=FILE)
@choice_options
@threshold_option
@click.option(
    "--folds",
    metavar="NUMBER",
    type=Whole(2, 1000),
    default=5,
    show_default=True,
    help="Into how many parts the rows are divided, each of which judges what was trained on the others.",
)
@click.option(
    "--repeats",
    metavar="NUMBER",
    type=Whole(1, 1000),
    default=1,
    show_default=True,
    help="How often they are divided anew.",
)
@click.option(
    "--seeds",
    metavar="NUMBER",
    type=Whole(1, 1000),
    default=1,
    show_default=True,
    help="How often each fold is trained, with other first weights and another order.",
)
@jobs_option
@cluster_option
@click.option(
    "--against",
    metavar="FILE.toml|PRESET",
    multiple=True,
    callback=_one_at_most,
    help="Run a second experiment on the same folds, by its file or the name of a preset, and say which is better.",
)
@click.option(
    "-o",
    "--output",
    metavar="ANSWERS.csv",
    type=FILE,
    help="Write every out-of-fold answer to a file: line, repeat, fold, seed, the true value under the target's name "
    "(true_NAME where one of these columns has that name), prediction, probability_CLASS.",
)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@baselines
@as_json
def cv(
    file: str,
    threshold: float | Aim | None,
    folds: int,
    repeats: int,
    seeds: int,
    jobs: int,
    cluster: str | None,
    against: str | None,
    output: str | None,
    force: bool,
    baselines: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Cross-validate: train on FILE in folds, and tell the scores of each with their spread.

    The folds are made as the split says: with the same share of each class, with groups that stay together, or in
    time, where each fold judges what was trained on all rows before it. The preparation is fitted anew in every fold.
    All rows judge, the test rows too, which counts as a look at them. Ctrl-C shows what is finished.

    \b
    Examples:
      ann-tui cv sample_data/penguins.csv --folds 10 --jobs 2
      ann-tui cv sample_data/cars.csv --repeats 5 --json
      ann-tui cv data.csv --set preparation.split.method=group --set preparation.split.column=patient
      ann-tui cv data.csv -o answers.csv                 (every row's answer by a network that never saw it)
      ann-tui cv one.toml --against other.toml           (which is better, on the same folds)
      ann-tui cv data.csv --against plain                (than the preset plain)
      ann-tui cv data.csv --seeds 5 --cluster tcp://host:8786
    """
    from ann_tui.commands.progress import trainings_progress
    from ann_tui.experiments.folds.cross_validated import CrossValidated
    from ann_tui.experiments.folds.cross_validation import cross_validation, fold_results
    from ann_tui.experiments.looks import note_look
    from ann_tui.reports.before_training import notes_before
    from ann_tui.reports.cross_validation_report import (
        cross_validation_record,
        print_cross_validation,
        write_answers,
    )

    check_table(file, experiment=True)
    if output is not None:
        check_output(output, [file])
        if not force:
            confirm_overwriting(output, can_ask=file != "-")
    data, experiment = asked_experiment(file, options)
    other = None if against is None else _against(against, experiment, data)
    names = [_name_of(each) for each in (file, against) if each is not None]
    validation = cross_validation(
        experiment,
        data,
        folds=folds,
        repeats=repeats,
        seeds=seeds,
        baselines=baselines,
        threshold=threshold,
        against=other,
    )
    if not as_json:
        say_guess(data)
        print_notes(notes_before(data))
        _note_what_is_left_out(experiment)
    stop = Event()
    found: list[FoldResult] = []
    began, problem = time.perf_counter(), ""
    with (
        stopping_on_interrupt(stop.set) as interrupted,
        trainings_progress(
            len(validation), shown=is_terminal(sys.stderr), first=f"fold 1 of {validation.folds} …"
        ) as advance,
    ):
        try:
            for result in fold_results(validation, jobs=jobs, cluster=cluster, stop=stop):
                found.append(result)
                advance(_said(validation, result))
        except ValueError as error:
            problem = str(error)
    seconds = time.perf_counter() - began
    validated = CrossValidated(validation, found)
    if validated.judged():
        looks = None
        for variant in range(len(validation.experiments)):
            looks = note_look(experiment.source.path, str(data.profile.target), validated.look(variant))
        if output is not None:
            write_answers(validated, output)
        if as_json:
            guess = {"target_candidates": list(data.profile.candidates)} if data.profile.unsure else {}
            print_json(cross_validation_record(validated, names, looks, seconds) | guess)
        else:
            print_cross_validation(validated, names, looks, seconds)
            if output is not None:
                say(f"\nsaved: {output}")
    if problem:
        raise click.ClickException(problem)
    if interrupted() and not validated.finished:
        say(f"stopped after {len(found)} of {len(validation)} trainings", err=True)
        return INTERRUPTED
    return DONE


def _said(validation: CrossValidation, result: FoldResult) -> str:
    """A run that is done, in a few words."""
    place = result.place
    which = [f"fold {place.fold + 1} of {validation.folds}"]
    which += [f"repeat {place.repeat + 1}"] if validation.repeats > 1 else []
    which += [f"seed {place.seed + 1}"] if validation.seeds > 1 else []
    value = result.metrics.get(result.metric)
    if value is None:
        return ", ".join(which)
    from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text

    return f"{', '.join(which)}: {METRIC_TITLES[result.metric]} {metric_text(result.metric, value)}"


def _note_what_is_left_out(experiment: Experiment) -> None:
    if experiment.steering:
        say("note: nothing is steered as a run of this file was", err=True)
    if experiment.preparation.split.way.second_file:
        say("note: the rows of the second file take no part", err=True)


def _name_of(given: str) -> str:
    from ann_tui.data.plain_text import printable

    return printable(Path(given).name, 60)


def _against(against: str, experiment: Experiment, data: LoadedData) -> tuple[Experiment, LoadedData]:
    """The experiment to compare with: of a file, or a preset of this table. Raises ValueError with one line."""
    from dataclasses import replace

    from ann_tui.experiments.experiment_file import read_experiment
    from ann_tui.experiments.folds.cross_validation import table_against
    from ann_tui.experiments.presets import PRESETS, with_preset

    if against in PRESETS:
        other = with_preset(replace(experiment, steering=()), against, len(data.table.frame))
    elif against.casefold().endswith(".toml"):
        other = read_experiment(against)
        if other.source.target is None:
            other = replace(other, source=replace(other.source, target=data.profile.target))
    else:
        raise click.ClickException(
            f"--against takes an experiment (.toml) or a preset ({', '.join(PRESETS)}), not {against}"
        )
    return other, table_against(experiment, data, other)

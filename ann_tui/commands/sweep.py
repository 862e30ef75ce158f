"""`ann-tui sweep`: many designs of one experiment, chosen by the validation rows."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from ann_tui.commands.asking import asked_experiment, say_guess
from ann_tui.commands.choice_options import choice_options
from ann_tui.commands.keeping import keep_run
from ann_tui.commands.options import FILE, Whole, as_json, baselines
from ann_tui.commands.places import cluster_option, jobs_option
from ann_tui.commands.running import (
    DONE,
    INTERRUPTED,
    check_output,
    check_table,
    is_terminal,
    print_json,
    print_notes,
    say,
    stopping_on_interrupt,
)
from ann_tui.commands.sweep_command import begun_before, begun_with, command_of

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run_result import RunResult
    from ann_tui.experiments.sweeps.kept_sweep import Begun, KeptSweep
    from ann_tui.experiments.sweeps.sweep import Sweep
    from ann_tui.experiments.sweeps.sweep_course import SweepCourse

TRIALS = 40
"""So many trials where nobody says."""


class _Minutes(click.FloatRange):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; fails with one line for one that is not finite."""
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found):
            self.fail(f"{value!r} is no finite number.", param, ctx)
        return found


MINUTES = _Minutes(0, min_open=True)


@click.command()
@click.argument("file", type=FILE, required=False)
@choice_options
@click.option(
    "--trials",
    metavar="NUMBER",
    type=Whole(1, 100_000),
    help=f"How many designs are tried; the first is the experiment as it is.  [default: {TRIALS}]",
)
@click.option(
    "--minutes",
    metavar="NUMBER",
    type=MINUTES,
    help="End with the round of trials in which so much time is up.",
)
@click.option(
    "--space",
    metavar="FILE.toml",
    type=FILE,
    help="What varies: lines as in the table [sweep] of an experiment file.  [default: what suits the table]",
)
@click.option(
    "--sampler",
    metavar="NAME",
    help="What proposes the trials: tpe (Optuna's; extra sweep) or random.  [default: tpe where it is installed]",
)
@click.option(
    "--folds",
    metavar="NUMBER",
    type=Whole(2, 1000),
    help="Judge each trial in so many folds of the rows that don't test.  [default: by the validation rows]",
)
@click.option(
    "--take",
    metavar="NUMBER",
    type=Whole(0),
    help="Score this trial, whether or not it is better by more than chance.  [default: the winner]",
)
@jobs_option
@cluster_option
@click.option(
    "--resume", is_flag=True, help="Go on with the sweep that was interrupted last, or last on FILE."
)
@click.option("--save", metavar="MODEL.ann", type=FILE, help="Keep the winner's model in a file.")
@click.option(
    "--save-experiment",
    metavar="FILE.toml",
    type=FILE,
    help="Keep the winner's choices in a file that runs them again.",
)
@baselines
@as_json
def sweep(
    file: str | None,
    trials: int | None,
    minutes: float | None,
    space: str | None,
    sampler: str | None,
    folds: int | None,
    take: int | None,
    jobs: int,
    cluster: str | None,
    resume: bool,
    save: str | None,
    save_experiment: str | None,
    baselines: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Try many designs on FILE, and score the best one on rows that no trial has seen.

    FILE is a table, or an experiment (.toml), whose table [sweep] says what varies. Poor trials are stopped early. The
    validation rows choose, or with --folds all rows but the test's; the test rows are looked at once, for the winner.
    The trials don't depend on --jobs or --cluster. Ctrl-C stops and keeps what is done: the same command, or --resume,
    goes on with it.

    \b
    Examples:
      ann-tui sweep data.csv --trials 100 --jobs 2
      ann-tui sweep small.csv --folds 5
      ann-tui sweep data.csv --space space.toml --minutes 30 --save best.ann
      ann-tui sweep experiment.toml --json
      ann-tui sweep --resume
    \b
    A file for --space, of which each line is one choice under its own name (ann-tui choices lists them):
      network.depth = [1, 2, 3]
      network.width = {low = 16, high = 256, log = true}
      training.learning_rate = {low = 0.0005, high = 0.05, log = true}
      preparation.scaling = ["standard", "quantile"]
    """
    from ann_tui.commands.sweep_progress import sweep_progress
    from ann_tui.experiments.sweeps.sweep_course import SweepCourse
    from ann_tui.reports.sweep_report import print_trials

    if file is not None:
        check_table(file, experiment=True)
    for path, suffix in ((save, ".ann"), (save_experiment, ".toml")):
        if path is not None:
            check_output(path, [each for each in (file, space) if each is not None], suffix)
    kept: KeptSweep | None
    with ExitStack() as stack:
        if resume:
            given = (space, sampler, folds, *options.values())
            data, asked, plan, kept, begun = _resumed(file, trials, given)
        else:
            begun = begun_with(_given(file), options)
            data, asked, plan, kept = _begun(
                begun, trials, minutes, space, sampler, folds, options, quiet=as_json
            )
        if kept is not None:
            stack.enter_context(kept)
            if kept.done:
                when = kept.about.began
                again = f"the sweep of {when} is complete: it is told again (another --seed draws others)"
                say(f"note: {again if kept.complete else f'goes on with the sweep of {when}'}", err=True)
        course, stop = SweepCourse(plan, kept), threading.Event()
        with (
            stopping_on_interrupt(stop.set),
            sweep_progress(course.standing, shown=is_terminal(sys.stderr)) as show,
        ):
            for _ in course.run(data, jobs=jobs, cluster=cluster, stop=stop, minutes=minutes):
                show()
        for note in filter(None, (course.problem, course.gave_up)):
            say(f"note: {note}", err=True)
    target = str(data.profile.target)
    if not as_json:
        print_trials(course.standing, table=asked.source.path, target=target)
    stopped = course.standing.end == "stopped"
    return _finish(
        course,
        data,
        asked,
        take=take,
        stopped=stopped,
        save=save,
        save_experiment=save_experiment,
        baselines=baselines,
        as_json=as_json,
        begun=begun,
    )


def _given(file: str | None) -> str:
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    return file


def _begun(
    begun: Begun,
    trials: int | None,
    minutes: float | None,
    space: str | None,
    sampler: str | None,
    folds: int | None,
    options: Mapping[str, Any],
    *,
    quiet: bool,
) -> tuple[LoadedData, Experiment, Sweep, KeptSweep | None]:
    from ann_tui.experiments.derived import completed, prepare_experiment
    from ann_tui.experiments.sweeps.kept_sweep import keep_sweep
    from ann_tui.experiments.sweeps.space import read_space
    from ann_tui.experiments.sweeps.sweep import check_folds, sweep_of
    from ann_tui.reports.before_training import notes_before

    data, asked = asked_experiment(begun.file, options)
    if space is not None:
        asked = replace(asked, space=read_space(space))
    data = completed(asked, data)
    prepared = prepare_experiment(asked, data)
    plan = sweep_of(
        asked, prepared, trials=trials or TRIALS, seed=asked.plan.seed, sampler=sampler, folds=folds or 0
    )
    check_folds(plan, data)
    if not quiet:
        say_guess(data)
        print_notes(notes_before(data))
        if asked.steering:
            say("note: nothing is steered as a run of this file was", err=True)
    if asked.source.path == "-":
        say("note: a sweep of standard input is not kept: it could not go on after a stop", err=True)
        return data, asked, plan, None
    try:
        name = prepared.fitted.target.name
        return data, asked, plan, keep_sweep(plan, asked, name, minutes=minutes, begun=begun)
    except OSError as error:
        why = error.strerror or error
        say(f"note: the sweep can't be put away, and could not go on after a stop: {why}", err=True)
        return data, asked, plan, None


def _resumed(
    file: str | None, trials: int | None, given: tuple[Any, ...]
) -> tuple[LoadedData, Experiment, Sweep, KeptSweep, Begun]:
    from ann_tui.data.plain_text import shown_path
    from ann_tui.experiments.derived import completed, load
    from ann_tui.experiments.sweeps.kept_sweep import last_sweep

    if any(value not in (None, ()) for value in given):
        raise click.UsageError(
            "--resume goes on by the choices that the sweep began with: leave out other options"
        )
    found = last_sweep(file)
    if found is None:
        of_it = "" if file is None else f" of {shown_path(file)}"
        raise click.ClickException(f"no sweep{of_it} was interrupted")
    plan, asked = found.sweep()
    if trials is not None:
        plan = replace(plan, trials=trials)
    data = completed(asked, load(asked.source))
    return data, asked, plan, found.take_up(plan.trials), begun_before(found)


def _finish(
    course: SweepCourse,
    data: LoadedData,
    asked: Experiment,
    *,
    take: int | None,
    stopped: bool,
    save: str | None,
    save_experiment: str | None,
    baselines: bool,
    as_json: bool,
    begun: Begun,
) -> int:
    """Train the winner once more, as it will be used, and tell what the test rows say of it."""
    from ann_tui.experiments.experiment_writing import write_experiment
    from ann_tui.experiments.looks import note_look
    from ann_tui.experiments.run import run_experiment
    from ann_tui.experiments.sweeps.sweep import winning
    from ann_tui.model.storage import save_model
    from ann_tui.model.trained_model import TrainedModel
    from ann_tui.reports.reported_run import ReportedRun
    from ann_tui.reports.sweep_report import against_start, how_it_ended, looked_at, sweep_record
    from ann_tui.reports.text_report import print_cautions, print_comparison, print_report

    standing = course.standing
    best = standing.best if take is None else standing.numbered(take)
    target = str(data.profile.target)
    result: RunResult | None = None
    looks: int | None = None
    kept = command = ""
    if best is not None:
        command = command_of(begun, best)
        experiment = winning(best, asked)
        if save_experiment is not None:
            write_experiment(experiment, save_experiment)
        if not stopped or save is not None:
            began = datetime.now(UTC)
            result = run_experiment(experiment, data, baselines=baselines and not stopped)
            if save is not None:
                save_model(TrainedModel.from_result(result), save)
        if result is not None and not stopped:
            if result.judged.judged == "test":
                looks = note_look(asked.source.path, target, result.network)
            kept = keep_run(result, began, looks=looks, network=True)
    test = not stopped and result is not None and result.judged.judged == "test"
    if as_json:
        told = None if stopped else result
        print_json(sweep_record(standing, best, target=target, command=command, result=told, looks=looks))
    elif best is not None:
        say(f"\n{against_start(standing, best)}")
        piped = " (the table must be piped in again)" if begun.file == "-" else ""
        say(f"to train it{piped}: {command}")
        if result is not None and not stopped:
            say("")
            reported = ReportedRun.of_result(result, looks)
            print_report(reported)
            print_comparison(reported)
            print_cautions(reported)
        say(f"\n{looked_at(standing, test=test)}")
        for line in filter(None, (f"saved: {save}" if save is not None else "", kept)):
            say(line)
    if ended := how_it_ended(standing, kept=course.is_kept):
        say(ended if stopped else f"note: {ended}", err=True)
    if stopped:
        return INTERRUPTED
    if best is None:
        raise click.ClickException("no trial could be trained to its end")
    return DONE

"""`ann-tui train`: an experiment without the screen."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from ann_tui.commands.asking import asked_experiment, say_guess
from ann_tui.commands.choice_options import choice_options, threshold_option
from ann_tui.commands.keeping import keep_run
from ann_tui.commands.options import FILE, as_json, baselines
from ann_tui.commands.resuming import left_behind, outlast
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

if TYPE_CHECKING:
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.run_result import RunResult
    from ann_tui.experiments.under_way import UnderWay
    from ann_tui.experiments.unfinished import Unfinished
    from ann_tui.training.snapshot import Snapshot


@click.command()
@click.argument("file", type=FILE, required=False)
@choice_options
@threshold_option
@click.option(
    "--resume", is_flag=True, help="Go on with the training that was interrupted last, or last on FILE."
)
@click.option("--save", metavar="MODEL.ann", type=FILE, help="Keep the trained model in a file.")
@click.option(
    "--keep",
    is_flag=True,
    help="Keep the network among the runs of the table, too, not its scores alone; see: ann-tui runs.",
)
@click.option(
    "--save-experiment",
    metavar="FILE.toml",
    type=FILE,
    help="Keep all choices in a file that runs them again.",
)
@baselines
@as_json
def train(
    file: str | None,
    resume: bool,
    threshold: float | Aim | None,
    save: str | None,
    keep: bool,
    save_experiment: str | None,
    baselines: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Train a network on FILE and score it on rows that it has never seen.

    FILE is a table (CSV, TSV, Parquet; - is standard input) or an experiment (.toml), whose choices hold as far as
    no option says otherwise. Ctrl-C ends the training; with --save the best network so far is kept, and --resume goes
    on with it, as it does after a power cut: the same network in the end, bit for bit.

    \b
    Examples:
      ann-tui train sample_data/penguins.csv --target species --save penguins.ann
      ann-tui train sample_data/cars.csv --layers "32 relu" --epochs 100 --json
      ann-tui train penguins.toml --seed 1
      ann-tui train data.csv --set preparation.scaling=robust --set training.clip_norm=1
      ann-tui train sample_data/churn.csv --threshold 1:5 --save churn.ann
      ann-tui train data.csv --epochs 1 --save-experiment all.toml   (writes all choices down)
      ann-tui train --resume --save data.ann                         (what was interrupted last)
    """
    from ann_tui.data.plain_text import printable
    from ann_tui.experiments.idle_choices import idle_choices
    from ann_tui.experiments.looks import note_look
    from ann_tui.experiments.run import run_experiment
    from ann_tui.reports.before_training import notes_before
    from ann_tui.training.control import TrainingControl

    if file is not None:
        check_table(file, experiment=True)
    found = _resumed(file, options) if resume else None
    for path, suffix in ((save, ".ann"), (save_experiment, ".toml")):
        if path is not None:
            check_output(path, [] if file is None else [file], suffix)
    data, experiment = _of(found) if found is not None else asked_experiment(_given(file), options)
    under_way: list[UnderWay] = []
    idle: list[str] = []
    if threshold is not None and save_experiment is not None and not as_json:
        say(
            "note: the threshold belongs to the model, and no experiment file holds it: state it again",
            err=True,
        )
    control, began = TrainingControl(), datetime.now(UTC)
    looks: int | None = None
    kept = ""

    def train(run: Run) -> Snapshot:
        from ann_tui.commands.progress import train_with_progress

        idle.extend(idle_choices(experiment, run.prepared).values())
        if not as_json:
            say_guess(data)
            print_notes((*notes_before(data), *idle))
        doubt = data.profile.doubted_target
        if doubt is not None and doubt.remedy is not None and not as_json:
            about = f"the target {printable(doubt.column, 40)}: {doubt.text}"
            say(f"note: {about}; to {doubt.remedy.text}: {doubt.remedy.option}", err=True)
        if experiment.steering and not as_json:
            said = ", ".join(change.text for change in experiment.steering[:5])
            more = ", …" if len(experiment.steering) > 5 else ""
            say(f"note: steered as a run of this file was: {said}{more}", err=True)
        if save_experiment is not None:
            from ann_tui.experiments.experiment_writing import write_experiment

            write_experiment(experiment, save_experiment)
        if found is not None:
            from ann_tui.data.plain_text import shown_path

            say(
                f"note: goes on with the training on {shown_path(found.about.table)} of {found.about.began}",
                err=True,
            )
        if problem := outlast(run, found):
            say(f"note: {problem}", err=True)
        elif run.under_way is not None:
            under_way.append(run.under_way)
        return train_with_progress(run, shown=is_terminal(sys.stderr))

    def judged(result: RunResult) -> None:
        from ann_tui.commands.progress import waiting

        if save is not None:
            _save(result, save)
        if not control.stopping:
            nonlocal looks, kept
            if result.judged.judged == "test":
                looks = note_look(experiment.source.path, result.fitted.target.name, result.network)
            kept = keep_run(result, began, looks=looks, network=keep)
            for each in under_way:
                each.done()
        if not as_json and not control.stopping:
            from ann_tui.reports.reported_run import ReportedRun
            from ann_tui.reports.text_report import print_report

            print_report(ReportedRun.of_result(result))
            if baselines:
                stack.enter_context(waiting("fitting the baselines", shown=is_terminal(sys.stderr)))

    with stopping_on_interrupt(control.stop) as interrupted, ExitStack() as stack:
        result = run_experiment(
            experiment,
            data,
            baselines=baselines,
            control=control,
            threshold=threshold,
            train=train,
            judged=judged,
        )
        if save_experiment is not None and result.changes:
            from ann_tui.experiments.experiment_writing import write_experiment

            write_experiment(result.experiment, save_experiment)
        if result.evaluation is None:
            raise click.ClickException(result.snapshot.message)
        if interrupted():
            again = result.lacks_refit
            if save is not None:
                epochs = f"{result.snapshot.epoch} epochs" + (
                    ", before all rows were learned" if again else ""
                )
                say(f"stopped after {epochs}; the best network so far is in {save}", err=True)
            for each in under_way:
                if result.snapshot.state != "stopped" and not again:
                    each.done()
                    continue
                each.leave()
                say("ann-tui train --resume goes on with it", err=True)
            return INTERRUPTED
    for each in under_way:
        if each.problem:
            say(f"note: {each.problem}", err=True)
    from ann_tui.reports.reported_run import ReportedRun

    reported = ReportedRun.of_result(result, looks)
    if as_json:
        from ann_tui.reports.run_record import run_record

        guess = {"target_candidates": list(data.profile.candidates)} if data.profile.unsure else {}
        saved = {"model": save} if save is not None else {}
        notes = {"notes": [*notes_before(data), *idle]}
        print_json(run_record(reported) | notes | guess | saved)
    else:
        from ann_tui.reports.text_report import print_cautions, print_comparison

        print_comparison(reported)
        print_cautions(reported)
        if save is not None:
            say(f"\nsaved: {save}")
        if kept:
            say(kept)
    return DONE


def _save(result: RunResult, path: str) -> None:
    from ann_tui.model.storage import save_model
    from ann_tui.model.trained_model import TrainedModel

    save_model(TrainedModel.from_result(result), path)


def _resumed(file: str | None, options: dict[str, Any]) -> Unfinished:
    """What is to be resumed. Raises UsageError for options that belong to a new training."""
    if any(value not in (None, ()) for value in options.values()):
        raise click.UsageError(
            "--resume goes on by the choices that the training began with: leave out other options"
        )
    return left_behind(file)


def _given(file: str | None) -> str:
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    return file


def _of(found: Unfinished) -> tuple[LoadedData, Experiment]:
    from ann_tui.experiments.derived import load

    experiment = found.experiment()
    return load(experiment.source), experiment

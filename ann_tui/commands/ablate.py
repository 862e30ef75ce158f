"""`ann-tui ablate`: what each piece of a preset gives on a file."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from ann_tui.commands.asking import asked_experiment, say_guess
from ann_tui.commands.field_option import field_option
from ann_tui.commands.options import FILE, Whole, as_json, preset_option
from ann_tui.commands.places import jobs_option
from ann_tui.commands.running import (
    DONE,
    INTERRUPTED,
    check_table,
    is_terminal,
    print_json,
    print_notes,
    say,
    stopping_on_interrupt,
)

if TYPE_CHECKING:
    from ann_tui.experiments.ablation import Trial


@click.command()
@click.argument("file", type=FILE)
@field_option("--target", "source.target", metavar="COL")
@field_option("--drop", "source.excluded", metavar="COL", multiple=True, more="May be repeated.")
@field_option("--task", "source.task", metavar="NAME")
@preset_option
@click.option(
    "--seeds",
    metavar="NUMBER",
    type=Whole(1, 1000),
    default=3,
    show_default=True,
    help="How often each is trained: with other rows in each part, other first weights and another order.",
)
@jobs_option
@as_json
def ablate(file: str, seeds: int, jobs: int, as_json: bool, **options: Any) -> int:
    """Tell what each piece of a preset gives on FILE: train it as it is, without each piece, and plain.

    FILE is a table, or an experiment (.toml): then its pieces are what it chooses otherwise than plain. The validation
    rows judge, and no test row is looked at. Ctrl-C shows what is finished.

    \b
    Examples:
      ann-tui ablate data.csv
      ann-tui ablate data.csv --preset strong --seeds 10 --jobs 2
      ann-tui ablate experiment.toml --json
    """
    from ann_tui.commands.progress import trainings_progress
    from ann_tui.experiments.ablation import ablation_of, check_whole, trials
    from ann_tui.experiments.presets import DEFAULT_PRESET
    from ann_tui.reports.ablation_report import ablation_record, has_whole, print_ablation
    from ann_tui.reports.before_training import notes_before

    check_table(file, experiment=True)
    data, experiment = asked_experiment(file, options)
    ablation = ablation_of(experiment, len(data.table.frame), seeds)
    check_whole(ablation, data)
    stated = file.casefold().endswith(".toml") and options["preset"] is None
    preset = None if stated else options["preset"] or DEFAULT_PRESET
    if not as_json:
        say_guess(data)
        print_notes(notes_before(data))
        if experiment.plan.refit:
            say(
                "note: nothing is trained again on all rows: those that judge here can't tell of it", err=True
            )
        if experiment.steering:
            say("note: nothing is steered as a run of this file was", err=True)
    stop = threading.Event()
    found: list[Trial] = []
    with (
        stopping_on_interrupt(stop.set) as interrupted,
        trainings_progress(len(ablation), shown=is_terminal(sys.stderr)) as advance,
    ):
        for trial in trials(ablation, data, jobs=jobs, stop=stop):
            found.append(trial)
            advance(f"seed {ablation.seed(trial.repetition)}, {ablation.name(trial.variant)}")
    if has_whole(ablation, found):
        if as_json:
            print_json(ablation_record(ablation, found, data, preset))
        else:
            print_ablation(ablation, found, data, preset)
    if interrupted() and len(found) < len(ablation):
        say(f"stopped after {len(found)} of {len(ablation)} trainings", err=True)
        return INTERRUPTED
    return DONE

"""A sweep for a person at the command line, and for a script."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rich.table import Table
from rich.text import Text

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.choice_texts import choice_texts
from ann_tui.experiments.sweeps.chosen_trial import gain_of, others_of
from ann_tui.experiments.sweeps.mattered import MEASURE, Mattered
from ann_tui.experiments.sweeps.space import settings_text
from ann_tui.experiments.sweeps.trial_texts import cost_title, metric_of, trial_cells
from ann_tui.figures import counted, number, percent
from ann_tui.reports.console import report_console

if TYPE_CHECKING:
    from ann_tui.experiments.run_result import RunResult
    from ann_tui.experiments.sweeps.sweep import Sweep
    from ann_tui.experiments.sweeps.sweep_standing import SweepStanding
    from ann_tui.experiments.sweeps.trial import Trial

SHOWN = 12
"""So many of the best trials stand in the table."""

MARK, GAP = "●", 2


def trial_table(standing: SweepStanding, shown: int, width: int) -> Table:
    """A line for each of so many of the best trials, in so many columns; the best one is marked."""
    best, trials = standing.best, standing.ranked[:shown]
    headings = (
        "trial",
        METRIC_TITLES.get(metric_of(standing.trials), "score"),
        "cost",
        "epochs",
        "time",
        "state",
    )
    lines = []
    for trial in trials:
        mark = f"{MARK} " if best is not None and trial.number == best.number else ""
        lines.append((f"{mark}{trial.number}", *trial_cells(standing.sweep.experiment, trial)))
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
    for place, heading in enumerate(headings):
        width -= max(len(heading), *(len(line[place]) for line in lines), 0) + GAP
        justify: Literal["left", "right"] = "left" if heading == "state" else "right"
        table.add_column(Text(heading), justify=justify, no_wrap=True)
    # Rich would take room from all columns alike.
    table.add_column(Text("differs"), no_wrap=True, overflow="ellipsis", max_width=max(width, 10))
    for line in lines:
        table.add_row(*map(Text, line))
    return table


def print_trials(standing: SweepStanding, *, table: str, target: str) -> None:
    """Print what the trials came to, best first, and which settings mattered."""
    console, sweep, trials = report_console(), standing.sweep, standing.trials
    finished = sum(trial.fate == "finished" for trial in trials)
    rows = next((trial.last.rows for trial in trials if trial.last is not None and trial.last.rows), 0)
    console.print(
        Text(
            f"{printable(Path(table).name)} → {printable(target)}: {counted(len(trials), 'trial')}, "
            f"{finished} trained to the end, judged by the {cost_title(sweep, trials)} of "
            f"{_judging(sweep, rows)} (sampler {sweep.sampler}, seed {sweep.seed})"
        )
    )
    console.print()
    ranked = standing.ranked
    console.print(trial_table(standing, SHOWN, console.width))
    if len(ranked) > SHOWN:
        where = "--json" if sweep.folds else "ann-tui runs, or --json"
        console.print(Text(f"… and {counted(len(ranked) - SHOWN, 'more trial')}: {where}"))
    print_mattered(standing.mattered)


def _judging(sweep: Sweep, rows: int) -> str:
    if not sweep.folds:
        return counted(rows, "validation row") if rows else "validation rows"
    return f"{counted(rows, 'row')} in {sweep.folds} folds" if rows else sweep.judges


def print_mattered(found: Sequence[Mattered]) -> None:
    """Print which settings mattered, and what the figure is; nothing where too few trials tell of it."""
    if not found:
        return
    console = report_console()
    console.print()
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading, right in (("what mattered", False), ("share", True), ("ahead", False)):
        table.add_column(Text(heading), justify="right" if right else "left", no_wrap=True)
    for each in found:
        table.add_row(
            *map(Text, (each.dimension.title, percent(each.share, 0), each.ahead if each.told else "–"))
        )
    console.print(table)
    console.print(
        Text(f"Share: {MEASURE}. Ahead: with what trials stood best there, which favours fast learners.")
    )


def looked_at(standing: SweepStanding, *, test: bool) -> str:
    """How many trials were looked at, which makes the best of their scores flatter."""
    judged = standing.looked_at
    if judged < 2:
        said = f"1 trial was looked at on the {standing.sweep.judges}"
    else:
        flatters = "so that the best of their scores there flatters"
        said = f"{judged:,} trials were looked at on the {standing.sweep.judges}, {flatters}"
    return f"{said}; the test rows were looked at once, for the winner" if test else said


def how_it_ended(standing: SweepStanding, *, kept: bool) -> str:
    """Why there are fewer trials than were asked for, and how it goes on where it is `kept`; "" where there are not."""
    asked = counted(standing.sweep.trials, "trial")
    match standing.end:
        case "used up":
            designs = counted(len(standing.trials), "design")
            return f"the space holds {designs}, which are all tried; {asked} were asked for"
        case "time":
            going_on = ": the same command goes on with it" if kept else ""
            return f"the time was up after {standing.ended} of {asked}{going_on}"
        case "stopped":
            going_on = "; ann-tui sweep --resume goes on with it" if kept else ""
            return f"stopped after {standing.ended} of {asked}{going_on}"
        case _:
            return ""


def against_start(standing: SweepStanding, best: Trial) -> str:
    """The figures of the trial that is taken beside those of the experiment as it is, and why none other wins."""
    start, lowest = next(iter(standing.trials), None), standing.ranked[0]
    if start is None or best.last is None or start.last is None:
        return ""
    told = best if best is not start else lowest
    title, cost = METRIC_TITLES[best.last.metric], cost_title(standing.sweep, standing.trials)
    said = (
        f"trial {told.number}: {cost} {number(told.cost)}, {title} "
        f"{metric_text(best.last.metric, told.score)}; as it is: {number(start.cost)}, "
        f"{metric_text(best.last.metric, start.score)}"
    )
    if best is not start:
        return f"the winner is {said}" if best is standing.best else f"taken by its number is {said}"
    if best is not standing.best:
        return "the choices as they are, taken by their number"
    gain = gain_of(lowest, start, others_of(standing.trials))
    if lowest is start or gain is None:
        return f"no trial was better on the {standing.sweep.judges} than the choices as they are: these win"
    settings, others = printable(settings_text(lowest.settings), 400), others_of(standing.trials)
    return (
        f"no trial was better on the {standing.sweep.judges} than the choices as they are by more than chance: "
        f"these win\nthe lowest cost has {said}\nby row it gains {percent(gain.gained)} of a guess's cost; more than "
        f"{percent(gain.wanted)} would be neither the luck of {counted(others, 'trial')} nor a trifle\n"
        f"--take {lowest.number} takes it all the same: {settings}"
    )


def sweep_record(
    standing: SweepStanding,
    best: Trial | None,
    *,
    target: str,
    command: str,
    result: RunResult | None,
    looks: int | None,
) -> dict[str, Any]:
    """The trials, the best one, and what the test rows say of that one alone.

    Each of `trials` has `number`, `settings` by the names of an experiment file, `score` (the `metric` on the
    validation rows, or its mean over the `folds`), `cost`, `epochs`, `seconds`, `state`, all its `metrics`, the `place`
    where it was trained, and how many `threads` a matrix product took there; None stands for what there is not. `best`
    is the winner, or the trial that was taken by its number, with its `choices` in words and the `command` that trains
    it;
    `test` has its metrics on the test rows, None where they were not looked at, and `looks` counts the networks that
    they have judged. `run` is the record of the winner's training.
    `asked` is how many trials were asked for, and `end` how it ended: "complete", "used up" (all designs of the space
    are tried), "time" (it was up) or "stopped". `looked_at` counts the designs that were judged. `mattered` are shares
    in 0..1, each with what was `ahead` there; `measure` says of what.
    """
    from ann_tui.reports.reported_run import ReportedRun
    from ann_tui.reports.run_record import run_record

    sweep: Sweep = standing.sweep
    trials = standing.trials
    run = None if result is None else run_record(ReportedRun.of_result(result, looks))
    test: Mapping[str, Any] | None = None if run is None else run["metrics"].get("test")
    return {
        "target": target,
        "metric": metric_of(trials) or None,
        "judged_by": sweep.figure,
        "folds": sweep.folds or None,
        "sampler": sweep.sampler,
        "seed": sweep.seed,
        "asked": sweep.trials,
        "end": standing.end,
        "trials": [_trial(trial) for trial in trials],
        "best": None
        if best is None
        else _trial(best) | {"choices": choice_texts(best.experiment, target), "command": command},
        "test": test,
        "looked_at": standing.looked_at,
        "looks": looks,
        "mattered": [
            {"name": each.dimension.name, "share": each.share, "ahead": each.ahead}
            for each in standing.mattered
        ],
        "measure": MEASURE,
        "run": run,
    }


def _trial(trial: Trial) -> dict[str, Any]:
    last = trial.last
    return {
        "number": trial.number,
        "settings": dict(trial.settings),
        "score": trial.score,
        "cost": trial.cost if math.isfinite(trial.cost) else None,
        "epochs": trial.epochs,
        "seconds": round(trial.seconds, 6),
        "state": trial.fate,
        "metrics": {} if last is None else dict(last.metrics),
        "place": None if last is None or not last.place else last.place,
        "threads": None if last is None or not last.place else last.threads,
        "problem": trial.problem or None,
    }

"""`ann-tui report`: a run as one page."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ann_tui.commands.options import FILE
from ann_tui.commands.running import DONE, check_output, confirm_overwriting, is_terminal, say

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.reports.reported_run import ReportedRun


@click.command()
@click.argument("run", metavar="MODEL.ann|RUN", type=FILE)
@click.option(
    "-o", "--output", metavar="OUT", required=True, type=FILE, help="NAME.html for a page, NAME.md for Markdown."
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write over OUT without asking.")
def report(run: str, output: str, force: bool) -> int:
    """Write a report: one page that stands alone, with the verdict first and how to run it again last.

    MODEL.ann is a saved model, RUN the name of a kept run (see: ann-tui runs) or its end. The rows that it was trained
    on are read again from where they were, to compare it with simple models and to tell what it relies on; showing the
    test score counts as a look at the test rows. Where they are gone, the page holds what the model file tells. A run
    of which only scores are kept is trained again first. Its headings are those of a model card.

    \b
    Examples:
      ann-tui report penguins.ann -o penguins.html
      ann-tui report 1a2b3c4d -o run.md
    """
    from ann_tui.data.plain_text import shown_path
    from ann_tui.reports.writing import WRITERS, write_page

    if not run.strip():
        raise click.ClickException("name a model file (.ann) or a run: ann-tui runs lists them")
    out = Path(output)
    if out.suffix.casefold() not in WRITERS:
        raise click.ClickException(f"{shown_path(output)}: choose a name that ends in {' or '.join(WRITERS)}")
    if Path(run).suffix.casefold() == ".toml" and Path(run).is_file():
        name = shown_path(Path(run).with_suffix(".ann"))
        raise click.ClickException(
            f"{shown_path(run)} is an experiment, of which a run can be reported: first "
            f"ann-tui train {shown_path(run)} --save {name}, then ann-tui report {name}"
        )
    is_file = Path(run).is_file() or Path(run).suffix == ".ann"
    check_output(output, [run] if is_file else [], out.suffix)
    if not force:
        confirm_overwriting(output)
    found = _of_model(run) if is_file else _of_stored(run)
    write_page(found, out)
    say(f"saved: {output}")
    return DONE


def _of_model(path: str, table: str | None = None, seconds: float = 0.0) -> ReportedRun:
    from ann_tui.commands.progress import waiting
    from ann_tui.experiments.run_again import RowsGoneError, run_again
    from ann_tui.model.storage import load_model
    from ann_tui.reports.reported_run import ReportedRun
    from ann_tui.reports.writing import reported

    model = load_model(path)
    try:
        with waiting("reading the rows, fitting the baselines", shown=is_terminal(sys.stderr)):
            run = run_again(model, table=table, seconds=seconds)
            found = reported(run, _looks(run))
    except RowsGoneError as error:
        say(f"note: {error}: the report holds what the model file tells", err=True)
        return ReportedRun.of_model(model, error.brief)
    return replace(found, versions=model.versions, saved=model.saved, seconds=seconds or None)


def _of_stored(name: str) -> ReportedRun:
    from ann_tui.commands.progress import train_with_progress
    from ann_tui.data.plain_text import printable
    from ann_tui.experiments.kept.run_store import RunStore
    from ann_tui.experiments.run_again import trained_again
    from ann_tui.reports.writing import reported

    try:
        stored = RunStore().find(name)
    except LookupError as error:
        raise click.ClickException(f"{printable(name, 60)} is no model file (.ann), and {error}") from None
    if stored.model is not None:
        return _of_model(str(stored.model), stored.record.table, stored.record.seconds)
    say("note: only the scores of this run are kept: it is trained again, to the same network", err=True)
    shown = is_terminal(sys.stderr)
    run = trained_again(stored, lambda run: train_with_progress(run, shown=shown))
    return reported(run, _looks(run))


def _looks(run: Run) -> int | None:
    """How many networks the test rows have judged by now, this one too; None where others judge."""
    from ann_tui.experiments.looks import note_look

    if run.evaluation is None or run.evaluation.judged != "test":
        return None
    return note_look(run.experiment.source.path, run.prepared.fitted.target.name, run.answering)

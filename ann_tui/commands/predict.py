"""`ann-tui predict`: a model's answers for the rows of a file."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import IO, TYPE_CHECKING, cast

import click

from ann_tui.commands.options import FILE, own_threshold
from ann_tui.commands.running import (
    DONE,
    check_output,
    check_table,
    confirm_overwriting,
    is_terminal,
    print_notes,
    say,
)
from ann_tui.data.plain_text import VisibleLines

if TYPE_CHECKING:
    from ann_tui.evaluation.running_score import RunningScore
    from ann_tui.model.file_answers import FileAnswers


@click.command()
@click.argument("model", type=FILE)
@click.argument("file", type=FILE)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=FILE,
    help="Write to a file (.csv, .tsv, .parquet) instead of standard output.",
)
@own_threshold
@click.option("--force", is_flag=True, help="Write over OUT without asking.")
def predict(model: str, file: str, output: str | None, threshold: float | None, force: bool) -> int:
    """Write the rows of FILE with the prediction of MODEL behind each.

    One row comes out for each that goes in, in the same order: the columns as they are written, `prediction`, and
    `probability_<class>` for each class. FILE may be - for standard input, and of any length. What was missing, unseen
    or out of range is said on standard error, and the score as well where the target is among the columns. In a
    Parquet file the columns of another Parquet file keep their types, and those of a text file stay text.

    \b
    Examples:
      ann-tui predict penguins.ann new.csv -o answers.csv
      ann-tui predict penguins.ann new.parquet -o answers.parquet
      zcat new.csv.gz | ann-tui predict penguins.ann - | head
    """
    from ann_tui.atomic_file import atomic_file
    from ann_tui.commands.progress import rows_progress
    from ann_tui.data.choices.preparation import PreparationError
    from ann_tui.model.file_answers import FileAnswers, notes_on, open_rows
    from ann_tui.model.prediction_writer import form_of, write_predictions
    from ann_tui.model.storage import load_model

    trained = load_model(model).at(threshold)
    check_table(file)
    output = None if output == "-" else output
    try:
        form = form_of(output)
    except PreparationError as error:
        raise click.ClickException(f"{output}: {error}") from None
    if output is not None:
        check_output(output, [model, file])
    elif sys.stdout is None:
        raise click.ClickException("standard output is closed: name a file with -o")
    out = nullcontext(_standard_output()) if output is None else atomic_file(output)
    with open_rows(trained, file) as table:
        try:
            answers = FileAnswers(trained, table)
            if output is not None and not force:
                confirm_overwriting(output, can_ask=file != "-")
            shown = is_terminal(sys.stderr) and output is not None
            with (
                out as written,
                rows_progress(table.size, table.position, shown=shown) as progress,
            ):
                score = write_predictions(answers, written, form=form, progress=progress)
                written.flush()
        except PreparationError as error:
            raise click.ClickException(f"{file}: {error}") from None
        print_notes(notes_on(answers, file))
    if score is not None:
        _print_score(score, answers)
    return DONE


def _standard_output() -> IO[bytes]:
    """Bytes as they are for a pipe or a file; what a person sees on a terminal can't steer it."""
    plain = sys.stdout.buffer
    return cast("IO[bytes]", VisibleLines(plain)) if is_terminal(sys.stdout) else plain


def _print_score(score: RunningScore, answers: FileAnswers) -> None:
    from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
    from ann_tui.figures import counted

    shown = [f"{METRIC_TITLES[name]} {metric_text(name, value)}" for name, value in score.metrics().items()]
    without = answers.missing_target + answers.unknown_target
    rest = f"; {counted(without, 'row')} without a usable target" if without else ""
    say(f"score on {counted(score.rows, 'row')}: {', '.join(shown)}{rest}", err=True)

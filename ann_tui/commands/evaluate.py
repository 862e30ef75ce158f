"""`ann-tui evaluate`: how good a saved model is on labelled rows."""

from __future__ import annotations

import time

import click

from ann_tui.commands.options import FILE, as_json, baselines, own_threshold
from ann_tui.commands.running import DONE, check_table, print_json, print_notes


@click.command()
@click.argument("model", type=FILE)
@click.argument("file", type=FILE)
@own_threshold
@baselines
@as_json
def evaluate(model: str, file: str, threshold: float | None, baselines: bool, as_json: bool) -> int:
    """Score MODEL on the rows of FILE, which has the target among its columns.

    Where FILE is the one that the model was trained on, the rows are split as they were, and the test rows judge: the
    scores are those of the training. Otherwise all rows are new to the model and judge together.

    \b
    Example:
      ann-tui evaluate penguins.ann labelled.csv
    """
    from ann_tui.experiments.file_score import FileScore, score_file
    from ann_tui.experiments.looks import note_look
    from ann_tui.model.storage import load_model
    from ann_tui.reports.reported_run import ReportedRun

    trained = load_model(model).at(threshold)
    check_table(file)
    begin = time.perf_counter()

    def looks(score: FileScore) -> int | None:
        new = not score.training_file or score.evaluation.judged != "test"
        return None if new else note_look(file, trained.target, trained.network)

    if as_json:
        from ann_tui.reports.run_record import run_record

        score = score_file(trained, file, baselines=baselines)
        seconds = time.perf_counter() - begin
        print_json(run_record(ReportedRun.of_score(trained, score, seconds, looks(score))))
    else:
        from ann_tui.reports.text_report import print_cautions, print_comparison, print_score

        def judged(score: FileScore) -> None:
            print_score(ReportedRun.of_score(trained, score))

        score = score_file(trained, file, baselines=baselines, judged=judged)
        print_comparison(ReportedRun.of_score(trained, score))
        print_cautions(ReportedRun.of_score(trained, score, looks=looks(score)))
        print_notes(score.notes)
    return DONE

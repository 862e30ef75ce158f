"""The score of a saved model on the labelled rows of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.plain_text import printable, shown_path
from ann_tui.evaluation.decision import at_threshold
from ann_tui.evaluation.doubts import Doubts
from ann_tui.evaluation.evaluation import Answered, Evaluation, SplitScore, judge, with_baselines
from ann_tui.evaluation.measures import measures_of
from ann_tui.experiments.derived import Derived, derive
from ann_tui.experiments.experiment import experiment_of
from ann_tui.experiments.run_of_model import told_score
from ann_tui.experiments.split_cost import with_split_costs
from ann_tui.model.file_answers import Answers, FileAnswers, open_rows
from ann_tui.model.trained_model import TrainedModel, file_sha256
from ann_tui.network.scoring import predict

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class FileScore:
    """An evaluation, of how many rows, and what a person should know about them.

    `total` counts all records of the file, `dropped` are those that take no part, with their lines. `training_file`
    says that the file is the one that the model was trained on, whose rows are then split as they were.
    """

    evaluation: Evaluation
    total: int
    dropped: tuple[DroppedRow, ...]
    notes: tuple[str, ...]
    training_file: bool


def score_file(
    model: TrainedModel,
    path: str,
    *,
    baselines: bool = True,
    judged: Callable[[FileScore], None] = lambda score: None,
) -> FileScore:
    """Score the model on a file; on the one that it was trained on it is compared with `baselines` as well.

    `judged` is told of the network's own score before the baselines are fitted. Raises ReadError and PreparationError
    with one line.
    """
    derived = None
    if path != "-" and model.data.sha256 and file_sha256(Path(path)) == model.data.sha256:
        derived = _derived_again(model, path)
    score = _score_new_rows(model, path) if derived is None else _score_by_split(model, derived)
    judged(score)
    if derived is None or derived.prepared is None or not baselines:
        return score
    compared = with_baselines(score.evaluation, derived.prepared)
    weighed = with_split_costs(compared, derived.experiment, derived.prepared)
    return replace(score, evaluation=weighed)


def _derived_again(model: TrainedModel, path: str) -> Derived | None:
    """What followed from the choices of the training; None where the file is not prepared as it was any more."""
    experiment = experiment_of(model)
    derived = derive(replace(experiment, source=replace(experiment.source, path=path)))
    prepared = derived.prepared
    return derived if prepared is not None and prepared.fitted.answers_like(model.fitted) else None


def _score_by_split(model: TrainedModel, derived: Derived) -> FileScore:
    """The scores of the training, taken again."""
    prepared, table, refit = derived.prepared, derived.table, model.summary.refit
    assert prepared is not None
    if refit and not len(prepared.test.rows):
        raise PreparationError(
            "the model was trained on all rows of this file, and none is left to judge it on: name a file of others"
        )
    told = told_score(model.summary) if refit else None
    judgement = judge(partial(predict, model.network), prepared, refit=refit, told=told)
    notes = ["this is the file that the model was trained on: its rows are split as they were then"]
    if refit:
        notes.append(
            "the model was trained again on the validation rows: their score is that of the network before"
        )
    dropped = [
        *table.dropped,
        *(
            DroppedRow(int(table.lines[row]), reason)
            for row, reason in prepared.set_aside
            if row < len(table.lines)
        ),
    ]
    return FileScore(
        at_threshold(judgement, model.threshold, model.aim),
        len(table.frame) + len(table.dropped),
        tuple(sorted(dropped, key=lambda row: row.line)),
        tuple(notes),
        True,
    )


def _score_new_rows(model: TrainedModel, path: str) -> FileScore:
    try:
        with open_rows(model, path) as table:
            answers = FileAnswers(model, table)
            if not answers.has_target:
                raise PreparationError(
                    f"the target '{printable(model.target, 40)}' is not among the columns, so that nothing can be "
                    "scored: use predict for rows without it"
                )
            pieces = list(answers)
            warnings = table.warnings
    except PreparationError as error:
        raise PreparationError(f"{shown_path(path)}: {error}") from None
    if not any(_of(piece.known).any() for piece in pieces):
        unknown, known = (
            ", ".join(f"'{printable(name, 40)}'" for name in list(names)[:3])
            for names in (_unknown_classes(model, pieces), model.classes)
        )
        why = f": it has {unknown}, and the model knows {known}" if unknown else ""
        raise PreparationError(
            f"{shown_path(path)}: no row has a usable value of the target '{printable(model.target, 40)}'{why}"
        )
    total = sum(len(piece.chunk.lines) for piece in pieces) + answers.dropped_count
    notes = (*warnings, *answers.report.sentences())
    return FileScore(_evaluation(model, pieces), total, _without_target(model, pieces, answers), notes, False)


def _evaluation(model: TrainedModel, pieces: list[Answers]) -> Evaluation:
    """The judgement of pieces of which at least one row has a target that can be compared."""
    target = model.fitted.target
    measures = measures_of(target)
    rows = np.flatnonzero(np.concatenate([_of(piece.known) for piece in pieces])).astype(np.int64)
    actual = np.concatenate([_of(piece.true) for piece in pieces])[rows]
    answers = np.concatenate([piece.predictions.judged for piece in pieces])[rows]
    usual = Evaluation(
        target=target,
        scores={"test": SplitScore(len(rows), measures.metrics(actual, answers))},
        judged="test",
        rows=rows,
        actual=actual,
        outputs=answers,
        confusion=measures.confusion(actual, answers),
        baselines=(),
        answered={"test": Answered(actual, answers)} if len(model.classes) == 2 else {},
        doubts=_doubts(model, pieces, rows),
    )
    return at_threshold(usual, model.threshold)


def _doubts(model: TrainedModel, pieces: list[Answers], rows: NDArray[np.int64]) -> Doubts:
    """Which judged rows the model was trained on, as far as it can tell, and the rows of classes it doesn't know."""
    unknown = _unknown_classes(model, pieces)
    if model.known_rows is None:
        return Doubts(np.zeros(len(rows), dtype=bool), unknown, new_file=True)
    repeats = np.concatenate([_of(piece.repeats) for piece in pieces])[rows]
    return Doubts(repeats, unknown, one_in=model.known_rows.one_in, new_file=True)


def _unknown_classes(model: TrainedModel, pieces: list[Answers]) -> Counter[str]:
    """The classes of rows that the model doesn't know, with how many rows have each; none for a number target."""
    found: Counter[str] = Counter()
    if model.classes:
        for piece in pieces:
            cells = piece.chunk.frame[model.target][~_of(piece.known)]
            found.update(cells.dropna().map(str))
    return found


def _of(values: Found | None) -> Found:
    """What is there in every piece of a file that has the target."""
    assert values is not None
    return values


def _without_target(
    model: TrainedModel, pieces: list[Answers], answers: FileAnswers
) -> tuple[DroppedRow, ...]:
    """The records that could not be read, and the rows whose target can't be compared."""
    name = printable(model.target, 40)
    dropped = list(answers.dropped)
    for piece in pieces:
        column = piece.chunk.frame[model.target]
        for row in np.flatnonzero(~_of(piece.known)).tolist():
            cell = column.iloc[row]
            what = (
                f"no value of the target '{name}'"
                if cell != cell or cell is None
                else f"'{printable(cell, 40)}' is no value of the target '{name}' that the model knows"
            )
            dropped.append(DroppedRow(int(piece.chunk.lines[row]), what))
    return tuple(sorted(dropped, key=lambda row: row.line))

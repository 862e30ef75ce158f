"""What each piece of a preset gives: a table for a person, plain values for a script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table
from rich.text import Text

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.metrics import METRIC_TITLES, PERCENT_METRICS, metric_text
from ann_tui.experiments.ablation import ERRORS, Ablation, Effect, Trial, chance_of_a_word, effect
from ann_tui.figures import counted, duration, percent
from ann_tui.reports.before_training import notes_before
from ann_tui.reports.console import report_console

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.preset_pieces import Piece

OPTIMISTIC = (
    "The validation rows choose the best epoch, too: all figures are a little optimistic, alike for all."
)
WIDE = 110
"""From so many columns on it is also told what stands in place of a piece."""


def has_whole(ablation: Ablation, found: Sequence[Trial]) -> bool:
    """Whether the whole is judged at least once, so that there is something to tell."""
    return any(trial.variant == ablation.whole and not trial.problem for trial in found)


def print_ablation(ablation: Ablation, found: Sequence[Trial], data: LoadedData, preset: str | None) -> None:
    """Print a line for the whole, for each piece that was left out, and for plain; then what is to be known of them."""
    console = report_console()
    first = _first(ablation, found)
    profile, called = data.profile, preset or "the file's choices"
    console.print(
        Text(
            f"{printable(Path(data.table.path).name)} → {printable(profile.target)} ({_task(first)}), {called}: "
            f"{counted(len(found), 'training')}, judged on {counted(first.rows, 'validation row')} each"
        )
    )
    console.print()
    wide, finished = console.width >= WIDE, len(found) == len(ablation)
    table = _table(first.metric, wide=wide, finished=finished)
    for title, variant, piece in _lines(ablation):
        told = effect(ablation, variant, found)
        row = [title, *([] if finished else [f"{len(told.scores)}"]), *_row(told, first.metric)]
        if wide:
            row.append("" if piece is None else _instead(piece))
        table.add_row(*map(Text, row))
    console.print(table)
    console.print()
    seeds = len(effect(ablation, ablation.whole, found).scores)
    for sentence in _sentences(seeds, first.metric):
        console.print(Text(sentence))


def _first(ablation: Ablation, found: Sequence[Trial]) -> Trial:
    return next(trial for trial in found if trial.variant == ablation.whole and not trial.problem)


def _task(trial: Trial) -> str:
    return "regression" if "r2" in trial.metrics else "classification"


def _lines(ablation: Ablation) -> list[tuple[str, Experiment, Piece | None]]:
    return [
        ("none: as it is", ablation.whole, None),
        *((piece.title, piece.without, piece) for piece in ablation.pieces),
        ("all: plain", ablation.plain, None),
    ]


def _table(metric: str, *, wide: bool, finished: bool) -> Table:
    """An empty table; where not all is trained, it says by how many seeds each line is told."""
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text("left out"), no_wrap=True)
    for heading in (*(() if finished else ("seeds",)), METRIC_TITLES[metric], "difference"):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    table.add_column(Text("verdict"))
    table.add_column(Text("CPU"), justify="right", no_wrap=True)
    if wide:
        table.add_column(Text("instead"))
    return table


def _row(told: Effect, metric: str) -> list[str]:
    difference = difference_text(metric, told.difference, told.error)
    word = f"failed: {printable(told.problem, 120)}" if told.problem else told.word
    return [metric_text(metric, told.score), difference, word, duration(told.seconds)]


def difference_text(metric: str, difference: float | None, error: float | None) -> str:
    """A difference of scores with its standard error: '-1.4 ± 0.8' (points), '-0.012 ± 0.004'; '' for none."""
    if difference is None:
        return ""
    unit, digits = (100, 1) if metric in PERCENT_METRICS else (1, 3)
    spread = "" if error is None else f" ± {error * unit:.{digits}f}"
    return f"{round(difference * unit, digits) + 0.0:+.{digits}f}{spread}"  # No -0.0.


def _instead(piece: Piece) -> str:
    return ", ".join(f"{each.title} {printable(each.other, 60)}" for each in piece.choices)


def _sentences(seeds: int, metric: str) -> list[str]:
    """What is to be known of the figures, after so many seeds of the whole."""
    points = ", in points," if metric in PERCENT_METRICS else ""
    if seeds == 1:
        told = ["One seed can't tell a difference from chance: --seeds 3 or more can."]
    else:
        told = [
            f"Each difference{points} is a mean over {seeds} seeds ± its standard error, and shows where it is more "
            f"than {ERRORS:g} of these. With {seeds} seeds chance alone says “helps” or “hurts” of about "
            f"{percent(chance_of_a_word(seeds), 0)} of pieces that do nothing.",
        ]
    return [*told, OPTIMISTIC]


def ablation_record(
    ablation: Ablation, found: Sequence[Trial], data: LoadedData, preset: str | None
) -> dict[str, Any]:
    """Task, target, metric and seeds; score, difference and CPU seconds of the whole, without each piece, and of plain.

    `score` is the mean of `scores`, one for each of `seeds`; `difference` is the mean of score less the whole's with
    the same seed, `standard_error` that of the mean, and `word` what the piece does, None where that can't be told.
    `metrics` are means of all metrics, None where one can't be computed with some seed. `choices` has what is chosen
    in the whole and where the piece is left out. `finished` says that nothing was interrupted.
    """
    first = _first(ablation, found)
    profile = data.profile
    guess = {"target_candidates": list(profile.candidates)} if profile.unsure else {}
    return {
        "task": _task(first),
        "target": profile.target,
        "preset": preset,
        "judged": "validation",
        "rows": {"total": len(data.table.frame) + len(data.table.dropped), "validation": first.rows},
        "metric": first.metric,
        "seeds": [ablation.seed(repetition) for repetition in range(ablation.seeds)],
        "finished": len(found) == len(ablation),
        "whole": _told(ablation, ablation.whole, found),
        "pieces": [
            {
                "title": piece.title,
                "choices": {each.name: [each.one, each.other] for each in piece.choices},
                **_told(ablation, piece.without, found),
            }
            for piece in ablation.pieces
        ],
        "plain": _told(ablation, ablation.plain, found),
        "notes": [*notes_before(data), OPTIMISTIC],
    } | guess


def _told(ablation: Ablation, variant: Experiment, found: Sequence[Trial]) -> dict[str, Any]:
    told = effect(ablation, variant, found)
    judged = [trial for trial in found if trial.variant == variant and not trial.problem]
    return {
        "score": told.score,
        "scores": list(told.scores),
        "seeds": list(told.seeds),
        "difference": told.difference,
        "standard_error": told.error,
        "word": told.word or None,
        "metrics": {name: _mean([trial.metrics[name] for trial in judged]) for name in _names(judged)},
        "epochs": _mean([trial.epochs for trial in judged]),
        "cpu_seconds": told.seconds,
        "problem": told.problem or None,
    }


def _names(judged: Sequence[Trial]) -> list[str]:
    return list(judged[0].metrics) if judged else []


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None

"""One line about the folds that are or were trained beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ann_tui.figures import duration
from ann_tui.tui.text import plain

if TYPE_CHECKING:
    from ann_tui.tui.fold_job import FoldJob


def fold_line(job: FoldJob) -> Text:
    """How far they are, or what came of them."""
    if job.problem:
        return plain(f"folds: {job.problem}", 200)
    told = job.told
    if not job.ended or told is None or not told.judged():
        stopped = "stopped" if job.ended else f"{job.done} of {job.total} done, {time_left(job)}"
        return Text(f"folds: {stopped} · k shows them", style="dim")
    from ann_tui.experiments.folds.fold_words import score_text

    return Text(f"in {job.done} folds: {score_text(told.scores()[told.metric])} · k shows them")


def time_left(job: FoldJob) -> str:
    """How long it may still take, in words as long as nobody knows."""
    left = job.seconds_left
    return "time not known yet" if left is None else f"{duration(left)} left"

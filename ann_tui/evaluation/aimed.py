"""How well answers serve what a threshold was chosen for: the network's, and those of its baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.bootstrap import RESAMPLES, Interval, interval_about
from ann_tui.evaluation.decision import answers_at
from ann_tui.evaluation.evaluation import BaselineScore, Evaluation
from ann_tui.evaluation.threshold import Aim
from ann_tui.figures import number, percent


def figure_of(aim: Aim, actual: NDArray[np.integer], answers: NDArray[np.integer]) -> float:
    """What the aim comes to for class codes (n,) 0 or 1: the mean cost of a row, or the F1 of the second class."""
    return float(_figures(aim, _cells(actual, answers, answers)[np.newaxis])[0][0])


def difference_of(
    aim: Aim, actual: NDArray[np.integer], own: NDArray[np.integer], other: NDArray[np.integer], seed: int = 0
) -> Interval:
    """The figure of `own` answers less that of `other` ones on the same rows, as a 95 % interval.

    Rows are drawn together: each is in one of eight cells, by its class and the two answers.
    """
    cells = _cells(actual, own, other)
    generator = np.random.Generator(np.random.PCG64(seed))
    one, two = _figures(aim, generator.multinomial(cells.sum(), cells / cells.sum(), size=RESAMPLES))
    here, there = (float(each[0]) for each in _figures(aim, cells[np.newaxis]))
    interval = interval_about(here - there, one - two)
    assert interval is not None
    return interval


def aim_title(evaluation: Evaluation, aim: Aim) -> str:
    """What the figure of an aim is called."""
    return "cost of a row" if aim.costs else f"F1 of {printable(evaluation.classes[1], 24)}"


def aim_text(aim: Aim, value: float | None) -> str:
    """The figure of an aim as a person reads it."""
    return number(value, 3) if aim.costs else percent(value)


def own_figure(evaluation: Evaluation, aim: Aim) -> float:
    """That of the network on the judged rows, at its threshold."""
    return figure_of(aim, evaluation.actual, answers_at(evaluation, evaluation.threshold))


def figure_beside(evaluation: Evaluation, aim: Aim, baseline: BaselineScore) -> float | None:
    """That of a baseline at its own threshold; None where it could not be fitted."""
    return None if baseline.answers is None else figure_of(aim, evaluation.actual, baseline.answers)


def aim_rows(evaluation: Evaluation) -> list[tuple[str, str, tuple[str, ...]]]:
    """Where the validation rows chose the threshold, two lines for a table of the network and its baselines.

    Each has a title, the network's text and that of each baseline: the aim's figure, and the thresholds.
    """
    aim = evaluation.aim
    if aim is None:
        return []
    beside = tuple(aim_text(aim, figure_beside(evaluation, aim, each)) for each in evaluation.baselines)
    thresholds = tuple(
        f"{each.threshold:g}" if each.answers is not None else "" for each in evaluation.baselines
    )
    return [
        (aim_title(evaluation, aim), aim_text(aim, own_figure(evaluation, aim)), beside),
        ("threshold", f"{evaluation.threshold:g}", thresholds),
    ]


def _cells(
    actual: NDArray[np.integer], own: NDArray[np.integer], other: NDArray[np.integer]
) -> NDArray[np.int64]:
    """How many rows each of the eight cells has, (8,)."""
    codes = np.asarray(actual, np.int64) * 4 + np.asarray(own) * 2 + np.asarray(other)
    counts: NDArray[np.int64] = np.bincount(codes, minlength=8)
    return counts


def _figures(aim: Aim, cells: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The figures of both answers for counts (m, 8), each (m,)."""
    by_cell = np.asarray(cells, np.float64).reshape(-1, 2, 2, 2)
    return _figure(aim, by_cell.sum(axis=3)), _figure(aim, by_cell.sum(axis=2))


def _figure(aim: Aim, counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """For counts (m, true, answered)."""
    alarms, misses, found = counts[:, 0, 1], counts[:, 1, 0], counts[:, 1, 1]
    if aim.costs is None:
        return np.asarray(2 * found / np.maximum(2 * found + alarms + misses, 1))
    costs = alarms * aim.costs[0] + misses * aim.costs[1]
    return np.asarray(costs / np.maximum(counts.sum(axis=(1, 2)), 1))

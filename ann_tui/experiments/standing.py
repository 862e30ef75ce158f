"""Is it learning, and can I trust it? What is known of a training after an epoch, in a few lines.

Only validation and training rows are told of: a figure of the test rows would be a look at them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.deciding import decided
from ann_tui.evaluation.bootstrap import Interval
from ann_tui.evaluation.cautions import brief_cautions
from ann_tui.evaluation.doubts import Doubts, doubts_about
from ann_tui.evaluation.quick_intervals import accuracy_interval, mean_interval, r2_interval
from ann_tui.evaluation.verdict import FEWEST_ROWS
from ann_tui.experiments.learning import Learning, learning
from ann_tui.figures import counted, number, percent
from ann_tui.training.snapshot import ENDED

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.run import Run
    from ann_tui.training.snapshot import Snapshot

WIDE_GAP = 0.1
"""A training metric that is so much above the validation one says that the network knows the training rows better."""
MOST_CAUTIONS = 2
MOST_COMPARED = 200_000
"""Of more rows it takes longer than a key should to find those that repeat others."""
SMALLEST = 1e-15
"""A smaller probability costs as much as this one."""


@dataclass(frozen=True)
class StandingLine:
    """One line: what it is about, what is known, and whether it is a warning."""

    about: str
    text: str
    warns: bool = False


@dataclass(frozen=True, eq=False)
class Grounds:
    """What a run's rows say before it has trained: what its validation score has to beat, and what is known against it.

    `constant` names what always gives the same answer, `score` is its accuracy (0..1) on the validation rows, None for
    numbers, of which the training mean has an R² of about 0. `cost` is what that answer costs there: for classes the
    log cost of the training rows' class shares, for numbers the squared and absolute error of their mean. `alike` says
    why no validation figure tells anything, "" where they do; `doubts` is what is known against it.
    """

    constant: str
    score: float | None
    cost: tuple[float, float]
    alike: str
    doubts: Doubts


def grounds_of(prepared: PreparedData) -> Grounds:
    """The grounds of a run on these rows; of more than 200,000, repeated ones are not looked for."""
    target, validation = prepared.fitted.target, prepared.validation
    few = len(validation.rows) + len(prepared.training.rows) <= MOST_COMPARED
    compared = validation if few else replace(validation, digests=validation.digests[:0])
    doubts = doubts_about(prepared, compared, "validation")
    actual, training = validation.actual, prepared.training.actual
    rows = counted(len(actual), "validation row")
    if target.classes:
        shares = np.bincount(training, minlength=len(target.classes)) / max(1, len(training))
        most = int(shares.argmax())
        name = printable(target.classes[most], 20)
        alike = ""
        if len(actual) and actual.min() == actual.max():
            label = printable(target.classes[int(actual[0])], 20)
            alike = f"{_all(rows)} of the class {label}: no figure tells classes apart"
        own = np.clip(shares[actual], SMALLEST, 1.0)
        cost = float(-np.log(own).mean()) if len(actual) else math.nan
        score = float((actual == most).mean()) if len(actual) else None
        return Grounds(f"always {name}", score, (cost, cost), alike, doubts)
    mean = float(np.mean(training)) if len(training) else math.nan
    errors = np.asarray(actual, np.float64) - mean
    alike = ""
    if len(actual) and actual.min() == actual.max():
        alike = f"{_all(rows)} of the value {number(float(actual[0]))}: no figure tells how well it follows"
    costs = (
        (float(np.square(errors).mean()), float(np.abs(errors).mean())) if len(actual) else (math.nan,) * 2
    )
    return Grounds("the training mean", None, costs, alike, doubts)


def _all(rows: str) -> str:
    return f"the {rows} is" if rows.startswith("1 ") else f"all {rows} are"


def standing(run: Run, snapshot: Snapshot, grounds: Grounds) -> tuple[StandingLine, ...]:
    """What is known after the epochs of `snapshot`, at most six lines; none before the first epoch.

    - learning: see `learning`; from the third epoch on it is said where the answers are no better than always giving
      the class shares (by log cost and by accuracy) or the mean (by squared and by absolute error);
    - gap: the first metric (accuracy, R²) on training and on validation rows. While it trains, that of the training
      rows is measured batch by batch while the weights move;
    - beats, unbeaten: a constant answer, and once it is fitted the linear model, both on the validation rows;
    - trust: the 95 % interval of the validation metric, see `quick_intervals`, or why it says nothing;
    - against: what is known against the score, in a few words.

    Takes time with the number of validation rows.
    """
    if not snapshot.history:
        return ()
    whole = snapshot.state in ENDED and snapshot.epoch == run.snapshot.epoch
    course = learning(snapshot.history, ended=whole and snapshot.epoch >= snapshot.epochs)
    lines = []
    outputs, part = snapshot.validation_outputs, run.prepared.validation
    if outputs is None or not len(part.rows) or not 1 <= snapshot.outputs_epoch <= len(snapshot.history):
        lines.append(StandingLine("learning", course.text, course.is_trouble))
        if not len(part.rows):
            words = "nothing tells how it does on new rows: 2 Prepare sets validation rows aside"
            lines.append(StandingLine("trust", words, True))
        return tuple(lines)
    judged = _judged(run, outputs)
    lines.append(_learning_line(run, course, judged, grounds, len(snapshot.history)))
    lines.append(_gap(run, snapshot, judged))
    if not grounds.alike:
        lines += _beats(run, judged, grounds)
    lines.append(_trust(judged, len(part.rows), grounds))
    if against := _against(run, grounds):
        more = f"; {len(against) - MOST_CAUTIONS} more" if len(against) > MOST_CAUTIONS else ""
        lines.append(StandingLine("against", "; ".join(against[:MOST_CAUTIONS]) + more, True))
    return tuple(lines)


def _against(run: Run, grounds: Grounds) -> list[str]:
    """What is known against the score, with what another split costs as soon as that was weighed."""
    doubts, weighed = grounds.doubts, run.doubts
    if weighed is not None:
        doubts = replace(doubts, costs=weighed.costs)
    return brief_cautions(doubts, "validation")


@dataclass(frozen=True, eq=False)
class _Judged:
    """The answers on the validation rows: the metric with its interval, and the two costs of `Grounds.cost`.

    `right` (n,) says of each row how good its answer is: 1 for a right class and 0 for a wrong one, or the squared
    error below zero.
    """

    metric: str
    value: float | None
    interval: Interval | None
    cost: tuple[float, float]
    right: NDArray[np.float64]

    def text(self, value: float | None) -> str:
        """A value of the metric."""
        if self.metric == "accuracy":
            return percent(value)
        return "–" if value is None else number(value, 3)

    def beside(self, actual: NDArray[Any], answers: NDArray[Any]) -> tuple[float, Interval | None]:
        """The metric of other answers (n,), and by how much a row is better than with them, as a 95 % interval."""
        other = _right(self.metric, actual, answers)
        value = float(other.mean())
        if self.metric != "accuracy":
            value = 1 + value / float(np.var(actual))
        return value, mean_interval(self.right - other)


def _right(metric: str, actual: NDArray[Any], answers: NDArray[Any]) -> NDArray[np.float64]:
    if metric == "accuracy":
        hits: NDArray[np.float64] = (answers == actual).astype(np.float64)
        return hits
    squares: NDArray[np.float64] = np.square(np.asarray(answers, np.float64) - actual)
    return -squares


def _judged(run: Run, outputs: NDArray[Any]) -> _Judged:
    target, actual = run.prepared.fitted.target, run.prepared.validation.actual
    if target.classes:
        right = _right("accuracy", actual, decided(outputs, run.threshold))
        own = np.clip(outputs[np.arange(len(actual)), actual].astype(np.float64), SMALLEST, 1.0)
        cost, hits = float(-np.log(own).mean()), int(right.sum())
        interval = accuracy_interval(hits, len(actual))
        return _Judged("accuracy", hits / len(actual), interval, (cost, cost), right)
    predicted = target.decode(outputs)
    right = _right("R²", actual, predicted)
    squared, absolute = -float(right.mean()), float(np.abs(predicted - actual).mean())
    variance = float(np.var(actual))
    value = 1 - squared / variance if variance > 0 else None
    return _Judged("R²", value, r2_interval(actual, predicted), (squared, absolute), right)


def _learning_line(
    run: Run, course: Learning, judged: _Judged, grounds: Grounds, epochs: int
) -> StandingLine:
    worse = all(own >= other for own, other in zip(judged.cost, grounds.cost, strict=True))
    if grounds.score is not None and judged.value is not None:
        worse = worse and judged.value <= grounds.score
    if worse and epochs >= 3 and not grounds.alike and course.course != "no number":
        same = "the class shares" if run.prepared.fitted.target.classes else "the training mean"
        words = f"nothing yet: on the validation rows no better than always answering {same}"
        return StandingLine("learning", words, True)
    return StandingLine("learning", course.text, course.is_trouble)


def _gap(run: Run, snapshot: Snapshot, judged: _Judged) -> StandingLine:
    evaluation, name = run.evaluation, "" if judged.metric == "accuracy" else "R² "
    training: float | None = snapshot.history[snapshot.outputs_epoch - 1].training_metric
    first = None if evaluation is None else evaluation.measures.first
    if evaluation is not None and first is not None and snapshot.outputs_epoch == run.snapshot.best_epoch:
        training = evaluation.scores["training"].metrics.get(first)
    text = f"{name}{judged.text(training)} training, {judged.text(judged.value)} validation"
    if training is None or judged.value is None:
        return StandingLine("gap", text)
    gap = training - judged.value
    wide = gap >= WIDE_GAP and (judged.interval is None or training > judged.interval.high)
    if judged.metric == "accuracy" and gap > 0:
        # The difference of the figures as they are written.
        text += f": {round(training * 100, 1) - round(judged.value * 100, 1):.1f} points"
    return StandingLine("gap", text + ("; it knows the training rows better" if wide else ""), wide)


def _beats(run: Run, judged: _Judged, grounds: Grounds) -> list[StandingLine]:
    """The constant answer, and the linear model where it has answered the validation rows.

    A model is beaten where the 95 % interval of the difference is above zero; boosted trees are not told of, for these
    rows chose how many there are.
    """
    beaten: list[str] = []
    unbeaten: list[str] = []
    if grounds.score is None:
        better = judged.cost[0] < grounds.cost[0]
        (beaten if better else unbeaten).append(grounds.constant)
    elif judged.value is not None:
        (beaten if judged.value > grounds.score else unbeaten).append(
            f"{grounds.constant} ({percent(grounds.score)})"
        )
    linear = None if run.evaluation is None else run.evaluation.linear_on_validation
    if linear is not None and judged.value is not None and len(linear.answers) == len(judged.right):
        other, ahead = judged.beside(run.prepared.validation.actual, linear.answers)
        near = ahead is not None and ahead.low <= 0 <= ahead.high
        said = f"{linear.name} ({judged.text(other)}{', within chance' if near else ''})"
        (beaten if ahead is not None and ahead.low > 0 else unbeaten).append(said)
    return [
        StandingLine(about, f"{', '.join(names)} on the validation rows", about != "beats")
        for about, names in (("beats", beaten), ("unbeaten", unbeaten))
        if names
    ]


def _trust(judged: _Judged, rows: int, grounds: Grounds) -> StandingLine:
    if grounds.alike:
        return StandingLine("trust", grounds.alike, True)
    few = rows < FEWEST_ROWS
    on = f"{'only ' if few else ''}{counted(rows, 'validation row')}"
    if judged.interval is None:
        return StandingLine("trust", f"{on}: too few to say how far chance moves R²", True)
    low, high = judged.interval.low, judged.interval.high
    ends = (
        f"{low * 100:.0f} … {high * 100:.0f} %" if judged.metric == "accuracy" else f"{low:.2f} … {high:.2f}"
    )
    name = "" if judged.metric == "accuracy" else "R² "
    return StandingLine("trust", f"{on}: 95 % interval {name}{ends}", few)

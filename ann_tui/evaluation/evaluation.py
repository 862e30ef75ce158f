"""The judgement of one trained network on each split, beside its baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD, decided
from ann_tui.evaluation.baseline_costs import cost_of_answers
from ann_tui.evaluation.bootstrap import Interval, accuracy_difference
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.doubts import Doubts, doubts_about
from ann_tui.evaluation.label_metrics import metrics_of_matrix
from ann_tui.evaluation.measures import Measures, measures_of, rows_of
from ann_tui.evaluation.threshold import Aim, best_threshold

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.data.preparing.targets import Target
    from ann_tui.network.cost import Cost

FEWEST_OTHERS = 10
"""A score on fewer rows says too little to be told."""
LINEAR = 1
"""The place of the linear model among the baselines."""

SplitName = Literal["training", "validation", "test"]
Metrics = Mapping[str, float | None]

Answer = Callable[[NDArray[Any]], NDArray[Any]]
"""Class probabilities (n, k), or numbers (n,), for a matrix (n, features)."""


@dataclass(frozen=True)
class SplitScore:
    """The metrics of one split, and on how many rows they were measured."""

    rows: int
    metrics: Metrics


@dataclass(frozen=True, eq=False)
class Answered:
    """The class codes (n,) and the probabilities (n, 2) of one part's rows."""

    actual: NDArray[np.integer]
    outputs: NDArray[Any]


@dataclass(frozen=True)
class BaselineScore:
    """The metrics of a baseline on the judged rows.

    `difference` is the 95 % interval of the network's first metric (accuracy, R²) less the baseline's, drawn from the
    same rows; None where there are too few. `rows` counts the training rows that it was fitted on; `sampled` says that
    they are a sample. `problem` says why it could not be fitted, and then there are no metrics. `answers` are its class
    codes (n,), None for a number target. `validation_cost` is what it costs on the validation rows by the network's
    cost function, None where that is not known. Two classes are told apart at its own `threshold`; its `outputs` (n, 2)
    on the judged rows and those on rows that it was not fitted on, `held`, are there so that another one can be chosen.
    """

    name: str
    metrics: Metrics
    difference: Interval | None = None
    rows: int = 0
    sampled: bool = False
    problem: str = ""
    answers: NDArray[np.integer] | None = None
    validation_cost: float | None = None
    threshold: float = DEFAULT_THRESHOLD
    outputs: NDArray[Any] | None = None
    held: Answered | None = None


@dataclass(frozen=True, eq=False)
class LinearAnswers:
    """What the linear baseline answers on the validation rows: class codes (n,), or numbers (n,) in their own unit."""

    name: str
    answers: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How good a network is.

    `judged` names the split that the headline figures, the confusion matrix, the predictions and the baselines
    belong to: the test rows, or the validation rows where no test rows were kept. For a class target
    `confusion` counts the judged rows and `outputs` holds their class probabilities (n, k); for a number target
    `confusion` is None, and `actual` and `outputs` (n,) are in the target's unit. `intervals` holds the 95 %
    bootstrap intervals of the judged rows' metrics, by name, for those that have one. `pending` says that the
    baselines are still to come. With two classes the answers are those at `threshold`, which the validation rows chose
    for `aim`, None where they did not, and `answered` has the rows of every part, so that another one can be taken; see
    `decision.at_threshold`. Baselines then have thresholds of their own, chosen for the same aim. `doubts` is what is
    known against the score, which `cautions` puts in words. `linear_on_validation` is None before the baselines are
    fitted, and where more than 10,000 validation rows would have to be answered besides the judged ones. With `refit`
    the test rows are judged, and the network that answered them was trained on the validation rows too.
    """

    target: Target
    scores: Mapping[SplitName, SplitScore]
    judged: SplitName
    rows: NDArray[np.int64]
    actual: NDArray[Any]
    outputs: NDArray[Any]
    confusion: ConfusionMatrix | None
    baselines: tuple[BaselineScore, ...]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    pending: bool = False
    threshold: float = DEFAULT_THRESHOLD
    aim: Aim | None = None
    answered: Mapping[SplitName, Answered] = field(default_factory=dict)
    doubts: Doubts | None = None
    linear_on_validation: LinearAnswers | None = None
    refit: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the target; () for a number."""
        return self.target.classes

    @property
    def learnt_rows(self) -> int:
        """How many rows the judged network was trained on."""
        rows = self.scores["training"].rows
        return rows + self.scores["validation"].rows if self.refit else rows

    @property
    def measures(self) -> Measures:
        """What it is judged by."""
        return measures_of(self.target, self.threshold)

    @property
    def others(self) -> SplitScore | None:
        """The score on the judged rows that repeat no training row.

        None where none repeats one, where fewer than 10 don't, and where not every row can be told.
        """
        doubts = self.doubts
        if doubts is None or doubts.one_in > 1 or not doubts.repeats.any():
            return None
        others = ~doubts.repeats
        if (rows := int(others.sum())) < FEWEST_OTHERS:
            return None
        return SplitScore(rows, self.measures.metrics(self.actual[others], self.outputs[others]))


def judge(
    answer: Answer,
    prepared: PreparedData,
    *,
    refit: bool = False,
    chosen: Answer | None = None,
    told: SplitScore | None = None,
) -> Evaluation:
    """Judge a network's answers on every split of `prepared`, at 0.5; `with_baselines` puts the baselines beside.

    With `refit` it was trained on the validation rows too. These are judged by the answers of the network that they
    have `chosen`; where that is gone, their score is what was `told`.
    """
    target = prepared.fitted.target
    measures = measures_of(target)
    parts = _parts(prepared)
    judged: SplitName = next(
        (name for name in ("test", "validation") if len(parts[name].rows)),
        "training",
    )
    again = refit and judged == "test"
    gone = "validation" if refit and chosen is None else ""
    outputs = {
        name: target.decode((chosen if chosen and name == "validation" else answer)(part.x))
        for name, part in parts.items()
        if len(part.rows) and name != gone
    }
    scores: dict[SplitName, SplitScore] = {
        name: SplitScore(len(parts[name].rows), measures.metrics(parts[name].actual, found))
        for name, found in outputs.items()
    }
    if told is not None and gone:
        scores["validation"] = told
    part, answers = parts[judged], outputs[judged]
    return Evaluation(
        target,
        scores,
        judged,
        part.rows,
        part.actual,
        answers,
        measures.confusion(part.actual, answers),
        (),
        measures.intervals(part.actual, answers, scores[judged].metrics),
        pending=True,
        answered={name: Answered(parts[name].actual, found) for name, found in outputs.items()}
        if len(target.classes) == 2
        else {},
        doubts=doubts_about(prepared, part, judged, refit=again),
        refit=again,
    )


def with_baselines(
    evaluation: Evaluation,
    prepared: PreparedData,
    *,
    cost: Cost | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Evaluation:
    """The evaluation with its baselines, fitted on the training rows and judged on the same rows as the network.

    Where that was trained again on the validation rows too, so are they. With the network's `cost` it is told what they
    cost on the validation rows. When `cancelled` says yes, those that are done by then are all there are, and the
    others stay pending.
    """
    from ann_tui.data.preparing.prepare import joined

    parts = _parts(prepared)
    part, measures, usual = parts[evaluation.judged], evaluation.measures, measures_of(evaluation.target)
    training, held = prepared.training, prepared.validation
    again = joined(training, held) if evaluation.refit else None
    scores = []
    linear: LinearAnswers | None = None
    for place, baseline in enumerate(
        measures.baselines(training, held, part, again=again, cancelled=cancelled)
    ):
        sampled = baseline.rows < evaluation.learnt_rows
        score = BaselineScore(baseline.name, {}, None, baseline.rows, sampled, baseline.problem)
        if baseline.outputs is not None:
            answers = evaluation.target.decode(baseline.outputs)
            metrics = usual.metrics(part.actual, answers)
            difference = measures.difference(evaluation.actual, evaluation.outputs, answers)
            codes = answers.argmax(axis=1) if evaluation.classes else None
            score = replace(score, metrics=metrics, difference=difference, answers=codes)
            if len(evaluation.classes) == 2:
                score = replace(score, outputs=answers, held=_held(evaluation.target, baseline.held, held))
                score = baseline_at(score, evaluation, evaluation.threshold, evaluation.aim)
        if baseline.held is not None:
            if cost is not None:
                score = replace(score, validation_cost=cost_of_answers(cost, baseline.held, rows_of(held)))
            if place == LINEAR:
                own = evaluation.target.decode(baseline.held)
                linear = LinearAnswers(baseline.name, own.argmax(axis=1) if evaluation.classes else own)
        scores.append(score)
    pending = cancelled is not None and cancelled()
    return replace(evaluation, baselines=tuple(scores), pending=pending, linear_on_validation=linear)


def baseline_at(
    baseline: BaselineScore, evaluation: Evaluation, threshold: float, aim: Aim | None
) -> BaselineScore:
    """A baseline of two classes beside the network at a threshold, at 0.5 or at its own best one for the same aim."""
    held, outputs = baseline.held, baseline.outputs
    if outputs is not None:
        own = DEFAULT_THRESHOLD
        if aim is not None and held is not None and len(held.actual):
            own = best_threshold(aim, held.actual, held.outputs)
        answers = decided(outputs, own)
        matrix = ConfusionMatrix.from_codes(evaluation.classes, evaluation.actual, answers)
        metrics = {**baseline.metrics, **metrics_of_matrix(matrix)}
        baseline = replace(baseline, threshold=own, answers=answers, metrics=metrics)
    if baseline.answers is None or baseline.difference is None:
        return baseline
    own_answers = decided(evaluation.outputs, threshold)
    difference = accuracy_difference(evaluation.actual, own_answers, baseline.answers)
    return replace(baseline, difference=difference)


def _held(target: Target, outputs: NDArray[Any] | None, held: Part) -> Answered | None:
    """What a baseline answers for the validation rows."""
    return None if outputs is None else Answered(held.actual, target.decode(outputs))


def _parts(prepared: PreparedData) -> dict[SplitName, Part]:
    return {"training": prepared.training, "validation": prepared.validation, "test": prepared.test}

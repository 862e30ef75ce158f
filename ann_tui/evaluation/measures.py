"""What each kind of target is judged by: its metrics, their intervals, its baselines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from numpy.typing import NDArray

from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD, decided
from ann_tui.evaluation.baselines import Baseline, Rows, classification_baselines, regression_baselines
from ann_tui.evaluation.bootstrap import (
    Interval,
    accuracy_difference,
    classification_intervals,
    r2_difference,
    regression_intervals,
)
from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.metrics import classification_metrics, regression_metrics
from ann_tui.evaluation.running_score import RunningClassScore, RunningNumberScore, RunningScore

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import Part
    from ann_tui.data.preparing.targets import ClassTarget, NumberTarget, Target


class Measures(ABC):
    """What is asked about answers to one target.

    `actual` and `answers` are what the target's `actual` and `decode` give: class codes (n,) and probabilities (n, k),
    or numbers (n,) in the target's unit.
    """

    first: ClassVar[str]
    """The metric that stands for a model in one number."""
    second: ClassVar[str]
    """The metric that is shown beside it."""

    @abstractmethod
    def metrics(self, actual: NDArray[Any], answers: NDArray[Any]) -> dict[str, float | None]:
        """All metrics by name."""

    @abstractmethod
    def intervals(
        self, actual: NDArray[Any], answers: NDArray[Any], metrics: Mapping[str, float | None]
    ) -> dict[str, Interval]:
        """The 95 % intervals of the metrics that have one."""

    @abstractmethod
    def confusion(self, actual: NDArray[Any], answers: NDArray[Any]) -> ConfusionMatrix | None:
        """Which classes were taken for which; None for numbers."""

    @abstractmethod
    def difference(self, actual: NDArray[Any], own: NDArray[Any], other: NDArray[Any]) -> Interval | None:
        """The 95 % interval of the first metric of `own` answers less that of `other`; None for too few rows."""

    @abstractmethod
    def baselines(
        self,
        training: Part,
        held: Part,
        judged: Part,
        *,
        again: Part | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[Baseline, ...]:
        """What the network has to beat, fitted on the training rows; `held` rows say how many trees are best.

        Where it was trained `again` on these rows, they are, too.
        """

    @abstractmethod
    def running_score(self) -> RunningScore:
        """A score of answers that come in pieces."""


class ClassMeasures(Measures):
    """Of class probabilities."""

    first: ClassVar[str] = "accuracy"
    second: ClassVar[str] = "roc_auc"

    def __init__(self, target: ClassTarget, threshold: float) -> None:
        self._classes, self._threshold = target.classes, threshold

    def metrics(self, actual: NDArray[Any], answers: NDArray[Any]) -> dict[str, float | None]:
        """Those of `classification_metrics` at the threshold."""
        return classification_metrics(actual, answers, self._threshold)

    def intervals(
        self, actual: NDArray[Any], answers: NDArray[Any], metrics: Mapping[str, float | None]
    ) -> dict[str, Interval]:
        """Those of `classification_intervals`."""
        return classification_intervals(actual, answers, metrics, threshold=self._threshold)

    def confusion(self, actual: NDArray[Any], answers: NDArray[Any]) -> ConfusionMatrix | None:
        """With the answers at the threshold."""
        return ConfusionMatrix.from_codes(self._classes, actual, decided(answers, self._threshold))

    def difference(self, actual: NDArray[Any], own: NDArray[Any], other: NDArray[Any]) -> Interval | None:
        """Of the accuracies, the own one at the threshold and the other one at 0.5."""
        if not len(actual):
            return None
        return accuracy_difference(actual, decided(own, self._threshold), other.argmax(axis=1))

    def baselines(
        self,
        training: Part,
        held: Part,
        judged: Part,
        *,
        again: Part | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[Baseline, ...]:
        """Those of `classification_baselines`."""
        classes = len(self._classes)
        final = None if again is None else rows_of(again)
        return classification_baselines(
            rows_of(training), rows_of(held), judged.x, classes, again=final, cancelled=cancelled
        )

    def running_score(self) -> RunningScore:
        """Accuracy and its kin."""
        return RunningClassScore(self._classes, self._threshold)


class NumberMeasures(Measures):
    """Of numbers in the target's unit."""

    first: ClassVar[str] = "r2"
    second: ClassVar[str] = "mae"

    def __init__(self, target: NumberTarget) -> None:
        """Numbers of every target are judged alike."""

    def metrics(self, actual: NDArray[Any], answers: NDArray[Any]) -> dict[str, float | None]:
        """Those of `regression_metrics`."""
        return regression_metrics(actual, answers)

    def intervals(
        self, actual: NDArray[Any], answers: NDArray[Any], metrics: Mapping[str, float | None]
    ) -> dict[str, Interval]:
        """Those of `regression_intervals`."""
        return regression_intervals(actual, answers, metrics)

    def confusion(self, actual: NDArray[Any], answers: NDArray[Any]) -> ConfusionMatrix | None:
        """None."""
        return None

    def difference(self, actual: NDArray[Any], own: NDArray[Any], other: NDArray[Any]) -> Interval | None:
        """Of the R²."""
        return r2_difference(actual, own, other)

    def baselines(
        self,
        training: Part,
        held: Part,
        judged: Part,
        *,
        again: Part | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[Baseline, ...]:
        """Those of `regression_baselines`."""
        final = None if again is None else rows_of(again)
        return regression_baselines(
            rows_of(training), rows_of(held), judged.x, again=final, cancelled=cancelled
        )

    def running_score(self) -> RunningScore:
        """R² and its kin."""
        return RunningNumberScore()


def rows_of(part: Part) -> Rows:
    """A part's rows as the baselines take them."""
    return Rows(part.x, part.y, part.weight)


def measures_of(target: Target, threshold: float = DEFAULT_THRESHOLD) -> Measures:
    """What answers to a target are judged by, for two classes at `threshold`."""
    return target.either(lambda classes: ClassMeasures(classes, threshold), NumberMeasures)

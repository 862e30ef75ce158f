"""What came of a cross-validation: scores with their spread, the answers of all folds, and two experiments compared."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.resampled import corrected_mean
from ann_tui.experiments.folds.fold_scores import JudgedRow, Paired, Score, possible
from ann_tui.experiments.folds.folds import FoldPlace, FoldResult

if TYPE_CHECKING:
    from ann_tui.evaluation.cautions import Caution
    from ann_tui.experiments.folds.cross_validation import CrossValidation

MAJORITY = 0.5
"""A row is wrong in most folds where a larger share of its answers is wrong."""


ByFold = dict[tuple[int, int], "float | None"]
"""A value by repeat and fold."""
ValueOf = Callable[[FoldResult], "float | None"]


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """The results that there are of a cross-validation, in whichever order they came."""

    validation: CrossValidation
    results: Sequence[FoldResult] = field(default=())

    # -- what there is ---------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether everything was run."""
        return len(self.results) == len(self.validation)

    @cached_property
    def _good(self) -> dict[int, list[FoldResult]]:
        """The results that were judged, of each experiment, in the order of their places."""
        found = defaultdict(list)
        for result in sorted(self.results, key=lambda result: result.place):
            if not result.problem:
                found[result.place.variant].append(result)
        return found

    def judged(self, variant: int = 0) -> Sequence[FoldResult]:
        """The runs of an experiment that were judged, by repeat, fold and seed."""
        return self._good.get(variant, [])

    @property
    def problems(self) -> dict[str, list[FoldPlace]]:
        """Why runs failed, and which ones."""
        found = defaultdict(list)
        for result in sorted(self.results, key=lambda result: result.place):
            if result.problem:
                found[result.problem].append(result.place)
        return dict(found)

    @property
    def metric(self) -> str:
        """The metric that stands for a network in one number; "" before anything was judged."""
        return next((result.metric for result in self.results if not result.problem), "")

    def look(self, variant: int = 0) -> str:
        """A digest of all networks of an experiment whose scores are told; see `looks`."""
        networks = "".join(result.network for result in self.judged(variant))
        return hashlib.sha256(networks.encode()).hexdigest()[:16]

    # -- scores ----------------------------------------------------------------------------------------------

    def scores(self, variant: int = 0) -> dict[str, Score]:
        """Every metric of an experiment, by name."""
        judged = self.judged(variant)
        return self._scores(judged, lambda result: result.metrics)

    def baseline_scores(self) -> dict[str, dict[str, Score]]:
        """The same of each baseline, by its name; none of one that could be fitted in no fold."""
        compared = [result for result in self.judged() if result.baselines]

        def scores_of(name: str) -> dict[str, Score]:
            return self._scores(
                compared,
                lambda result: next((each.metrics for each in result.baselines if each.name == name), {}),
            )

        names = dict.fromkeys(each.name for result in compared for each in result.baselines)
        return {name: scores_of(name) for name in names}

    def _scores(
        self, judged: Sequence[FoldResult], metrics_of: Callable[[FoldResult], Mapping[str, float | None]]
    ) -> dict[str, Score]:
        names = dict.fromkeys(name for result in judged for name in metrics_of(result))
        return {
            name: self._told(name, _by_fold(judged, lambda result, name=name: metrics_of(result).get(name)))  # type: ignore[misc]
            for name in names
        }

    def _told(self, metric: str, by_fold: ByFold) -> Score:
        validation = self.validation
        folds = tuple(
            by_fold.get((repeat, fold))
            for repeat in range(validation.repeats)
            for fold in range(validation.folds)
        )
        mean = corrected_mean([each for each in folds if each is not None], self.validation.judged_share)
        if mean is None:
            return Score(metric, folds)
        if mean.interval is None:
            return Score(metric, folds, mean.mean)
        low, high = possible(metric, mean.interval)
        return Score(metric, folds, mean.mean, mean.spread, low, high)

    def by_seed(self, variant: int = 0) -> list[float]:
        """The first metric with each seed, in the mean over its folds; only seeds that went through all folds."""
        found = defaultdict(list)
        for result in self.judged(variant):
            if (value := result.metrics.get(self.metric)) is not None:
                found[result.place.seed].append(value)
        whole = self.validation.folds * self.validation.repeats
        return [float(np.mean(values)) for _, values in sorted(found.items()) if len(values) == whole]

    # -- the answers of all folds ----------------------------------------------------------------------------

    def classes(self, variant: int = 0) -> tuple[str, ...]:
        """The classes that any fold knows; () for numbers."""
        most_first = sorted(self.judged(variant), key=lambda result: -len(result.classes))
        return tuple(dict.fromkeys(label for result in most_first for label in result.classes))

    def confusion(self, variant: int = 0) -> ConfusionMatrix | None:
        """All answers for rows that did not train the network which gave them; None for numbers."""
        classes = self.classes(variant)
        if not classes:
            return None
        codes = [
            (_recoded(result, result.actual, classes), _recoded(result, result.given, classes))
            for result in self.judged(variant)
        ]
        actual, given = (np.concatenate(each) for each in zip(*codes, strict=True))
        return ConfusionMatrix.from_codes(classes, actual, given)

    @property
    def times(self) -> int:
        """How often a row judges at most: once in each repeat with each seed."""
        return self.validation.repeats * self.validation.seeds

    def wrong_rows(self, variant: int = 0, *, most: int | None = None) -> list[JudgedRow]:
        """The rows of classes of whose answers most are wrong, the surest mistakes first.

        For numbers all rows, the largest errors first. With `most` no more than so many of them.
        """
        judged, classes = self.judged(variant), self.classes(variant)
        if not judged:
            return []
        rows, repeats = np.unique(np.concatenate([each.rows for each in judged]), return_inverse=True)
        answers = np.bincount(repeats)
        sureness = np.bincount(repeats, np.concatenate([_sureness(each) for each in judged])) / answers
        if classes:
            wrong = np.bincount(repeats, np.concatenate([each.given != each.actual for each in judged]))
            order = np.lexsort((rows, sureness, -wrong / answers))
            order = order[wrong[order] / answers[order] > MAJORITY]
        else:
            wrong, order = None, np.lexsort((rows, -sureness))
        return [
            self._judged_row(
                judged, int(rows[place]), None if wrong is None else int(wrong[place]), float(sureness[place])
            )
            for place in order[:most]
        ]

    def _judged_row(
        self, judged: Sequence[FoldResult], position: int, wrong: int | None, sureness: float
    ) -> JudgedRow:
        """What all folds said of one row."""
        said = [
            (result, place[0]) for result in judged if len(place := np.flatnonzero(result.rows == position))
        ]
        first, place = said[0]
        if wrong is None:
            mean = float(np.mean([result.given[place] for result, place in said]))
            return JudgedRow(position, len(said), None, float(first.actual[place]), mean, sureness)
        given = Counter(result.classes[result.given[place]] for result, place in said)
        actual = first.classes[first.actual[place]]
        return JudgedRow(position, len(said), wrong, actual, given.most_common(1)[0][0], sureness)

    @property
    def judged_rows(self) -> int:
        """How many rows judged at least once."""
        return len(np.unique(np.concatenate([each.rows for each in self.judged()]))) if self.judged() else 0

    @property
    def set_aside(self) -> dict[int, str]:
        """The rows that never judged, but for those that train only, by their position, each with a reason."""
        reasons = {position: reason for result in self.judged() for position, reason in result.set_aside}
        judged = {position for result in self.judged() for position in result.rows.tolist()}
        return {position: reason for position, reason in sorted(reasons.items()) if position not in judged}

    @property
    def never_judging(self) -> int:
        """How many rows train only, in every fold: the oldest of a split by time."""
        folds = self.validation.assigned[0]
        return len(folds[0].training) + len(folds[0].validation) if _expanding(folds) else 0

    @property
    def known(self) -> tuple[Caution, ...]:
        """What is known against every such score of the table."""
        return next((result.known for result in self.judged()), ())

    @property
    def repeated(self) -> int:
        """Of the answers of the first experiment those for rows that repeat one which trained the network."""
        return sum(result.repeated for result in self.judged())

    # -- one beside another ----------------------------------------------------------------------------------

    def paired(self) -> Paired | None:
        """The first experiment beside the second; None where there is one alone."""
        if len(self.validation.experiments) < 2:
            return None
        return self._paired(self._first_metric(0), self._first_metric(1))

    def against_baseline(self, name: str) -> Paired:
        """The first experiment beside a baseline on the same folds."""

        def value_of(result: FoldResult) -> float | None:
            return next(
                (each.metrics.get(self.metric) for each in result.baselines if each.name == name), None
            )

        compared = [result for result in self.judged() if result.baselines]
        return self._paired(self._first_metric(0), _by_fold(compared, value_of))

    def _first_metric(self, variant: int) -> ByFold:
        return _by_fold(self.judged(variant), lambda result: result.metrics.get(self.metric))

    def _paired(self, one: ByFold, other: ByFold) -> Paired:
        pairs = [
            (mine, theirs)
            for place, mine in one.items()
            if mine is not None and (theirs := other.get(place)) is not None
        ]
        if not pairs:
            return Paired(self.metric, None, None, None, 0)
        difference = corrected_mean([mine - theirs for mine, theirs in pairs], self.validation.judged_share)
        first, second = (float(np.mean(each)) for each in zip(*pairs, strict=True))
        return Paired(self.metric, first, second, difference, len(pairs))


def _by_fold(judged: Iterable[FoldResult], value_of: ValueOf) -> ByFold:
    """A value by repeat and fold, in the mean over the seeds; None where some seed has none."""
    values = defaultdict(list)
    for result in judged:
        values[result.place.repeat, result.place.fold].append(value_of(result))
    means: ByFold = {}
    for place, found in sorted(values.items()):
        known = [each for each in found if each is not None]
        means[place] = float(np.mean(known)) if len(known) == len(found) else None
    return means


def _recoded(result: FoldResult, codes: NDArray[Any], classes: tuple[str, ...]) -> NDArray[np.int64]:
    code = np.array([classes.index(label) for label in result.classes], np.int64)
    found: NDArray[np.int64] = code[codes]
    return found


def _sureness(result: FoldResult) -> NDArray[np.float64]:
    """The probability of each row's true class, or the size of its error, (n,)."""
    found = (
        result.outputs[np.arange(len(result.rows)), result.actual]
        if result.classes
        else np.abs(result.given - result.actual)
    )
    return np.asarray(found, np.float64)


def _expanding(folds: Sequence[Any]) -> bool:
    """Whether the rows of the first fold's training judge in none."""
    judging = np.concatenate([fold.test for fold in folds])
    return not np.isin(folds[0].training, judging).any()

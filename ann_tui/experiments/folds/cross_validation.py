"""Cross-validation: an experiment is run in every fold, its preparation fitted anew on the rows that train there.

`cross_validated.py` tells what came of it. Experiments that shall be compared are run on the same folds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_tui.data.cells.kept_cells import without_file
from ann_tui.data.cells.values import Labels
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.preparing.inaccurate import fit_label_rules
from ann_tui.data.preparing.target_fitting import read_target
from ann_tui.experiments.derived import completed, own_unit_of, prepare_experiment, read_alike
from ann_tui.experiments.experiment import with_seeds
from ann_tui.experiments.folds.folds import (
    FEWEST_FOLDS,
    MOST_FOLDS,
    FoldPlace,
    FoldResult,
    folds_of,
    in_one_file,
    run_fold,
)
from ann_tui.experiments.workers.side_by_side import Stop, side_by_side

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.data.preparing.split import Assignment
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """What is to be run: each experiment with each seed in each fold of each repeat.

    `experiments` are run on tables of `data`, in the same order: one, or two that are compared. `assigned` has the
    parts of the rows by repeat and fold. Baselines are fitted beside the first experiment alone. `test_rows` says that
    some of these rows are the test of a run of the first experiment.
    """

    experiments: tuple[Experiment, ...]
    data: tuple[LoadedData, ...]
    assigned: tuple[tuple[Assignment, ...], ...]
    seeds: int = 1
    baselines: bool = True
    threshold: float | Aim | None = None
    test_rows: bool = True

    @property
    def folds(self) -> int:
        """How many there are in one repeat."""
        return len(self.assigned[0])

    @property
    def repeats(self) -> int:
        """How often the rows are divided into folds."""
        return len(self.assigned)

    @cached_property
    def places(self) -> tuple[FoldPlace, ...]:
        """All runs, those on the same rows in a row."""
        return tuple(
            FoldPlace(repeat, fold, variant, seed)
            for repeat in range(self.repeats)
            for fold in range(self.folds)
            for variant in range(len(self.experiments))
            for seed in range(self.seeds)
        )

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self.places)

    @cached_property
    def class_sizes(self) -> dict[str, int]:
        """How many of the rows that take part are of each class of the first experiment; {} for numbers."""
        experiment, data = self.experiments[0], self.data[0]
        target = read_target(data.table, data.profile, experiment.preparation)
        if not isinstance(target, Labels):
            return {}
        parts = [part for each in self.assigned[0] for part in (each.training, each.validation, each.test)]
        own = experiment.preparation.of_column(str(data.profile.target), ColumnKind.CATEGORY)
        taken = target.take(np.unique(np.concatenate(parts)))
        merged = fit_label_rules(taken, own.merge, own.merge_labels, own.allowed).apply(taken)
        sizes = zip(merged.labels, merged.counts().tolist(), strict=True)
        return {str(label): size for label, size in sizes if size}

    @property
    def judged_share(self) -> float:
        """The rows that judge in a fold over those that are trained on, in the mean over the folds."""
        shares = [
            len(each.test) / (len(each.training) + len(each.validation))
            for folds in self.assigned
            for each in folds
        ]
        return float(np.mean(shares))

    def experiment(self, place: FoldPlace) -> Experiment:
        """The experiment of one run, with its seeds."""
        return with_seeds(self.experiments[place.variant], split=place.repeat, plan=place.seed)


def cross_validation(
    experiment: Experiment,
    data: LoadedData,
    *,
    folds: int = 5,
    repeats: int = 1,
    seeds: int = 1,
    baselines: bool = True,
    threshold: float | Aim | None = None,
    against: tuple[Experiment, LoadedData] | None = None,
) -> CrossValidation:
    """What there is to run for an experiment, and for one that it is compared with on the same folds.

    All rows with a target judge once in each repeat, test rows too, but for the oldest of a split by time. What a
    person did while the experiment trained belongs to its own split, and is left out. Raises ValueError with one line
    where there are too few rows, where repeats would all be the same, or where the two are not about the same target of
    the same table.
    """
    if not FEWEST_FOLDS <= folds <= MOST_FOLDS:
        raise ValueError(f"{folds} folds: take {FEWEST_FOLDS} to {MOST_FOLDS:,}")
    if repeats > 1 and not experiment.preparation.split.way.seeded:
        raise ValueError(
            f"a split by {experiment.preparation.split.method} makes the same folds each time: leave out the "
            "repeats, or take several seeds"
        )
    pairs = [(experiment, data), *([] if against is None else [against])]
    experiments = tuple(in_one_file(replace(each, steering=())) for each, _ in pairs)
    tables = tuple(completed(each, own) for each, (_, own) in zip(experiments, pairs, strict=True))
    if against is not None:
        _check_alike(tables[0], tables[1])
    first = experiments[0], tables[0]
    assigned = tuple(folds_of(*first, folds, repeat=repeat) for repeat in range(repeats))
    split = experiment.preparation.split
    test_rows = split.test > 0 and not split.way.second_file
    return CrossValidation(experiments, tables, assigned, seeds, baselines, threshold, test_rows)


def table_against(experiment: Experiment, data: LoadedData, against: Experiment) -> LoadedData:
    """The data of an experiment that another one, on `data`, is compared with. Raises ReadError."""
    from ann_tui.data.profile.table_profile import profile_table
    from ann_tui.experiments.derived import load

    if not read_alike(experiment.source, against.source):
        return load(against.source)
    return replace(data, profile=profile_table(data.table, against.source))


def _check_alike(one: LoadedData, other: LoadedData) -> None:
    if not np.array_equal(one.table.lines, other.table.lines):
        raise ValueError(
            "the two experiments are not about the same rows: they must read the same file alike"
        )
    about = [(each.profile.target, each.profile.task) for each in (one, other)]
    if about[0] != about[1]:
        raise ValueError("the two experiments are not about the same target: name it with --target")


def fold_results(
    validation: CrossValidation,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    beside: bool = False,
    stop: Stop | None = None,
    done: Collection[FoldPlace] = (),
) -> Iterator[FoldResult]:
    """Run all there is to run but for what is `done`, and give each result as it comes; see `side_by_side` for how.

    The same choices give the same bits, wherever they are run. When `stop` is set, what is under way is given up. A run
    that fails is told by its `problem`. Raises ValueError with one line where all fail.
    """
    elsewhere = jobs > 1 or cluster is not None or beside
    bench = Bench(_for_others(validation) if elsewhere else validation)
    problems, good = [], False
    places = [place for place in validation.places if place not in done]
    found = side_by_side(one_fold, bench, places, jobs=jobs, cluster=cluster, beside=beside, stop=stop)
    with closing(found):
        for _, result in found:
            problems += [result.problem] if result.problem else []
            good = good or not result.problem
            yield result
    if problems and not good:
        raise ValueError(problems[0])


def _for_others(validation: CrossValidation) -> CrossValidation:
    """The same with tables that need no file."""
    tables = {id(data.table): data.table for data in validation.data}
    kept = {key: without_file(table) for key, table in tables.items()}
    data = tuple(replace(each, table=kept[id(each.table)], second=None) for each in validation.data)
    return replace(validation, data=data)


@dataclass(eq=False)
class Bench:
    """What the workers share: all that is to be run. A thread keeps its last preparation for the next seed."""

    validation: CrossValidation
    _kept: threading.local = field(default_factory=threading.local, init=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Without what a worker has prepared."""
        return {"validation": self.validation}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Begin with nothing prepared."""
        self.validation, self._kept = state["validation"], threading.local()

    def prepared(self, place: FoldPlace) -> PreparedData:
        """The rows of a fold, prepared on those that train there. Raises PreparationError."""
        experiment = self.validation.experiment(place)
        key = (
            place.repeat, place.fold, experiment.source, experiment.preparation, own_unit_of(experiment.design)
        )  # fmt: skip
        if getattr(self._kept, "key", None) != key:
            self._kept.key = self._kept.prepared = None
            data, assigned = self.validation.data[place.variant], self.validation.assigned
            self._kept.prepared = prepare_experiment(experiment, data, assigned[place.repeat][place.fold])
            self._kept.key = key
        found: PreparedData = self._kept.prepared
        return found


def one_fold(bench: Bench, place: FoldPlace, stopping: Callable[[], bool]) -> FoldResult | None:
    """One run in one fold; None where it was stopped."""
    validation = bench.validation
    baselines = validation.baselines and place.variant == place.seed == 0
    try:
        prepared = bench.prepared(place)
        result = run_fold(
            validation.experiment(place),
            prepared,
            place,
            baselines=baselines,
            threshold=validation.threshold,
            stopping=stopping,
        )
    except ValueError as error:
        return FoldResult(place, problem=" ".join(str(error).split()))
    if result is None:
        return None
    parts = validation.assigned[place.repeat][place.fold]
    training = {*parts.training.tolist(), *parts.validation.tolist()}
    return replace(result, set_aside=tuple(each for each in prepared.set_aside if each[0] not in training))

"""The folds of an experiment: which rows train and which judge in each, and one run in one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.preparing.assigning import assign_folds
from ann_tui.data.preparing.deciding import decided
from ann_tui.data.preparing.prepare import assign_rows
from ann_tui.evaluation.cautions import Caution, cautions
from ann_tui.experiments.derived import own_unit_of
from ann_tui.experiments.experiment import with_seeds
from ann_tui.experiments.run import run_experiment
from ann_tui.experiments.stopped_by import StoppedBy
from ann_tui.model.weights import digest_of

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.data.preparing.split import Assignment
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment

OF_THE_TABLE = ("leak suspect", "groups", "time order")
"""The kinds of cautions that hold for every split of a table."""
FEWEST_FOLDS, MOST_FOLDS = 2, 1000


@dataclass(frozen=True)
class FoldBaseline:
    """A baseline's metrics by name on the rows that judge in a fold; `problem` says why there are none."""

    name: str
    metrics: Mapping[str, float | None]
    problem: str = ""


@dataclass(frozen=True, order=True)
class FoldPlace:
    """Which run, all counted from 0: of a `repeat`, which makes other folds, the `fold`, and of several experiments
    the `variant`; `seed` is what is added to the seed of its plan.
    """

    repeat: int
    fold: int
    variant: int = 0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class FoldResult:
    """What came of one run in one fold.

    `metric` is the one of its `metrics` that stands for the network. `rows` int64 (n,) are the positions in the table
    of the rows that judged, `actual` what they are: codes of `classes`, or numbers (n,); `outputs` class probabilities
    (n, k), or numbers (n,), and `given` what these decide. `learnt` counts the rows that the network was trained on,
    and `repeated` those of the judging ones that repeat one of them. `set_aside` are positions of rows that did neither
    train nor judge, each with the reason, and `known` what is known against every such score. `network` is a digest of
    the weights. Where it could not be trained or judged, `problem` says why in one line, and there is nothing else.
    """

    place: FoldPlace
    metric: str = ""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    actual: NDArray[Any] = field(default_factory=lambda: np.zeros(0))
    outputs: NDArray[Any] = field(default_factory=lambda: np.zeros(0))
    given: NDArray[Any] = field(default_factory=lambda: np.zeros(0))
    baselines: tuple[FoldBaseline, ...] = ()
    learnt: int = 0
    repeated: int = 0
    set_aside: tuple[tuple[int, str], ...] = ()
    known: tuple[Caution, ...] = ()
    epochs: int = 0
    seconds: float = 0.0
    network: str = ""
    problem: str = ""


def in_one_file(experiment: Experiment) -> Experiment:
    """The experiment whose split draws all its parts from its own table: a second file takes no part in folds."""
    split = experiment.preparation.split
    if not split.way.second_file:
        return experiment
    own = replace(split, method="stratified", file=None)
    return replace(experiment, preparation=replace(experiment.preparation, split=own))


def folds_of(
    experiment: Experiment, data: LoadedData, folds: int, *, repeat: int = 0, test_rows: bool = True
) -> tuple[Assignment, ...]:
    """The parts of the rows of the table in each fold, as the experiment's split makes them.

    All rows that a run could use take part; without `test_rows` those that are its test stay out, which are none of
    the table where a second file tests. Raises PreparationError.
    """
    test_rows = test_rows or experiment.preparation.split.way.second_file
    experiment = in_one_file(experiment)
    own_unit = own_unit_of(experiment.design)
    run = assign_rows(data.table, data.profile, experiment.preparation, own_unit=own_unit)
    parts = [run.training, run.validation, *([run.test] if test_rows else [])]
    preparation = with_seeds(experiment, split=repeat).preparation
    return assign_folds(data.table, data.profile, preparation, np.sort(np.concatenate(parts)), folds)


def run_fold(
    experiment: Experiment,
    prepared: PreparedData,
    place: FoldPlace,
    *,
    baselines: bool = False,
    threshold: float | Aim | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> FoldResult | None:
    """Run an experiment on the rows of a fold, whose test rows are those that judge; None where it was stopped.

    Raises ValueError with one line as `run_experiment` does, and where no row is left to judge.
    """
    if not len(prepared.test.rows):
        raise ValueError("no row is left to judge in the fold")
    control = StoppedBy(stopping)
    result = run_experiment(
        experiment,
        prepared=prepared,
        baselines=baselines,
        split_costs=False,
        control=control,
        threshold=threshold,
    )
    if control.stopping:
        return None
    evaluation = result.evaluation
    if evaluation is None:
        raise ValueError(result.snapshot.message)
    doubts, outputs = evaluation.doubts, evaluation.outputs
    return FoldResult(
        place,
        evaluation.measures.first,
        evaluation.scores["test"].metrics,
        evaluation.classes,
        evaluation.rows,
        evaluation.actual,
        outputs,
        decided(outputs, evaluation.threshold) if evaluation.classes else outputs,
        tuple(FoldBaseline(each.name, each.metrics, each.problem) for each in evaluation.baselines),
        evaluation.learnt_rows,
        0 if doubts is None else int(doubts.repeats.sum()) * doubts.one_in,
        known=tuple(each for each in cautions(evaluation) if each.kind in OF_THE_TABLE),
        epochs=result.snapshot.epoch,
        seconds=result.snapshot.seconds,
        network=digest_of(result.network),
    )

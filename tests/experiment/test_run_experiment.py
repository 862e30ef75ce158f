"""An experiment's run as one function: the same bits wherever it runs, nothing changed outside, and no loose ends."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from experiment.small import facts, prepared_anew, shells, small_experiment
from sklearn.linear_model import LogisticRegression

from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, PreparationError, Split
from ann_tui.data.choices.source import Source
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.samples import samples
from ann_tui.experiments.derived import LoadedData, load
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run, run_experiment
from ann_tui.experiments.run_result import RunResult
from ann_tui.experiments.runs import Runs
from ann_tui.network.design import DesignError, NetworkDesign
from ann_tui.training.control import TrainingControl
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.snapshot import Snapshot

PREPARATIONS = [
    Preparation(),
    Preparation(
        missing_number="knn", indicator=True, encoding="target", outliers="isolation forest",
        outlier_action="drop", class_weights="balanced", duplicates="drop",
    ),
]  # fmt: skip


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    """A small experiment."""
    return small_experiment(shells(tmp_path))


@pytest.fixture(scope="module")
def other_process() -> Iterator[ProcessPoolExecutor]:
    """A process that has begun with nothing of this one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("preparation", PREPARATIONS, ids=["default", "elaborate"])
def test_the_same_bits_wherever_it_runs(
    preparation: Preparation, tmp_path: Path, other_process: ProcessPoolExecutor
) -> None:
    """Here and in another process, with data that are given or read, and where the app trains."""
    experiment = small_experiment(shells(tmp_path), preparation=preparation)
    data = load(experiment.source)
    elsewhere = [
        other_process.submit(run_experiment, experiment, data),
        other_process.submit(run_experiment, experiment),
    ]
    run = Runs().begin(experiment, prepared_anew(experiment, data))
    run.train()
    run.judge()
    run.compare()
    expected = facts(run.result())
    assert expected["history"] and len(expected["evaluation"]["baselines"]) == 3
    assert facts(run_experiment(experiment, data)) == expected
    assert facts(run_experiment(experiment)) == expected
    for result in elsewhere:
        assert facts(result.result(timeout=60)) == expected


def test_the_seed_draws_the_weights(experiment: Experiment) -> None:
    prepared = prepared_anew(experiment)
    drawn = [
        Run(replace(experiment, plan=TrainingPlan(seed=seed)), prepared).network.weights.tobytes()
        for seed in (0, 1, 0)
    ]
    assert drawn[0] == drawn[2] != drawn[1]


def state_of(data: LoadedData, folder: Path) -> tuple[Any, ...]:
    """All that a run could change."""
    frame, lines = data.table.frame, data.table.lines
    cells = pd.util.hash_pandas_object(frame).to_numpy().tobytes()
    drawn = pickle.dumps((np.random.get_state(), random.getstate()))  # noqa: NPY002
    rest = (repr(replace(data.table, frame=frame.iloc[:0], lines=lines[:0])), repr(data.profile), data.second)
    return (
        cells,
        list(frame.columns),
        list(frame.dtypes),
        lines.tobytes(),
        drawn,
        rest,
        sorted(folder.iterdir()),
    )


@pytest.mark.parametrize("preparation", PREPARATIONS, ids=["default", "elaborate"])
def test_nothing_outside_is_changed(preparation: Preparation, tmp_path: Path) -> None:
    experiment = small_experiment(shells(tmp_path), preparation=preparation)
    data, copied = load(experiment.source), deepcopy(experiment)
    before = state_of(data, tmp_path)
    run_experiment(experiment, data)
    assert state_of(data, tmp_path) == before and experiment == copied


def test_a_result_can_be_pickled_and_holds_no_training_row(experiment: Experiment) -> None:
    rows: list[bytes] = []

    def train(run: Run) -> Snapshot:
        rows.extend(row.tobytes() for row in run.prepared.training.x)
        return run.train()

    result = run_experiment(experiment, train=train, baselines=False)
    text = pickle.dumps(result)
    assert len(rows) == 36 and facts(pickle.loads(text)) == facts(result)
    assert not any(row in text for row in rows) and b"a remark on shell" not in text


def test_a_training_that_fails_is_not_judged(experiment: Experiment) -> None:
    told: list[RunResult] = []
    plan = TrainingPlan("sgd", learning_rate=1e30, schedule="constant", epochs=2)
    result = run_experiment(replace(experiment, plan=plan), judged=told.append)
    assert result.snapshot.state == "failed" and "without bound" in result.snapshot.message
    assert result.evaluation is None and told == [] and np.isfinite(result.network.weights).all()


def test_it_is_told_of_the_judgement_before_the_baselines_are_fitted(experiment: Experiment) -> None:
    told: list[RunResult] = []
    result = run_experiment(experiment, judged=told.append)
    (before,) = told
    assert before.judged.pending and before.judged.baselines == ()
    assert not result.judged.pending and len(result.judged.baselines) == 3
    assert facts(before)["network"] == facts(result)["network"]
    assert before.judged.scores == result.judged.scores
    without = run_experiment(experiment, baselines=False)
    assert facts(without) == facts(before)


def test_a_stopped_run_is_judged_and_gets_no_baselines(experiment: Experiment) -> None:
    """Whether it was stopped before it trained, or after."""
    control = TrainingControl()
    control.stop()
    result = run_experiment(experiment, control=control)
    assert result.snapshot.state == "stopped" and result.snapshot.epoch == 0
    assert result.judged.pending and result.judged.baselines == ()
    late = TrainingControl()
    result = run_experiment(experiment, control=late, judged=lambda result: late.stop())
    assert result.snapshot.state == "finished"
    assert result.judged.pending and result.judged.baselines == ()


def test_a_run_that_is_stopped_among_its_baselines_has_those_that_are_done(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = TrainingControl()
    fit = LogisticRegression.fit

    def stop(model: LogisticRegression, *given: Any, **more: Any) -> LogisticRegression:
        control.stop()
        return fit(model, *given, **more)

    monkeypatch.setattr(LogisticRegression, "fit", stop)
    result = run_experiment(experiment, control=control)
    names = [baseline.name for baseline in result.judged.baselines]
    assert names[:1] == ["majority class"] and "gradient boosting" not in names
    assert result.judged.pending


def test_what_cannot_be_run_is_refused_in_one_line(experiment: Experiment, tmp_path: Path) -> None:
    no_file = replace(experiment, source=Source(str(tmp_path / "none.csv")))
    no_column = Preparation(columns={"weight": ColumnPreparation(scaling="none")})
    cases: list[tuple[Experiment, type[ValueError], str]] = [
        (no_file, ReadError, "no such file"),
        (replace(experiment, preparation=no_column), PreparationError, "weight"),
        (
            replace(experiment, preparation=Preparation(split=Split("file", file="none"))),
            ReadError,
            "no such",
        ),
        (replace(experiment, design=NetworkDesign(cost="huber")), DesignError, "huber"),
    ]
    for unfit, kind, says in cases:
        with pytest.raises(kind, match=says) as told:
            run_experiment(unfit)
        assert "\n" not in str(told.value)


def varied(path: str) -> list[Experiment]:
    """Experiments of which no two are equal."""
    base = Experiment(Source(path))
    columns = [
        {"a": ColumnPreparation(fill=1)},
        {"b": ColumnPreparation(fill=1)},
        {"a": ColumnPreparation(fill=2)},
        {"a": ColumnPreparation(merge={"x": "y"})},
        {"a": ColumnPreparation(merge={"y": "x"})},
        {"a": ColumnPreparation(fill=1), "b": ColumnPreparation(fill=1)},
    ]
    sources = [
        Source(path, target="a"),
        Source(path, kinds={"a": "text"}),
        Source(path, kinds={"a": "date"}),
        Source(path, column_marks={"a": ("x", "y")}),
        Source(path, column_marks={"a": ("y", "x")}),
        Source(path, column_marks={"a": ("x",), "b": ("y",)}),
        Source(path, column_marks={"a": ("y",), "b": ("x",)}),
    ]
    return [
        base,
        *(replace(base, preparation=Preparation(columns=each)) for each in columns),
        *(replace(base, source=each) for each in sources),
        replace(base, preparation=Preparation(split=Split(seed=1))),
        replace(base, design=NetworkDesign.from_text("4 relu")),
        replace(base, design=NetworkDesign.from_text("5 relu")),
        replace(base, plan=TrainingPlan(seed=1)),
    ]


def test_an_experiment_is_a_key() -> None:
    """Equal ones are one key, in whatever order their columns were named; all others are keys of their own."""
    path = "x.csv"
    columns = {"a": ColumnPreparation(fill=1), "b": ColumnPreparation(merge={"x": "y", "z": "y"}, rare=0)}
    turned = {"b": ColumnPreparation(merge={"z": "y", "x": "y"}, rare=0.0), "a": ColumnPreparation(fill=1.0)}
    assert list(columns) != list(turned)
    one = Experiment(
        Source(path, kinds={"a": "number", "b": "text"}, column_marks={"a": ("?",), "b": ()}),
        Preparation(columns=columns, outlier_limit=3),
        NetworkDesign.from_text("dropout 0, 4 relu"),
        TrainingPlan(clip_norm=1),
    )
    other = Experiment(
        Source(path, kinds={"b": "text", "a": "number"}, column_marks={"b": (), "a": ("?",)}),
        Preparation(columns=turned, outlier_limit=3.0),
        NetworkDesign.from_text("dropout 0.0, 4 relu"),
        TrainingPlan(clip_norm=1.0),
    )
    assert one == other and hash(one) == hash(other) and {one: "found"}[other] == "found"
    of_samples = [Experiment(Source(str(each.path)), plan=TrainingPlan(batch=128)) for each in samples()]
    different = [*varied(path), one, *of_samples]
    assert len(set(different)) == len({hash(each) for each in different}) == len(different)
    assert all(pickle.loads(pickle.dumps(each)) in set(different) for each in different)

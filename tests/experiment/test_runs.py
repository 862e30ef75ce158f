"""The tree of runs: a new training adds one, at most one trains, and earlier ones keep what came of them."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment.small import facts, prepared_anew, shells, small_experiment

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.preparing.prepare import PreparedData
from ann_tui.experiments.derived import derive
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.runs import Runs
from ann_tui.network.design import DesignError, NetworkDesign
from ann_tui.training.control import TrainingControl

Given = tuple[Experiment, PreparedData]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """An experiment and its prepared data."""
    experiment = small_experiment(shells(tmp_path))
    return experiment, prepared_anew(experiment)


def ended(runs: Runs, given: Given, **more: Any) -> Run:
    """A run that has been begun and ended."""
    run = runs.begin(*given, **more)
    runs.end(run)
    return run


def test_each_training_adds_a_run_and_stands_in_front(given: Given) -> None:
    runs = Runs()
    assert (runs.all, runs.front, runs.training) == ((), None, None)
    control = TrainingControl()
    first = runs.begin(*given, control)
    assert first.control is control and (first.experiment, first.prepared) == given
    assert (first.id, first.parent, first.began_at) == (1, None, 0)
    assert runs.front is first and runs.training is first and runs[1] is first
    runs.end(first)
    assert runs.front is first and runs.training is None
    second = runs.begin(*given)
    assert second.id == 2 and second.control is not control and runs.front is second
    assert runs.all == (first, second) and runs.training is second
    with pytest.raises(KeyError):
        runs[3]


def test_children_know_where_they_began(given: Given) -> None:
    runs = Runs()
    root = ended(runs, given)
    child = ended(runs, given, parent=root)
    other = ended(runs, given, parent=root)
    grandchild = ended(runs, given, parent=child)
    assert (child.parent, child.began_at) == (root.id, 0)
    assert (grandchild.parent, grandchild.began_at) == (child.id, 0)
    assert runs.children(root) == (child, other)
    assert runs.children(child) == (grandchild,) and runs.children(grandchild) == ()


def test_at_most_one_trains(given: Given) -> None:
    """Whichever stands in front."""
    runs = Runs()
    first = ended(runs, given)
    training = runs.begin(*given)
    runs.put_in_front(first)
    assert runs.training is training
    with pytest.raises(RuntimeError, match="run 2 is still training"):
        runs.begin(*given)
    assert len(runs.all) == 2 and runs.front is first
    runs.end(training)
    assert runs.begin(*given).id == 3


def test_a_run_that_cannot_be_built_leaves_the_tree_as_it_was(given: Given) -> None:
    """The matrices of earlier runs are there too, although it would have been prepared otherwise."""
    experiment, prepared = given
    runs = Runs()
    first = ended(runs, given)
    unfit = Experiment(experiment.source, design=NetworkDesign.from_text("4 relu", "huber"))
    with pytest.raises(DesignError, match="huber"):
        runs.begin(unfit, prepared_anew(experiment))
    assert runs.all == (first,) and runs.front is first and runs.training is None
    assert first.prepared is prepared
    assert runs.begin(*given).id == 2


def test_any_run_can_be_put_in_front(given: Given) -> None:
    runs, others = Runs(), Runs()
    first, second = ended(runs, given), ended(runs, given)
    runs.put_in_front(first)
    assert runs.front is first and runs.all == (first, second)
    foreign = ended(others, given)
    with pytest.raises(KeyError):
        runs.put_in_front(foreign)
    assert runs.front is first
    assert ended(runs, given).id == 3


def test_clearing_stops_what_trains_and_forgets_all(given: Given) -> None:
    runs = Runs()
    first = ended(runs, given)
    second = runs.begin(*given)
    runs.clear()
    assert second.control.stopping and not first.control.stopping
    assert (runs.all, runs.front, runs.training) == ((), None, None)
    assert runs.begin(*given).id == 1
    runs.end(runs[1])
    runs.clear()
    assert runs.all == ()


def test_an_earlier_run_keeps_all_that_came_of_it_but_its_matrices(tmp_path: Path) -> None:
    """Those are let go when another one is prepared otherwise."""
    experiment = small_experiment(shells(tmp_path))
    derived = derive(experiment)
    assert derived.prepared is not None
    runs = Runs()
    first = runs.begin(experiment, derived.prepared)
    first.control.set_learning_rate(0.01)
    first.train()
    first.compare()
    runs.end(first)
    before, kept = facts(first.result()), (first.snapshot, first.changes, first.evaluation, first.scores)
    assert len(first.history) == 2 and len(first.changes) == 1 and set(first.scores) > {"training", "test"}
    x = first.prepared.test.x.copy()
    parts = (first.prepared.training, first.prepared.validation, first.prepared.test)
    rows = [len(part.rows) for part in parts]
    matrices = [weakref.ref(part.x) for part in parts]
    trainer = weakref.ref(first.trainer)
    del parts

    scaled = small_experiment(tmp_path / "shells.csv", preparation=Preparation(scaling="robust"))
    derived = derive(scaled, derived)
    assert derived.prepared is not None
    second = runs.begin(scaled, derived.prepared)
    gc.collect()
    assert [matrix() for matrix in matrices] == [None] * 3 and trainer() is None
    assert facts(first.result()) == before
    now = (first.snapshot, first.changes, first.evaluation, first.scores)
    assert all(one is other for one, other in zip(now, kept, strict=True))
    assert first.state == "finished" and first.history is first.snapshot.history
    part = first.prepared.training
    assert part.x.shape == (0, x.shape[1]) and len(part.rows) == len(part.y) == rows[0]
    assert runs.all == (first, second)

    runs.end(second)
    third = ended(runs, (experiment, prepared_anew(experiment)))
    assert facts(first.result()) == before
    assert len(second.prepared.training.x) == 0 and len(third.prepared.training.x) == rows[0]


def test_runs_that_share_their_data_keep_the_matrices(given: Given) -> None:
    experiment, prepared = given
    runs = Runs()
    first = ended(runs, given)
    wider = Experiment(experiment.source, design=NetworkDesign.from_text("6 tanh"), plan=experiment.plan)
    second = ended(runs, (wider, prepared))
    assert first.prepared is second.prepared is prepared
    first.train()
    assert first.state == "finished" and second.state == "ready"
    assert first.judge().scores.keys() == {"training", "validation", "test"}


def test_a_result_does_not_change_with_its_run(given: Given) -> None:
    run = Run(*given)
    found = []
    for step in (lambda: None, run.train, run.judge, run.compare):
        step()
        result = run.result()
        found.append((result, facts(result)))
    for result, before in found:
        assert facts(result) == before
    ready, trained, judged, compared = (result for result, _ in found)
    assert (ready.snapshot.state, trained.snapshot.state) == ("ready", "finished")
    assert not np.array_equal(ready.network.weights, trained.network.weights)
    assert ready.evaluation is None and trained.evaluation is None
    assert judged.judged.pending and judged.judged.baselines == ()
    assert not compared.judged.pending and len(compared.judged.baselines) == 3
    run.network.weights[:] = 0
    assert facts(compared) == found[-1][1]

"""What one sitting holds, in each of its states: what can be entered, what is done, what would be lost."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from experiment.small import shells, small_experiment

from ann_tui.data.choices.preparation import ColumnPreparation, Preparation
from ann_tui.experiments.derived import Derived, derive
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.model.trained_model import TrainedModel

DATA, PREPARE, LAYERS, TRAIN, EVALUATE, PREDICT = Step
FILE_FIRST, TABLE_FIRST = "open a file first: o", "open a table first: o"
TRAIN_FIRST, STILL_TRAINING = "train a network first: t", "the network is still training"


@pytest.fixture
def derived(tmp_path: Path) -> Derived:
    """What follows from a small experiment."""
    return derive(small_experiment(shells(tmp_path)))


@pytest.fixture
def bench(derived: Derived) -> Workbench:
    """One with an open file."""
    workbench = Workbench()
    workbench.open(derived.experiment, derived)
    return workbench


def begun(workbench: Workbench) -> Run:
    """A run of the experiment as it stands; it trains until it is ended."""
    experiment, derived = workbench.experiment, workbench.derived
    assert experiment is not None and derived is not None and derived.prepared is not None
    return workbench.runs.begin(experiment, derived.prepared)


def judged(workbench: Workbench) -> Run:
    """A run that is over and has been judged."""
    run = begun(workbench)
    run.judge()
    workbench.runs.end(run)
    return run


def slower(experiment: Experiment | None, epochs: int = 9) -> Experiment:
    """Another experiment, with the same data."""
    assert experiment is not None
    return replace(experiment, plan=replace(experiment.plan, epochs=epochs))


def unfit(derived: Derived) -> Derived:
    """What follows from an edit that can't be prepared."""
    preparation = Preparation(columns={"weight": ColumnPreparation(scaling="none")})
    found = derive(replace(derived.experiment, preparation=preparation), derived)
    assert found.prepared is None
    return found


def blocked(workbench: Workbench) -> dict[Step, str]:
    """The steps that can't be entered, and why."""
    found = {step: workbench.blocked(step) for step in Step}
    return {step: why for step, why in found.items() if why is not None}


def done(workbench: Workbench) -> list[Step]:
    """The steps that have what they need."""
    return [step for step in Step if workbench.done(step)]


def test_with_nothing_open() -> None:
    workbench = Workbench()
    assert blocked(workbench) == dict.fromkeys((PREPARE, LAYERS, TRAIN, EVALUATE, PREDICT), FILE_FIRST)
    assert done(workbench) == []
    assert not workbench.up_to_date and not workbench.run_is_current
    assert workbench.judged is None and workbench.unsaved is None
    assert not workbench.undo() and not workbench.redo()


def test_nothing_can_be_changed_before_a_file_is_open(derived: Derived) -> None:
    workbench = Workbench()
    assert not workbench.change(derived.experiment) and workbench.experiment is None
    assert not workbench.undo()


def test_with_an_open_file(bench: Workbench, derived: Derived) -> None:
    assert bench.experiment is derived.experiment and bench.derived is derived and bench.up_to_date
    assert blocked(bench) == dict.fromkeys((EVALUATE, PREDICT), TRAIN_FIRST)
    assert done(bench) == [DATA, PREPARE, LAYERS]
    assert not bench.run_is_current and bench.unsaved is None


def test_without_a_target_the_first_step_is_not_done(bench: Workbench, derived: Derived) -> None:
    profile = replace(derived.profile, target=None)
    bench.derived = replace(derived, data=replace(derived.data, profile=profile))
    assert DATA not in done(bench)


def test_while_it_trains_and_when_it_is_over(bench: Workbench) -> None:
    run = begun(bench)
    assert blocked(bench) == dict.fromkeys((EVALUATE, PREDICT), STILL_TRAINING)
    assert bench.run_is_current and bench.judged is None and bench.unsaved is None
    run.judge()
    bench.runs.end(run)
    assert bench.judged is run and blocked(bench) == {}
    assert done(bench) == [DATA, PREPARE, LAYERS, TRAIN, EVALUATE]
    assert bench.unsaved == "trained network"


def test_a_run_that_failed_is_not_judged(bench: Workbench) -> None:
    bench.runs.end(begun(bench))
    assert bench.judged is None and bench.unsaved is None
    assert blocked(bench) == dict.fromkeys((EVALUATE, PREDICT), TRAIN_FIRST)
    assert done(bench) == [DATA, PREPARE, LAYERS]


def test_what_cannot_be_prepared_can_be_mended(bench: Workbench, derived: Derived) -> None:
    """And does not take away what an earlier run has to show."""
    wrong = unfit(derived)
    bench.change(wrong.experiment)
    assert not bench.up_to_date
    bench.derived = wrong
    assert bench.up_to_date and done(bench) == [DATA]
    assert blocked(bench) == dict.fromkeys((LAYERS, TRAIN, EVALUATE, PREDICT), wrong.problem)
    bench.undo()
    bench.derived = derived
    judged(bench)
    bench.redo()
    bench.derived = wrong
    assert blocked(bench) == {} and done(bench) == [DATA, TRAIN, EVALUATE]


def test_changes_are_undone_and_made_again(bench: Workbench) -> None:
    first = bench.experiment
    second, third = slower(first), slower(first, 10)
    assert not bench.change(slower(first, 2)), "it says nothing new"
    assert not bench.undo()
    assert bench.change(second) and bench.change(third) and bench.experiment == third
    assert not bench.up_to_date and not bench.redo()
    assert bench.undo() and bench.experiment == second
    assert bench.undo() and bench.experiment == first and bench.up_to_date
    assert not bench.undo() and bench.experiment == first
    assert bench.redo() and bench.experiment == second
    assert bench.redo() and bench.experiment == third
    assert not bench.redo() and bench.experiment == third
    bench.undo()
    fourth = slower(first, 11)
    assert bench.change(fourth) and not bench.redo() and bench.experiment == fourth
    assert bench.undo() and bench.experiment == second


def test_a_run_is_current_while_the_experiment_is_its_own(bench: Workbench) -> None:
    run = judged(bench)
    assert bench.run_is_current
    bench.change(slower(bench.experiment))
    assert not bench.run_is_current and bench.judged is run
    later = judged(bench)
    assert bench.run_is_current and bench.judged is later
    bench.runs.put_in_front(run)
    assert not bench.run_is_current and bench.judged is run
    bench.undo()
    assert bench.run_is_current


def test_what_would_be_lost(bench: Workbench) -> None:
    """Changed choices until they are saved or taken back, and a trained network until it is saved."""
    first = bench.experiment
    assert first is not None
    bench.change(slower(first))
    assert bench.unsaved == "changed choices"
    bench.undo()
    assert bench.unsaved is None
    bench.redo()
    bench.keep(slower(first), None)
    assert bench.unsaved is None
    bench.change(slower(first, 10))
    assert bench.unsaved == "changed choices"
    bench.change(slower(first))
    assert bench.unsaved is None, "as it was saved"

    earlier = judged(bench)
    assert bench.unsaved == "trained network"
    bench.keep(slower(first), None)
    assert bench.unsaved == "trained network", "its choices alone were saved"
    bench.change(slower(first, 11))
    run = judged(bench)
    bench.note_kept(run)
    assert bench.unsaved == "trained network", "the earlier one stands nowhere"
    bench.note_kept(earlier)
    assert bench.unsaved is None
    bench.change(slower(first, 10))
    bench.keep(run.experiment, run)
    assert bench.unsaved == "changed choices"
    bench.undo()
    assert bench.unsaved is None, "a model holds the choices too"
    bench.keep(run.experiment, None)
    assert bench.unsaved is None, "the network is kept still"
    judged(bench)
    assert bench.unsaved == "trained network"


def test_another_file_puts_all_away(bench: Workbench, tmp_path: Path) -> None:
    bench.change(slower(bench.experiment))
    bench.change(slower(bench.experiment, 10))
    bench.undo()
    judged(bench)
    training = begun(bench)
    (tmp_path / "other").mkdir()
    other = derive(small_experiment(shells(tmp_path / "other", 80)))
    bench.open(other.experiment, other)
    assert (bench.experiment, bench.derived) == (other.experiment, other) and bench.up_to_date
    assert bench.runs.all == () and training.control.stopping
    assert not bench.undo() and not bench.redo() and bench.unsaved is None
    assert blocked(bench) == dict.fromkeys((EVALUATE, PREDICT), TRAIN_FIRST)


def test_a_model_is_there_to_predict_with(bench: Workbench, derived: Derived) -> None:
    """Until a table is opened again."""
    bench.change(slower(bench.experiment))
    bench.change(slower(bench.experiment, 10))
    bench.undo()
    bench.keep(slower(bench.experiment, 12), None)
    model = TrainedModel.from_result(judged(bench).result())
    training = begun(bench)
    bench.open_model(model, "m.ann")
    assert (bench.model, bench.model_file) == (model, "m.ann")
    assert bench.experiment is None and bench.derived is None and not bench.up_to_date
    assert bench.runs.all == () and training.control.stopping
    assert not bench.undo() and not bench.redo() and bench.unsaved is None
    assert blocked(bench) == dict.fromkeys((PREPARE, LAYERS, TRAIN, EVALUATE), TABLE_FIRST)
    assert done(bench) == []
    bench.open(derived.experiment, derived)
    assert bench.model is None and bench.blocked(PREDICT) == TRAIN_FIRST


def test_a_saved_run_goes_with_its_table(bench: Workbench, derived: Derived, tmp_path: Path) -> None:
    """What was saved of it lies in a file; memory is for what is open."""
    model = TrainedModel.from_result(judged(bench).result())
    for put_away in (
        lambda: bench.open_model(model, "m.ann"),
        lambda: bench.open(derived.experiment, derived),
    ):
        bench.open(derived.experiment, derived)
        run = judged(bench)
        bench.keep(run.experiment, run)
        gone = weakref.ref(run)
        del run
        put_away()
        gc.collect()
        assert gone() is None


def test_the_steps_are_counted_from_one() -> None:
    assert [(step.number, step.heading) for step in Step] == [
        (1, "Data"), (2, "Prepare"), (3, "Layers"), (4, "Train"), (5, "Evaluate"), (6, "Predict"),
    ]  # fmt: skip

"""Sweeps: rounds, halving from checkpoints, what no trial may see, and going on after a stop."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment.small import prepared_anew, shells, small_experiment

from ann_tui.data.choices.split import Split
from ann_tui.experiments.derived import LoadedData, load, prepare_experiment
from ann_tui.experiments.dimension import Dimension
from ann_tui.experiments.folds.folds import FoldPlace, folds_of, run_fold
from ann_tui.experiments.sweeps.chosen_trial import best_of
from ann_tui.experiments.sweeps.kept_sweep import STAGES, keep_sweep, sweeps
from ann_tui.experiments.sweeps.stage import train_stage
from ann_tui.experiments.sweeps.sweep import (
    KEEP,
    ROUND,
    InMemory,
    Memory,
    Sweep,
    SweepError,
    sweep_of,
    trials_of,
    winning,
)
from ann_tui.experiments.sweeps.sweep_course import SweepCourse
from ann_tui.experiments.sweeps.trial import COMPARABLE, VALIDATION_COST, Stage, Trial
from ann_tui.experiments.workers.side_by_side import Workers

SPACE = (
    Dimension("network.width", (2, 3, 5, 8)),
    Dimension("network.activation", ("relu", "tanh")),
    Dimension("training.learning_rate", low=0.001, high=0.1, log=True),
    Dimension("preparation.scaling", ("standard", "robust")),
)
EPOCHS = 8


@pytest.fixture
def data(tmp_path: Path) -> LoadedData:
    """A small table."""
    return load(small_experiment(shells(tmp_path)).source)


def _sweep(data: LoadedData, trials: int = ROUND + 3, folds: int = 0, **choices: Any) -> Sweep:
    experiment = replace(small_experiment(data.table.path, epochs=EPOCHS, **choices), space=SPACE)
    prepared = prepared_anew(experiment, data)
    return sweep_of(experiment, prepared, trials=trials, sampler="random", folds=folds)


def _all(found: Iterable[Trial]) -> dict[int, Trial]:
    return {trial.number: trial for trial in found}


def _trained(sweep: Sweep, data: LoadedData, jobs: int = 1, memory: Memory | None = None) -> dict[int, Trial]:
    with Workers(data, jobs=jobs) as workers:
        return _all(trials_of(sweep, workers, memory))


def facts(trials: dict[int, Trial]) -> list[object]:
    """All that came of the trials, but for what a clock and a process say."""
    return [
        (
            number,
            trial.settings,
            trial.experiment,
            trial.fate,
            [replace(each, seconds=0.0, place="", threads=1) for each in trial.reached],
        )
        for number, trial in sorted(trials.items())
    ]


def test_the_first_trial_is_the_experiment_as_it_is_and_goes_to_the_end(data: LoadedData) -> None:
    """It is what all others are compared with."""
    trials = _trained(_sweep(data), data)
    assert trials[0].settings == {} and trials[0].fate == "finished"
    assert trials[0].experiment == replace(
        small_experiment(data.table.path.absolute(), epochs=EPOCHS), space=()
    )


def test_of_each_round_the_better_half_goes_on(data: LoadedData) -> None:
    """By the slow rule: at each rung sort, keep half; the first trial stays besides."""
    sweep = _sweep(data)
    trials = _trained(sweep, data)
    for first in range(0, sweep.trials, ROUND):
        going = [trials[number] for number in range(first, min(first + ROUND, sweep.trials))]
        for rung, until in enumerate(sweep.rungs):
            assert all(trial.reached[rung].until == until for trial in going)
            ranked = sorted(going, key=lambda trial: (trial.reached[rung].cost, trial.number))
            stay = {trial.number for trial in ranked[: -(-len(ranked) // KEEP)]} | (
                {0} if first == 0 else set()
            )
            if until == sweep.rungs[-1]:
                stay = set()
            for trial in going:
                assert (len(trial.reached) == rung + 1) == (trial.number not in stay)
            going = [trial for trial in going if trial.number in stay]


@pytest.mark.bits
@pytest.mark.parametrize("folds", [0, 3])
def test_a_trial_that_goes_on_from_a_rung_is_one_that_was_never_stopped(data: LoadedData, folds: int) -> None:
    """Bit for bit, in all that is told of it, with dropout, averages, a schedule, and trainings that end early."""
    plan = {"average": "ema", "schedule": "cosine", "epochs": EPOCHS, "patience": 2, "learning_rate": 0.05}
    experiment = small_experiment(data.table.path, **plan)
    experiment = replace(experiment, design=experiment.design.from_text("6 relu, dropout 0.3, 4 tanh"))
    through = train_stage(data, Stage(1, experiment, EPOCHS, folds=folds), lambda: False)
    assert through is not None and not through.problem
    state = b""
    for until in (1, 3, EPOCHS):
        reached = train_stage(data, Stage(1, experiment, until, state=state, folds=folds), lambda: False)
        assert reached is not None and reached.epochs <= until
        state = reached.state
    assert reached.same_as(through)


@pytest.mark.bits
def test_a_state_that_is_damaged_is_trained_again(data: LoadedData) -> None:
    """To the same bits."""
    experiment = small_experiment(data.table.path, epochs=EPOCHS)
    through = train_stage(data, Stage(1, experiment, 4), lambda: False)
    again = train_stage(data, Stage(1, experiment, 4, state=b"ann-tui training 1\nnonsense"), lambda: False)
    assert through is not None and again is not None and again.same_as(through)


@pytest.mark.bits
@pytest.mark.parametrize("folds", [0, 3])
def test_two_jobs_give_what_one_gives(data: LoadedData, folds: int) -> None:
    """Trial by trial, whichever was done first."""
    sweep = _sweep(data, folds=folds)
    assert facts(_trained(sweep, data, jobs=2)) == facts(_trained(sweep, data))


class _Stop:
    """Asks to stop once so many stages are kept."""

    def __init__(self, memory: Memory, after: int) -> None:
        self._memory, self._left = memory, after

    def is_set(self) -> bool:
        return self._left <= 0

    def found(self, trial: Trial, until: int) -> Any:
        return self._memory.found(trial, until)

    def keep(self, trial: Trial, reached: Any) -> None:
        self._left -= 1
        self._memory.keep(trial, reached)

    def forget(self, trial: Trial) -> None:
        self._memory.forget(trial)


@pytest.mark.parametrize(("after", "folds"), [(1, 0), (7, 0), (9, 3), (13, 0), (17, 3)])
def test_a_sweep_that_was_stopped_goes_on_as_if_it_had_not_been(
    data: LoadedData, tmp_path: Path, after: int, folds: int
) -> None:
    """From the disk, and with no stage trained twice; a line that was cut off is done again."""
    sweep = _sweep(data, folds=folds)
    whole = InMemory()
    counted: list[int] = []
    never = _trained(sweep, data, memory=whole)
    with keep_sweep(sweep, sweep.experiment, "kind", root=tmp_path / "sweeps") as kept:
        memory = _Stop(kept, after)
        with Workers(data) as workers:
            partly = _all(trials_of(sweep, workers, memory, stop=memory))
        assert kept.done == after and len(partly) <= len(never)
        stages = kept.folder / STAGES
    stages.write_bytes(stages.read_bytes()[:-9])
    with keep_sweep(sweep, sweep.experiment, "kind", root=tmp_path / "sweeps") as kept:
        assert kept.done == after - 1
        resumed = _Stop(kept, 10_000)
        with Workers(data) as workers:
            gone_on = _all(trials_of(sweep, workers, resumed))
        counted.append(10_000 - resumed._left)
        assert counted[0] == sum(len(trial.reached) for trial in never.values()) - (after - 1)
    assert facts(gone_on) == facts(never)
    assert len(sweeps(tmp_path / "sweeps")) == 1


def test_more_trials_are_the_same_sweep(data: LoadedData, tmp_path: Path) -> None:
    """What was done for fewer isn't trained again, and the whole is as if it had been asked for at once."""
    for trials in (4, ROUND + 3):
        sweep = _sweep(data, trials)
        with keep_sweep(sweep, sweep.experiment, "kind", root=tmp_path) as kept, Workers(data) as workers:
            begun = kept.done
            found = _all(trials_of(sweep, workers, kept))
    assert begun and facts(found) == facts(_trained(sweep, data))


def test_a_sweep_has_one_program_at_a_time(data: LoadedData, tmp_path: Path) -> None:
    """The second one is refused."""
    sweep = _sweep(data)
    with (
        keep_sweep(sweep, sweep.experiment, "kind", root=tmp_path),
        pytest.raises(SweepError, match="another program"),
    ):
        keep_sweep(sweep, sweep.experiment, "kind", root=tmp_path)


def test_time_ends_a_sweep_between_two_rounds(data: LoadedData) -> None:
    """A round that began is finished, as in a sweep that ends there."""
    with Workers(data) as workers:
        found = _all(trials_of(_sweep(data), workers, enough=lambda: True))
    assert facts(found) == facts(_trained(_sweep(data, ROUND), data))


@pytest.mark.parametrize("folds", [0, 3])
def test_no_trial_sees_a_test_row(tmp_path: Path, folds: int) -> None:
    """Other values in the test rows change nothing of any trial; their classes say which rows these are."""
    path = shells(tmp_path)
    data = load(small_experiment(path).source)
    sweep = _sweep(data, folds=folds)
    before = _trained(sweep, data)
    test = prepared_anew(sweep.experiment, data).test
    assert len(test.rows)
    lines = path.read_text().splitlines()
    for row in test.rows:
        _, _, colour, note, kind = lines[row + 1].split(",")
        lines[row + 1] = f"9.5,-7.25,{colour},{note},{kind}"
    path.write_text("\n".join(lines) + "\n")
    other = load(small_experiment(path).source)
    assert facts(_trained(sweep, other)) == facts(before)


def test_costs_of_different_kinds_are_not_compared(data: LoadedData) -> None:
    """Where the cost itself varies, log loss judges."""
    base = small_experiment(data.table.path, epochs=EPOCHS)
    varied = replace(base, space=(Dimension("network.label_smoothing", (0.0, 0.3)),))
    sweep = sweep_of(varied, prepared_anew(varied, data), trials=4, sampler="random")
    assert _sweep(data).figure == VALIDATION_COST and sweep.figure == " or ".join(COMPARABLE)
    for trial in _trained(sweep, data).values():
        assert trial.last is not None and trial.cost == trial.last.metrics["log_loss"]


def test_a_trial_that_can_t_be_is_told_and_the_others_go_on(data: LoadedData) -> None:
    """Its problem stands at it."""
    base = small_experiment(data.table.path, epochs=EPOCHS)
    space = (Dimension("network.cost", ("cross-entropy", "squared error", "huber")),)
    sweep = sweep_of(replace(base, space=space), prepared_anew(base, data), trials=6, sampler="random")
    trials = _trained(sweep, data)
    failed = [trial for trial in trials.values() if trial.fate == "failed"]
    assert failed and all("can't judge" in trial.problem for trial in failed)
    assert trials[0].fate == "finished"


def test_rows_that_other_trials_are_not_judged_on_judge_none(tmp_path: Path) -> None:
    """A trial whose preparation leaves validation rows out would be judged on others."""
    path = shells(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, *lines[1:30]]))
    base = small_experiment(path, epochs=EPOCHS)
    data = load(base.source)
    space = (Dimension("preparation.duplicates", ("keep", "once")),)
    sweep = sweep_of(replace(base, space=space), prepared_anew(base, data), trials=4, sampler="random")
    for trial in _trained(sweep, data).values():
        dropped = trial.settings.get("preparation.duplicates") == "once"
        assert (trial.problem == "it was judged on other rows") == dropped


def test_a_trial_in_folds_is_a_cross_validation_of_the_rows_that_don_t_test(data: LoadedData) -> None:
    """Its figures are the means over runs by themselves, and each row that doesn't test judges once."""
    sweep = _sweep(data, trials=1, folds=3)
    trial = _trained(sweep, data)[0]
    assert trial.last is not None and trial.fate == "finished"
    runs = []
    for fold, assigned in enumerate(folds_of(sweep.experiment, data, 3, test_rows=False)):
        prepared = prepare_experiment(sweep.experiment, data, assigned)
        result = run_fold(sweep.experiment, prepared, FoldPlace(0, fold))
        assert result is not None
        runs.append(result)
    for name, value in trial.last.metrics.items():
        assert value == pytest.approx(sum(run.metrics[name] or 0.0 for run in runs) / 3)
    assert trial.cost == trial.last.metrics["log_loss"]
    own = prepared_anew(sweep.experiment, data)
    judging = sorted(row for run in runs for row in run.rows.tolist())
    assert judging == sorted([*own.training.rows.tolist(), *own.validation.rows.tolist()])
    costs = np.frombuffer(trial.last.row_costs, np.float32)
    # Two classes of 24 rows each: a guess costs ln 2.
    assert len(costs) == trial.last.rows == len(judging) and costs.mean() * np.log(2) == pytest.approx(
        sum((run.metrics["log_loss"] or 0.0) * len(run.rows) for run in runs) / len(judging), rel=0.01
    )


def test_folds_need_no_validation_rows(data: LoadedData) -> None:
    """The rows of a fold judge then, and each training goes on to its last epoch."""
    base = small_experiment(data.table.path, epochs=EPOCHS)
    base = replace(base, preparation=replace(base.preparation, split=Split(validation=0.0)))
    sweep = sweep_of(base, prepared_anew(base, data), trials=3, sampler="random", folds=4)
    assert all(trial.fate != "failed" for trial in _trained(sweep, data).values())


def test_more_folds_than_rows_are_told_in_one_line(data: LoadedData) -> None:
    with pytest.raises(SweepError, match="too few for 900 folds"):
        _trained(_sweep(data, folds=900), data)


def test_without_validation_rows_there_is_no_sweep(data: LoadedData) -> None:
    """One line says so."""
    base = small_experiment(data.table.path)
    base = replace(base, preparation=replace(base.preparation, split=Split(validation=0.0)))
    with pytest.raises(SweepError, match="no validation rows"):
        sweep_of(base, prepared_anew(base, data), trials=3)


def test_the_winner_is_trained_again_where_the_experiment_is(data: LoadedData) -> None:
    """What the validation rows can't tell of comes back with the winner."""
    asked = replace(small_experiment(data.table.path, epochs=EPOCHS, refit=True), space=SPACE)
    sweep = sweep_of(asked, prepared_anew(asked, data), trials=3, sampler="random")
    trials = _trained(sweep, data)
    best = best_of(list(trials.values()))
    assert best is not None and not best.experiment.plan.refit
    found = winning(best, asked)
    assert found.plan.refit and found.space == SPACE
    assert replace(found.plan, refit=False) == best.experiment.plan


def test_stopping_from_another_thread_leaves_what_is_done(data: LoadedData) -> None:
    """Nothing more comes, and no trial is told that did not get there."""
    stop = threading.Event()
    seen: list[Trial] = []

    def watched() -> Iterator[Trial]:
        with Workers(data) as workers:
            for trial in trials_of(_sweep(data), workers, stop=stop):
                if trial.reached:
                    stop.set()
                yield trial

    seen.extend(watched())
    assert sum(bool(trial.reached) for trial in _all(seen).values()) == 1


def test_a_small_space_is_tried_through_and_no_design_twice(data: LoadedData) -> None:
    """A setting that is there anyway is no other design, nor is one that does nothing."""
    base = small_experiment(data.table.path, epochs=EPOCHS)
    space = (Dimension("network.width", (4, 3)), Dimension("training.momentum", (0.5, 0.6, 0.7)))
    assert base.plan.optimizer == "adamw", "it has no momentum"
    sweep = sweep_of(replace(base, space=space), prepared_anew(base, data), trials=20, sampler="random")
    course = SweepCourse(sweep)
    list(course.run(data))
    standing = course.standing
    assert [trial.experiment.design.text for trial in standing.trials] == ["4 relu", "3 relu"]
    assert (standing.end, standing.share, standing.looked_at) == ("used up", 1.0, 2)


@pytest.mark.parametrize("after", [0, 1, 3, ROUND])
def test_so_many_trials_are_under_way_as_are_trained(data: LoadedData, after: int) -> None:
    """All others wait, and all do after a stop."""
    sweep, stop, states = _sweep(data), threading.Event(), dict[int, str]()
    with Workers(data) as workers:
        for trial in trials_of(sweep, workers, stop=stop):
            states[trial.number] = trial.fate
            assert sum(state == "under way" for state in states.values()) <= workers.places
            if trial.fate == "under way" and trial.number == after:
                stop.set()
    assert "under way" not in states.values()
    assert ("waiting" in states.values()) == stop.is_set()


def test_a_sweep_says_how_it_ended(data: LoadedData) -> None:
    stop = threading.Event()
    course = SweepCourse(_sweep(data))
    for _ in course.run(data, minutes=1e-9):
        assert course.standing.end == ""
    assert course.standing.end == "time" and course.standing.ended == ROUND
    for _ in course.run(data, stop=stop):
        stop.set()
    assert course.standing.end == "stopped"
    list(course.run(data))
    assert course.standing.end == "complete" and course.standing.ended == course.standing.sweep.trials

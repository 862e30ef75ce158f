"""Questions to a network about its inside, the row that is sent through it, and choices that do nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experiment.small import prepared_anew, shells, small_experiment

from ann_tui.data.choices.preparation import Preparation, Split
from ann_tui.experiments.chosen_row import row_at, row_of_table
from ann_tui.experiments.idle_choices import idle_choices
from ann_tui.experiments.inside import MOST_ROWS, Inquiry, batch_step_at
from ann_tui.experiments.rewound import network_at
from ann_tui.experiments.run import Run
from ann_tui.experiments.workbench import Workbench
from ann_tui.insight.weight_tables import weight_tables
from ann_tui.network.design import NetworkDesign
from ann_tui.network.linear_start import LINEAR
from ann_tui.training.batches import Batches
from ann_tui.training.next_batch import next_batch

ROOMY = 1 << 24


def trained(folder: Path, layers: str = "4 relu", members: int = 1, **choices: object) -> Run:
    """A run of three epochs, whose weights are kept."""
    experiment = small_experiment(shells(folder), epochs=3, early_stopping=False, **choices)
    design = NetworkDesign(NetworkDesign.from_text(layers).layers, members=members)
    run = Run(replace(experiment, design=design), prepared_anew(experiment), keep=ROOMY)
    run.train()
    return run


def test_the_network_of_an_epoch_is_a_copy_of_what_was_kept(tmp_path: Path) -> None:
    run = trained(tmp_path)
    assert run.timeline is not None
    for epoch in (0, 2, 3):
        found, network = network_at(run, epoch)
        kept = run.timeline.at(epoch)
        assert kept is not None and found == epoch
        np.testing.assert_array_equal(network.weights, kept.weights)
        assert not np.shares_memory(network.weights, run.network.weights)
    assert network_at(run, 99)[0] == 3


def test_a_weights_course_is_what_it_was_after_each_kept_epoch(tmp_path: Path) -> None:
    run = trained(tmp_path, members=2)
    names = run.prepared.fitted.input_names
    inquiry = Inquiry(run.prepared, run.network.member(1))
    table = weight_tables(run.network.member(1), names, ())[0]
    course = inquiry.course(run, 1, table, 2, 3)
    assert course is not None
    assert course[0].tolist() == [0, 1, 2, 3]
    wanted = [
        weight_tables(network_at(run, epoch)[1].member(1), names, ())[0].values[2, 3] for epoch in range(4)
    ]
    np.testing.assert_array_equal(course[1], np.array(wanted, np.float64))


def test_a_units_curve_is_its_activation_over_the_sums_of_the_rows(tmp_path: Path) -> None:
    run = trained(tmp_path, "4 tanh")
    inquiry = Inquiry(run.prepared, run.network)
    assert inquiry.rows == "validation"
    table = weight_tables(run.network, run.prepared.fitted.input_names, ())[0]
    unit = inquiry.unit(table, 1)
    assert unit.sums is not None and unit.curve is not None
    x = run.prepared.validation.x.astype(np.float64)
    np.testing.assert_allclose(unit.sums, x @ table.values[:, 1] + table.bias[1], rtol=1e-4, atol=1e-5)
    sums, bent = unit.curve
    assert sums[0] <= unit.sums.min() and sums[-1] >= unit.sums.max()
    np.testing.assert_allclose(bent, np.tanh(sums), rtol=1e-6)


def test_a_units_curve_has_the_slope_that_it_has_learned(tmp_path: Path) -> None:
    run = trained(tmp_path, "3 prelu")
    run.network.parameters["dense_1.slope"][:] = (0.1, 0.5, -0.2)
    inquiry = Inquiry(run.prepared, run.network)
    table = weight_tables(run.network, run.prepared.fitted.input_names, ())[0]
    for unit, slope in enumerate((0.1, 0.5, -0.2)):
        curve = inquiry.unit(table, unit).curve
        assert curve is not None
        np.testing.assert_allclose(curve[1], np.where(curve[0] > 0, curve[0], slope * curve[0]), rtol=1e-6)


def test_of_many_rows_some_are_asked_evenly_spread(tmp_path: Path) -> None:
    run = trained(tmp_path)
    part = run.prepared.validation
    many = replace(
        run.prepared,
        validation=replace(
            part,
            rows=np.arange(1_501),
            x=np.repeat(np.arange(1_501, dtype=np.float32)[:, None], part.x.shape[1], axis=1),
            y=np.zeros(1_501, np.int64),
        ),
    )
    inquiry = Inquiry(many, run.network)
    assert len(inquiry.x) == len(inquiry.y) == MOST_ROWS
    steps = np.diff(inquiry.x[:, 0])
    assert inquiry.x[0, 0] == 0 and inquiry.x[-1, 0] == 1_500 and set(steps.tolist()) <= {3.0, 4.0}


def test_without_row_ats_the_training_rows_are_asked(tmp_path: Path) -> None:
    run = trained(tmp_path, preparation=Preparation(split=Split(validation=0.0)))
    inquiry = Inquiry(run.prepared, run.network)
    assert inquiry.rows == "training"
    assert inquiry.silenced(lambda: False) is not None
    assert inquiry.silenced(lambda: True) is None


def test_a_units_rank_is_among_those_of_its_layer(tmp_path: Path) -> None:
    run = trained(tmp_path, "4 relu, 3 tanh")
    relevant = Inquiry(run.prepared, run.network).silenced(lambda: False)
    assert relevant is not None
    for layer in relevant.layers:
        found = [relevant.of(layer.layer, unit) for unit in range(len(layer.rises))]
        for unit, each in enumerate(found):
            assert each is not None
            before, after, rank, of = each
            assert before == layer.cost and after == pytest.approx(before + layer.rises[unit])
            assert rank == 1 + sum(rise > layer.rises[unit] for rise in layer.rises)
            assert of == len(layer.rises)
    assert relevant.of(99, 0) is None


def test_a_row_at_says_its_line_and_its_truth(tmp_path: Path) -> None:
    run = trained(tmp_path)
    prepared = run.prepared
    row = row_at(prepared, 4)
    position = int(prepared.validation.rows[4])
    lines = (tmp_path / "shells.csv").read_text().splitlines()
    line = int(row.name.removeprefix("line "))
    assert line == int(prepared.table.lines[position])
    assert lines[line - 1].rsplit(",", 1)[1] == row.truth
    np.testing.assert_array_equal(row.x, prepared.validation.x[4:5])


def test_any_row_of_the_table_can_be_sent_through(tmp_path: Path) -> None:
    prepared = trained(tmp_path).prepared
    for part, judging in ((prepared.training, False), (prepared.validation, True), (prepared.test, False)):
        position = int(part.rows[3])
        row = row_of_table(prepared, position)
        assert row is not None and row.name == f"line {prepared.table.lines[position]}"
        np.testing.assert_array_equal(row.x, part.x[3:4])
        assert row.place == (3 if judging else None)
    assert row_of_table(prepared, 10_000) is None


def test_a_row_is_for_networks_on_its_own_preparation(tmp_path: Path) -> None:
    run = trained(tmp_path)
    bench = Workbench()
    bench.row = row_at(run.prepared, 0)
    assert bench.row_for(run) is bench.row
    other = trained(tmp_path, preparation=Preparation(scaling="none"))
    assert bench.row_for(other) is None


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        ("8 tanh", "begins random: tanh would bend it"),
        ("8 relu", None),
        ("1 relu", "begins random: 1 units are too few"),
    ],
)
def test_a_start_that_layers_can_not_pass_on_is_named(tmp_path: Path, layers: str, why: str | None) -> None:
    experiment = small_experiment(shells(tmp_path))
    design = NetworkDesign(NetworkDesign.from_text(layers).layers, start=LINEAR)
    found = idle_choices(replace(experiment, design=design), prepared_anew(experiment))
    assert (why is None and not found) or (why is not None and found["network.start"].startswith(why))


def test_training_again_without_row_ats_is_named(tmp_path: Path) -> None:
    experiment = small_experiment(
        shells(tmp_path), refit=True, preparation=Preparation(split=Split(validation=0.0))
    )
    found = idle_choices(experiment, prepared_anew(experiment))
    assert "there are no validation rows" in found["training.refit"]
    with_rows = replace(experiment, preparation=Preparation())
    assert not idle_choices(with_rows, prepared_anew(with_rows))


def test_the_next_batch_is_the_one_that_the_training_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[int, ...]] = []
    load = Batches.load

    def noted(self: Batches, order: np.ndarray, first: int) -> int:
        if first == 0:
            taken.append(tuple(int(each) for each in order[: self.batch if self.total > 1 else None]))
        return load(self, order, first)

    monkeypatch.setattr(Batches, "load", noted)
    for batch in (7, 16, 1000):
        taken.clear()
        run = trained(tmp_path, batch=batch, optimizer="sgd")
        rows = len(run.prepared.training.rows)
        plan = run.chosen_at(0).plan
        assert len(taken) == 3
        for epoch, places in enumerate(taken):
            assert tuple(next_batch(run.network, plan, rows, epoch).tolist()) == places


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "momentum"])
def test_a_step_on_the_next_batch_is_the_trainings_own(tmp_path: Path, optimizer: str) -> None:
    """A batch of all rows is a whole epoch, whose weights are kept."""
    run = trained(tmp_path, batch=1000, optimizer=optimizer, schedule="constant")
    _, before = network_at(run, 0)
    _, after = network_at(run, 1)
    step = batch_step_at(run, before, 0, 0)
    assert step.rows == len(run.prepared.training.rows) and step.first.startswith("line ")
    moved = before.copy()
    moved.set_parameters({**moved.parameters, **{n: each.after for n, each in step.trace.parameters.items()}})
    np.testing.assert_allclose(moved.weights, after.weights, rtol=2e-5, atol=2e-7)
    assert np.abs(after.weights - before.weights).max() > 1e-4
    costs = step.trace.row_costs
    weight = run.prepared.training.weight
    assert step.trace.cost == pytest.approx(
        np.average(costs, weights=weight) if weight is not None else costs.mean()
    )

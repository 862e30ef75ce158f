"""Shares, means, and stopped units, each counted row by row from its definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from insight.plain_network import EVERY_LAYERS, OUTPUTS, bend, made, rows_for, targets_for

from ann_tui.insight.bends import slopes, steepest
from ann_tui.insight.neurons import neuron_answers
from ann_tui.insight.signals import LayerSignals, signals
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.network import Network

STEEPEST = {"sigmoid": 0.25, "hard sigmoid": 1 / 6, "tanh": 1.0, "step": 1.0, "softmax": 0.25}


def mean(values: list[float]) -> float:
    """NaN of nothing."""
    return math.fsum(values) / len(values) if values else math.nan


def rest_of(network: Network, layer: int) -> list[float]:
    """What the units give where all their sums are 0."""
    found = network.layers[layer]
    units = found.units
    return bend(found.activation_name, [0.0] * units) if hasattr(found, "activation_name") else [0.0] * units


def slope_of(name: str, sums: list[float], unit: int) -> float:
    """The derivative of the bounded activations, and of those that can stop, from their formulas."""
    z = sums[unit]
    if name in ("sigmoid", "softmax"):
        share = bend(name, sums)[unit]
        return share * (1 - share)
    if name == "tanh":
        return 1 - math.tanh(z) ** 2
    if name == "hard sigmoid":
        return 1 / 6 if -3 < z < 3 else 0.0
    if name == "step":
        return float(-1 <= z <= 1)
    if name == "gelu":
        # So far down its tanh is -1 to the last bit.
        return float(z > -9)
    return float(z > 0) if name == "relu" else 1.0


def assert_as_counted(network: Network, layer: int, found: LayerSignals, codes: np.ndarray | None) -> None:
    """Every figure of every unit."""
    classes = network.outputs.classes
    given = neuron_answers(network, layer, found, codes, classes)
    assert given.active_by_class.shape == given.mean_by_class.shape == (classes, found.units)
    rest, name = rest_of(network, layer), getattr(network.layers[layer], "activation_name", None)
    outputs, rows = found.outputs.tolist(), range(len(found.outputs))
    for unit in range(found.units):
        above = [float(outputs[row][unit] > rest[unit]) for row in rows]
        np.testing.assert_allclose(given.active[unit], mean(above))
        for code in range(classes):
            own = [row for row in rows if codes is not None and codes[row] == code]
            np.testing.assert_allclose(given.active_by_class[code, unit], mean([above[row] for row in own]))
            wanted = mean([outputs[row][unit] for row in own])
            np.testing.assert_allclose(given.mean_by_class[code, unit], wanted, 1e-6, 1e-6)
        if name is None:
            dead, saturated = len(rows) > 1 and len({outputs[row][unit] for row in rows}) == 1, False
        else:
            assert found.sums is not None
            slope = [slope_of(name, found.sums[row].tolist(), unit) for row in rows]
            dead = bool(slope) and all(value == 0 for value in slope)
            flat = sum(value < 0.05 * STEEPEST.get(name, 0) for value in slope)
            saturated = bool(slope) and 100 * flat >= 95 * len(slope)
        assert given.dead[unit] == dead, unit
        assert given.saturated[unit] == saturated, unit


@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_every_kind_of_layer(layers: str, outputs: object) -> None:
    """For classes and for a number."""
    network = made(layers, outputs)
    x = rows_for(network, 23)
    codes = None if network.outputs.kind == "number" else targets_for(network, 23)
    for place, found in enumerate(signals(network, x)):
        assert_as_counted(network, place, found, codes)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("push", [0.0, 2.0, 4.0, 30.0])
def test_every_activation_at_rest_and_pushed_to_its_ends(activation: str, push: float) -> None:
    """Sums far to both sides stop relu's units on one, those of bounded ones on both."""
    network = made(f"6 {activation}, {activation}", OUTPUTS[2])
    network.parameters["dense_1.bias"][:] = push * np.array([-1, 1, -1, 1, -0.5, 0.5])
    for place, found in enumerate(signals(network, rows_for(network, 40))[:2]):
        assert_as_counted(network, place, found, targets_for(network, 40))


@settings(max_examples=60, deadline=None)
@given(
    sums=st.lists(
        st.sampled_from([-4.0, -2.5, -1.0, -0.1, 0.0, 0.1, 1.0, 2.5, 4.0]), min_size=1, max_size=45
    ),
    activation=st.sampled_from(["sigmoid", "hard sigmoid", "tanh", "step", "relu"]),
    codes=st.data(),
)
def test_any_sums(sums: list[float], activation: str, codes: st.DataObject) -> None:
    """Some rows of a class, none of another, all at an end but for one in twenty."""
    network = made(f"1 {activation}", OUTPUTS[2])
    outputs = np.array([bend(activation, [z]) for z in sums])
    found = LayerSignals("dense_1", "dense", 1, np.array(sums)[:, None], outputs)
    drawn = codes.draw(st.lists(st.integers(0, 2), min_size=len(sums), max_size=len(sums)))
    assert_as_counted(network, 0, found, np.array(drawn))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slopes_are_the_derivatives(activation: str) -> None:
    """By steps to both sides, of one sum at a time; no bend lies between them."""
    network = made(f"3 {activation}", OUTPUTS[0])
    slope = network.parameters.get("dense_1.slope")
    sums = np.random.default_rng(4).normal(0, 2, (50, 3))
    found = slopes(network, 0, sums)
    if activation == "step":
        assert (found == (np.abs(sums) <= 1)).all()
        return
    for row, unit in np.ndindex(sums.shape):
        sides = []
        for step in (1e-6, -1e-6):
            moved = sums[row].tolist()
            moved[unit] += step
            sides.append(bend(activation, moved, None if slope is None else slope.tolist())[unit])
        np.testing.assert_allclose(found[row, unit], (sides[0] - sides[1]) / 2e-6, 1e-5, 1e-7)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_steepest_slope_of_what_is_bounded(activation: str) -> None:
    """None of what has no upper end."""
    wanted = STEEPEST.get(activation)
    assert steepest(activation) == (None if wanted is None else pytest.approx(wanted))


def test_no_rows_leave_shares_unknown_and_stop_nobody() -> None:
    """NaN, and False."""
    network = made("4 relu, batch norm", OUTPUTS[0])
    for place, found in enumerate(signals(network, rows_for(network, 0))):
        given = neuron_answers(network, place, found, np.zeros(0, int), 2)
        for share in (given.active, given.active_by_class, given.mean_by_class):
            assert np.isnan(share).all()
        assert not given.dead.any() and not given.saturated.any()


def test_a_class_of_broken_numbers_leaves_the_others_alone() -> None:
    """A network that diverged on some rows."""
    network = made("2 linear", OUTPUTS[0])
    outputs = np.array([[1.0, 2.0], [np.inf, np.nan], [3.0, 4.0]])
    found = LayerSignals("dense_1", "dense", 2, outputs, outputs)
    given = neuron_answers(network, 0, found, np.array([0, 1, 0]), 2)
    assert given.mean_by_class[0].tolist() == [2, 3]
    assert given.mean_by_class[1, 0] == np.inf and np.isnan(given.mean_by_class[1, 1])


@pytest.mark.parametrize("activation", ["sigmoid", "hard sigmoid", "tanh", "step"])
def test_nineteen_flat_rows_of_twenty_saturate_and_eighteen_do_not(activation: str) -> None:
    """And a unit that one row can still teach is not dead."""
    network = made(f"2 {activation}", OUTPUTS[2])
    sums = np.full((20, 2), 9.0)
    sums[:1, 0] = sums[:2, 1] = 0.0
    found = LayerSignals(
        "dense_1", "dense", 2, sums, np.array([bend(activation, row) for row in sums.tolist()])
    )
    given = neuron_answers(network, 0, found, None, 0)
    assert given.saturated.tolist() == [True, False]
    assert not given.dead.any()

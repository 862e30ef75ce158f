"""A layer's state, by percentiles, finite differences and counts of its definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from insight.plain_network import EVERY_LAYERS, OUTPUTS, made, passed, raw_sums, rows_for, seen, targets_for

from ann_tui.insight.health import LayerHealth, health
from ann_tui.insight.neurons import neuron_answers
from ann_tui.insight.sampling import evenly_spaced, some_entries
from ann_tui.insight.signals import signals
from ann_tui.network.costs import COSTS
from ann_tui.network.design import DesignError
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs

ROWS = 6
STEP = 1e-5
COSTS_AND_OUTPUTS = [(name, kind) for name, entry in COSTS.items() for kind in entry.kinds]
SMOOTH_LAYERS = [layers.replace("prelu", "softplus").replace("relu", "silu") for layers in EVERY_LAYERS]
"""Finite differences need no bend between their steps."""


def percentiles(values: list[float]) -> list[float]:
    """Linear between the two nearest of the sorted values."""
    ordered, found = sorted(values), []
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        place = share * (len(ordered) - 1)
        below = math.floor(place)
        above = min(below + 1, len(ordered) - 1)
        found.append(ordered[below] + (place - below) * (ordered[above] - ordered[below]))
    return found


def mean_cost(network: Network, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None) -> float:
    sums = np.array([raw_sums(network, row) for row in x.tolist()]).T
    values = network.cost.values(sums, network.cost.targets(y))
    return float(np.average(values, weights=weight))


def weights_of(network: Network, name: str, vector: np.ndarray | None = None) -> list[np.ndarray]:
    """A layer's matrices of weights, without biases."""
    views = network.views(network.weights if vector is None else vector)
    return [view for key, view in views.items() if key.startswith(f"{name}.weights")]


def sizes_of_slopes(network: Network, name: str, judge: object) -> list[float]:
    """The size of the cost's derivative by each weight of a layer, from steps to both sides."""
    found = []
    for matrix in weights_of(network, name):
        for place in np.ndindex(matrix.shape):
            kept, costs = matrix[place], []
            for step in (STEP, -STEP):
                matrix[place] = kept + step
                costs.append(judge())
            matrix[place] = kept
            found.append(abs(costs[0] - costs[1]) / (2 * STEP))
    return found


def assert_healthy(network: Network, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None) -> None:
    learning = [layer for layer in network.layers if layer.kind in ("dense", "residual")]
    found = health(network, x, y, weight)
    assert [each.name for each in found] == [layer.name for layer in learning]
    rows = [list(passed(network, seen(network, row))) for row in x.tolist()]
    for each in found:
        place = next(place for place, layer in enumerate(network.layers) if layer.name == each.name)
        own = [value for matrix in weights_of(network, each.name) for value in matrix.ravel().tolist()]
        np.testing.assert_allclose(each.weights, percentiles(own))
        np.testing.assert_allclose(
            each.activations, percentiles([value for row in rows for value in row[place].outputs]), 1e-9, 1e-9
        )
        slopes = sizes_of_slopes(network, each.name, lambda: mean_cost(network, x, y, weight))
        np.testing.assert_allclose(each.gradients, percentiles(slopes), 1e-5, 1e-8)
        assert each.update is None


@pytest.mark.parametrize("layers", SMOOTH_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_every_kind_of_layer(layers: str, outputs: Outputs) -> None:
    """With weights of rows; the batch norm's statistics are the running ones, and nothing is dropped."""
    network = made(layers, outputs)
    weight = np.random.default_rng(3).uniform(0.1, 2, ROWS)
    assert_healthy(network, rows_for(network, ROWS), targets_for(network, ROWS), weight)


@pytest.mark.parametrize(("cost", "kind"), COSTS_AND_OUTPUTS)
def test_every_cost(cost: str, kind: str) -> None:
    """Of rows that all weigh the same, and with bins."""
    network = made("4 tanh", Outputs(kind, 4 if kind == "multiclass" else 1), binned=2, cost=cost)
    assert_healthy(network, rows_for(network, ROWS), targets_for(network, ROWS), None)


def test_how_far_weights_have_moved_an_epoch() -> None:
    """Biases left aside; None where there was nothing before, or no time."""
    network = made("5 relu, batch norm, residual 4 tanh", OUTPUTS[2])
    x, y = rows_for(network, ROWS), targets_for(network, ROWS)
    past = network.weights + np.random.default_rng(0).normal(0, 0.1, network.weights.size)
    for each in health(network, x, y, before=(past, 4)):
        pairs = zip(weights_of(network, each.name), weights_of(network, each.name, past), strict=True)
        entries = [(new, old) for now, was in pairs for new, old in zip(now.flat, was.flat, strict=True)]
        moved = math.sqrt(math.fsum((new - old) ** 2 for new, old in entries))
        assert each.update == pytest.approx(moved / math.sqrt(math.fsum(old**2 for _, old in entries)) / 4)
    for before in ((np.zeros_like(past), 4), (past, 0)):
        assert all(each.update is None for each in health(network, x, y, before=before))
    assert all(each.update == 0 for each in health(network, x, y, before=(network.weights.copy(), 1)))


def test_units_that_have_stopped() -> None:
    """By a layer's own activation, or by the activation layer that bends a linear one; not by the one above that."""
    network = made(
        "8 relu, 6 linear, batch norm, tanh, 4 linear, residual 3 tanh, relu, 2 linear", OUTPUTS[0]
    )
    network.parameters["dense_1.bias"][:3] = -90
    network.parameters["batch_norm_1.shift"][:2] = 40
    network.parameters["residual_1.bias_outer"][:] = -90
    x, y = rows_for(network, 30), targets_for(network, 30)
    found = {each.name: each for each in health(network, x, y)}
    given = signals(network, x)
    assert (found["dense_1"].dead, found["dense_1"].saturated) == (3 / 8, 0)
    bent = neuron_answers(network, 3, given[3], None, 0)
    assert bent.saturated.sum() >= 2
    assert found["dense_2"].saturated == bent.saturated.mean() and found["dense_2"].dead == bent.dead.mean()
    for name in ("dense_3", "dense_4", "residual_1", "output"):
        assert (found[name].dead, found[name].saturated) == (0, 0)


def same(one: LayerHealth, other: LayerHealth) -> bool:
    pairs = (
        (one.weights, other.weights),
        (one.activations, other.activations),
        (one.gradients, other.gradients),
    )
    return all((mine == theirs).all() for mine, theirs in pairs) and one.dead == other.dead


def test_of_many_rows_five_hundred_are_looked_at() -> None:
    """Evenly spaced, with their targets and weights."""
    network = made("5 relu", OUTPUTS[0], dtype=np.float32)
    x, y = rows_for(network, 1_300), targets_for(network, 1_300)
    weight = np.random.default_rng(3).uniform(0.1, 2, 1_300)
    chosen = [place * 1_300 // 500 for place in range(500)]
    pairs = zip(
        health(network, x, y, weight), health(network, x[chosen], y[chosen], weight[chosen]), strict=True
    )
    assert all(same(*pair) for pair in pairs)


@settings(max_examples=100)
@given(
    shapes=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=2),
    most=st.integers(2, 300),
)
def test_some_entries_come_from_everywhere(shapes: list[tuple[int, int]], most: int) -> None:
    """No more than are asked for, and all where they fit; from every column where there are steps enough."""
    matrices = [np.arange(rows * columns).reshape(rows, columns) for rows, columns in shapes]
    found = some_entries(matrices, most)
    assert 0 < len(found) <= most
    if sum(matrix.size for matrix in matrices) <= most:
        assert found.tolist() == [value for matrix in matrices for value in matrix.ravel().tolist()]
    if len(shapes) == 1:
        (_, columns), steps = shapes[0], set(np.diff(found).tolist())
        assert len(steps) <= 1
        assert len(set((found % columns).tolist())) == min(columns, len(found))


@given(count=st.integers(0, 400), most=st.integers(1, 300))
def test_evenly_spaced_places(count: int, most: int) -> None:
    """Rising, from the first on, no gap more than one wider than another."""
    found = evenly_spaced(count, most).tolist()
    assert len(found) == min(count, most)
    assert found == sorted(set(found)) and all(0 <= place < count for place in found)
    gaps = {high - low for low, high in zip([*found, count][:-1], [*found, count][1:], strict=True)}
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_wide_networks_and_the_float_type_of_training() -> None:
    """A layer of more weights than are looked at: its percentiles come near to those of all."""
    network = made("100 relu", Outputs("multiclass", 26), 400, dtype=np.float32)
    x, y = rows_for(network, 50), targets_for(network, 50)
    before = network.weights.copy(), network.statistics.copy()
    first = health(network, x, y)[0]
    whole = np.percentile(network.parameters["dense_1.weights"], (5, 25, 50, 75, 95))
    np.testing.assert_allclose(first.weights, whole, atol=0.02)
    assert (network.weights == before[0]).all() and (network.statistics == before[1]).all()


def test_rows_that_do_not_fit_are_refused() -> None:
    """And several members, which share no weights."""
    network = made("3 relu", OUTPUTS[0])
    with pytest.raises(DesignError, match="takes 3 features"):
        health(network, np.zeros((2, 4)), np.zeros(2, int))
    several = made("3 relu", OUTPUTS[0], members=2)
    with pytest.raises(AssertionError):
        health(several, rows_for(several), targets_for(several))

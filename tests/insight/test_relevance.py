"""What a cost is without a unit or a column, against networks that are worked out anew, row by row."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from insight.plain_network import (
    EVERY_LAYERS,
    OUTPUTS,
    Silence,
    made,
    passed,
    raw_sums,
    rows_for,
    seen,
    targets_for,
)

from ann_tui.insight import rerun
from ann_tui.insight.relevance import permuted, silenced
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.design import DesignError
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs

ROWS = 9
COSTS_AND_OUTPUTS = [(name, kind) for name, entry in COSTS.items() for kind in entry.kinds]


@pytest.fixture(params=["one block", "unit by unit"])
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """All changes at once, and each on its own."""
    if request.param == "unit by unit":
        monkeypatch.setattr(rerun, "BLOCK_NUMBERS", 1)


def mean_cost(
    network: Network, sums: Sequence[Sequence[float]], y: np.ndarray, weight: np.ndarray | None
) -> float:
    """The weighted mean of each row's own cost."""
    shares = [1.0] * len(y) if weight is None else weight.tolist()
    cost = network.cost
    each = [
        float(cost.values(np.array(row, network.dtype)[:, None], cost.targets(y[place : place + 1]))[0])
        for place, row in enumerate(sums)
    ]
    return math.fsum(share * value for share, value in zip(shares, each, strict=True)) / math.fsum(shares)


def cost_of(
    network: Network, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None, silence: Silence | None = None
) -> float:
    return mean_cost(network, [raw_sums(network, row, silence) for row in x.tolist()], y, weight)


def rises_without(
    network: Network, layer: int, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None
) -> list[float]:
    outputs = [list(passed(network, seen(network, row)))[layer].outputs for row in x.tolist()]
    means = [math.fsum(unit) / len(x) for unit in zip(*outputs, strict=True)]
    before = cost_of(network, x, y, weight)
    return [cost_of(network, x, y, weight, {layer: {unit: mean}}) - before for unit, mean in enumerate(means)]


def weights_for(rows: int = ROWS) -> np.ndarray:
    return np.random.default_rng(8).uniform(0.1, 3, rows)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_silenced_units_of_every_kind_of_layer(layers: str, outputs: Outputs) -> None:
    """Those with an activation by default, each against the network with that unit's mean in its place."""
    network = made(layers, outputs)
    x, y, weight = rows_for(network, ROWS), targets_for(network, ROWS), weights_for()
    found = silenced(network, x, y, weight)
    bent = [
        place
        for place, layer in enumerate(network.layers[:-1])
        if layer.kind in ("dense", "residual", "activation")
    ]
    assert [each.layer for each in found] == bent
    for each in found:
        assert each.name == network.layers[each.layer].name
        np.testing.assert_allclose(each.cost, cost_of(network, x, y, weight), 1e-10)
        np.testing.assert_allclose(each.rises, rises_without(network, each.layer, x, y, weight), 1e-8, 1e-10)


@pytest.mark.parametrize(("cost", "kind"), COSTS_AND_OUTPUTS)
def test_silenced_units_by_every_cost(cost: str, kind: str) -> None:
    """With weights of rows and without."""
    network = made("5 relu, 3 tanh", Outputs(kind, 4 if kind == "multiclass" else 1), cost=cost)
    x, y = rows_for(network, ROWS), targets_for(network, ROWS)
    for weight in (None, weights_for()):
        for each in silenced(network, x, y, weight):
            np.testing.assert_allclose(
                each.rises, rises_without(network, each.layer, x, y, weight), 1e-8, 1e-10
            )


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_silenced_units_through_every_activation(activation: str) -> None:
    """In the layer above, beside it, and in a residual block above."""
    network = made(f"4 tanh, {activation}, 3 {activation}, residual 2 {activation}", OUTPUTS[2])
    x, y = rows_for(network, ROWS), targets_for(network, ROWS)
    for each in silenced(network, x, y):
        np.testing.assert_allclose(each.rises, rises_without(network, each.layer, x, y, None), 1e-8, 1e-10)


def test_any_hidden_layer_can_be_asked_for() -> None:
    """Those without an activation too, in the order that is asked for."""
    network = made(EVERY_LAYERS[-2], OUTPUTS[0])
    x, y = rows_for(network, ROWS), targets_for(network, ROWS)
    found = silenced(network, x, y, layers=(5, 1, 3))
    assert [each.layer for each in found] == [5, 1, 3]
    for each in found:
        np.testing.assert_allclose(each.rises, rises_without(network, each.layer, x, y, None), 1e-8, 1e-10)


def test_a_unit_that_says_the_same_of_all_rows_is_not_missed() -> None:
    """Exactly, in the float type of training and through a layer of curves."""
    network = made("8 relu, batch norm, silu, 33 silu", Outputs("multiclass", 5), dtype=np.float32)
    network.parameters["dense_1.bias"][2:4] = -50.0
    network.parameters["dense_1.weights"][:, 5] = 0.0
    for rows in (61, 333, 500):
        first = silenced(network, rows_for(network, rows), targets_for(network, rows), weights_for(rows))[0]
        assert (first.rises[[2, 3, 5]] == 0).all()
        assert (first.rises[[0, 1, 4]] != 0).all()


def test_rises_in_the_float_type_of_training() -> None:
    """Many units and classes, as near as its digits allow."""
    network = made("70 relu, 40 tanh", Outputs("multiclass", 26), 12, dtype=np.float32)
    network.weights *= 0.5
    exact = made("70 relu, 40 tanh", Outputs("multiclass", 26), 12)
    exact.weights[:] = network.weights
    x, y = rows_for(network, 300), targets_for(network, 300)
    for ours, theirs in zip(silenced(network, x, y), silenced(exact, x.astype(float), y), strict=True):
        np.testing.assert_allclose(ours.rises, theirs.rises, 1e-3, 2e-5)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_shuffled_columns_before_every_kind_of_layer(layers: str, outputs: Outputs, members: int) -> None:
    """Against the cost of rows whose features were shuffled in the matrix; bins follow their features."""
    network = made(layers, outputs, 4, members=members, binned=2)
    x, y, weight = rows_for(network, ROWS), targets_for(network, ROWS), weights_for()
    groups = {"first": [0], "pair": [3, 1], "none": [], "all": range(4)}
    found = permuted(network, x, y, groups, weight, repeats=3, seed=5)
    assert [each.rise for each in found] == sorted((each.rise for each in found), reverse=True)
    assert {each.name for each in found} == set(groups)
    own = [network.member(number) for number in range(members)]

    def cost(rows: np.ndarray) -> float:
        of_each = np.array([[raw_sums(member, row) for row in rows.tolist()] for member in own])
        joint = network.joint(of_each.swapaxes(1, 2)) if members > 1 else of_each[0].T
        return mean_cost(network, joint.T.tolist(), y, weight)

    for each in found:
        rises = []
        for repeat in range(3):
            order, moved = np.random.default_rng([5, repeat]).permutation(ROWS), x.copy()
            for place in groups[each.name]:
                moved[:, place] = x[order, place]
            rises.append(cost(moved) - cost(x))
        assert each.rise == pytest.approx(sum(rises) / 3, 1e-6, 1e-9)
        spread = math.sqrt(sum((rise - sum(rises) / 3) ** 2 for rise in rises) / 3)
        assert each.spread == pytest.approx(spread, 1e-6, 1e-9)


@settings(max_examples=25, deadline=None)
@given(names=st.permutations(["a", "b", "c", "d"]), kept=st.integers(1, 4), seed=st.integers(0, 3))
def test_what_a_column_gets_depends_on_no_other(names: list[str], kept: int, seed: int) -> None:
    """In any order and any company."""
    network = made("6 tanh", OUTPUTS[0], 5)
    x, y = rows_for(network, 31), targets_for(network, 31)
    groups = {"a": [0], "b": [1, 2], "c": [3], "d": [4]}
    whole = {each.name: each for each in permuted(network, x, y, groups, seed=seed)}
    some = permuted(network, x, y, {name: groups[name] for name in names[:kept]}, seed=seed)
    assert {each.name for each in some} == set(names[:kept])
    for each in some:
        assert each.rise == pytest.approx(whole[each.name].rise, abs=1e-12)
        assert each.spread == pytest.approx(whole[each.name].spread, abs=1e-12)


def test_a_column_that_nobody_hears_and_the_one_that_tells_the_target() -> None:
    """Nothing rises without the first; the second stands in front."""
    network = made("", OUTPUTS[0], 3)
    network.parameters["output.weights"][:, 0] = 0, 0.1, 6
    x = rows_for(network, 80)
    y = (x[:, 2] > 0).astype(int)
    found = permuted(network, x, y, {"deaf": [0], "weak": [1], "telling": [2]})
    assert found[0].name == "telling" and found[0].rise > 1
    deaf = next(each for each in found if each.name == "deaf")
    assert abs(deaf.rise) < 1e-12 and deaf.spread < 1e-12


def after(looks: int) -> Callable[[], bool]:
    """Says yes from the look after so many on."""
    left = iter([False] * looks)
    return lambda: next(left, True)


def test_cancelled_early_gives_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """At every look: whole layers, and whole columns, with the same figures as without."""
    monkeypatch.setattr(rerun, "BLOCK_NUMBERS", 1)
    network = made("3 relu, 2 tanh", OUTPUTS[2], 4)
    x, y = rows_for(network, ROWS), targets_for(network, ROWS)
    whole = silenced(network, x, y)
    for looks in range(7):
        found = silenced(network, x, y, cancelled=after(looks))
        assert len(found) == (0 if looks < 3 else 1 if looks < 5 else 2)
        for ours, theirs in zip(found, whole, strict=False):
            assert ours.layer == theirs.layer and (ours.rises == theirs.rises).all()
    groups = {name: [place] for place, name in enumerate("abcd")}
    everything = {each.name: each for each in permuted(network, x, y, groups, repeats=2)}
    for looks in range(10):
        shuffled = permuted(network, x, y, groups, repeats=2, cancelled=after(looks))
        assert {each.name for each in shuffled} == set("abcd"[: looks // 2])
        assert all(each == everything[each.name] for each in shuffled)


def test_rows_that_do_not_fit_are_refused() -> None:
    """As everywhere; several members have no units in common."""
    network = made("3 relu", OUTPUTS[0])
    for judge in (silenced, lambda *given: permuted(*given, {"a": [0]})):
        with pytest.raises(DesignError, match="takes 3 features"):
            judge(network, np.zeros((2, 4)), np.zeros(2, int))
    with pytest.raises(AssertionError):
        several = made("3 relu", OUTPUTS[0], members=2)
        silenced(several, rows_for(several), targets_for(several))


def test_neither_weights_nor_statistics_move() -> None:
    """Dropout and batch norm stay as in prediction."""
    network = made("4 relu, batch norm, dropout 0.5", OUTPUTS[1])
    before = network.weights.copy(), network.statistics.copy()
    x, y = rows_for(network, ROWS), targets_for(network, ROWS)
    silenced(network, x, y)
    permuted(network, x, y, {"a": [0]})
    assert (network.weights == before[0]).all() and (network.statistics == before[1]).all()

"""The cost as a picture, against one that is worked out row by row and unit by unit, and by laws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from insight.plain_network import EVERY_LAYERS, OUTPUTS, made, raw_sums, rows_for, targets_for

from ann_tui.insight import many_costs
from ann_tui.insight.landscape import MARGIN, MOST_POINTS, MOST_ROWS, Landscape, along_step, landscape
from ann_tui.insight.sampling import evenly_spaced
from ann_tui.network.design import DesignError
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs

ROWS = 5


def row_cost(kind: str, sums: Sequence[float], target: float) -> float:
    """The usual cost of one row."""
    if kind == "number":
        return (sums[0] - target) ** 2
    if kind == "binary":
        return math.log1p(math.exp(-sums[0] if target else sums[0]))
    return math.log(math.fsum(math.exp(each - sums[int(target)]) for each in sums))


def plain_cost(
    network: Network, weights: np.ndarray, x: np.ndarray, y: np.ndarray, counts: np.ndarray | None = None
) -> float:
    """The mean cost of rows with these weights."""
    other = network.copy()
    other.weights[:] = weights
    counts = np.ones(len(x)) if counts is None else counts
    costs = [
        row_cost(network.outputs.kind, raw_sums(other, row), to)
        for row, to in zip(x.tolist(), y, strict=True)
    ]
    return math.fsum(cost * count for cost, count in zip(costs, counts, strict=True)) / float(counts.sum())


def walk(network: Network, points: int = 6, seed: int = 5, width: float = 0.3) -> list[np.ndarray]:
    """A path of weights that ends at the network's own."""
    steps = np.random.default_rng(seed).normal(0, width, (points - 1, network.weights.size))
    behind = np.cumsum(steps[::-1], axis=0)[::-1]
    return [*(network.weights + behind).astype(network.dtype), network.weights.copy()]


def flat_walk(network: Network, points: int = 7) -> list[np.ndarray]:
    """A path within a plane, neither of whose sides is straight to the other."""
    generator = np.random.default_rng(8)
    sides = generator.normal(0, 0.1, (2, network.weights.size))
    return [
        network.weights + (generator.normal(size=2) if left else [0, 0]) @ sides
        for left in range(points)[::-1]
    ]


def drawn(network: Network, path: Sequence[np.ndarray], **options: Any) -> Landscape:
    """The landscape of some rows."""
    x, y = rows_for(network, ROWS), targets_for(network, ROWS)
    found = landscape(network, x, y, None, path, **{"size": 5, **options})
    assert found is not None
    return found


@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_costs_are_those_of_the_weights_at_each_place(layers: str, outputs: Outputs) -> None:
    """On the plane, on the path, and on a line, with rows that count more than others."""
    network = made(layers, outputs, binned=1)
    x, y, counts = rows_for(network, ROWS), targets_for(network, ROWS), np.array([1.0, 0.0, 2.5, 0.5, 3.0])
    path = walk(network, 4)
    for directions in ("path", "random"):
        found = landscape(network, x, y, counts, path, size=3, directions=directions)
        assert found is not None

        def at(place: Sequence[float], found: Landscape = found) -> np.ndarray:
            return found.centre + np.asarray(place) @ found.directions

        wanted = [[plain_cost(network, at([a, b]), x, y, counts) for a in found.across] for b in found.up]
        np.testing.assert_allclose(found.costs, wanted, 1e-9)
        assert (found.lowest, found.highest) == (found.costs.min(), found.costs.max())
        np.testing.assert_allclose(
            found.path_costs, [plain_cost(network, w, x, y, counts) for w in path], 1e-9
        )
        wanted = [plain_cost(network, at(place), x, y, counts) for place in found.places]
        np.testing.assert_allclose(found.plane_costs, wanted, 1e-9)

    line = along_step(network, x, y, counts, path[0], path[-1], 4)
    ways = [path[0] + share * (path[-1] - path[0]) for share in line.shares]
    np.testing.assert_allclose(line.costs, [plain_cost(network, w, x, y, counts) for w in ways], 1e-9)


@pytest.mark.parametrize("layers", ["4 tanh, residual 3 silu", "5 tanh, batch norm, 3 prelu, layer norm"])
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_slopes_of_a_step(layers: str, outputs: Outputs) -> None:
    """The true one is the limit of secants; the secant joins the costs at both ends."""
    network = made(layers, outputs)
    x, y = rows_for(network, 30), targets_for(network, 30)
    before = network.weights.copy()
    after = before + np.random.default_rng(3).normal(0, 0.05, before.size)
    found = along_step(network, x, y, None, before, after, 11)
    assert found.before == pytest.approx(plain_cost(network, before, x, y))
    assert found.after == pytest.approx(plain_cost(network, after, x, y))
    assert found.secant == found.after - found.before
    small = 1e-4
    near = [plain_cost(network, before + sign * small * (after - before), x, y) for sign in (1, -1)]
    assert found.slope == pytest.approx((near[0] - near[1]) / (2 * small), rel=1e-5)
    assert found.length == pytest.approx(np.linalg.norm(after - before))
    assert found.shares[0] == pytest.approx(-MARGIN) and found.shares[-1] == pytest.approx(1 + MARGIN)
    np.testing.assert_allclose(np.diff(found.shares), (1 + 2 * MARGIN) / 10)


def test_the_squared_error_of_a_linear_model_is_a_parabola_along_every_line() -> None:
    """Its second differences are all the same, and the slope follows from three of its points."""
    network = made("", OUTPUTS[1], 4)
    path = walk(network, 2)
    found = along_step(network, rows_for(network), targets_for(network), None, path[0], path[1], 15)
    second = np.diff(found.costs, 2)
    np.testing.assert_allclose(second, second[0], 1e-8)
    curvature = second[0] / (found.shares[1] - found.shares[0]) ** 2
    assert found.secant == pytest.approx(found.slope + curvature / 2)


def test_a_step_that_goes_nowhere() -> None:
    """Costs the same all along."""
    network = made("3 tanh", OUTPUTS[0])
    own = network.weights
    found = along_step(network, rows_for(network), targets_for(network), None, own, own, 5)
    assert found.slope == found.secant == found.length == 0.0
    assert (found.costs == found.before).all()


@pytest.mark.parametrize("directions", ["path", "random"])
def test_the_middle_is_the_last_point(directions: Any) -> None:
    """Its place is (0, 0), and its three costs are one; the plane reaches a fifth beyond the path."""
    network = made("4 tanh, batch norm", OUTPUTS[2], dtype=np.float32)
    found = drawn(network, walk(network), directions=directions, size=7)
    assert found.across[3] == found.up[3] == 0.0 and (found.places[-1] == 0).all()
    assert found.costs[3, 3] == pytest.approx(found.path_costs[-1], rel=1e-12)
    assert found.plane_costs[-1] == pytest.approx(found.path_costs[-1], rel=1e-12)
    assert (found.centre == network.weights).all()
    for side, places in zip((found.across, found.up), found.places.T, strict=True):
        wanted = (1 + MARGIN) * np.abs(places).max()
        wanted = max(1.0, wanted) if directions == "random" else wanted
        np.testing.assert_allclose(side, np.linspace(-wanted, wanted, 7), atol=1e-12)


def test_a_path_within_a_plane_lies_on_it() -> None:
    """Its costs there are the true ones, distances are kept, and nothing is left to explain."""
    network = made("4 tanh", OUTPUTS[2])
    path = flat_walk(network)
    found = drawn(network, path)
    np.testing.assert_allclose(found.plane_costs, found.path_costs, 1e-9)
    assert sum(found.explained) == pytest.approx(1.0) and found.explained[0] >= found.explained[1] > 0
    np.testing.assert_allclose(found.places @ found.directions + path[-1], path, 0, 1e-12)
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(2), 0, 1e-12)


def test_principal_directions_are_those_of_the_differences() -> None:
    """No other plane explains more; what it explains is the share of the squared distances."""
    network = made("4 tanh", OUTPUTS[2])
    path = np.array(walk(network, 9))
    found = drawn(network, path)
    differences = path - path[-1]
    values, vectors = np.linalg.eigh(differences.T @ differences)
    np.testing.assert_allclose(found.explained, values[[-1, -2]] / values.sum(), 1e-9)
    np.testing.assert_allclose(np.abs(np.sum(found.directions * vectors[:, [-1, -2]].T, axis=1)), 1, 1e-9)
    np.testing.assert_allclose(found.places, differences @ found.directions.T, 0, 1e-12)
    assert not np.allclose(found.plane_costs[:-1], found.path_costs[:-1])


@pytest.mark.parametrize("seed", range(6))
def test_a_path_begins_at_the_lower_left(seed: int) -> None:
    """Whatever sign its principal directions happen to have."""
    network = made("3 tanh", OUTPUTS[0])
    assert (drawn(network, walk(network, seed=seed), size=3).places[0] < 0).all()


def test_a_straight_path_leaves_the_other_direction_to_chance() -> None:
    """It has no share, and reaches as far."""
    network = made("4 tanh", OUTPUTS[0])
    for path in (walk(network, 2), [network.weights * share for share in (0.2, 0.5, 0.6, 1.0)]):
        found = drawn(network, path, seed=3)
        assert found.explained == (pytest.approx(1.0), 0.0)
        np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(2), 0, 1e-12)
        np.testing.assert_allclose(found.up, found.across)
        np.testing.assert_allclose(found.plane_costs, found.path_costs, 1e-9)
        assert (drawn(network, path, seed=3).costs == found.costs).all()
        assert not (drawn(network, path, seed=4).costs == found.costs).all()


def test_random_directions_are_as_long_as_each_units_weights() -> None:
    """Biases, scales, shifts and slopes stay; the same seed draws the same ones."""
    network = made("5 prelu, batch norm, residual 3 tanh, input scale", OUTPUTS[2])
    network.parameters["dense_1.weights"][:, 2] = 0.0
    found = drawn(network, [network.weights], directions="random", seed=1)
    own, other = (
        network.views(network.weights),
        drawn(network, [network.weights], directions="random", seed=2),
    )
    assert found.explained is None and found.places.tolist() == [[0.0, 0.0]]
    assert not np.allclose(found.directions[0], found.directions[1])
    assert not np.allclose(found.directions, other.directions)
    again = drawn(network, [network.weights], directions="random", seed=1)
    assert (again.directions == found.directions).all() and (again.costs == found.costs).all()
    for direction in found.directions:
        for name, view in network.views(direction).items():
            if ".weights" in name:
                lengths = np.linalg.norm(own[name], axis=0)
                np.testing.assert_allclose(np.linalg.norm(view, axis=0), lengths, 1e-9)
            else:
                assert (view == 0).all()


def test_places_on_random_directions_are_the_nearest() -> None:
    """What is left of each difference stands at right angles to both."""
    network = made("3 tanh", OUTPUTS[0])
    path = walk(network, 5)
    found = drawn(network, path, directions="random")
    left = np.array(path) - path[-1] - found.places @ found.directions
    np.testing.assert_allclose(left @ found.directions.T, 0, atol=1e-10)


@pytest.mark.parametrize("block", [1, 40, 200, 1 << 20])
def test_no_cost_depends_on_the_vectors_beside_it(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time, some, and all at once."""
    network = made("4 tanh, batch norm, 3 prelu", OUTPUTS[2])
    wanted = drawn(network, walk(network))
    monkeypatch.setattr(many_costs, "BLOCK_NUMBERS", block)
    found = drawn(network, walk(network))
    np.testing.assert_allclose(found.costs, wanted.costs, 1e-12)
    np.testing.assert_allclose(found.path_costs, wanted.path_costs, 1e-12)


def test_it_asks_between_blocks_whether_anybody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the first yes there is nothing; with none it comes."""
    monkeypatch.setattr(many_costs, "BLOCK_NUMBERS", 60)
    network = made("4 tanh", OUTPUTS[2])
    x, y, path = rows_for(network, ROWS), targets_for(network, ROWS), walk(network)
    asked: list[int] = []

    def cancelled(at: int | None) -> bool:
        asked.append(len(asked))
        return at is not None and len(asked) > at

    assert landscape(network, x, y, None, path, size=5, cancelled=lambda: cancelled(None)) is not None
    blocks = len(asked)
    assert blocks > 10
    for at in (0, 3, blocks - 1):
        asked.clear()
        assert landscape(network, x, y, None, path, size=5, cancelled=lambda at=at: cancelled(at)) is None
        assert len(asked) == at + 1


def test_some_of_many_rows_and_of_many_points() -> None:
    """Evenly spaced ones, each with its target and its weight; a long path has all its places."""
    network = made("3 tanh", OUTPUTS[2])
    rows = 2 * MOST_ROWS + 41
    x, y, counts = rows_for(network, rows), targets_for(network, rows), np.linspace(0.1, 2, rows)
    some = evenly_spaced(rows, MOST_ROWS)
    path = walk(network, 3 * MOST_POINTS)
    all_rows = landscape(network, x, y, counts, path, size=3)
    some_rows = landscape(network, x[some], y[some], counts[some], path, size=3)
    assert all_rows is not None and some_rows is not None
    np.testing.assert_allclose(all_rows.costs, some_rows.costs, 1e-12)
    assert all_rows.places.shape == (len(path), 2) and all_rows.path_costs.shape == (len(path),)


def test_a_member_of_several_and_what_was_given_stays() -> None:
    """A member is a network of its own; neither weights nor rows nor the path change."""
    network = made("4 relu, batch norm, dropout 0.5", OUTPUTS[1], members=3, dtype=np.float32)
    x, y, member = rows_for(network, ROWS), targets_for(network, ROWS), network.member(1)
    path = walk(member)
    given = network.weights, network.statistics, x, y, *path
    kept = [each.copy() for each in given]
    found = landscape(member, x, y, None, path, size=3)
    line = along_step(member, x, y, None, path[0], path[-1], 3)
    assert found is not None
    assert found.costs[1, 1] == pytest.approx(plain_cost(member, member.weights, x, y))
    assert line.after == pytest.approx(found.costs[1, 1]) and line.before == pytest.approx(
        found.path_costs[0]
    )
    assert all((each == copy).all() for each, copy in zip(given, kept, strict=True))
    assert network.members == 3 and network.dtype == np.float32
    with pytest.raises(AssertionError):
        landscape(network, x, y, None, [network.weights])


def test_costs_too_large_for_a_number_stand_beside_the_others() -> None:
    """The extremes are those of the finite ones."""
    network = made("3 relu", OUTPUTS[1], cost="poisson")
    network.weights[:] = 30.0
    found = drawn(network, [network.weights * -1, network.weights])
    fine = np.isfinite(found.costs)
    assert fine.any() and not fine.all()
    assert (found.lowest, found.highest) == (found.costs[fine].min(), found.costs[fine].max())


def test_what_gives_no_picture() -> None:
    """One clear line each."""
    network = made("3 tanh", OUTPUTS[0])
    x, y, path = rows_for(network, ROWS), targets_for(network, ROWS), walk(network)
    still = [network.weights, network.weights]
    for still_path in (still, still[:1]):
        with pytest.raises(ValueError, match="the weights have not moved"):
            landscape(network, x, y, None, still_path)
        assert landscape(network, x, y, None, still_path, size=3, directions="random") is not None
    with pytest.raises(ValueError, match="there is none"):
        landscape(network, x, y, None, [])
    with pytest.raises(ValueError, match="that of rows: there are none"):
        landscape(network, x[:0], y[:0], None, path)
    with pytest.raises(ValueError, match="that of rows: there are none"):
        along_step(network, x[:0], y[:0], None, path[0], path[1])
    with pytest.raises(DesignError):
        landscape(network, x[:, :2], y, None, path)
    with pytest.raises(ValueError, match="no weight"):
        landscape(network, x, y, np.zeros(ROWS), path)
    with pytest.raises(ValueError, match="vector of the path has"):
        landscape(network, x, y, None, [path[0][1:], path[1]])
    with pytest.raises(ValueError, match="not finite"):
        landscape(network, x, y, None, [path[0] * np.nan, path[1]])
    with pytest.raises(ValueError, match="not finite"):
        along_step(network, x, y, None, path[0], path[1] * np.inf)
    for size in (1, 4, -3):
        with pytest.raises(ValueError, match="odd number of lines"):
            landscape(network, x, y, None, path, size=size)
    with pytest.raises(ValueError, match="2 points or more"):
        along_step(network, x, y, None, path[0], path[1], 1)
    network.weights[:] = 0.0
    with pytest.raises(ValueError, match="all weights are 0"):
        landscape(network, x, y, None, [network.weights], directions="random")

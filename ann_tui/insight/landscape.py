"""The cost as a picture: along a line through two vectors of weights, and over a plane around the newest ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ann_tui.insight.many_costs import ManyCosts
from ann_tui.insight.precise import check_rows
from ann_tui.insight.relevance import Cancelled
from ann_tui.insight.sampling import evenly_spaced
from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread
from ann_tui.training.matrices import weight_matrices

MARGIN = 0.2
"""Pictures go on beyond the step, or the path, by this share of its length."""

MOST_ROWS = 300
"""A plane shows the cost of so many rows at most, evenly spaced."""

MOST_POINTS, MOST_NUMBERS = 100, 1 << 23
"""The principal directions are those of so many points at most, and of so many numbers, but of 8 points at least."""

STRAIGHT = 1e-12
"""A path whose second direction has a smaller share than this is a straight line."""

Directions = Literal["path", "random"]


@dataclass(frozen=True, eq=False)
class Slice:
    """The cost along the straight line of a step.

    `shares` (points,) of the way: 0 before the step, 1 behind it; `costs` (points,) there, which may be infinite or
    NaN. `before` and `after` are the costs at 0 and 1. `slope` is the true one at 0, and `secant` that of the straight
    line between the two points, both per whole way, whose `length` is that of the weights' move; all are 0 where they
    don't move.
    """

    shares: Array
    costs: Array
    before: float
    after: float
    slope: float
    secant: float
    length: float


@dataclass(frozen=True, eq=False)
class Landscape:
    """The cost over a plane through the last point of a path of weights.

    `costs` (size, size) is the cost at `centre` + across[column] · directions[0] + up[line] · directions[1], which may
    be infinite or NaN; the middle one is the last point's. `lowest` and `highest` are the extremes of those that are
    finite, NaN where none is. `places` (points, 2) are the points of the plane, as (across, up), that are nearest to
    those of the path, and `plane_costs` (points,) the costs there; `path_costs` (points,) are the true ones of the
    path's points, which need not lie on the plane. `explained` are the shares of the squared distances from the last
    point that lie along each direction; None for random ones.
    """

    across: Array
    up: Array
    costs: Array
    lowest: float
    highest: float
    centre: Array
    directions: Array
    explained: tuple[float, float] | None
    places: Array
    plane_costs: Array
    path_costs: Array


def along_step(
    network: Network,
    x: NDArray[Any],
    y: NDArray[Any],
    weight: NDArray[Any] | None,
    before: Array,
    after: Array,
    points: int = 61,
) -> Slice:
    """The mean cost of rows along the line through two vectors of weights, and a fifth beyond both; see `Slice`.

    `x` (n, features), `y` (n,), class codes or numbers as they are learned, `weight` (n,), which says how much each
    row's cost counts; `before` and `after` are as long as `network.weights`. For a single network as in prediction, and
    without penalties: what batch norm has measured is the network's all along. Raises `DesignError` where the rows
    don't fit, and ValueError where there are none, where a vector doesn't fit, or for fewer than two points.
    """
    if points < 2:
        raise ValueError(f"a line is drawn through 2 points or more, not {points}")
    _check_path(network, (before, after))
    start = before.astype(np.float64)
    way, shares = after - start, np.linspace(-MARGIN, 1 + MARGIN, points)
    with one_thread(), np.errstate(all="ignore"):
        many = ManyCosts(network, x, y, weight)
        asked = np.append(shares, [0.0, 1.0])[:, None]
        found = _costs(many, len(asked), lambda block: start + asked[block] * way, None)
        assert found is not None
        slope = float(many.gradient(start) @ way)
    first, last = found[-2:].tolist()
    return Slice(shares, found[:-2], first, last, slope, last - first, float(np.linalg.norm(way)))


def landscape(
    network: Network,
    x: NDArray[Any],
    y: NDArray[Any],
    weight: NDArray[Any] | None,
    path: Sequence[Array],
    *,
    size: int = 41,
    directions: Directions = "path",
    seed: int = 0,
    cancelled: Cancelled | None = None,
) -> Landscape | None:
    """The mean cost over a plane through the last of a path's weights, a fifth beyond the path; see `Landscape`.

    Rows are as for `along_step`, of which 300 evenly spaced ones are asked at most. The plane of "path" has the
    principal directions of the path's differences from its last point, of length 1, so that axes are distances between
    weights; the path begins at the lower left. A straight path leaves the second one to chance, with a share of 0.
    Those of "random" are drawn by `seed` and normalized by filters (Li et al. 2018, arXiv 1712.09913): along each, the
    weights of every unit move by their own length at a distance of 1, and all but weights stays; the plane reaches from
    -1 to 1 at least. `size` is odd. None when `cancelled` says yes. Raises `DesignError` where the rows don't fit, and
    ValueError where there are none, where a vector doesn't fit, or where there is no direction: for "path" weights that
    stay where they are, for "random" ones that are all 0.
    """
    if size < 3 or size % 2 == 0:
        raise ValueError(f"a landscape has an odd number of lines, 3 or more, not {size}")
    x, y, weight = np.asarray(x), np.asarray(y), None if weight is None else np.asarray(weight)
    check_rows(network, x, y, weight)
    _check_path(network, path)
    rows = evenly_spaced(len(x), MOST_ROWS)
    centre = path[-1].astype(np.float64)
    with one_thread(), np.errstate(all="ignore"):
        many = ManyCosts(network, x[rows], y[rows], None if weight is None else weight[rows])
        explained: tuple[float, float] | None = None
        if directions == "path":
            plane, explained = _principal(path, centre, seed)
        else:
            plane = _random(network, centre, seed)
        places = _nearest(plane, centre, path)
        steps = (np.arange(size) - size // 2) / (size // 2)
        across, up = (side * steps for side in _reach(places, explained))
        asked = np.concatenate([np.column_stack([np.tile(across, size), np.repeat(up, size)]), places])
        found = _costs(many, len(asked), lambda block: centre + asked[block] @ plane, cancelled)
        if found is None:
            return None
        true = _costs(many, len(path), lambda block: np.array(path[block], np.float64), cancelled)
        if true is None:
            return None
    costs, plane_costs = found[: size * size].reshape(size, size), found[size * size :]
    finite = costs[np.isfinite(costs)]
    lowest, highest = (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)
    return Landscape(across, up, costs, lowest, highest, centre, plane, explained, places, plane_costs, true)


def _check_path(network: Network, path: Sequence[Array]) -> None:
    """Raise ValueError where these are no weights of this network."""
    if not len(path):
        raise ValueError("a path has one vector of weights or more: there is none")
    wanted = network.weights.shape
    for vector in path:
        if vector.shape != wanted:
            raise ValueError(
                f"the network has weights of shape {wanted}, but a vector of the path has {vector.shape}"
            )
        if not np.isfinite(vector).all():
            raise ValueError("a vector of the path holds numbers that are not finite")


def _costs(
    many: ManyCosts, count: int, vectors: Callable[[slice], Array], cancelled: Cancelled | None
) -> Array | None:
    """The costs for so many vectors, of which a block is made at a time; None where nobody waits any more."""
    found = np.empty(count)
    for first in range(0, count, many.at_once):
        if cancelled is not None and cancelled():
            return None
        block = slice(first, min(first + many.at_once, count))
        found[block] = many.of(vectors(block))
    return found


def _nearest(directions: Array, centre: Array, path: Sequence[Array]) -> Array:
    """The places in the plane, (points, 2), that are nearest to the path's points."""
    along = np.array([directions @ (point - centre) for point in path])
    found: Array = np.linalg.lstsq(directions @ directions.T, along.T, rcond=None)[0].T
    return found


def _reach(places: Array, explained: tuple[float, float] | None) -> tuple[float, float]:
    """How far both axes reach from the centre."""
    across, up = (np.abs(places).max(axis=0) * (1 + MARGIN)).tolist()
    if explained is None:
        return max(1.0, across), max(1.0, up)
    return across, up if explained[1] else across


def _principal(path: Sequence[Array], last: Array, seed: int) -> tuple[Array, tuple[float, float]]:
    """The first two principal directions of the differences from the last point, (2, weights), and their shares."""
    most = max(8, min(MOST_POINTS, MOST_NUMBERS // len(last)))
    differences = np.array([path[place] - last for place in evenly_spaced(len(path), most)])
    whole = float(np.square(differences).sum())
    if not whole > 0:
        raise ValueError("the weights have not moved: a path has no direction; take random ones")
    _, sizes, lines = np.linalg.svd(differences, full_matrices=False)
    shares = [*(np.square(sizes) / whole).tolist(), 0.0]
    if shares[1] < STRAIGHT:
        beside = np.random.default_rng(seed).normal(size=len(last))
        beside -= beside @ lines[0] * lines[0]
        found, shares[1] = np.stack([lines[0], beside / np.linalg.norm(beside)]), 0.0
    else:
        found = lines[:2]
    begin = found @ differences[0]
    return np.where(begin > 0, -1.0, 1.0)[:, None] * found, (shares[0], shares[1])


def _random(network: Network, weights: Array, seed: int) -> Array:
    """Two random directions, (2, weights), in which each unit's weights are as long as they are, and all else is 0."""
    generator, found = np.random.default_rng(seed), np.zeros((2, len(weights)))
    for direction in found:
        own = weight_matrices(network, weights)
        for name, matrix in weight_matrices(network, direction).items():
            drawn = generator.normal(size=matrix.shape)
            matrix[...] = drawn * (np.linalg.norm(own[name], axis=0) / np.linalg.norm(drawn, axis=0))
    if not found.any():
        raise ValueError("all weights are 0: no random direction has a length")
    return found

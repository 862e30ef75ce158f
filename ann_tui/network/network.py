"""The network: layers over one vector of parameters."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ann_tui.network.arrays import Array
from ann_tui.network.build import build_layers
from ann_tui.network.costs import COSTS, Cost, Gradient
from ann_tui.network.design import DesignError, NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.layers.layer import Backward, Forward, Site
from ann_tui.network.members import bind_members
from ann_tui.network.outputs import Outputs


class Passes(NamedTuple):
    """The layers bound to one batch size: forward ones upwards, the cost, backward ones downwards."""

    forwards: list[Forward]
    cost_gradient: Gradient
    backwards: list[Backward]


class Network:
    """A network of the design's layers with freshly drawn weights.

    All that it learns lies in one vector, `weights`, and all that it measures on the side in `statistics`;
    each layer works on views of them. Where the design has several members, the vectors of one stand behind those of
    the other.
    """

    def __init__(
        self,
        design: NetworkDesign,
        features: int,
        outputs: Outputs,
        *,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
        bins: InputBins | None = None,
    ) -> None:
        """A network for rows of `features` numbers; the same seed draws the same weights. Raises `DesignError`.

        Its first layer sees `inputs` numbers: the features, and behind them their `bins`, whose weights begin at 0: at
        first the network is the one that it would be without them.
        """
        if features < 1:
            raise DesignError("the network has no input: keep at least one feature")
        inputs = features + (0 if bins is None else len(bins))
        self.design, self.features, self.bins, self.inputs = design, features, bins, inputs
        self.outputs, self.seed = outputs, seed
        self.dtype = np.dtype(dtype)
        entry = COSTS[design.cost_for(outputs)]
        self.cost: Cost = entry.classes[outputs.kind](outputs, design, self.dtype)
        self.layers = build_layers(design, inputs, outputs, silent=inputs - features)
        size, measured = (sum(sizes) for sizes in (self._sizes, self._statistic_sizes))
        self.weights: Array = np.zeros(self.members * size, self.dtype)
        self.statistics: Array = np.zeros(self.members * measured, self.dtype)
        own = self.weights.reshape(self.members, -1), self.statistics.reshape(self.members, measured)
        for member, (weights, statistics) in enumerate(zip(*own, strict=True)):
            source = np.random.PCG64([seed, member] if member else seed)
            self._initialize(weights, statistics, np.random.Generator(source))

    @property
    def members(self) -> int:
        """How many networks these are that answer as one."""
        return self.design.members

    @property
    def _sizes(self) -> list[int]:
        return [layer.size for layer in self.layers]

    @property
    def _statistic_sizes(self) -> list[int]:
        return [layer.statistic_size for layer in self.layers]

    def _initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:
        """Fill one member's vectors with their start values."""
        parts = _split(weights, self._sizes), _split(statistics, self._statistic_sizes)
        for layer, own, measured in zip(self.layers, *parts, strict=True):
            layer.initialize(own, measured, generator)

    def begin_near(self, y: NDArray[Any], weight: NDArray[Any] | None = None) -> None:
        """Let the output layer of fresh weights begin where the cost wants it for a training target, (rows,)."""
        bias = self.cost.first_bias(y, weight)
        if bias is not None:
            self.views(self.weights)["output.bias"][...] = bias

    def copy(self) -> Network:
        """A network with weights of its own."""
        found = copy.copy(self)
        found.weights, found.statistics = self.weights.copy(), self.statistics.copy()
        return found

    def parts(self, vector: Array) -> list[Array]:
        """Each layer's part of a vector as long as `weights`, as views: (size,), or (members, size) of several."""
        return _split(self._by_member(vector), self._sizes)

    def statistic_parts(self, vector: Array) -> list[Array]:
        """Each layer's part of a vector as long as `statistics`, as views; see `parts`."""
        return _split(self._by_member(vector), self._statistic_sizes)

    def _by_member(self, vector: Array) -> Array:
        return vector if self.members == 1 else vector.reshape(self.members, len(vector) // self.members)

    def member(self, number: int) -> Network:
        """One of the members, the first is 0, as a network of its own whose vectors are views of this one's."""
        if self.members == 1:
            return self
        found = copy.copy(self)
        found.design = replace(self.design, members=1)
        found.weights = self._by_member(self.weights)[number]
        found.statistics = self._by_member(self.statistics)[number]
        return found

    def views(self, vector: Array) -> dict[str, Array]:
        """Views by name of a vector of the length of `weights`: the weights, a gradient, a moment."""
        return {
            f"{layer.name}.{name}": view
            for layer, part in zip(self.layers, self.parts(vector), strict=True)
            for name, view in layer.views(part).items()
        }

    @property
    def parameters(self) -> dict[str, Array]:
        """Views of all numbers by name: `dense_1.weights` (inputs, units), `dense_1.bias` (units,), and so on.

        What batch norm measures (`batch_norm_1.mean`, `….variance`) is among them. Of several members each has one more
        axis in front, (members, …).
        """
        measured = {
            f"{layer.name}.{name}": view
            for layer, part in zip(self.layers, self.statistic_parts(self.statistics), strict=True)
            for name, view in layer.statistic_views(part).items()
        }
        return self.views(self.weights) | measured

    @property
    def parameter_count(self) -> int:
        """How many numbers the network learns."""
        return self.weights.size

    def set_parameters(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Take over all numbers; raises `DesignError` where a name or a shape doesn't fit, and then takes none."""
        own = self.parameters
        if set(own) != set(values):
            odd = sorted(set(own) ^ set(values))
            raise DesignError(f"the parameters don't fit the design: {', '.join(odd[:5])}")
        for name, view in own.items():
            if np.shape(values[name]) != view.shape:
                raise DesignError(
                    f"parameter {name} has shape {np.shape(values[name])}, the design asks {view.shape}"
                )
        for name, view in own.items():
            view[...] = values[name]

    @property
    def mixes_rows(self) -> bool:
        """Whether an example's output depends on its batch, so that a batch can't be split."""
        return any(layer.mixes_rows for layer in self.layers)

    def bind(
        self,
        rows: int,
        gradient: Array | None = None,
        generator: np.random.Generator | None = None,
        *,
        weights: Array | None = None,
        statistics: Array | None = None,
        input_delta: bool = False,
        block_rows: int = 0,
    ) -> Passes:
        """The passes for batches of `rows`.

        The backward passes fill `gradient`. With `generator` the layers behave as in training. `weights` and
        `statistics` stand in for the network's own. With `input_delta` the last backward pass gives the cost's
        derivative by the inputs. With `block_rows`, of which `rows` is a multiple, matrix products take so many
        rows at a time.
        """
        parts = self.parts(self.weights if weights is None else weights)
        statistic_parts = self.statistic_parts(self.statistics if statistics is None else statistics)
        gradients: Sequence[Array | None] = (
            [None] * len(self.layers) if gradient is None else self.parts(gradient)
        )
        wanted = [*(layer.constant for layer in self.layers[1:]), False]
        passes = Passes([], bind_members(self.cost, self.members, rows), [])
        learns_below = input_delta
        for layer, part, measured, slopes, constant in zip(
            self.layers, parts, statistic_parts, gradients, wanted, strict=True
        ):
            site = Site(part, measured, slopes, rows, generator, constant, not learns_below, block_rows)
            forward, backward = layer.bind(site)
            passes.forwards.append(forward)
            learns_below = learns_below or layer.size > 0
            if learns_below:
                passes.backwards.insert(0, backward)
        return passes

    def input_columns(self, rows: int) -> Array:
        """Room for `rows` examples, (rows, inputs), with a last column of ones where the first layer wants it."""
        return np.ones((rows, self.inputs + self.layers[0].constant), self.dtype)

    def put_inputs(self, rows: Array, room: Array) -> None:
        """Write what the first layer sees of rows, (n, features), into `input_columns` of as many."""
        room[:, : self.features] = rows
        if self.bins is not None:
            self.bins.write(rows, room[:, self.features : self.inputs])

    def score_room(self, rows: int) -> Array:
        """Room for the output layer's raw sums of so many rows: (units, rows), or (members, units, rows) of several."""
        several = () if self.members == 1 else (self.members,)
        return np.empty((*several, self.outputs.units, rows), self.dtype)

    def joint(self, scores: Array) -> Array:
        """The raw sums of what the members answer together, (units, rows), from those of `score_room`."""
        return scores if self.members == 1 else self.cost.joint(scores)


def _split(vector: Array, sizes: Sequence[int]) -> list[Array]:
    """The parts of these sizes of the last axis, as views."""
    return np.split(vector, np.cumsum(sizes)[:-1], axis=-1)

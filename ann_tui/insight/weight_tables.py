"""The weights of a network as tables: what each unit listens to, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.arrays import Array
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.layer import Layer
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network

WEAK = 0.15


@dataclass(frozen=True, eq=False)
class WeightTable:
    """What the units of a layer listen to.

    `layer` is its place in `network.layers`; `values` (inputs, units) and `bias` (units,) are views of the weights,
    `input_names` and `unit_names` name their lines and columns. `bends` is the activation's name, of a layer behind it
    where that does it. `of` are the names of the parameters that `values` and `bias` are.
    """

    layer: int
    title: str
    values: Array
    bias: Array
    input_names: tuple[str, ...]
    unit_names: tuple[str, ...]
    bends: str
    of: tuple[str, str]

    @property
    def inputs(self) -> int:
        """How many inputs each unit has."""
        return int(self.values.shape[0])

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.values.shape[1])


def weight_tables(
    network: Network, input_names: Sequence[str], output_names: Sequence[str]
) -> tuple[WeightTable, ...]:
    """The tables of one network (of several members take one), from the inputs to the output layer.

    Hidden layers that weigh are counted from 1; a residual block has two tables, of what is inside and what comes out.
    `input_names` (inputs,) name what the first layer sees; `output_names` the output units, where they are as many.
    """
    assert network.members == 1
    parameters = network.parameters
    found: list[WeightTable] = []
    names, hidden = tuple(input_names), 0
    last = len(network.layers) - 1
    for place, layer in enumerate(network.layers):
        for part, suffix, bends in _parts(network.layers, place):
            if place < last:
                hidden += 1
            title = "output" if place == last else f"hidden {hidden}"
            of = f"{layer.name}.weights{suffix}", f"{layer.name}.bias{suffix}"
            fits = place == last and len(output_names) == part.units
            unit_names = (
                tuple(output_names)
                if fits
                else tuple(f"{title}, unit {unit}" for unit in range(1, part.units + 1))
            )
            found.append(
                WeightTable(place, title, parameters[of[0]], parameters[of[1]], names, unit_names, bends, of)
            )
            names = unit_names
    return tuple(found)


def _parts(layers: Sequence[Layer], place: int) -> list[tuple[Dense, str, str]]:
    """The dense layers that a layer is or holds, what their parameters' names end in, and what bends their sums."""
    layer = layers[place]
    if isinstance(layer, Residual):
        return [(layer.inner, "_inner", layer.inner.activation_name), (layer.outer, "_outer", "")]
    if not isinstance(layer, Dense):
        return []
    bends = layer.activation_name
    for above in layers[place + 1 :]:
        if isinstance(above, ActivationLayer) and bends == "linear":
            bends = above.activation_name
        elif isinstance(above, Dense | Residual):
            break
    return [(layer, "", bends)]


def grouped_inputs(
    origins: Sequence[str], bin_counts: Sequence[tuple[int, int]], strengths: NDArray[Any]
) -> list[int]:
    """An order of a network's inputs: by column, the strongest first, bins behind the number that they are of.

    `origins` names the column of each feature; `bin_counts` has the place of each number with bins among the features,
    and how many they are, in the order in which they follow the features. `strengths` (inputs,) are not negative. Bins
    of a number that all have less than `WEAK` of the largest strength stand behind all other inputs.
    """
    starts: dict[int, tuple[int, int]] = {}
    start = len(origins)
    for place, bins in bin_counts:
        starts[place] = start, start + bins
        start += bins
    groups: dict[str, list[int]] = {}
    weak: list[int] = []
    least = WEAK * float(strengths.max(initial=0.0))
    for place, origin in enumerate(origins):
        bins_of = range(*starts.get(place, (0, 0)))
        shown = bool(len(bins_of)) and float(strengths[bins_of.start : bins_of.stop].max()) >= least > 0
        groups.setdefault(origin, []).extend([place, *(bins_of if shown else ())])
        weak += () if shown else bins_of
    by_strength = sorted(groups.values(), key=lambda group: -float(strengths[group].max()))
    return [place for group in by_strength for place in group] + weak


def weight_place(network: Network, member: int, table: WeightTable, source: int, unit: int) -> int:
    """Where in `network.weights` the weight of an input and a unit lies."""
    places = np.arange(network.weights.size).reshape(network.members, -1)[member]
    return int(network.member(member).views(places)[table.of[0]][source, unit])

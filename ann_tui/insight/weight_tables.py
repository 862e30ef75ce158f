"""The weights of a network as tables: what each unit listens to, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.layer import Layer
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network


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


def grouped_inputs(origins: Sequence[str], bin_counts: Sequence[tuple[int, int]]) -> list[int]:
    """The order of a network's inputs in which the bins of a number stand behind it.

    `origins` names the column of each feature; `bin_counts` has the place of each number with bins among the features,
    and how many they are, in the order in which they follow the features.
    """
    found: list[int] = []
    starts: dict[int, tuple[int, int]] = {}
    start = len(origins)
    for place, count in bin_counts:
        starts[place] = start, count
        start += count
    for place in range(len(origins)):
        found.append(place)
        first, count = starts.get(place, (0, 0))
        found += range(first, first + count)
    return found


def weight_place(network: Network, member: int, table: WeightTable, source: int, unit: int) -> int:
    """Where in `network.weights` the weight of an input and a unit lies."""
    places = np.arange(network.weights.size).reshape(network.members, -1)[member]
    return int(network.member(member).views(places)[table.of[0]][source, unit])

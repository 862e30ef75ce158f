"""From a design to its layers, and the table that describes them."""

from __future__ import annotations

from dataclasses import dataclass

from ann_tui.network.design import NetworkDesign
from ann_tui.network.layer_kinds import LAYER_KINDS
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.layer import Layer
from ann_tui.network.layers.residual import Residual
from ann_tui.network.outputs import Outputs


def build_layers(design: NetworkDesign, inputs: int, outputs: Outputs, silent: int = 0) -> list[Layer]:
    """The hidden layers and, last, the output layer, whose activation belongs to the cost function.

    Names count along each kind: `dense_1`, `dropout_1`, `dense_2`, `output`. So many of the last inputs begin with
    weights of 0 in the first layer that has weights for them.
    """
    layers: list[Layer] = []
    counts: dict[str, int] = {}
    for choice in design.layers:
        counts[choice.kind] = counts.get(choice.kind, 0) + 1
        name = f"{choice.kind.replace(' ', '_')}_{counts[choice.kind]}"
        layers.append(LAYER_KINDS[choice.kind].make(name, layers[-1].units if layers else inputs, choice))
    layers.append(Dense("output", layers[-1].units if layers else inputs, outputs.units, "linear"))
    first = next(layer for layer in layers if isinstance(layer, Dense | Residual))
    first = first.inner if isinstance(first, Residual) else first
    first.silent_inputs = silent
    return layers


@dataclass(frozen=True)
class LayerSummary:
    """One line of the table of layers; `shape` is (inputs, units), `parameters` counts what is learnt."""

    name: str
    kind: str
    units: int
    activation: str
    options: str
    shape: tuple[int, int]
    parameters: int


def describe(design: NetworkDesign, inputs: int, outputs: Outputs) -> tuple[LayerSummary, ...]:
    """The network's table: the inputs, each hidden layer, the output layer. Raises `DesignError`."""
    *hidden, last = build_layers(design, inputs, outputs)
    rows = [LayerSummary("input", "input", inputs, "", "", (inputs, inputs), 0)]
    for layer, choice in zip(hidden, design.layers, strict=True):
        options = [] if choice.rate is None else [f"rate {choice.rate:g}"]
        if choice.kind == "residual":
            options.append(f"{choice.units} units inside")
        if choice.initializer:
            options.append(choice.initializer)
        shape = (layer.inputs, layer.units)
        rows.append(
            LayerSummary(
                layer.name, layer.kind, layer.units, choice.bends, ", ".join(options), shape, layer.size
            )
        )
    bends = {"binary": "sigmoid", "multiclass": "softmax", "number": "linear"}[outputs.kind]
    shape = (last.inputs, last.units)
    rows.append(LayerSummary("output", "dense", last.units, bends, "", shape, last.size))
    return tuple(rows)

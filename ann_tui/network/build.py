"""From a design to its layers."""

from __future__ import annotations

from ann_tui.network.design import DEFAULT_ACTIVATION, LayerDesign, NetworkDesign
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.batch_norm import BatchNorm
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.dropout import Dropout
from ann_tui.network.layers.input_scale import InputScale
from ann_tui.network.layers.layer import Layer
from ann_tui.network.layers.layer_norm import LayerNorm
from ann_tui.network.layers.residual import Residual
from ann_tui.network.outputs import Outputs


def build_layers(design: NetworkDesign, inputs: int, outputs: Outputs) -> list[Layer]:
    """The hidden layers and, last, the output layer, whose activation belongs to the cost function.

    Names count along each kind: ``dense_1``, ``dropout_1``, ``dense_2``, ``output``.
    """
    layers: list[Layer] = []
    counts: dict[str, int] = {}
    for choice in design.layers:
        counts[choice.kind] = counts.get(choice.kind, 0) + 1
        name = f"{choice.kind.replace(' ', '_')}_{counts[choice.kind]}"
        layers.append(_build(choice, name, layers[-1].units if layers else inputs))
    layers.append(Dense("output", layers[-1].units if layers else inputs, outputs.units, "linear"))
    return layers


def _build(choice: LayerDesign, name: str, inputs: int) -> Layer:
    activation = choice.activation or DEFAULT_ACTIVATION
    match choice.kind:
        case "dropout":
            return Dropout(name, inputs, choice.rate or 0.0)
        case "batch norm":
            return BatchNorm(name, inputs)
        case "layer norm":
            return LayerNorm(name, inputs)
        case "input scale":
            return InputScale(name, inputs)
        case "activation":
            return ActivationLayer(name, inputs, activation)
        case "residual":
            return Residual(name, inputs, choice.units or 1, activation, choice.initializer)
        case _:
            return Dense(name, inputs, choice.units or 1, activation, choice.initializer)

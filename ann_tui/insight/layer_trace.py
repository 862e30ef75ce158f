"""What each layer makes of rows, and what the cost asks of it, worked out plainly from the layers' definitions.

Matrices hold an example a row, as in H = f(XW + b), where the engine's passes hold it a column. Layers behave as in
prediction: nothing is dropped, and batch norm uses its running statistics. A kind of layer that only the engine has is
taken from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ann_tui.insight.plain_activations import bent, differentiated
from ann_tui.network.arrays import Array
from ann_tui.network.layers import batch_norm, layer_norm
from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.batch_norm import BatchNorm
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.dropout import Dropout
from ann_tui.network.layers.input_scale import InputScale
from ann_tui.network.layers.layer import Layer, Site
from ann_tui.network.layers.layer_norm import LayerNorm
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network

INNER, OUTER = "_inner", "_outer"


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """A layer's numbers for n rows, and the cost's derivative by each of them, its delta.

    `inputs` (n, inputs) and `outputs` (n, units); `sums` (n, units) are the values before the activation of dense and
    activation layers, None elsewhere; `…_delta` have the same shapes. `weights` names the parameter that weighs the
    inputs of a dense layer, None elsewhere. `inside` are the two dense layers of a residual block, whose outputs are
    its inputs plus those of the second.
    """

    name: str
    kind: str
    inputs: Array
    sums: Array | None
    outputs: Array
    inputs_delta: Array
    sums_delta: Array | None
    outputs_delta: Array
    weights: str | None = None
    inside: tuple[LayerTrace, ...] = ()

    @property
    def units(self) -> int:
        """How many outputs there are."""
        return int(self.outputs.shape[1])


Own = Mapping[str, Array]
"""A layer's parameters, and what it has measured, by their names within it."""

Back = Callable[[Array], tuple[LayerTrace, dict[str, Array]]]
"""The outputs' delta -> the trace, and the gradient of each parameter by its name within the layer."""

Traced = tuple[Array, Back]
"""Outputs, and what goes back from them."""


def trace_layers(network: Network, inputs: Array) -> tuple[Array, list[Back]]:
    """The output layer's sums (n, units) of what the first layer sees, (n, inputs), and each layer's way back.

    All is in the network's float type, with its weights as they are. For a single network.
    """
    assert network.members == 1
    parameters, backs = network.parameters, list[Back]()
    for place, layer in enumerate(network.layers):
        own = {name.partition(".")[2]: view for name, view in parameters.items() if _is_of(name, layer)}
        kind = KINDS.get(type(layer))
        inputs, back = _by_engine(network, place, inputs) if kind is None else kind(layer, own, inputs)
        backs.append(back)
    return inputs, backs


def _is_of(name: str, layer: Layer) -> bool:
    return name.partition(".")[0] == layer.name


def _dense(layer: Layer, own: Own, x: Array, part: str = "") -> Traced:
    """H = f(XW + b); `part` is what the parameters' names end in."""
    assert isinstance(layer, Dense)
    activation = layer.activation_name
    weights, bias, slope = own[f"weights{part}"], own[f"bias{part}"], own.get(f"slope{part}")
    sums = x @ weights + bias
    outputs = bent(activation, sums, slope)

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        sums_delta, slope_gradient = differentiated(activation, sums, delta, slope)
        gradients = {f"weights{part}": x.T @ sums_delta, f"bias{part}": sums_delta.sum(axis=0)}
        if slope_gradient is not None:
            gradients[f"slope{part}"] = slope_gradient
        below = sums_delta @ weights.T
        name = f"{layer.name.partition('.')[0]}.weights{part}"
        return LayerTrace(layer.name, layer.kind, x, sums, outputs, below, sums_delta, delta, name), gradients

    return outputs, back


def _residual(layer: Layer, own: Own, x: Array) -> Traced:
    """H = X + (f(XW + b)V + c)."""
    assert isinstance(layer, Residual)
    bends, inner_back = _dense(layer.inner, own, x, INNER)
    change, outer_back = _dense(layer.outer, own, bends, OUTER)
    outputs = x + change

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        outer, outer_gradients = outer_back(delta)
        inner, inner_gradients = inner_back(outer.inputs_delta)
        below = delta + inner.inputs_delta
        trace = LayerTrace(
            layer.name, layer.kind, x, None, outputs, below, None, delta, inside=(inner, outer)
        )
        return trace, inner_gradients | outer_gradients

    return outputs, back


def _activation(layer: Layer, own: Own, x: Array) -> Traced:
    """H = f(X)."""
    assert isinstance(layer, ActivationLayer)
    activation, slope = layer.activation_name, own.get("slope")
    outputs = bent(activation, x, slope)

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        below, slope_gradient = differentiated(activation, x, delta, slope)
        gradients = {} if slope_gradient is None else {"slope": slope_gradient}
        return LayerTrace(layer.name, layer.kind, x, x, outputs, below, below, delta), gradients

    return outputs, back


def _dropout(layer: Layer, own: Own, x: Array) -> Traced:
    """H = X."""

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        return LayerTrace(layer.name, layer.kind, x, None, x, delta, None, delta), {}

    return x, back


def _input_scale(layer: Layer, own: Own, x: Array) -> Traced:
    """H = s·X."""
    scale = own["scale"]
    outputs = x * scale

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        trace = LayerTrace(layer.name, layer.kind, x, None, outputs, delta * scale, None, delta)
        return trace, {"scale": (delta * x).sum(axis=0)}

    return outputs, back


def _batch_norm(layer: Layer, own: Own, x: Array) -> Traced:
    """H = s·(X - mean) / √(variance + ε) + t, with what was measured in training."""
    deviation = np.sqrt(own["variance"] + batch_norm.EPSILON)
    normal = (x - own["mean"]) / deviation
    outputs = own["scale"] * normal + own["shift"]

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        below = delta * own["scale"] / deviation
        trace = LayerTrace(layer.name, layer.kind, x, None, outputs, below, None, delta)
        return trace, {"scale": (delta * normal).sum(axis=0), "shift": delta.sum(axis=0)}

    return outputs, back


def _layer_norm(layer: Layer, own: Own, x: Array) -> Traced:
    """H = s·(X - mean) / √(variance + ε) + t, with mean and variance of each row."""
    deviation = np.sqrt(x.var(axis=1, keepdims=True) + layer_norm.EPSILON)
    normal = (x - x.mean(axis=1, keepdims=True)) / deviation
    outputs = own["scale"] * normal + own["shift"]

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        # A row's mean and variance depend on all of its values.
        direct = delta * own["scale"]
        mean, along = direct.mean(axis=1, keepdims=True), (direct * normal).mean(axis=1, keepdims=True)
        below = (direct - mean - normal * along) / deviation
        trace = LayerTrace(layer.name, layer.kind, x, None, outputs, below, None, delta)
        return trace, {"scale": (delta * normal).sum(axis=0), "shift": delta.sum(axis=0)}

    return outputs, back


KINDS: dict[type[Layer], Callable[[Layer, Own, Array], Traced]] = {
    Dense: _dense,
    Residual: _residual,
    ActivationLayer: _activation,
    Dropout: _dropout,
    InputScale: _input_scale,
    BatchNorm: _batch_norm,
    LayerNorm: _layer_norm,
}


def _by_engine(network: Network, place: int, x: Array) -> Traced:
    """Any other layer, by the passes that it has in training."""
    layer, rows = network.layers[place], len(x)
    gradient = np.zeros_like(network.parts(network.weights)[place])
    statistics = network.statistic_parts(network.statistics)[place]
    forward, backward = layer.bind(Site(network.parts(network.weights)[place], statistics, gradient, rows))
    room = np.ones((layer.inputs + layer.constant, rows), network.dtype)
    room[: layer.inputs] = x.T
    outputs = forward(room)[: layer.units].T.copy()

    def back(delta: Array) -> tuple[LayerTrace, dict[str, Array]]:
        below = backward(delta.T.copy())[: layer.inputs].T.copy()
        trace = LayerTrace(layer.name, layer.kind, x, None, outputs, below, None, delta)
        return trace, dict(layer.views(gradient))

    return outputs, back

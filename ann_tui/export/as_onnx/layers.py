"""Layers and activations as operations of ONNX, in float32 as they are computed here."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ann_tui.export.as_onnx.graph import Graph
from ann_tui.export.export_error import ExportError
from ann_tui.network.layers import batch_norm, layer_norm
from ann_tui.network.layers.layer import Layer
from ann_tui.network.network import Network

Parameter = Callable[[str], str]
"""The name in the graph of a layer's parameter: a matrix as it is, a vector as a row; members stand in front."""
Activation = Callable[[Graph, str, str | None], str]
"""An activation of sums, float32 (…, n, units), with the slopes that it learned, if it has any."""
LayerInOnnx = Callable[[Graph, Layer, str, Parameter], str]


def output_sums(graph: Graph, network: Network, x: str) -> str:
    """The output layer's raw sums of float32 (n, inputs): (n, units), or (members, n, units) of several.

    Raises ExportError where ONNX is not told of a layer or an activation yet.
    """
    parameters = network.parameters
    for layer in network.layers:
        if layer.kind not in LAYERS_IN_ONNX:
            raise ExportError(f"the layer '{layer.kind}' can't be given to ONNX")

        def parameter(name: str, of: str = layer.name) -> str:
            held = parameters[f"{of}.{name}"]
            matrix = held.ndim - (network.members > 1) > 1
            return graph.single(held if matrix or network.members == 1 else held[:, None, :])

        x = LAYERS_IN_ONNX[layer.kind](graph, layer, x, parameter)
    return x


def activated(graph: Graph, name: str, sums: str, slope: str | None = None) -> str:
    """The activation of this name. Raises ExportError where ONNX is not told of it yet."""
    if name not in ACTIVATIONS_IN_ONNX:
        raise ExportError(f"the activation '{name}' can't be given to ONNX")
    return ACTIVATIONS_IN_ONNX[name](graph, sums, slope)


def _operation(op: str, **attributes: Any) -> Activation:
    return lambda graph, z, slope: graph.add(op, z, **attributes)


def _prelu(graph: Graph, z: str, slope: str | None) -> str:
    assert slope is not None
    zero = graph.single(0.0)
    leak = graph.add("Mul", graph.add("Min", z, zero), slope)
    return graph.add("Add", graph.add("Max", z, zero), leak)


def _gelu(graph: Graph, z: str, slope: str | None) -> str:
    add, single = graph.add, graph.single
    cubic = add("Add", add("Mul", add("Mul", z, z), single(0.044715)), single(1.0))
    bent = add("Tanh", add("Mul", add("Mul", cubic, z), single(math.sqrt(2 / math.pi))))
    return add("Mul", z, add("Mul", add("Add", bent, single(1.0)), single(0.5)))


def _step(graph: Graph, z: str, slope: str | None) -> str:
    return graph.cast(graph.add("Greater", z, graph.single(0.0)), "float")


ACTIVATIONS_IN_ONNX: dict[str, Activation] = {
    "relu": _operation("Relu"),
    "linear": lambda graph, z, slope: z,
    "sigmoid": _operation("Sigmoid"),
    "hard sigmoid": _operation("HardSigmoid", alpha=1 / 6, beta=0.5),
    "tanh": _operation("Tanh"),
    "leaky relu": _operation("LeakyRelu", alpha=0.01),
    "prelu": _prelu,
    "elu": _operation("Elu", alpha=1.0),
    "selu": _operation("Selu", alpha=1.6732632423543772, gamma=1.0507009873554805),
    "gelu": _gelu,
    "silu": lambda graph, z, slope: graph.add("Mul", z, graph.add("Sigmoid", z)),
    "mish": lambda graph, z, slope: graph.add("Mul", z, graph.add("Tanh", graph.add("Softplus", z))),
    "softplus": _operation("Softplus"),
    "step": _step,
    "softmax": _operation("Softmax", axis=-1),
}
"""The activations of `ACTIVATIONS` in operations of ONNX."""


def _affine(graph: Graph, x: str, weights: str, bias: str) -> str:
    return graph.add("Add", graph.add("MatMul", x, weights), bias)


def _slope(name: str, activation: str, parameter: Parameter) -> str | None:
    return parameter(name) if activation == "prelu" else None


def _dense(graph: Graph, layer: Any, x: str, parameter: Parameter) -> str:
    sums = _affine(graph, x, parameter("weights"), parameter("bias"))
    name = layer.activation_name
    return activated(graph, name, sums, _slope("slope", name, parameter))


def _activation(graph: Graph, layer: Any, x: str, parameter: Parameter) -> str:
    name = layer.activation_name
    return activated(graph, name, x, _slope("slope", name, parameter))


def _residual(graph: Graph, layer: Any, x: str, parameter: Parameter) -> str:
    sums = _affine(graph, x, parameter("weights_inner"), parameter("bias_inner"))
    name = layer.inner.activation_name
    bent = activated(graph, name, sums, _slope("slope_inner", name, parameter))
    return graph.add("Add", x, _affine(graph, bent, parameter("weights_outer"), parameter("bias_outer")))


def _scaled_and_shifted(graph: Graph, normal: str, parameter: Parameter) -> str:
    return graph.add("Add", graph.add("Mul", normal, parameter("scale")), parameter("shift"))


def _batch_norm(graph: Graph, layer: Layer, x: str, parameter: Parameter) -> str:
    spread = graph.add("Add", parameter("variance"), graph.single(batch_norm.EPSILON))
    normal = graph.add("Div", graph.add("Sub", x, parameter("mean")), graph.add("Sqrt", spread))
    return _scaled_and_shifted(graph, normal, parameter)


def _layer_norm(graph: Graph, layer: Layer, x: str, parameter: Parameter) -> str:
    add = graph.add
    off = add("Sub", x, add("ReduceMean", x, axes=[-1], keepdims=1))
    variance = add("ReduceMean", add("Mul", off, off), axes=[-1], keepdims=1)
    spread = add("Sqrt", add("Add", variance, graph.single(np.float32(layer_norm.EPSILON))))
    return _scaled_and_shifted(graph, add("Div", off, spread), parameter)


LAYERS_IN_ONNX: dict[str, LayerInOnnx] = {
    "dense": _dense,
    "dropout": lambda graph, layer, x, parameter: x,
    "batch norm": _batch_norm,
    "layer norm": _layer_norm,
    "input scale": lambda graph, layer, x, parameter: graph.add("Mul", x, parameter("scale")),
    "residual": _residual,
    "activation": _activation,
}
"""The layers of `LAYER_KINDS` in operations of ONNX."""

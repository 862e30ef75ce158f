"""A network's prediction from its definition: one row and one unit at a time, in plain floats."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs

OUTPUTS = (Outputs("binary"), Outputs("number"), Outputs("multiclass", 3))
KINDS = ("dropout 0.5", "batch norm", "layer norm", "input scale", "residual 3 {}", "4 {}", "{}")
EVERY_LAYERS = (
    "",
    *(kind.format("tanh") for kind in KINDS),
    *(f"5 relu, {kind.format('gelu')}, 3 tanh" for kind in KINDS),
    "6 linear, batch norm, relu, dropout 0.3, residual 4 prelu, layer norm, softmax, 3 sigmoid",
    "input scale, batch norm, 1 relu",
)
"""Each kind on the inputs, and between two layers; and many at once."""

Silence = Mapping[int, Mapping[int, float]]
"""The outputs that stand in for those of a layer, by its place: the unit with its value."""


def _gelu(z: float) -> float:
    return z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))) / 2


def _softplus(z: float) -> float:
    return math.log(1 + math.exp(z)) if z < 30 else z


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def _elu(z: float) -> float:
    return z if z > 0 else math.exp(z) - 1


VALUES: dict[str, Callable[[float, float], float]] = {
    "relu": lambda z, _: max(0.0, z),
    "linear": lambda z, _: z,
    "sigmoid": lambda z, _: _sigmoid(z),
    "hard sigmoid": lambda z, _: min(max(z / 6 + 0.5, 0.0), 1.0),
    "tanh": lambda z, _: math.tanh(z),
    "leaky relu": lambda z, _: z if z > 0 else z / 100,
    "prelu": lambda z, slope: z if z > 0 else slope * z,
    "elu": lambda z, _: _elu(z),
    "selu": lambda z, _: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * _elu(z)),
    "gelu": lambda z, _: _gelu(z),
    "silu": lambda z, _: z * _sigmoid(z),
    "mish": lambda z, _: z * math.tanh(_softplus(z)),
    "softplus": lambda z, _: _softplus(z),
    "step": lambda z, _: 1.0 if z > 0 else 0.0,
}
"""Of a sum and PReLU's slope; all but softmax, which sees all sums at once."""


def bend(name: str, sums: Sequence[float], slopes: Sequence[float] | None = None) -> list[float]:
    """The activation of the sums of one row."""
    if name == "softmax":
        shares = [math.exp(z - max(sums)) for z in sums]
        return [share / sum(shares) for share in shares]
    return [VALUES[name](z, 0.0 if slopes is None else slopes[unit]) for unit, z in enumerate(sums)]


class Given(NamedTuple):
    """What a layer gives for one row."""

    sums: list[float] | None
    outputs: list[float]


def made(
    layers: str,
    outputs: Outputs,
    inputs: int = 3,
    *,
    seed: int = 0,
    dtype: type = np.float64,
    members: int = 1,
    binned: int = 0,
    cost: str = "auto",
) -> Network:
    """A network whose weights, slopes and statistics all differ; its first features may have bins."""
    generator = np.random.default_rng(seed)
    edges = np.array([-1.0, -0.25, 0.5, 1.5], np.float32)
    bins = InputBins([(place, edges) for place in range(binned)]) if binned else None
    design = replace(NetworkDesign.from_text(layers, cost), members=members)
    network = Network(design, inputs, outputs, seed=seed, dtype=dtype, bins=bins)
    network.weights += generator.normal(0, 0.4, network.weights.size)
    network.statistics[:] = generator.uniform(0.4, 1.6, network.statistics.size)
    return network


def rows_for(network: Network, rows: int = 20, seed: int = 1) -> np.ndarray:
    """Rows for a network, (rows, features)."""
    return np.random.default_rng(seed).normal(size=(rows, network.features)).astype(network.dtype)


def targets_for(network: Network, rows: int = 20, seed: int = 2) -> np.ndarray:
    """A target for as many rows."""
    generator = np.random.default_rng(seed)
    if network.outputs.kind == "number":
        return generator.gamma(2.0, size=rows).astype(network.dtype)
    return generator.integers(0, network.outputs.classes, rows)


def seen(network: Network, row: Sequence[float]) -> list[float]:
    """What the first layer sees of a row: its features, and how far through each of their bins they are."""
    found = [float(value) for value in row]
    if network.bins is not None:
        for feature, low, high in zip(
            network.bins.features.tolist(), network.bins.low.tolist(), network.bins.high.tolist(), strict=True
        ):
            found.append((min(max(found[feature], low), high) - low) / (high - low))
    return found


def passed(network: Network, inputs: Sequence[float], silence: Silence | None = None) -> Iterator[Given]:
    """What each layer gives for what the first one sees of a row; `silence` replaces outputs on their way up."""
    assert network.members == 1
    own = {name: values.astype(float) for name, values in network.parameters.items()}
    below = list(inputs)
    for place, layer in enumerate(network.layers):

        def named(name: str, of: str = layer.name) -> list[float] | None:
            return own[f"{of}.{name}"].tolist() if f"{of}.{name}" in own else None

        sums = None
        if layer.kind == "dense":
            sums = _sums(own[f"{layer.name}.weights"], named("bias"), below)
            outputs = bend(layer.activation_name, sums, named("slope"))
        elif layer.kind == "activation":
            sums = below
            outputs = bend(layer.activation_name, sums, named("slope"))
        elif layer.kind == "residual":
            inner = _sums(own[f"{layer.name}.weights_inner"], named("bias_inner"), below)
            inner = bend(layer.inner.activation_name, inner, named("slope_inner"))
            change = _sums(own[f"{layer.name}.weights_outer"], named("bias_outer"), inner)
            outputs = [value + more for value, more in zip(below, change, strict=True)]
        elif layer.kind == "dropout":
            outputs = below
        elif layer.kind == "input scale":
            outputs = [value * scale for value, scale in zip(below, named("scale"), strict=True)]
        else:
            mean, variance = named("mean"), named("variance")
            if layer.kind == "layer norm":
                middle = sum(below) / len(below)
                mean = [middle] * len(below)
                variance = [sum((value - middle) ** 2 for value in below) / len(below)] * len(below)
            outputs = [
                (below[unit] - mean[unit]) / math.sqrt(variance[unit] + 1e-5) * named("scale")[unit]
                + named("shift")[unit]
                for unit in range(len(below))
            ]
        below = [(silence or {}).get(place, {}).get(unit, value) for unit, value in enumerate(outputs)]
        yield Given(sums, below)


def _sums(weights: np.ndarray, bias: Sequence[float], below: Sequence[float]) -> list[float]:
    return [
        math.fsum(float(weights[place, unit]) * value for place, value in enumerate(below)) + bias[unit]
        for unit in range(weights.shape[1])
    ]


def raw_sums(network: Network, row: Sequence[float], silence: Silence | None = None) -> list[float]:
    """The output layer's sums for the features of a row."""
    return list(passed(network, seen(network, row), silence))[-1].outputs


assert {*VALUES, "softmax"} == set(ACTIVATIONS)

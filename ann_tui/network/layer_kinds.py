"""The kinds of hidden layers, one entry each: what it is for, what a person chooses of it, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ann_tui.network.layers.activation_layer import ActivationLayer
from ann_tui.network.layers.batch_norm import BatchNorm
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.dropout import Dropout
from ann_tui.network.layers.input_scale import InputScale
from ann_tui.network.layers.layer import Layer
from ann_tui.network.layers.layer_norm import LayerNorm
from ann_tui.network.layers.residual import Residual

DEFAULT_ACTIVATION = "relu"


class LayerOptions(Protocol):
    """What a person chooses of a layer; see `LayerDesign`."""

    @property
    def units(self) -> int | None:
        """How many units it has, or has inside."""

    @property
    def activation(self) -> str | None:
        """What bends its sums."""

    @property
    def initializer(self) -> str | None:
        """What draws its first weights."""

    @property
    def rate(self) -> float | None:
        """The share of units that are dropped."""


Make = Callable[[str, int, LayerOptions], Layer]
"""A layer of this name over so many inputs."""


@dataclass(frozen=True)
class LayerKind:
    """One entry of `LAYER_KINDS`; `asks` names the fields of `LayerDesign` that the kind uses.

    `layer` is the class of the layers that `make` gives: whether they draw, mix rows, or learn is asked of it.
    """

    name: str
    summary: str
    layer: type[Layer]
    make: Make
    asks: tuple[str, ...] = ()


LAYER_KINDS: dict[str, LayerKind] = {}


def layer_kind(layer: type[Layer], summary: str, asks: tuple[str, ...] = ()) -> Callable[[Make], Make]:
    """Enter the decorated function into `LAYER_KINDS` under the kind of the layers that it makes."""

    def enter(make: Make) -> Make:
        LAYER_KINDS[layer.kind] = LayerKind(layer.kind, summary, layer, make, asks)
        return make

    return enter


@layer_kind(
    Dense,
    "every unit weighs all inputs, adds its bias and bends the sum by its activation",
    ("units", "activation", "initializer"),
)
def dense(name: str, inputs: int, options: LayerOptions) -> Layer:
    """Of as many units as are asked for."""
    activation = options.activation or DEFAULT_ACTIVATION
    return Dense(name, inputs, options.units or 1, activation, options.initializer)


@layer_kind(
    Dropout,
    "silences a random share of the units in every batch, so that none is relied on too much",
    ("rate",),
)
def dropout(name: str, inputs: int, options: LayerOptions) -> Layer:
    """At the rate that is asked for."""
    return Dropout(name, inputs, options.rate or 0.0)


@layer_kind(BatchNorm, "gives each unit mean 0 and variance 1 over the batch: deep networks learn faster")
def batch_norm(name: str, inputs: int, options: LayerOptions) -> Layer:
    """Without options."""
    return BatchNorm(name, inputs)


@layer_kind(LayerNorm, "gives each example's units mean 0 and variance 1, whatever the batch")
def layer_norm(name: str, inputs: int, options: LayerOptions) -> Layer:
    """Without options."""
    return LayerNorm(name, inputs)


@layer_kind(InputScale, "learns one factor for each input, so that useless features can fade out")
def input_scale(name: str, inputs: int, options: LayerOptions) -> Layer:
    """Without options."""
    return InputScale(name, inputs)


@layer_kind(
    Residual,
    "two dense layers that learn what to add to their input, which skips over them; keeps the width",
    ("units", "activation", "initializer"),
)
def residual(name: str, inputs: int, options: LayerOptions) -> Layer:
    """With as many units inside as are asked for."""
    activation = options.activation or DEFAULT_ACTIVATION
    return Residual(name, inputs, options.units or 1, activation, options.initializer)


@layer_kind(
    ActivationLayer, "bends what the layer before gives, after a batch norm for example", ("activation",)
)
def activation_layer(name: str, inputs: int, options: LayerOptions) -> Layer:
    """With the activation that is asked for."""
    return ActivationLayer(name, inputs, options.activation or DEFAULT_ACTIVATION)

"""The layers of a design as Keras layers, and the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ann_tui.export.export_error import ExportError
from ann_tui.export.keras_functions import ACTIVATION_LAYERS, INITIALIZERS, NAMED_ACTIVATIONS
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.build import build_layers
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs


@dataclass(frozen=True)
class KerasLayer:
    """One layer: its code, the layer of the design that it comes from, and its numbers there in Keras's order."""

    code: str
    layer: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extra:
    """What all dense layers are given besides: code that begins with ", "; `fresh` says that weights are drawn."""

    fresh: bool
    code: str = ""


def keras_layers(
    design: NetworkDesign,
    inputs: int,
    outputs: Outputs,
    *,
    dropout: float | None,
    extra: Extra,
    silent: str = "",
) -> list[KerasLayer]:
    """The layers of one member, from inputs to raw outputs; see `torch_layers.modules`.

    Raises ExportError for one that can't be written.
    """
    found: list[KerasLayer] = []
    layers = build_layers(design, inputs, outputs)
    for layer, chosen in zip(layers, [*design.layers, None], strict=True):
        match chosen:
            case None | LayerDesign(kind="dense"):
                assert isinstance(layer, Dense)
                found += _dense(layer, str(layer.units), extra, silent)
                silent = ""
            case LayerDesign(kind="residual"):
                assert isinstance(layer, Residual)
                found.append(
                    _residual(layer, "inputs" if layer.inputs == inputs else str(layer.inputs), extra, silent)
                )
                silent = ""
            case LayerDesign(kind="dropout"):
                rate = chosen.rate if dropout is None else dropout
                found.append(KerasLayer(f"layers.Dropout({rate})", layer.name))
            case LayerDesign(kind="batch norm"):
                names = ("scale", "shift", "mean", "variance")
                code = "layers.BatchNormalization(momentum=0.9, epsilon=1e-5)"
                found.append(KerasLayer(code, layer.name, names))
            case LayerDesign(kind="layer norm"):
                found.append(
                    KerasLayer("layers.LayerNormalization(epsilon=1e-5)", layer.name, ("scale", "shift"))
                )
            case LayerDesign(kind="input scale"):
                found.append(KerasLayer("InputScale()", layer.name, ("scale",)))
            case LayerDesign(kind="activation"):
                slope = ("slope",) if ACTIVATIONS[chosen.bends].slope is not None else ()
                found.append(KerasLayer(_activation_layer(chosen.bends), layer.name, slope))
            case _:
                raise ExportError(f"a layer of the kind {chosen.kind!r} can't be written for Keras")
    return found


def _activation_layer(name: str) -> str:
    if name in ACTIVATION_LAYERS:
        return ACTIVATION_LAYERS[name]
    if name not in NAMED_ACTIVATIONS:
        raise ExportError(f"activation {name!r} can't be written for Keras")
    return f'layers.Activation("{NAMED_ACTIVATIONS[name] or "linear"}")'


def _dense(layer: Dense, units: str, extra: Extra, silent: str) -> Iterator[KerasLayer]:
    name = layer.activation_name
    bent = NAMED_ACTIVATIONS.get(name, "")
    initializer = ""
    if extra.fresh:
        drawn = layer.initializer_name or layer.activation.initializer
        if drawn not in INITIALIZERS:
            raise ExportError(f"initializer {drawn!r} can't be written for Keras")
        code = INITIALIZERS[drawn]
        code = f"Silent({code}, {silent})" if silent else code
        initializer = "" if code == '"glorot_uniform"' else f", kernel_initializer={code}"
    named = f', activation="{bent}"' if bent else ""
    yield KerasLayer(
        f"layers.Dense({units}{named}{initializer}{extra.code})", layer.name, ("weights", "bias")
    )
    if name not in NAMED_ACTIVATIONS:
        slope = ("slope",) if layer.activation.slope is not None else ()
        yield KerasLayer(_activation_layer(name), layer.name, slope)


def _residual(layer: Residual, width: str, extra: Extra, silent: str) -> KerasLayer:
    inner = list(_dense(layer.inner, str(layer.inner.units), extra, silent))
    outer = list(_dense(layer.outer, width, extra, ""))
    numbers = [f"{name}_inner" for each in inner for name in each.numbers]
    numbers += [f"{name}_outer" for each in outer for name in each.numbers]
    return KerasLayer(
        f"Residual({', '.join(each.code for each in [*inner, *outer])})", layer.name, tuple(numbers)
    )


def ordered(network: Network, found: list[KerasLayer]) -> dict[str, NDArray[np.float32]]:
    """The network's numbers by names that sort as Keras's `set_weights` takes them."""
    numbers: dict[str, NDArray[np.float32]] = {}
    for member in range(network.members):
        own = network.member(member).parameters
        for layer in found:
            for name in layer.numbers:
                key = f"{len(numbers):04}.{layer.layer}.{name}"
                numbers[key] = np.ascontiguousarray(own[f"{layer.layer}.{name}"], np.float32)
    return numbers


def keras_network_code(found: list[KerasLayer]) -> str:
    """The function `network()` that makes these layers."""
    lines = "".join(f"            {each.code},\n" for each in found)
    return (
        'def network():\n    """Inputs → the raw outputs."""\n'
        f"    return keras.Sequential(\n        [\n            keras.Input((inputs,)),\n{lines}        ]\n    )\n"
    )

"""The layers of a design as PyTorch modules, and where each number of the network lies in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ann_tui.export.export_error import ExportError
from ann_tui.export.torch_functions import ACTIVATIONS, INITIALIZERS
from ann_tui.network.activations import ACTIVATIONS as KNOWN_ACTIVATIONS
from ann_tui.network.build import build_layers
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.residual import Residual
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs


@dataclass(frozen=True)
class Module:
    """One module: its code, the layer of the design that it comes from, and its numbers by their name in PyTorch."""

    code: str
    layer: str
    numbers: tuple[tuple[str, str], ...] = ()


def modules(
    design: NetworkDesign,
    inputs: int,
    outputs: Outputs,
    *,
    dropout: float | None,
    fresh: bool,
    silent: str = "",
) -> list[Module]:
    """The modules of one member, from inputs to raw outputs; with `fresh` their weights begin as the design says.

    `dropout` is the plan's rate for all dropout layers; `silent` says in code how many of the last inputs begin with
    weights of 0. Raises ExportError for a layer that can't be written.
    """
    layers = build_layers(design, inputs, outputs)
    found: list[Module] = []
    width = "inputs"
    for layer, chosen in zip(layers, [*design.layers, None], strict=True):
        units = str(layer.units)
        match chosen:
            case None:
                assert isinstance(layer, Dense)
                found.append(_dense(layer, width, fresh, silent))
            case LayerDesign(kind="dense"):
                assert isinstance(layer, Dense)
                found += [_dense(layer, width, fresh, silent), *_bent(layer, units)]
                width, silent = units, ""
            case LayerDesign(kind="residual"):
                assert isinstance(layer, Residual)
                found.append(_residual(layer, width, fresh, silent))
                silent = ""
            case LayerDesign(kind="dropout"):
                rate = chosen.rate if dropout is None else dropout
                found.append(Module(f"nn.Dropout({rate})", layer.name))
            case LayerDesign(kind="batch norm"):
                names = {
                    "weight": "scale",
                    "bias": "shift",
                    "running_mean": "mean",
                    "running_var": "variance",
                }
                found.append(Module(f"nn.BatchNorm1d({width})", layer.name, tuple(names.items())))
            case LayerDesign(kind="layer norm"):
                names = {"weight": "scale", "bias": "shift"}
                found.append(Module(f"nn.LayerNorm({width})", layer.name, tuple(names.items())))
            case LayerDesign(kind="input scale"):
                found.append(Module(f"InputScale({width})", layer.name, (("scale", "scale"),)))
            case LayerDesign(kind="activation"):
                slope = (("weight", "slope"),) if KNOWN_ACTIVATIONS[chosen.bends].slope is not None else ()
                code = _activation(chosen.bends, width) or "nn.Identity()"
                found.append(Module(code, layer.name, slope))
            case _:
                raise ExportError(f"a layer of the kind {chosen.kind!r} can't be written for PyTorch")
    return found


def _activation(name: str, units: str) -> str:
    if name not in ACTIVATIONS:
        raise ExportError(f"activation {name!r} can't be written for PyTorch")
    return ACTIVATIONS[name].format(units=units)


def _linear(layer: Dense, width: str, fresh: bool, silent: str) -> str:
    if not fresh:
        return f"nn.Linear({width}, {layer.units})"
    name = layer.initializer_name or KNOWN_ACTIVATIONS[layer.activation_name].initializer
    if name not in INITIALIZERS:
        raise ExportError(f"initializer {name!r} can't be written for PyTorch")
    more = f", silent={silent}" if silent else ""
    return f"dense({width}, {layer.units}, {INITIALIZERS[name]}{more})"


def _dense(layer: Dense, width: str, fresh: bool, silent: str) -> Module:
    numbers = (("weight", "weights"), ("bias", "bias"))
    return Module(_linear(layer, width, fresh, silent), layer.name, numbers)


def _bent(layer: Dense, units: str) -> Iterator[Module]:
    code = _activation(layer.activation_name, units)
    if code:
        slope = (("weight", "slope"),) if layer.activation.slope is not None else ()
        yield Module(code, layer.name, slope)


def _residual(layer: Residual, width: str, fresh: bool, silent: str) -> Module:
    parts = [_linear(layer.inner, width, fresh, silent)]
    numbers = [("layers.0.weight", "weights_inner"), ("layers.0.bias", "bias_inner")]
    bent = _activation(layer.inner.activation_name, str(layer.inner.units))
    if bent:
        parts.append(bent)
        if layer.inner.activation.slope is not None:
            numbers.append(("layers.1.weight", "slope_inner"))
    last = len(parts)
    parts.append(
        _linear(layer.outer, str(layer.inner.units), fresh, "").replace(f", {layer.units}", f", {width}")
    )
    numbers += [(f"layers.{last}.weight", "weights_outer"), (f"layers.{last}.bias", "bias_outer")]
    return Module(f"Residual({', '.join(parts)})", layer.name, tuple(numbers))


def state(network: Network, found: list[Module]) -> dict[str, NDArray[np.float32]]:
    """The network's numbers as the state of these modules: weights (units, inputs), by PyTorch's names."""
    numbers: dict[str, NDArray[np.float32]] = {}
    for member in range(network.members):
        own = network.member(member).parameters
        prefix = f"networks.{member}." if network.members > 1 else ""
        for place, module in enumerate(found):
            for name, parameter in module.numbers:
                values = own[f"{module.layer}.{parameter}"]
                numbers[f"{prefix}{place}.{name}"] = np.ascontiguousarray(values.T, np.float32)
            if module.code.startswith("nn.BatchNorm"):
                numbers[f"{prefix}{place}.num_batches_tracked"] = np.array(0, np.int64)
    return numbers


def network_code(found: list[Module]) -> str:
    """The function `network()` that makes these modules."""
    lines = "".join(f"        {module.code},\n" for module in found)
    own = f'def network():\n    """One row of inputs → the raw outputs."""\n    return nn.Sequential(\n{lines}    )\n'
    return own

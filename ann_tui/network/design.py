"""The choice of layers and cost, and its line of text: ``64 relu, dropout 0.2, 32 relu``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS, default_cost
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.layer_kinds import DEFAULT_ACTIVATION, LAYER_KINDS
from ann_tui.network.outputs import Outputs

ALIASES = {
    "swish": "silu",
    "leakyrelu": "leaky relu",
    "hardsigmoid": "hard sigmoid",
    "logistic": "sigmoid",
    "identity": "linear",
    "batchnorm": "batch norm",
    "layernorm": "layer norm",
    "batch normalization": "batch norm",
    "layer normalization": "layer norm",
    "skip": "residual",
}
"""Other words that people type."""

JOINT = re.compile(r"(?<=[a-z])[-_](?=[a-z])")
"""What joins the words of a name: ``leaky-relu`` and ``leaky_relu`` are ``leaky relu``."""

UNIT_LIMIT = 65_536
"""The most units of one layer."""

LAYER_LIMIT = 256
"""The most layers of one network."""


class DesignError(ValueError):
    """The design can't be built; the message names the piece."""


@dataclass(frozen=True)
class LayerDesign:
    """One hidden layer. Fields that the kind doesn't use stay None; None elsewhere means the default."""

    kind: str = "dense"
    units: int | None = None
    activation: str | None = None
    initializer: str | None = None
    rate: float | None = None

    def __post_init__(self) -> None:
        """Raise ``DesignError`` for what can't be built."""
        _one_of("layer", self.kind, LAYER_KINDS)
        asks = LAYER_KINDS[self.kind].asks
        for name in ("units", "activation", "initializer", "rate"):
            if getattr(self, name) is not None and name not in asks:
                raise DesignError(f"layer {self.text!r}: a {self.kind} layer takes no {name}")
        if self.activation is not None:
            _one_of("activation", self.activation, ACTIVATIONS)
        if self.initializer is not None:
            _one_of("initializer", self.initializer, INITIALIZERS)
        if "units" in asks and (self.units is None or not 1 <= self.units <= UNIT_LIMIT):
            raise DesignError(f"layer {self.text!r}: units must be a whole number from 1 to {UNIT_LIMIT}")
        if "rate" in asks and (self.rate is None or not 0 <= self.rate < 1):
            raise DesignError(f"layer {self.text!r}: the rate must be from 0 to below 1")
        if self.kind == "activation" and self.activation is None:
            raise DesignError(f"layer {self.text!r}: needs the name of an activation, such as relu")

    @property
    def bends(self) -> str:
        """The name of the activation that the layer applies; empty where it has none."""
        return self.activation or (DEFAULT_ACTIVATION if "activation" in LAYER_KINDS[self.kind].asks else "")

    @property
    def text(self) -> str:
        """The layer as a person types it."""
        words = [] if self.kind in ("dense", "activation") else [self.kind]
        words += [
            str(value) for value in (self.units, self.activation, self.initializer) if value is not None
        ]
        if self.rate is not None:
            words.append(f"{self.rate:g}")
        return " ".join(words)

    @classmethod
    def from_text(cls, text: str) -> LayerDesign:
        """One piece such as ``64 relu he normal``; raises ``DesignError`` that names it."""
        rest = " ".join(JOINT.sub(" ", text.lower()).split())
        kind, rest = _take(rest, LAYER_KINDS)
        if kind is None:
            kind = "activation" if _take(rest, ACTIVATIONS)[0] else "dense"
        asks = LAYER_KINDS[kind].asks
        fields: dict[str, Any] = {}
        first, _, after = rest.partition(" ")
        try:
            if "units" in asks:
                fields["units"], rest = int(first), after
            elif "rate" in asks:
                fields["rate"], rest = float(first), after
        except ValueError:
            wanted = (
                "a number of units, as in '64 relu'" if "units" in asks else "a rate, as in 'dropout 0.2'"
            )
            raise DesignError(f"layer {text.strip()!r}: it needs {wanted}") from None
        for name, entries in (("activation", ACTIVATIONS), ("initializer", INITIALIZERS)):
            if name in asks:
                found, rest = _take(rest, entries)
                if found is not None:
                    fields[name] = found
        if rest:
            known = "activation or initializer" if "initializer" in asks else "option of this layer"
            raise DesignError(f"layer {text.strip()!r}: {rest!r} is no {known}")
        return cls(kind, **fields)


def _one_of(what: str, value: str, choices: Iterable[str]) -> None:
    if value not in choices:
        raise DesignError(f"unknown {what} {value!r}: choose from {', '.join(choices)}")


def _take(text: str, names: Iterable[str]) -> tuple[str | None, str]:
    """The longest of the names (or their aliases) that the text begins with, and the rest of the text."""
    known = {name: name for name in names}
    known |= {alias: name for alias, name in ALIASES.items() if name in known}
    found = [word for word in known if text == word or text.startswith(word + " ")]
    if not found:
        return None, text
    longest = max(found, key=len)
    return known[longest], text[len(longest) :].strip()


@dataclass(frozen=True)
class NetworkDesign:
    """The hidden layers and the cost function; the input layer follows from the data, the output from the target.

    ``label_smoothing`` belongs to cross-entropy, ``focal_gamma`` to focal, ``huber_delta`` to huber (in units of the
    target as the network sees it), ``quantile`` to quantile.
    """

    layers: tuple[LayerDesign, ...] = (LayerDesign("dense", 64, "relu"), LayerDesign("dense", 32, "relu"))
    cost: str = "auto"
    label_smoothing: float = 0.0
    focal_gamma: float = 2.0
    huber_delta: float = 1.0
    quantile: float = 0.5

    def __post_init__(self) -> None:
        """Raise ``DesignError`` for what can't be built."""
        _one_of("cost", self.cost, ("auto", *COSTS))
        if len(self.layers) > LAYER_LIMIT:
            raise DesignError(f"{len(self.layers)} layers: a network has at most {LAYER_LIMIT}")
        if not 0 <= self.label_smoothing < 1:
            raise DesignError(f"label smoothing {self.label_smoothing:g}: it must be from 0 to below 1")
        if not 0 <= self.focal_gamma <= 10:
            raise DesignError(f"focal gamma {self.focal_gamma:g}: it must be from 0 to 10")
        if not 0 < self.huber_delta < float("inf"):
            raise DesignError(f"huber delta {self.huber_delta:g}: it must be a number above 0")
        if not 0 < self.quantile < 1:
            raise DesignError(f"quantile {self.quantile:g}: it must be between 0 and 1")

    @classmethod
    def from_text(cls, text: str, cost: str = "auto") -> NetworkDesign:
        """A design from pieces between commas; an empty text has no hidden layer. Raises ``DesignError``."""
        pieces = text.split(",") if text.strip() else []
        if any(not piece.strip() for piece in pieces):
            raise DesignError(
                f"layers {text.strip()!r}: there is nothing between two commas, or after the last one"
            )
        return cls(tuple(LayerDesign.from_text(piece) for piece in pieces), cost)

    @property
    def text(self) -> str:
        """The hidden layers as a person types them."""
        return ", ".join(layer.text for layer in self.layers)

    def cost_for(self, outputs: Outputs) -> str:
        """The name of the cost that these outputs get; raises ``DesignError`` where it can't judge them."""
        name = default_cost(outputs.kind) if self.cost == "auto" else self.cost
        if outputs.kind not in COSTS[name].kinds:
            what = "a number" if outputs.kind == "number" else "classes"
            fitting = ", ".join(entry.name for entry in COSTS.values() if outputs.kind in entry.kinds)
            raise DesignError(f"cost {name!r} can't judge {what}: choose from {fitting}")
        return name

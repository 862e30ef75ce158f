"""The choice of layers and cost, and its line of text: `64 relu, dropout 0.2, 32 relu`."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from ann_tui.choice_fields import (
    POSITIVE,
    SHARE,
    ChoiceField,
    Named,
    Option,
    Range,
    choice,
    described,
    even_steps,
    refusal,
    unknown,
    untaken,
)
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS, default_cost
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.layer_kinds import DEFAULT_ACTIVATION, LAYER_KINDS
from ann_tui.network.linear_start import STARTS
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
"""What joins the words of a name: `leaky-relu` and `leaky_relu` are `leaky relu`."""

UNIT_LIMIT = 65_536
"""The most units of one layer."""

MEMBER_LIMIT = 64
"""The most networks that answer as one."""

LAYER_LIMIT = 256
"""The most layers of one network."""


class DesignError(ValueError):
    """The design can't be built; the message names the piece."""


@dataclass(frozen=True)
class LayerDesign:
    """One hidden layer. Fields that the kind doesn't use stay None; None elsewhere means the default."""

    kind: str = choice("dense", ChoiceField("layer", "What the layer does", options=LAYER_KINDS))
    units: int | None = choice(
        None,
        ChoiceField(
            "units",
            "How many units the layer has",
            range=Range(1, UNIT_LIMIT, whole=True),
            steps=(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024),
        ),
    )
    activation: str | None = choice(
        None, ChoiceField("activation", "How the sum of a unit is bent", options=ACTIVATIONS)
    )
    initializer: str | None = choice(
        None, ChoiceField("initializer", "Where the weights start", options=INITIALIZERS)
    )
    rate: float | None = choice(
        None,
        ChoiceField(
            "rate",
            "The share of the units that is silenced in every batch",
            range=SHARE,
            steps=even_steps(0.05, 0, 0.95),
        ),
    )

    def __post_init__(self) -> None:
        """Raise `DesignError` for what can't be built."""
        about = described(LayerDesign)
        for name in ("kind", "activation", "initializer"):
            known, value = about[name].options or {}, getattr(self, name)
            if value is not None and value not in known:
                raise DesignError(unknown(about[name].title, value, known))
        asks = LAYER_KINDS[self.kind].asks
        for name in ("units", "activation", "initializer", "rate"):
            if getattr(self, name) is not None and name not in asks:
                raise DesignError(f"layer {self.text!r}: a {self.kind} layer takes no {name}")
        for name, words in (("units", "units"), ("rate", "the rate")):
            value = getattr(self, name)
            if name in asks and (value is None or not about[name].takes(value)):
                raise DesignError(f"layer {self.text!r}: {words} must be {about[name].number_text}")
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
        """One piece such as `64 relu he normal`; raises `DesignError` that names it."""
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


def _take(text: str, names: Iterable[str]) -> tuple[str | None, str]:
    """The longest of the names (or their aliases) that the text begins with, and the rest of the text."""
    known = {name: name for name in names}
    known |= {alias: name for alias, name in ALIASES.items() if name in known}
    found = [word for word in known if text == word or text.startswith(word + " ")]
    if not found:
        return None, text
    longest = max(found, key=len)
    return known[longest], text[len(longest) :].strip()


COST_OPTIONS: Mapping[str, Named] = ChainMap(
    cast("dict[str, Named]", COSTS),
    {"auto": Option("auto", "follows from the target: cross-entropy for classes, squared error for numbers")},
)
"""What can be chosen as the cost: `auto` before all costs."""


@dataclass(frozen=True)
class NetworkDesign:
    """The hidden layers and the cost function; the input layer follows from the data, the output from the target.

    `huber_delta` is in units of the target as the network sees it.
    """

    layers: tuple[LayerDesign, ...] = choice(
        (LayerDesign("dense", 64, "relu"), LayerDesign("dense", 32, "relu")),
        ChoiceField(
            "layers",
            "Hidden layers, such as '64 relu, dropout 0.2, 32 relu'; '' is a linear model",
            entries=LayerDesign,
        ),
    )
    cost: str = choice(
        "auto", ChoiceField("cost", "What the network makes as small as it can", options=COST_OPTIONS)
    )
    label_smoothing: float = choice(
        0.0,
        ChoiceField(
            "label smoothing",
            "Asks for a little less than certainty, so that wrong labels mislead less",
            range=SHARE,
            steps=(0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5),
        ),
    )
    focal_gamma: float = choice(
        2.0,
        ChoiceField(
            "focal gamma",
            "The larger, the less counts what is already told well",
            range=Range(0, 10),
            steps=(0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0),
        ),
    )
    huber_delta: float = choice(
        1.0,
        ChoiceField(
            "huber delta",
            "From how many standard deviations of the target on an error counts as large",
            range=POSITIVE,
            unit="standard deviations",
            steps=(0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
        ),
    )
    quantile: float = choice(
        0.5,
        ChoiceField(
            "quantile",
            "The share of the truths that shall lie below the prediction",
            range=Range(0, 1, open_low=True, open_high=True),
            steps=(0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99),
        ),
    )

    start: str = choice(
        "random", ChoiceField("start", "Where the weights are before the first step", options=STARTS)
    )
    members: int = choice(
        1,
        ChoiceField(
            "members",
            "How many networks of these layers are trained at once; they begin apart, and their mean answers",
            range=Range(1, MEMBER_LIMIT, whole=True),
            steps=(1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32),
        ),
    )

    def __post_init__(self) -> None:
        """Raise `DesignError` for what can't be built."""
        for name, value, about in untaken(self):
            raise DesignError(refusal(name, value, about))
        if len(self.layers) > LAYER_LIMIT:
            raise DesignError(f"{len(self.layers)} layers: a network has at most {LAYER_LIMIT}")

    @classmethod
    def from_text(cls, text: str, cost: str = "auto") -> NetworkDesign:
        """A design from pieces between commas; an empty text has no hidden layer. Raises `DesignError`."""
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
        """The name of the cost that these outputs get; raises `DesignError` where it can't judge them."""
        name = default_cost(outputs.kind) if self.cost == "auto" else self.cost
        if outputs.kind not in COSTS[name].kinds:
            what = "a number" if outputs.kind == "number" else "classes"
            fitting = ", ".join(entry.name for entry in COSTS.values() if outputs.kind in entry.kinds)
            raise DesignError(f"cost {name!r} can't judge {what}: choose from {fitting}")
        return name

"""What a cost function is, and the list of them.

A cost sees the output layer's raw sums z, (units, rows), which lets it stay exact where a probability would round to
0 or 1. `values` gives the cost of each example; `bind` gives the function that fills delta, the derivative of the
batch's cost by z.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

from ann_tui.network.arrays import Array, lines_mean
from ann_tui.network.outputs import Outputs

Gradient = Callable[[Array, Array, Array], Array]
"""`gradient(z, targets, scale)` gives delta = ∂cost/∂z; `scale` is factor · weight / rows, one or one a column."""


class CostOptions(Protocol):
    """The options that costs take; see `NetworkDesign`."""

    @property
    def label_smoothing(self) -> float:
        """The share of a target that is spread over all classes."""

    @property
    def focal_gamma(self) -> float:
        """How much less a row counts that is told right already."""

    @property
    def huber_delta(self) -> float:
        """The error from which the cost is straight."""

    @property
    def quantile(self) -> float:
        """The quantile that is aimed at."""


@dataclass(frozen=True)
class CostEntry:
    """One entry of `COSTS`; `asks` names the fields of `NetworkDesign` that the cost uses.

    `raw_target` says that a number target must stay in its own unit, and may not lie below `lowest_target`.
    """

    name: str
    summary: str
    raw_target: bool = False
    asks: tuple[str, ...] = ()
    lowest_target: float = -math.inf
    classes: dict[str, type[Cost]] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of outputs that the cost judges."""
        return tuple(self.classes)


COSTS: dict[str, CostEntry] = {}


def cost(
    name: str,
    kind: str,
    summary: str = "",
    raw_target: bool = False,
    asks: tuple[str, ...] = (),
    lowest_target: float = -math.inf,
) -> Callable[[type[Cost]], type[Cost]]:
    """Enter the decorated class into `COSTS` for one kind of outputs."""

    def enter(implementation: type[Cost]) -> type[Cost]:
        entry = COSTS.setdefault(name, CostEntry(name, summary, raw_target, asks, lowest_target))
        entry.classes[kind] = implementation
        return implementation

    return enter


def default_cost(kind: str) -> str:
    """What `auto` means for a kind of outputs."""
    return "squared error" if kind == "number" else "cross-entropy"


class Cost(ABC):
    """A cost function, bound to the outputs and the design's options."""

    factor: ClassVar[float] = 1.0
    """What `scale` must hold besides 1/rows and the examples' weights, so that the gradient saves an operation."""

    def __init__(self, outputs: Outputs, design: CostOptions, dtype: np.dtype[Any]) -> None:
        """Keep the options."""
        self.outputs, self.design, self.dtype = outputs, design, dtype

    def first_bias(self, y: Array, weight: Array | None = None) -> Array | None:
        """The output layer's biases to begin with for a training target, (units,); None for 0."""
        return None

    @abstractmethod
    def targets(self, y: Array) -> Array:
        """Class codes or numbers (rows,) in the form that the cost compares with, (units, rows)."""

    @abstractmethod
    def values(self, z: Array, targets: Array) -> Array:
        """The cost of each example, (rows,)."""

    @abstractmethod
    def bind(self, rows: int) -> Gradient:
        """The gradient for one batch size; it writes into an array of its own, (units, rows)."""

    @abstractmethod
    def merits(self, z: Array, y: Array) -> Array:
        """What the metric adds up, (rows,): 1 where the class is told right, or the squared error."""

    @abstractmethod
    def predictions(self, z: Array) -> Array:
        """What `scoring.predict` gives: probabilities (rows, classes), or numbers (rows,)."""

    def joint(self, z: Array) -> Array:
        """The z of the mean of what several members answer, (units, rows), from theirs, (members, units, rows)."""
        return lines_mean(z)

    def raw_sums(self, predictions: Array) -> Array | None:
        """The z, (units, rows), of which `predictions` makes these; None where the cost has no use for such answers."""
        return None

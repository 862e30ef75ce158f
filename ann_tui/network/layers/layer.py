"""What every layer can do, and what it is given when it is bound to a batch size."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ann_tui.network.arrays import Array

Forward = Callable[..., Array]
"""Inputs (inputs, rows) -> outputs (units, rows). The output layer's also takes the matrix to write them into."""

Backward = Callable[[Array], Array]
"""Delta of the outputs -> delta of the inputs, of the same shapes; it may overwrite what it is given."""


@dataclass(frozen=True)
class Site:
    """Where a layer works: its part of the network's vectors, and the batch size.

    Where the network has several members, an axis of them stands in front of all that a layer is given and makes, but
    for the rows of data, which they share.
    `gradient` is None for prediction alone. `generator` is None where the layer behaves as in prediction, and the
    source of chance in training. `constant` says that the layer above wants a row of ones below the outputs.
    `lowest` says that nobody needs the cost's derivative by the inputs. A matrix product takes `block_rows` rows at
    a time, or all where it is 0.
    """

    weights: Array
    statistics: Array
    gradient: Array | None
    rows: int
    generator: np.random.Generator | None = None
    constant: bool = False
    lowest: bool = False
    block_rows: int = 0

    @property
    def members(self) -> tuple[int, ...]:
        """The axis of members that stands in front of all others; () where there is one alone."""
        return self.weights.shape[:-1]

    def outputs(self, units: int) -> tuple[Array, Array]:
        """The matrix that a layer fills, (units, rows), and the same with the row of ones where it is wanted."""
        matrix = np.ones((*self.members, units + self.constant, self.rows), self.weights.dtype)
        return matrix[..., :units, :], matrix

    def slopes(self) -> Array:
        """The gradient, or a vector that nobody reads."""
        return np.empty_like(self.weights) if self.gradient is None else self.gradient


class Layer(ABC):
    """A layer of `units` outputs over `inputs` inputs.

    Matrices between layers hold a unit a row and an example a column, as in z = Wᵀx + b. Sizes and initial values are
    those of one member.
    """

    kind: ClassVar[str]
    mixes_rows: ClassVar[bool] = False
    """Whether an example's output depends on the other examples of its batch."""

    draws: ClassVar[bool] = False
    """Whether chance plays a part in training."""

    constant: bool = False
    """Whether the layer wants a row of ones below its inputs."""

    def __init__(self, name: str, inputs: int, units: int) -> None:
        """Keep the sizes."""
        self.name, self.inputs, self.units = name, inputs, units

    @property
    def size(self) -> int:
        """How many numbers the layer learns."""
        return 0

    @property
    def statistic_size(self) -> int:
        """How many numbers the layer measures while it learns."""
        return 0

    def views(self, weights: Array) -> dict[str, Array]:
        """The layer's parameters by name, as views into its part of a vector; penalties concern `weights…` alone."""
        return {}

    def statistic_views(self, statistics: Array) -> dict[str, Array]:
        """The layer's measured numbers by name, as views into its part of a vector."""
        return {}

    def initialize(self, weights: Array, statistics: Array, generator: np.random.Generator) -> None:  # noqa: B027
        """Fill the parameters with their start values."""

    def obstacle(self, rows: int) -> str | None:
        """Why the layer can't learn from batches of `rows` rows, and what to do; None where it can."""
        return None

    @abstractmethod
    def bind(self, site: Site) -> tuple[Forward, Backward]:
        """`forward(inputs)` gives the outputs; `backward(delta)` fills the gradient and gives the inputs' delta.

        A delta is the cost's derivative by a matrix, of that matrix's shape. Both write into arrays that were
        made here, once; what they give holds until they are called again.
        """


def scale_and_shift(units: int, vector: Array) -> dict[str, Array]:
    """The two numbers a unit that the normalizing layers learn."""
    return {"scale": vector[..., :units], "shift": vector[..., units:]}

"""Where the weights start. An initializer fills a matrix of `inputs` rows and `units` columns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ann_tui.network.arrays import Array

Fill = Callable[[np.random.Generator, int, int], Array]


@dataclass(frozen=True)
class Initializer:
    """One entry of `INITIALIZERS`: `fill(generator, inputs, units)` gives float64 (inputs, units)."""

    name: str
    summary: str
    fill: Fill


INITIALIZERS: dict[str, Initializer] = {}


def _enter(name: str, summary: str, fill: Fill) -> None:
    INITIALIZERS[name] = Initializer(name, summary, fill)


def _uniform(limit: Callable[[int, int], float]) -> Fill:
    """Even draws between -limit and limit."""

    def fill(generator: np.random.Generator, inputs: int, units: int) -> Array:
        bound = limit(inputs, units)
        return generator.uniform(-bound, bound, (inputs, units))

    return fill


def _normal(deviation: Callable[[int, int], float]) -> Fill:
    """Draws from the bell curve around 0."""

    def fill(generator: np.random.Generator, inputs: int, units: int) -> Array:
        return generator.normal(0.0, deviation(inputs, units), (inputs, units))

    return fill


def _orthogonal(generator: np.random.Generator, inputs: int, units: int) -> Array:
    """Columns (or rows, where there are fewer) of length 1 at right angles (Saxe et al. 2013)."""
    large, small = max(inputs, units), min(inputs, units)
    q, r = np.linalg.qr(generator.normal(size=(large, small)))
    q *= np.sign(np.diagonal(r))
    return q if inputs >= units else q.T


_enter(
    "glorot uniform",
    "even draws within ±√(6 / (inputs + units)); suits tanh and sigmoid (Glorot & Bengio 2010)",
    _uniform(lambda inputs, units: math.sqrt(6 / (inputs + units))),
)
_enter(
    "glorot normal",
    "a bell curve of variance 2 / (inputs + units)",
    _normal(lambda inputs, units: math.sqrt(2 / (inputs + units))),
)
_enter(
    "he uniform",
    "even draws within ±√(6 / inputs); suits ReLU and its relatives (He et al. 2015)",
    _uniform(lambda inputs, units: math.sqrt(6 / inputs)),
)
_enter(
    "he normal", "a bell curve of variance 2 / inputs", _normal(lambda inputs, units: math.sqrt(2 / inputs))
)
_enter(
    "lecun uniform", "even draws within ±√(3 / inputs)", _uniform(lambda inputs, units: math.sqrt(3 / inputs))
)
_enter(
    "lecun normal",
    "a bell curve of variance 1 / inputs; suits SELU (LeCun et al. 1998)",
    _normal(lambda inputs, units: math.sqrt(1 / inputs)),
)
_enter("orthogonal", "directions at right angles, none weaker than another (Saxe et al. 2013)", _orthogonal)
_enter("normal", "a bell curve of deviation 0.05, whatever the size", _normal(lambda inputs, units: 0.05))
_enter("uniform", "even draws within ±0.05, whatever the size", _uniform(lambda inputs, units: 0.05))
_enter(
    "zeros",
    "all weights 0: hidden units then stay alike; try it to see why draws are needed",
    lambda generator, inputs, units: np.zeros((inputs, units)),
)

"""Activation functions, each with its derivative beside it.

An activation is bound to the matrix `z` of one layer and one batch size, a unit a row and an example a column.
`forward()` turns z into h = f(z) in place; `backward(delta)` multiplies the cost's derivative by h, in place,
by f'(z). To add one, write such a function here under `@activation`: the app, the command line and the docs
list it by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ann_tui.network.arrays import Array, Operation, constant
from ann_tui.network.arrays import softplus as smooth_positive

SMALL = 2048
"""Below so many numbers, a call costs more than what it does."""

Derivative = Callable[[Array], None]
Bound = tuple[Operation, Derivative]


@dataclass(frozen=True)
class Activation:
    """One entry of `ACTIVATIONS`.

    `initializer` is the default for the weights in front of it. `slope` is the start value of the one
    learnable number per unit that PReLU has, None elsewhere.
    """

    name: str
    summary: str
    bind: Callable[..., Bound]
    initializer: str
    slope: float | None = None

    def at(self, sums: Array, slope: float | None = None) -> Array:
        """What it makes of numbers (n,), as a new vector; with the start value of its slope where none is given."""
        bent = sums[None, :].copy()
        learnt = (np.full(1, self.slope if slope is None else slope), np.zeros(1))
        self.bind(bent, *(() if self.slope is None else learnt))[0]()
        found: Array = bent[0]
        return found

    def slopes(self, sums: Array) -> Array:
        """By how much it changes with a number, at numbers (n,): what the backward pass multiplies with.

        Where it has a slope to learn, with the start value of that.
        """
        bent, delta = sums[None, :].copy(), np.ones((1, len(sums)), sums.dtype)
        learnt = (np.full(1, self.slope, sums.dtype), np.zeros(1, sums.dtype))
        forward, backward = self.bind(bent, *(() if self.slope is None else learnt))
        forward()
        backward(delta)
        found: Array = delta[0]
        return found


ACTIVATIONS: dict[str, Activation] = {}


def activation(
    name: str, summary: str, initializer: str = "glorot uniform"
) -> Callable[[Callable[[Array], Bound]], Callable[[Array], Bound]]:
    """Enter the decorated function into `ACTIVATIONS`."""

    def enter(bind: Callable[[Array], Bound]) -> Callable[[Array], Bound]:
        ACTIVATIONS[name] = Activation(name, summary, bind, initializer)
        return bind

    return enter


@activation("relu", "max(0, z): passes what is positive; the usual choice", "he uniform")
def relu(z: Array) -> Bound:
    """max(0, z)."""
    # NumPy takes the larger of two arrays faster than of an array and a number.
    zero, zeros = constant(0.0, z), np.zeros_like(z)
    active, slope = np.empty(z.shape, bool), np.empty_like(z)
    maximum, sign, greater, copyto, multiply = np.maximum, np.sign, np.greater, np.copyto, np.multiply

    def forward() -> None:
        maximum(z, zeros, out=z)

    def backward(delta: Array) -> None:
        greater(z, zero, active)
        copyto(slope, active)
        multiply(delta, slope, delta)

    def backward_small(delta: Array) -> None:
        sign(z, slope)
        multiply(delta, slope, delta)

    # The sign is the slope as well: fewer calls, but slower for each number.
    return forward, backward_small if z.size < SMALL else backward


@activation("linear", "z itself: no bend at all")
def linear(z: Array) -> Bound:
    """Z itself."""

    def forward() -> None:
        pass

    def backward(delta: Array) -> None:
        pass

    return forward, backward


@activation("sigmoid", "1 / (1 + exp(-z)): an S from 0 to 1")
def sigmoid(z: Array) -> Bound:
    """1 / (1 + exp(-z)), as (1 + tanh(z/2)) / 2, which can't overflow."""
    half, one, scratch = constant(0.5, z), constant(1.0, z), np.empty_like(z)

    def forward() -> None:
        np.multiply(z, half, z)
        np.tanh(z, z)
        np.multiply(z, half, z)
        np.add(z, half, z)

    def backward(delta: Array) -> None:
        np.subtract(one, z, scratch)
        np.multiply(scratch, z, scratch)
        np.multiply(delta, scratch, delta)

    return forward, backward


@activation("hard sigmoid", "a straight line from 0 to 1 between z = -3 and 3: a cheap sigmoid")
def hard_sigmoid(z: Array) -> Bound:
    """min(max(z/6 + 1/2, 0), 1)."""
    sixth, half, zero, one = (constant(value, z) for value in (1 / 6, 0.5, 0.0, 1.0))
    inside, above = np.empty(z.shape, bool), np.empty(z.shape, bool)

    def forward() -> None:
        np.multiply(z, sixth, z)
        np.add(z, half, z)
        np.clip(z, zero, one, out=z)

    def backward(delta: Array) -> None:
        np.less(z, one, inside)
        np.greater(z, zero, above)
        np.logical_and(inside, above, inside)
        np.multiply(delta, inside, delta)
        np.multiply(delta, sixth, delta)

    return forward, backward


@activation("tanh", "an S from -1 to 1, steeper than sigmoid and centred on 0")
def tanh(z: Array) -> Bound:
    """The hyperbolic tangent."""
    one, scratch = constant(1.0, z), np.empty_like(z)

    def forward() -> None:
        np.tanh(z, z)

    def backward(delta: Array) -> None:
        np.multiply(z, z, scratch)
        np.subtract(one, scratch, scratch)
        np.multiply(delta, scratch, delta)

    return forward, backward


@activation(
    "leaky relu", "like ReLU, but lets 1 % of what is negative through, so that no unit dies", "he uniform"
)
def leaky_relu(z: Array) -> Bound:
    """max(z, z/100)."""
    leak, one, zero = constant(0.01, z), constant(1.0, z), constant(0.0, z)
    scratch, active = np.empty_like(z), np.empty(z.shape, bool)

    def forward() -> None:
        np.multiply(z, leak, scratch)
        np.maximum(z, scratch, out=z)

    def backward(delta: Array) -> None:
        np.greater(z, zero, active)
        np.copyto(scratch, leak)
        np.copyto(scratch, one, where=active)
        np.multiply(delta, scratch, delta)

    return forward, backward


def prelu(z: Array, slope: Array, slope_gradient: Array) -> Bound:
    """Z where positive, slope·z elsewhere, with one learnt slope for each unit (He et al. 2015)."""
    zero, column = constant(0.0, z), slope[..., None]
    negative, scratch = np.empty_like(z), np.empty_like(z)

    def forward() -> None:
        np.minimum(z, zero, out=negative)
        np.multiply(negative, column, scratch)
        np.maximum(z, zero, out=z)
        np.add(z, scratch, z)

    def backward(delta: Array) -> None:
        np.multiply(delta, negative, scratch)
        np.add.reduce(scratch, axis=-1, out=slope_gradient)
        np.less(negative, zero, active)
        np.multiply(delta, column, scratch)
        np.copyto(delta, scratch, where=active)

    active = np.empty(z.shape, bool)
    return forward, backward


ACTIVATIONS["prelu"] = Activation(
    "prelu",
    "a leaky ReLU that learns how much each unit leaks (He et al. 2015)",
    prelu,
    "he uniform",
    slope=0.25,
)


@activation("elu", "like ReLU, with a soft bend down to -1 (Clevert et al. 2015)", "he uniform")
def elu(z: Array) -> Bound:
    """Z where positive, exp(z) - 1 elsewhere."""
    return _exponential(z, 1.0, 1.0)


@activation(
    "selu",
    "ELU scaled so that deep networks keep mean 0 and variance 1 (Klambauer et al. 2017)",
    "lecun normal",
)
def selu(z: Array) -> Bound:
    """1.0507 times z where positive, 1.7581 (exp(z) - 1) elsewhere."""
    return _exponential(z, 1.0507009873554805, 1.6732632423543772)


def _exponential(z: Array, scale: float, alpha: float) -> Bound:
    """scale·z where positive, scale·alpha·(exp(z) - 1) elsewhere: ELU and SELU."""
    zero, factor, steep = constant(0.0, z), constant(scale, z), constant(scale * alpha, z)
    scratch, active = np.empty_like(z), np.empty(z.shape, bool)

    def forward() -> None:
        np.minimum(z, zero, out=scratch)
        np.expm1(scratch, scratch)
        np.multiply(scratch, steep, scratch)
        np.maximum(z, zero, out=z)
        np.multiply(z, factor, z)
        np.add(z, scratch, z)

    def backward(delta: Array) -> None:
        np.greater(z, zero, active)
        np.add(z, steep, scratch)
        np.copyto(scratch, factor, where=active)
        np.multiply(delta, scratch, delta)

    return forward, backward


@activation("gelu", "z times the normal distribution's share below z (Hendrycks & Gimpel 2016)", "he uniform")
def gelu(z: Array) -> Bound:
    """z·Φ(z) in the tanh form: z·(1 + tanh(√(2/π)(z + 0.044715 z³)))/2."""
    root, cubic = constant(math.sqrt(2 / math.pi), z), constant(0.044715, z)
    half, one, three = constant(0.5, z), constant(1.0, z), constant(3.0, z)
    before, bent, scratch = np.empty_like(z), np.empty_like(z), np.empty_like(z)

    def forward() -> None:
        np.copyto(before, z)
        np.multiply(z, z, bent)
        np.multiply(bent, cubic, bent)
        np.add(bent, one, bent)
        np.multiply(bent, z, bent)
        np.multiply(bent, root, bent)
        np.tanh(bent, bent)
        np.add(bent, one, scratch)
        np.multiply(scratch, half, scratch)
        np.multiply(z, scratch, z)

    def backward(delta: Array) -> None:
        # f' = (1 + t)/2 + z/2 · (1 - t²) · √(2/π) · (1 + 3·0.044715 z²), t the tanh
        np.multiply(before, before, scratch)
        np.multiply(scratch, cubic, scratch)
        np.multiply(scratch, three, scratch)
        np.add(scratch, one, scratch)
        np.multiply(scratch, root, scratch)
        np.multiply(scratch, before, scratch)
        np.multiply(bent, bent, before)
        np.subtract(one, before, before)
        np.multiply(scratch, before, scratch)
        np.add(scratch, bent, scratch)
        np.add(scratch, one, scratch)
        np.multiply(scratch, half, scratch)
        np.multiply(delta, scratch, delta)

    return forward, backward


@activation(
    "silu", "z · sigmoid(z), also called swish: a smooth ReLU (Ramachandran et al. 2017)", "he uniform"
)
def silu(z: Array) -> Bound:
    """z·sigmoid(z)."""
    half, one = constant(0.5, z), constant(1.0, z)
    gate, scratch = np.empty_like(z), np.empty_like(z)

    def forward() -> None:
        np.multiply(z, half, gate)
        np.tanh(gate, gate)
        np.multiply(gate, half, gate)
        np.add(gate, half, gate)
        np.multiply(z, gate, z)

    def backward(delta: Array) -> None:
        # f' = s + h (1 - s), with s the sigmoid and h = z·s
        np.subtract(one, gate, scratch)
        np.multiply(scratch, z, scratch)
        np.add(scratch, gate, scratch)
        np.multiply(delta, scratch, delta)

    return forward, backward


@activation("mish", "z · tanh(softplus(z)): like SiLU, a little softer (Misra 2019)", "he uniform")
def mish(z: Array) -> Bound:
    """z·tanh(ln(1 + exp(z)))."""
    half, one = constant(0.5, z), constant(1.0, z)
    before, gate, scratch = np.empty_like(z), np.empty_like(z), np.empty_like(z)

    def forward() -> None:
        np.copyto(before, z)
        np.tanh(smooth_positive(z), gate)
        np.multiply(z, gate, z)

    def backward(delta: Array) -> None:
        # f' = t + z (1 - t²) · sigmoid(z), with t = tanh(softplus(z))
        np.multiply(before, half, scratch)
        np.tanh(scratch, scratch)
        np.multiply(scratch, half, scratch)
        np.add(scratch, half, scratch)
        np.multiply(scratch, before, scratch)
        np.multiply(gate, gate, before)
        np.subtract(one, before, before)
        np.multiply(scratch, before, scratch)
        np.add(scratch, gate, scratch)
        np.multiply(delta, scratch, delta)

    return forward, backward


@activation("softplus", "ln(1 + exp(z)): a rounded ReLU, always positive", "he uniform")
def softplus(z: Array) -> Bound:
    """ln(1 + exp(z))."""
    scratch = np.empty_like(z)

    def forward() -> None:
        np.copyto(z, smooth_positive(z))

    def backward(delta: Array) -> None:
        # f' = sigmoid(z) = 1 - exp(-h)
        np.negative(z, scratch)
        np.expm1(scratch, scratch)
        np.multiply(delta, scratch, delta)
        np.negative(delta, delta)

    return forward, backward


@activation(
    "step",
    "1 where z is positive, else 0: the lesson's binary neuron. It is flat, so it learns as if it were a straight "
    "line between z = -1 and 1 (straight-through gradient, Bengio et al. 2013)",
)
def step(z: Array) -> Bound:
    """1 where z > 0, else 0; the gradient passes straight through where z is between -1 and 1."""
    zero, one = constant(0.0, z), constant(1.0, z)
    near, active, size = np.empty(z.shape, bool), np.empty(z.shape, bool), np.empty_like(z)

    def forward() -> None:
        np.abs(z, size)
        np.less_equal(size, one, near)
        np.greater(z, zero, active)
        np.copyto(z, active)

    def backward(delta: Array) -> None:
        np.multiply(delta, near, delta)

    return forward, backward


@activation("softmax", "shares that add up to 1; the output layer's, for one class out of many")
def softmax(z: Array) -> Bound:
    """exp(z) over the sum of exp(z) of all units."""
    line, scratch = np.empty_like(z[..., :1, :]), np.empty_like(z)

    def forward() -> None:
        np.maximum.reduce(z, axis=-2, keepdims=True, out=line)
        np.subtract(z, line, z)
        np.exp(z, z)
        np.add.reduce(z, axis=-2, keepdims=True, out=line)
        np.divide(z, line, z)

    def backward(delta: Array) -> None:
        # The Jacobian is diag(h) - h hᵀ.
        np.multiply(delta, z, scratch)
        np.add.reduce(scratch, axis=-2, keepdims=True, out=line)
        np.subtract(delta, line, delta)
        np.multiply(delta, z, delta)

    return forward, backward

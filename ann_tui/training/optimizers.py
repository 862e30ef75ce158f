"""Optimizers: how a gradient becomes a step of the weights.

An optimizer is bound to whole vectors: the `weights`, a `workspace` whose first row is the gradient (the second is
free for use), and its `moments`, which start as zeros and are all that it remembers. `step(rate, count)` moves the
weights; `count` is 1 at the first batch. To add one, write such a function here under `@optimizer`: the app, the
command line and the docs list it by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ann_tui.network.arrays import Array, constant
from ann_tui.training.matrices import HiddenMatrices
from ann_tui.training.muon import bind_muon
from ann_tui.training.step import Objective, Step, StepOptions

Bind = Callable[..., Step]


@dataclass(frozen=True)
class Optimizer:
    """One entry of `OPTIMIZERS`.

    `moments` is how many vectors it remembers; `asks` names the fields of `TrainingPlan` that it alone uses;
    `whole` says that a batch is always the whole data set; `weight_decay` is used where the plan names none;
    `searches` says that `bind` also takes the objective, and that there is no learning rate; `matrices`, that it also
    takes where the hidden matrices lie, and doesn't treat each number by itself; `averages`, that it also takes the
    mean that is measured and kept, and moves it by itself.
    """

    name: str
    summary: str
    bind: Bind
    moments: int = 0
    asks: tuple[str, ...] = ()
    whole: bool = False
    weight_decay: float = 0.0
    searches: bool = False
    matrices: bool = False
    averages: bool = False


OPTIMIZERS: dict[str, Optimizer] = {}

BETAS = ("beta_1", "beta_2")


def optimizer(
    name: str,
    summary: str,
    moments: int = 0,
    asks: tuple[str, ...] = (),
    whole: bool = False,
    weight_decay: float = 0.0,
    matrices: bool = False,
    averages: bool = False,
) -> Callable[[Bind], Bind]:
    """Enter the decorated function into `OPTIMIZERS`."""

    def enter(bind: Bind) -> Bind:
        OPTIMIZERS[name] = Optimizer(
            name, summary, bind, moments, asks, whole, weight_decay, matrices=matrices, averages=averages
        )
        return bind

    return enter


@optimizer(
    "adamw",
    "Adam that also shrinks all weights a little in every step (Loshchilov & Hutter 2017)",
    moments=2,
    asks=(*BETAS, "epsilon"),
    weight_decay=0.2,
)
@optimizer(
    "adam",
    "each weight gets a step size of its own from its past gradients (Kingma & Ba 2014)",
    moments=2,
    asks=(*BETAS, "epsilon"),
)
def adam(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """w -= rate · m̂ / (√v̂ + ε), with m and v the decaying sums of the gradient and of its square.

    The bias corrections and the factors (1 - β) are folded into the step's size and ε, so that few passes over the
    vectors remain.
    """
    beta_1, beta_2, epsilon = plan.beta_1, plan.beta_2, plan.epsilon
    gradient, scratch = workspace
    m, v = moments
    keep_m, keep_v = constant(beta_1, weights), constant(beta_2, weights)
    size, small = constant(0.0, weights), constant(0.0, weights)
    multiply, add, sqrt, divide, subtract = np.multiply, np.add, np.sqrt, np.divide, np.subtract

    def step(rate: float, count: int) -> None:
        root = math.sqrt((1 - beta_2**count) / (1 - beta_2))
        size[()] = rate * root * (1 - beta_1) / (1 - beta_1**count)
        small[()] = epsilon * root
        multiply(gradient, gradient, scratch)
        multiply(m, keep_m, m)
        multiply(v, keep_v, v)
        add(moments, workspace, moments)
        sqrt(v, scratch)
        add(scratch, small, scratch)
        divide(m, scratch, scratch)
        multiply(scratch, size, scratch)
        subtract(weights, scratch, weights)

    return step


@optimizer("sgd", "a step against the gradient of each batch: plain, and a little slow")
@optimizer(
    "gradient descent",
    "the lesson's: one step an epoch, against the gradient of the whole data set",
    whole=True,
)
def sgd(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """w -= rate · gradient."""
    gradient, scratch = workspace
    size = constant(0.0, weights)

    def step(rate: float, count: int) -> None:
        size[()] = rate
        np.multiply(gradient, size, scratch)
        np.subtract(weights, scratch, weights)

    return step


@optimizer(
    "momentum", "steps gather speed where gradients agree (Polyak 1964)", moments=1, asks=("momentum",)
)
def momentum(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """u = μ·u + gradient; w -= rate · u."""
    gradient, scratch = workspace
    speed = moments[0]
    size, keep = constant(0.0, weights), constant(plan.momentum, weights)

    def step(rate: float, count: int) -> None:
        size[()] = rate
        np.multiply(speed, keep, speed)
        np.add(speed, gradient, speed)
        np.multiply(speed, size, scratch)
        np.subtract(weights, scratch, weights)

    return step


@optimizer(
    "nesterov", "momentum that looks ahead before it steps (Nesterov 1983)", moments=1, asks=("momentum",)
)
def nesterov(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """u = μ·u + gradient; w -= rate · (gradient + μ·u)."""
    gradient, scratch = workspace
    speed = moments[0]
    size, keep = constant(0.0, weights), constant(plan.momentum, weights)

    def step(rate: float, count: int) -> None:
        size[()] = rate
        np.multiply(speed, keep, speed)
        np.add(speed, gradient, speed)
        np.multiply(speed, keep, scratch)
        np.add(scratch, gradient, scratch)
        np.multiply(scratch, size, scratch)
        np.subtract(weights, scratch, weights)

    return step


@optimizer(
    "rmsprop", "divides each gradient by its recent size (Hinton 2012)", moments=1, asks=("rho", "epsilon")
)
def rmsprop(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """v = ρ·v + (1 - ρ)·gradient²; w -= rate · gradient / (√v + ε)."""
    gradient, scratch = workspace
    square = moments[0]
    size, keep, new = constant(0.0, weights), constant(plan.rho, weights), constant(1 - plan.rho, weights)
    small = constant(plan.epsilon, weights)

    def step(rate: float, count: int) -> None:
        size[()] = rate
        np.multiply(gradient, gradient, scratch)
        np.multiply(scratch, new, scratch)
        np.multiply(square, keep, square)
        np.add(square, scratch, square)
        np.sqrt(square, scratch)
        np.add(scratch, small, scratch)
        np.divide(gradient, scratch, scratch)
        np.multiply(scratch, size, scratch)
        np.subtract(weights, scratch, weights)

    return step


@optimizer(
    "adagrad",
    "divides each gradient by the size of all past ones: steps only shrink (Duchi 2011)",
    moments=1,
    asks=("epsilon",),
)
def adagrad(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """v += gradient²; w -= rate · gradient / (√v + ε)."""
    gradient, scratch = workspace
    square = moments[0]
    size, small = constant(0.0, weights), constant(plan.epsilon, weights)

    def step(rate: float, count: int) -> None:
        size[()] = rate
        np.multiply(gradient, gradient, scratch)
        np.add(square, scratch, square)
        np.sqrt(square, scratch)
        np.add(scratch, small, scratch)
        np.divide(gradient, scratch, scratch)
        np.multiply(scratch, size, scratch)
        np.subtract(weights, scratch, weights)

    return step


@optimizer("nadam", "Adam with Nesterov's look ahead (Dozat 2016)", moments=3, asks=(*BETAS, "epsilon"))
def nadam(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """Adam's step with the mean of the coming and the present direction, weighed by a momentum that warms up.

    The first number of the third moment is the product of the momentums so far.
    """
    beta_1, beta_2 = plan.beta_1, plan.beta_2
    gradient, scratch = workspace
    m, v, memory = moments
    keep_m, new_m = constant(beta_1, weights), constant(1 - beta_1, weights)
    keep_v, new_v = constant(beta_2, weights), constant(1 - beta_2, weights)
    of_m, of_gradient, correction, small = (constant(value, weights) for value in (0, 0, 0, plan.epsilon))
    product = memory[:1]

    def step(rate: float, count: int) -> None:
        now = beta_1 * (1 - 0.5 * 0.96 ** (count * 0.004))
        coming = beta_1 * (1 - 0.5 * 0.96 ** ((count + 1) * 0.004))
        product[0] = now if count == 1 else product[0] * now
        so_far = float(product[0])
        of_gradient[()] = rate * (1 - now) / (1 - so_far)
        of_m[()] = rate * coming / (1 - so_far * coming)
        correction[()] = 1 / (1 - beta_2**count)
        np.multiply(m, keep_m, m)
        np.multiply(gradient, new_m, scratch)
        np.add(m, scratch, m)
        np.multiply(v, keep_v, v)
        np.multiply(gradient, gradient, scratch)
        np.multiply(scratch, new_v, scratch)
        np.add(v, scratch, v)
        np.multiply(v, correction, scratch)
        np.sqrt(scratch, scratch)
        np.add(scratch, small, scratch)
        np.subtract(weights, (m * of_m + gradient * of_gradient) / scratch, weights)

    return step


@optimizer(
    "lion",
    "steps of one size, only the sign is learnt; wants a small learning rate (Chen et al. 2023)",
    moments=1,
    asks=BETAS,
)
def lion(weights: Array, workspace: Array, moments: Array, plan: StepOptions) -> Step:
    """w -= rate · sign(β₁·m + (1 - β₁)·gradient); m = β₂·m + (1 - β₂)·gradient."""
    gradient, scratch = workspace
    mean = moments[0]
    keep, new = constant(plan.beta_1, weights), constant(1 - plan.beta_1, weights)
    keep_mean, new_mean = constant(plan.beta_2, weights), constant(1 - plan.beta_2, weights)
    size = constant(0.0, weights)

    def step(rate: float, count: int) -> None:
        size[()] = rate
        np.multiply(mean, keep, scratch)
        np.add(scratch, gradient * new, scratch)
        np.sign(scratch, scratch)
        np.multiply(scratch, size, scratch)
        np.subtract(weights, scratch, weights)
        np.multiply(mean, keep_mean, mean)
        np.multiply(gradient, new_mean, scratch)
        np.add(mean, scratch, mean)

    return step


@optimizer(
    "schedule-free",
    "adamw that averages instead of slowing down: wants a constant schedule (Defazio et al. 2024)",
    moments=3,
    asks=(*BETAS, "epsilon"),
    weight_decay=0.2,
    averages=True,
)
def schedule_free(weights: Array, workspace: Array, moments: Array, plan: StepOptions, mean: Array) -> Step:
    """z -= γ · gradient / (√v + ε); x += c·(z - x); y = z + β₁·(x - z), with y the weights and x the mean.

    Algorithm 1 of arXiv 2405.15682: γ = rate · √(1 - β₂ᵗ), and c is γ² as a share of the sum of all γ² so far, which is
    the first number of the third moment. What has moved the weights since the last step, such as weight decay, moves z
    as much. What batch norm measures belongs to y, though it is used with x.
    """
    beta_1, beta_2 = plan.beta_1, plan.beta_2
    gradient, scratch = workspace
    z, v, memory = moments
    difference = np.empty_like(weights)
    keep_v, new_v = constant(beta_2, weights), constant(1 - beta_2, weights)
    of_mean, small = constant(beta_1, weights), constant(plan.epsilon, weights)
    size, share = constant(0.0, weights), constant(0.0, weights)
    total = memory[:1]

    def between(found: Array) -> None:
        np.subtract(mean, z, found)
        np.multiply(found, of_mean, found)
        np.add(z, found, found)

    def step(rate: float, count: int) -> None:
        if count == 1:
            np.copyto(z, weights)
        else:
            between(difference)
            np.subtract(weights, difference, difference)
            np.add(z, difference, z)
        length = rate * math.sqrt(1 - beta_2**count)
        total[0] += length**2
        size[()] = length
        share[()] = length**2 / float(total[0]) if total[0] else 0.0
        np.multiply(v, keep_v, v)
        np.multiply(gradient, gradient, scratch)
        np.multiply(scratch, new_v, scratch)
        np.add(v, scratch, v)
        np.sqrt(v, scratch)
        np.add(scratch, small, scratch)
        np.divide(gradient, scratch, scratch)
        np.multiply(scratch, size, scratch)
        np.subtract(z, scratch, z)
        np.subtract(z, mean, scratch)
        np.multiply(scratch, share, scratch)
        np.add(mean, scratch, mean)
        between(weights)

    return step


@optimizer(
    "muon",
    "each hidden layer turns as a whole, all directions alike; adamw for the rest (Jordan et al. 2024)",
    moments=2,
    asks=("momentum", *BETAS, "epsilon"),
    weight_decay=0.2,
    matrices=True,
)
def muon(weights: Array, workspace: Array, moments: Array, plan: StepOptions, hidden: HiddenMatrices) -> Step:
    """Muon's step for the hidden matrices, Adam's for biases, scales, slopes and the output layer.

    The matrix over the inputs counts as hidden, as in Gorishniy et al. 2026 (arXiv 2604.15297), who found Muon better
    than AdamW for tables. As there and in Jordan et al., it doesn't where it embeds: where the features have bins.
    """
    beside = zip(hidden.beside(weights), hidden.beside(workspace), hidden.beside(moments), strict=True)
    matrices = zip(hidden.of(weights), hidden.of(workspace[0]), hidden.of(moments[0]), strict=True)
    steps = [adam(*vectors, plan) for vectors in beside] + [bind_muon(*each, plan) for each in matrices]

    def step(rate: float, count: int) -> None:
        for each in steps:
            each(rate, count)

    return step


def lbfgs(weights: Array, workspace: Array, moments: Array, plan: StepOptions, objective: Objective) -> Step:
    """See `lbfgs.py`."""
    from ann_tui.training.lbfgs import bind_lbfgs

    return bind_lbfgs(weights, workspace, objective)


OPTIMIZERS["l-bfgs"] = Optimizer(
    "l-bfgs",
    "for small data: learns the cost's curvature and takes long, well-aimed steps; needs no learning rate",
    lbfgs,
    whole=True,
    searches=True,
)

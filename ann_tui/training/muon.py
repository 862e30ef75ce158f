"""Muon's step of one matrix: momentum whose singular values are made equal (Jordan et al. 2024)."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import cycle, islice

import numpy as np

from ann_tui.network.arrays import Array, constant
from ann_tui.training.step import Step, StepOptions

ITERATIONS = 5
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""a, b and c of X ← a·X + b·(XXᵀ)X + c·(XXᵀ)²X, as published: https://kellerjordan.github.io/posts/muon."""

NORM_EPSILON = 1e-7
RMS = 0.2
"""How large the numbers of a step are at a rate of 1, about as large as Adam's (Liu et al. 2025, arXiv 2502.16982)."""


def bind_muon(weights: Array, gradient: Array, speed: Array, plan: StepOptions) -> Step:
    """u = μ·u + (1 - μ)·G; W -= rate · 0.2·√max(inputs, units) · orthogonal((1 - μ)·G + μ·u).

    All four are (inputs, units), or (members, inputs, units), where each member steps by itself. By this factor the
    step is as long as one of Adam, so that one learning rate does for both.
    """
    direction, ahead = np.empty_like(weights), np.empty_like(weights)
    keep, new = constant(plan.momentum, weights), constant(1 - plan.momentum, weights)
    size, factor = constant(0.0, weights), RMS * math.sqrt(max(weights.shape[-2:]))
    orthogonal = bind_orthogonal(direction)

    def step(rate: float, count: int) -> None:
        size[()] = rate * factor
        np.multiply(gradient, new, direction)
        np.multiply(speed, keep, speed)
        np.add(speed, direction, speed)
        np.multiply(speed, keep, ahead)
        np.add(direction, ahead, direction)
        np.multiply(orthogonal(), size, ahead)
        np.subtract(weights, ahead, weights)

    return step


def bind_orthogonal(matrix: Array) -> Callable[[], Array]:
    """Gives about UVᵀ of (…, inputs, units) with the singular value decomposition USVᵀ, and overwrites the matrix.

    Five steps of a Newton-Schulz iteration bring the singular values near 1, from 0.7 to 1.2, but for those that are
    far smaller than the largest. With B = b·A + c·A² of the smaller product A, XᵀX or XXᵀ, a step is (a + B)X or
    X(a + B).
    """
    tall, side = matrix.shape[-2] > matrix.shape[-1], min(matrix.shape[-2:])
    a, b, c = (constant(value, matrix) for value in COEFFICIENTS)
    square, inner, outer = (np.empty((*matrix.shape[:-2], side, side), matrix.dtype) for _ in range(3))
    inner_diagonal, outer_diagonal = (np.einsum("...ii->...i", each) for each in (inner, outer))
    other, small = np.empty_like(matrix), constant(NORM_EPSILON, matrix)
    both = (matrix, matrix.swapaxes(-1, -2), other), (other, other.swapaxes(-1, -2), matrix)
    products = [
        ((turned, x, square), (x, outer, result)) if tall else ((x, turned, square), (outer, x, result))
        for x, turned, result in islice(cycle(both), ITERATIONS)
    ]
    found = products[-1][1][2]

    def orthogonal() -> Array:
        norms = np.sqrt(np.einsum("...ij,...ij->...", matrix, matrix))
        np.divide(matrix, (norms + small)[..., None, None], matrix)
        for squaring, ending in products:
            np.matmul(*squaring)
            np.multiply(square, c, inner)
            np.add(inner_diagonal, b, inner_diagonal)
            np.matmul(square, inner, outer)
            np.add(outer_diagonal, a, outer_diagonal)
            np.matmul(*ending)
        return found

    return orthogonal

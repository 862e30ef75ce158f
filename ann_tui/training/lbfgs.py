"""L-BFGS by SciPy: for small data, a few long and well-aimed steps over the whole data set (Liu & Nocedal 1989)."""

from __future__ import annotations

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.training.step import Objective, Step

ITERATIONS = 20
"""How many iterations an epoch has; the next one learns the curvature anew, so that the weights are all its memory."""


def bind_lbfgs(weights: Array, workspace: Array, objective: Objective) -> Step:
    """A step of some iterations; where none helps any more the weights stay as they are."""
    from scipy.optimize import minimize

    gradient = workspace[0]

    def at(point: Array) -> tuple[float, Array]:
        weights[:] = point
        return objective(), gradient.astype(np.float64)

    def step(rate: float, count: int) -> None:
        start = weights.astype(np.float64)
        found = minimize(at, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
        weights[:] = found.x if np.isfinite(found.fun) else start

    return step

"""The cost of several members, each of which learns as if it were alone."""

from __future__ import annotations

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.cost import Cost, Gradient


def bind_members(cost: Cost, members: int, rows: int) -> Gradient:
    """The gradient of so many members' costs for one batch size, in an array of its own, (members, units, rows).

    Each member's part is that of its own cost: what is made small is the sum of all. For one alone it is that of
    `Cost.bind`, (units, rows).
    """
    if members == 1:
        return cost.bind(rows)
    units, dtype = cost.outputs.units, cost.dtype
    shape = units, members, rows
    sums, wanted = np.empty(shape, dtype), np.empty(shape, dtype)
    scales = np.empty((1, members, rows), dtype)
    flat_sums, flat_wanted, flat_scales = (
        each.reshape(-1, members * rows) for each in (sums, wanted, scales)
    )
    gradient = cost.bind(members * rows)

    def of_all(z: Array, targets: Array, scale: Array) -> Array:
        np.copyto(sums, z.swapaxes(0, 1))
        np.copyto(wanted, targets[:, None])
        if scale.size > 1:
            np.copyto(scales, scale[:, None])
            scale = flat_scales
        return gradient(flat_sums, flat_wanted, scale).reshape(shape).swapaxes(0, 1)

    return of_all

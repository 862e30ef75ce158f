"""Numbers far from one: in which unit they can be squared and summed without overflow or loss."""

from typing import Any

import numpy as np
import numpy.typing as npt

FAR = 1e100
"""The square of a number further from zero than this may overflow, and that of one nearer than 1 / FAR may vanish."""


def safe_unit(*numbers: npt.NDArray[Any], far: float = FAR, near: float = 1 / FAR) -> float:
    """1 where the largest of the finite numbers is neither beyond `far` nor below `near`, else its power of two.

    Numbers divided by it keep all their digits. 1 for small numbers that are all alike.
    """
    largest, alike = 0.0, True
    for each in numbers:
        finite = each[np.isfinite(each)]
        if len(finite):
            largest = max(largest, abs(float(finite.min())), abs(float(finite.max())))
            alike = alike and float(finite.min()) == float(finite.max())
    if near <= largest <= far or (alike and largest < near):
        return 1.0
    return float(np.ldexp(1.0, max(-990, int(np.frexp(largest)[1]))))

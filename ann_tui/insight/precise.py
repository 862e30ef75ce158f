"""A network with double the digits, for what is worked out number by number."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.design import DesignError
from ann_tui.network.network import Network


def in_float64(network: Network) -> Network:
    """The same network in float64, with vectors and a cost of its own; the layers are those of the other one."""
    found = copy.copy(network)
    found.dtype = np.dtype(np.float64)
    found.weights = network.weights.astype(np.float64)
    found.statistics = network.statistics.astype(np.float64)
    found.cost = type(network.cost)(network.outputs, network.design, found.dtype)
    return found


def check_rows(network: Network, x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None) -> None:
    """Refuse rows that a cost can't be told of: `DesignError` where they don't fit, ValueError where there are none."""
    if x.ndim != 2 or x.shape[1] != network.features:
        raise DesignError(f"the network takes {network.features} features, but the rows have shape {x.shape}")
    if not len(x):
        raise ValueError("the cost is that of rows: there are none")
    for name, values in (("targets", y), ("weights", weight)):
        if values is not None and values.shape != (len(x),):
            raise ValueError(f"the {name} have shape {values.shape}, but there are {len(x)} rows")

"""Where the weight matrices lie in a vector of a network's numbers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network


def weight_matrices(network: Network, vector: Array) -> dict[str, Array]:
    """Views by name of all weight matrices, (inputs, units), in a vector as long as the network's `weights`.

    Biases, scales and slopes are none. Of several members each view has one more axis in front, (members, …).
    """
    views = network.views(vector).items()
    return {name: view for name, view in views if name.partition(".")[2].startswith("weights")}


class HiddenMatrices:
    """The weight matrices of all layers below the output layer, and the numbers beside them.

    A matrix with a side of one is a vector, and stands beside them as the output layer does. So does the first layer
    with weights where the features have bins: it embeds them.
    """

    def __init__(self, network: Network) -> None:
        """Those of this network."""
        self._network = network
        beside = np.ones(network.weights.size // network.members, bool)
        for view in _hidden(network.member(0), beside):
            view[...] = False
        edges = np.flatnonzero(np.diff(beside, prepend=False, append=False)).tolist()
        self._runs = [slice(*ends) for ends in list(pairwise(edges))[::2]]

    def of(self, vector: Array) -> list[Array]:
        """Views of the matrices in a vector as long as `weights`: (inputs, units), or (members, inputs, units)."""
        return _hidden(self._network, vector)

    def beside(self, vectors: Array) -> list[Array]:
        """Views of all other numbers of (…, weights), run by run: (…, members, numbers)."""
        by_member = vectors.reshape(*vectors.shape[:-1], self._network.members, -1)
        return [by_member[..., run] for run in self._runs]


def _hidden(network: Network, vector: Array) -> list[Array]:
    found = weight_matrices(network, vector)
    layers = list(dict.fromkeys(name.partition(".")[0] for name in found))
    hidden = layers[network.bins is not None : -1]
    return [
        view for name, view in found.items() if name.partition(".")[0] in hidden and min(view.shape[-2:]) > 1
    ]

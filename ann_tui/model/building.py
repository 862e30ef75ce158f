"""The network that takes what a fitted preparation gives."""

from __future__ import annotations

from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.network.design import NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs


def outputs_for(fitted: FittedPreparation) -> Outputs:
    """The output layer that the target asks for."""
    return Outputs.telling(len(fitted.target.classes))


def new_network(design: NetworkDesign, fitted: FittedPreparation, seed: int) -> Network:
    """A network of the design with freshly drawn weights. Raises DesignError."""
    edges = fitted.scaled_edges
    bins = InputBins(edges) if edges else None
    return Network(design, len(fitted.feature_names), outputs_for(fitted), seed=seed, bins=bins)

"""A network that ran away is looked at without a word: its figures are what they are."""

from __future__ import annotations

import numpy as np
import pytest
from insight.plain_network import EVERY_LAYERS, OUTPUTS, made, rows_for, targets_for
from insight.tables import network_for, prepared

from ann_tui.insight.boundary import answers, plane_of_columns
from ann_tui.insight.health import health
from ann_tui.insight.neurons import neuron_answers
from ann_tui.insight.relevance import permuted, silenced
from ann_tui.insight.signals import signals
from ann_tui.insight.sweep import sweeps
from ann_tui.network.outputs import Outputs

FAR = (np.nan, np.inf, -np.inf, 1e38, -3e38, 1e-45, 0.0)


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_no_weight_is_too_far(layers: str, outputs: Outputs, far: float) -> None:
    """Every function of rows gives arrays of its shapes, and no warning."""
    network = made(layers, outputs, dtype=np.float32)
    network.weights[::2] = far
    x, y = rows_for(network, 8), targets_for(network, 8)
    given = signals(network, x)
    for place, found in enumerate(given):
        own = neuron_answers(network, place, found, None, 0)
        assert own.active.shape == own.dead.shape == own.saturated.shape == (found.units,)
    for each in silenced(network, x, y):
        assert each.rises.shape == (network.layers[each.layer].units,)
    assert len(permuted(network, x, y, {"a": [0], "b": [1, 2]})) == 2
    for state in health(network, x, y, before=(network.weights * 0.5, 1)):
        assert state.weights.shape == state.activations.shape == state.gradients.shape == (5,)


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("target", ["class", "goal"])
def test_no_answer_is_too_far(target: str, far: float) -> None:
    """On a plane and in a sweep."""
    fitted = prepared("default", target).fitted
    network = network_for(fitted)
    network.weights[::2] = far
    assert answers(network, plane_of_columns(fitted, "age", "share", 4, 3), fitted).shape[:2] == (3, 4)
    assert len(sweeps(fitted, network, {}, 3)) == 6

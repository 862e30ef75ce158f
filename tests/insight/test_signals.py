"""What layers give, against a network that is worked out row by row and unit by unit."""

from __future__ import annotations

import numpy as np
import pytest
from insight.plain_network import EVERY_LAYERS, OUTPUTS, made, passed, rows_for, seen

from ann_tui.insight.signals import inputs, signals
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.design import DesignError
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import Scorer, predict

CLOSE = {np.float64: 1e-10, np.float32: 2e-4}


def assert_as_worked_out(network: Network, x: np.ndarray) -> None:
    """Names, kinds, shapes, sums and outputs of every layer."""
    found = signals(network, x)
    close = CLOSE[network.dtype.type]
    assert [(each.name, each.kind, each.units) for each in found] == [
        (layer.name, layer.kind, layer.units) for layer in network.layers
    ]
    for row, features in enumerate(x.tolist()):
        for each, wanted in zip(found, passed(network, seen(network, features)), strict=True):
            assert each.outputs.shape == (len(x), each.units)
            np.testing.assert_allclose(each.outputs[row], wanted.outputs, close, close, err_msg=each.name)
            assert (each.sums is None) == (wanted.sums is None)
            if each.sums is not None and wanted.sums is not None:
                np.testing.assert_allclose(each.sums[row], wanted.sums, close, close, err_msg=each.name)


@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_every_kind_of_layer(layers: str, outputs: Outputs) -> None:
    """On the inputs, between others, and without any; with bins too."""
    for binned in (0, 2):
        network = made(layers, outputs, binned=binned)
        assert_as_worked_out(network, rows_for(network, 7))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str) -> None:
    """As a part of a dense layer, as a layer, and within a residual block; in both float types."""
    for dtype in (np.float64, np.float32):
        network = made(f"4 {activation}, {activation}, residual 3 {activation}", OUTPUTS[2], dtype=dtype)
        assert_as_worked_out(network, rows_for(network, 9))


def test_inputs_are_what_the_first_layer_sees() -> None:
    """The features and their bins; no column of ones."""
    for binned in (0, 3):
        network = made("3 relu", OUTPUTS[0], 4, binned=binned)
        x = rows_for(network, 30)
        found = inputs(network, x)
        assert found.shape == (30, network.inputs)
        np.testing.assert_allclose(found, [seen(network, row) for row in x.tolist()], 1e-6, 1e-6)


@pytest.mark.parametrize(
    ("layers", "features", "outputs"),
    [
        ("512 relu, 16 tanh", 300, Outputs("multiclass", 26)),
        ("", 10_000, Outputs("binary")),
        ("1 elu", 1, OUTPUTS[1]),
    ],
)
def test_wide_and_narrow_networks_end_where_the_scorer_does(
    layers: str, features: int, outputs: Outputs
) -> None:
    """The output layer's sums are those of which predictions are made."""
    network = made(layers, outputs, features, dtype=np.float32)
    network.weights *= 0.1
    x = rows_for(network, 40)
    last = signals(network, x)[-1].outputs
    np.testing.assert_allclose(last, Scorer(network).scores(x).T, 1e-4, 1e-4)
    assert last.shape == (40, outputs.units)


def test_of_several_members_each_has_signals_of_its_own() -> None:
    """And they are not those of the others."""
    network = made("4 relu, batch norm", OUTPUTS[2], members=3)
    x = rows_for(network, 11)
    found = [signals(network.member(number), x) for number in range(3)]
    for number in range(3):
        assert_as_worked_out(network.member(number), x)
    assert not np.allclose(found[0][0].outputs, found[1][0].outputs)
    with pytest.raises(AssertionError):
        signals(network, x)


def test_what_was_given_stays_and_nothing_is_learned() -> None:
    """A second call, and training-like layers, change neither weights and statistics nor the first call's arrays."""
    network = made("4 relu, dropout 0.5, batch norm", OUTPUTS[0])
    x = rows_for(network, 12)
    before = network.weights.copy(), network.statistics.copy()
    first = signals(network, x)
    kept = [each.outputs.copy() for each in first]
    signals(network, -x)
    for each, copy in zip(first, kept, strict=True):
        assert (each.outputs == copy).all()
    assert (network.weights == before[0]).all() and (network.statistics == before[1]).all()


def test_no_rows_and_other_rows() -> None:
    """None give none; those of another table are refused as the scorer refuses them."""
    network = made("4 relu, batch norm", OUTPUTS[2])
    assert [each.outputs.shape for each in signals(network, rows_for(network, 0))] == [(0, 4), (0, 4), (0, 3)]
    wrong = np.zeros((2, 5))
    with pytest.raises(DesignError) as theirs:
        predict(network, wrong)
    for function in (signals, inputs):
        with pytest.raises(DesignError) as ours:
            function(network, wrong)
        assert str(ours.value) == str(theirs.value)

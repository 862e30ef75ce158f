"""Inputs that are encoded piecewise linearly: against the paper's equation in exact fractions, and what follows."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.network.design import DesignError, NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict

finite = st.floats(-1e6, 1e6, width=32)
edge_lists = (
    st.lists(finite, min_size=2, max_size=25, unique=True)
    .map(lambda found: np.unique(np.array(found, np.float32) + np.float32(0)))
    .filter(lambda edges: len(edges) > 1)
)


def written(edges: np.ndarray, values: list[float]) -> np.ndarray:
    """The bins of a feature that stands second, (n, bins)."""
    bins = InputBins([(1, edges)])
    rows = np.stack([np.full(len(values), 7.0), np.array(values)], axis=1).astype(np.float32)
    out = np.full((len(values), len(bins)), np.nan, np.float32)
    bins.write(rows, out)
    return out


@settings(max_examples=200, deadline=None)
@given(edges=edge_lists, values=st.lists(finite, min_size=1, max_size=8))
def test_each_is_what_the_paper_says_within_the_outer_edges(edges: np.ndarray, values: list[float]) -> None:
    values = [*values, *edges.tolist()]
    for value, row in zip(values, written(edges, values), strict=True):
        for found, (low, high) in zip(row, pairwise(edges.tolist()), strict=True):
            share = (Fraction(value) - Fraction(low)) / (Fraction(high) - Fraction(low))
            assert found == pytest.approx(float(min(max(share, Fraction(0)), Fraction(1))), abs=1e-5)


@settings(max_examples=200, deadline=None)
@given(edges=edge_lists, values=st.lists(finite, min_size=2, max_size=20))
def test_none_falls_while_the_number_rises(edges: np.ndarray, values: list[float]) -> None:
    found = written(edges, sorted(values))
    assert (np.diff(found, axis=0) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()


@pytest.mark.parametrize("edges", [[1.0, 1.0], [2.0, 1.0], [0.0, float("nan")]])
def test_edges_that_do_not_rise_are_refused(edges: list[float]) -> None:
    with pytest.raises(DesignError, match="don't rise"):
        InputBins([(0, np.array(edges, np.float32))])


def test_features_and_bins_of_many_columns_stand_in_order() -> None:
    """Each bin reads its own feature, and what stands behind the inputs stays."""
    bins = InputBins([(2, np.array([0, 1, 2], np.float32)), (0, np.array([10, 20], np.float32))])
    network = Network(NetworkDesign.from_text("3 relu"), 3, Outputs("number"), bins=bins)
    assert (network.features, network.inputs) == (3, 6)
    room = network.input_columns(2)
    network.put_inputs(np.array([[12, -1, 0.5], [30, 9, 1.25]], np.float32), room)
    np.testing.assert_allclose(room, [[12, -1, 0.5, 0.5, 0, 0.2, 1], [30, 9, 1.25, 1, 0.25, 1, 1]], atol=1e-6)


@pytest.mark.parametrize(
    "layers", ["", "5 relu, 3 tanh", "input scale, 5 selu", "layer norm, residual 4 relu"]
)
def test_at_first_the_network_is_the_one_without_bins(layers: str) -> None:
    """A layer norm over all inputs sees the bins, so that one stands alone."""
    x = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    edges = [(place, np.array([-1, 0, 1], np.float32)) for place in range(3)]
    design = NetworkDesign.from_text(layers)
    binned = Network(design, 3, Outputs("number"), seed=4, bins=InputBins(edges))
    plain = Network(design, 3, Outputs("number"), seed=4)
    first = next(view for name, view in binned.parameters.items() if ".weights" in name)
    assert first.shape[0] == 9 and (first[3:] == 0).all() and (first[:3] != 0).all()
    if "norm" not in layers:
        np.testing.assert_allclose(predict(binned, x), predict(plain, x), rtol=1e-5, atol=1e-6)

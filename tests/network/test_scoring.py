"""A row's answer is its own: the same bits in any order, any company, any number of rows, by any kernel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.network.design import DesignError, NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import BLOCK_ROWS, Scorer, predict

pytestmark = pytest.mark.bits

ROWS = 700
LAYERS = (
    "",
    "16 relu",
    "64 relu, 32 tanh",
    "65 gelu, batch norm, layer norm, 33 mish",
    "300 silu",
    "input scale, 7 prelu, residual 9 softplus, dropout 0.2, 40 selu",
    "512 relu, 257 sigmoid",
    "1 tanh",
)
OUTPUTS = (Outputs("binary"), Outputs("number"), Outputs("multiclass", 3), Outputs("multiclass", 11))


def made(
    layers: str, inputs: int, outputs: Outputs, dtype: type = np.float32, members: int = 1, binned: int = 0
) -> tuple[Network, np.ndarray]:
    """A network that has measured something, and rows for it; the first `binned` features have bins."""
    generator = np.random.default_rng(inputs)
    design = replace(NetworkDesign.from_text(layers), members=members)
    edges = np.linspace(-2, 2, 8, dtype=np.float32)
    bins = InputBins([(place, edges + place) for place in range(binned)]) if binned else None
    network = Network(design, inputs, outputs, seed=1, dtype=dtype, bins=bins)
    network.statistics[:] = generator.uniform(0.5, 1.5, network.statistics.size)
    return network, generator.standard_normal((ROWS, inputs)).astype(dtype)


@pytest.mark.parametrize(
    ("inputs", "members"), [(1, 1), (4, 1), (31, 1), (256, 1), (300, 1), (5, 3), (270, 2)]
)
@pytest.mark.parametrize("layers", LAYERS)
def test_in_any_order_and_any_company(layers: str, inputs: int, members: int) -> None:
    """All rows, another order of them, single rows, and rows cut at any place."""
    for outputs in OUTPUTS:
        network, x = made(layers, inputs, outputs, members=members, binned=2 if members > 1 else 0)
        whole = predict(network, x)
        order = np.random.default_rng(0).permutation(ROWS)
        assert (predict(network, x[order]) == whole[order]).all()
        for row in range(0, ROWS, 41):
            assert (predict(network, x[row : row + 1])[0] == whole[row]).all(), row
        for first, last in ((3, 20), (0, ROWS - 1), (100, 133), (5, 5 + BLOCK_ROWS)):
            assert (predict(network, x[first:last]) == whole[first:last]).all(), (first, last)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=90),
    layers=st.sampled_from(LAYERS),
    outputs=st.sampled_from(OUTPUTS),
    wide=st.booleans(),
    members=st.sampled_from([1, 2, 5]),
)
def test_any_choice_of_rows(rows: list[int], layers: str, outputs: Outputs, wide: bool, members: int) -> None:
    """With repetitions; in float64 too."""
    dtype = np.float64 if len(rows) % 2 else np.float32
    network, x = made(layers, 270 if wide else 9, outputs, dtype, members)
    assert (predict(network, x[rows]) == predict(network, x)[rows]).all()


@pytest.mark.parametrize("outputs", OUTPUTS)
def test_more_rows_than_a_chunk(outputs: Outputs) -> None:
    """The chunks are cut at another place for each number of rows."""
    network, x = made("40 relu", 6, outputs)
    scorer = Scorer(network)
    many = np.resize(x, (scorer.chunk + ROWS, 6))
    assert (predict(network, many) == predict(network, many[::-1])[::-1]).all()
    assert (predict(network, many)[:ROWS] == predict(network, x)).all()


def test_a_scorer_reads_the_weights_anew() -> None:
    """And those that it was given, if any."""
    network, x = made("8 relu", 4, Outputs("number"))
    other = network.copy()
    other.weights *= 2
    scorer = Scorer(network, other.weights, other.statistics)
    assert (scorer.predictions(scorer.scores(x)) == predict(other, x)).all()
    other.weights *= 2
    assert (scorer.predictions(scorer.scores(x)) == predict(other, x)).all()
    assert (predict(network, x) != predict(other, x)).any()


def test_no_rows_and_odd_rows() -> None:
    """No row has no answer; other features are refused with both numbers."""
    network, x = made("8 relu", 4, Outputs("multiclass", 3))
    assert predict(network, x[:0]).shape == (0, 3)
    with pytest.raises(DesignError, match=r"takes 4 features.*\(700, 3\)"):
        predict(network, x[:, :3])
    with pytest.raises(DesignError, match="takes 4 features"):
        predict(network, x[0])

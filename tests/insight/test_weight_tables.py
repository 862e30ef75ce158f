"""Weights as tables: the very numbers of the network, by the names of what they weigh."""

from __future__ import annotations

from itertools import groupby, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from insight.plain_network import EVERY_LAYERS, OUTPUTS, made

from ann_tui.insight.signals import signals
from ann_tui.insight.weight_tables import WEAK, grouped_inputs, weight_place, weight_tables
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs


@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("outputs", OUTPUTS, ids=lambda outputs: outputs.kind)
def test_every_weight_that_is_weighed_with_stands_in_one_table(layers: str, outputs: Outputs) -> None:
    network = made(layers, outputs)
    names = [f"in {place}" for place in range(network.inputs)]
    tables = weight_tables(network, names, [f"out {unit}" for unit in range(outputs.units)])
    assert tables[0].input_names == tuple(names)
    assert tables[-1].unit_names == tuple(f"out {unit}" for unit in range(outputs.units))
    for below, above in pairwise(tables):
        assert above.input_names == below.unit_names
    weighed = [name for name in network.parameters if ".weights" in name]
    assert [table.of[0] for table in tables] == weighed
    for table in tables:
        assert np.shares_memory(table.values, network.weights)
        assert table.values.shape == (len(table.input_names), len(table.unit_names))
        assert table.bias.shape == (table.units,)


def test_hidden_layers_are_counted_and_say_what_bends_them() -> None:
    network = Network(
        NetworkDesign.from_text("3 relu, dropout 0.5, 4 linear, batch norm, tanh"), 2, Outputs("number")
    )
    tables = weight_tables(network, ("a", "b"), ("price",))
    assert [(table.title, table.bends) for table in tables] == [
        ("hidden 1", "relu"),
        ("hidden 2", "tanh"),
        ("output", "linear"),
    ]
    assert tables[1].unit_names[2] == "hidden 2, unit 3"


@pytest.mark.parametrize("members", [1, 3])
def test_a_place_is_where_the_weight_lies(members: int) -> None:
    design = NetworkDesign(NetworkDesign.from_text("4 relu, residual 3, 2 tanh").layers, members=members)
    network = Network(design, 5, Outputs("binary"), seed=3)
    for member in range(members):
        own = network.member(member)
        for table in weight_tables(own, "abcde", ("p",)):
            for source, unit in ((0, 0), (table.inputs - 1, table.units - 1)):
                place = weight_place(network, member, table, source, unit)
                before = float(table.values[source, unit])
                assert network.weights[place] == np.float32(before)
                network.weights[place] = before + 1
                assert table.values[source, unit] == np.float32(before + 1)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_inputs_stand_by_column_the_strongest_first(features: list[tuple[str, int]], random: Random) -> None:
    """Each feature has a column and so many bins; bins that weigh little stand behind all others."""
    places = [(place, count) for place, (_, count) in enumerate(features) if count]
    owners = [*range(len(features)), *(place for place, count in places for _ in range(count))]
    strengths = np.array([random.choice([0.0, 0.01, 0.5, 1.0, 2.0]) for _ in owners])
    order = grouped_inputs([column for column, _ in features], places, strengths)
    assert sorted(order) == list(range(len(owners)))

    least = WEAK * strengths.max()
    own_bins = {
        place: [at for at in range(len(features), len(owners)) if owners[at] == place] for place, _ in places
    }
    weak = [at for bins in own_bins.values() for at in bins if not max(strengths[bins]) >= least > 0]
    assert order[len(order) - len(weak) :] == sorted(weak)
    shown = order[: len(order) - len(weak)]
    columns = [features[owners[at]][0] for at in shown]
    blocks = [column for column, _ in groupby(columns)]
    assert len(blocks) == len(set(blocks))
    tops = [max(strengths[at] for at in shown if features[owners[at]][0] == column) for column in blocks]
    assert tops == sorted(tops, reverse=True)
    for place, bins in own_bins.items():
        if bins[0] in shown:
            at = shown.index(place)
            assert shown[at + 1 : at + 1 + len(bins)] == bins


def test_a_table_gives_the_sums_of_the_layer() -> None:
    """x·W + b of the first table is what `signals` calls the sums."""
    network = Network(NetworkDesign.from_text("6 tanh, 3 relu"), 4, Outputs("multiclass", 3), seed=1)
    x = np.random.default_rng(0).normal(size=(7, 4)).astype(np.float32)
    table = weight_tables(network, "abcd", "xyz")[0]
    sums = signals(network, x)[table.layer].sums
    np.testing.assert_allclose(x @ table.values + table.bias, sums, rtol=1e-5, atol=1e-6)

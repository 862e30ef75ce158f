"""The line of text that people type, and the table of layers."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.build import build_layers, describe
from ann_tui.network.costs import COSTS
from ann_tui.network.design import DesignError, LayerDesign, NetworkDesign
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.layer_kinds import LAYER_KINDS
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs

names = st.sampled_from
optional_activation = st.none() | names(list(ACTIVATIONS))
layers = st.one_of(
    st.builds(
        LayerDesign,
        names(["dense", "residual"]),
        st.integers(1, 300),
        optional_activation,
        st.none() | names(list(INITIALIZERS)),
    ),
    st.builds(LayerDesign, st.just("dropout"), rate=st.integers(0, 99).map(lambda percent: percent / 100)),
    st.builds(LayerDesign, names(["batch norm", "layer norm", "input scale"])),
    st.builds(LayerDesign, st.just("activation"), activation=names(list(ACTIVATIONS))),
)
designs = st.builds(NetworkDesign, st.lists(layers, max_size=5).map(tuple))


@settings(max_examples=100, deadline=None)
@given(design=designs)
def test_text_is_read_back_as_written(design: NetworkDesign) -> None:
    """Any design, also with odd spaces and capitals."""
    assert NetworkDesign.from_text(design.text) == design
    assert NetworkDesign.from_text(design.text.upper().replace(" ", "  ")) == design


@settings(max_examples=40, deadline=None)
@given(design=designs, inputs=st.integers(1, 20), kind=names(["binary", "multiclass", "number"]))
def test_the_table_tells_what_is_built(design: NetworkDesign, inputs: int, kind: str) -> None:
    """Names, shapes that follow on each other, and as many parameters as the network learns."""
    outputs = Outputs("multiclass", 4) if kind == "multiclass" else Outputs(kind)
    table = describe(design, inputs, outputs)
    network = Network(design, inputs, outputs)
    assert sum(row.parameters for row in table) == network.parameter_count
    assert [row.name for row in table] == ["input", *(layer.name for layer in network.layers)]
    assert len({row.name for row in table}) == len(table)
    for below, above in pairwise(table):
        assert above.shape == (below.units, above.units)
    assert (table[0].units, table[-1].units) == (inputs, outputs.units)
    assert {name.split(".")[0] for name in network.parameters} <= {row.name for row in table}


def test_the_usual_line() -> None:
    """As in the help."""
    design = NetworkDesign.from_text("64 relu, dropout 0.2, 32 relu")
    assert [layer.kind for layer in design.layers] == ["dense", "dropout", "dense"]
    rows = describe(design, 10, Outputs("multiclass", 3))
    assert [(row.name, row.units, row.activation, row.options, row.parameters) for row in rows] == [
        ("input", 10, "", "", 0),
        ("dense_1", 64, "relu", "", 704),
        ("dropout_1", 64, "", "rate 0.2", 0),
        ("dense_2", 32, "relu", "", 2080),
        ("output", 3, "softmax", "", 99),
    ]


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("64", LayerDesign("dense", 64)),
        ("64 swish", LayerDesign("dense", 64, "silu")),
        ("dense 64 leaky-relu", LayerDesign("dense", 64, "leaky relu")),
        ("8 hard_sigmoid he normal", LayerDesign("dense", 8, "hard sigmoid", "he normal")),
        ("8 orthogonal", LayerDesign("dense", 8, None, "orthogonal")),
        ("BatchNorm", LayerDesign("batch norm")),
        ("skip 16 gelu", LayerDesign("residual", 16, "gelu")),
        ("relu", LayerDesign("activation", activation="relu")),
        ("dropout 0", LayerDesign("dropout", rate=0.0)),
    ],
)
def test_other_ways_to_say_it(text: str, layer: LayerDesign) -> None:
    """Aliases, hyphens, capitals, the word dense."""
    assert LayerDesign.from_text(text) == layer


def test_no_text_means_no_hidden_layer() -> None:
    """Logistic or linear regression."""
    assert NetworkDesign.from_text("  ").layers == ()
    assert NetworkDesign(()).text == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("64 relu, reluu", "'reluu'"),
        ("64 foo", "'64 foo': 'foo' is no activation or initializer"),
        ("0 relu", "'0 relu': units must be a whole number from 1 to"),
        ("-3 relu", "'-3 relu'"),
        ("99999999 relu", "from 1 to 65536"),
        ("dropout", "'dropout': it needs a rate, as in 'dropout 0.2'"),
        ("dropout 1", "from 0 to below 1"),
        ("dropout -0.1", "from 0 to below 1"),
        ("dropout nan", "from 0 to below 1"),
        ("dropout 0.2 relu", "'relu' is no option"),
        ("64 relu,, 32", "nothing between two commas"),
        ("64 relu,", "after the last one"),
        ("residual relu", "it needs a number of units"),
        ("batch norm 3", "'3' is no option"),
        ("64 relu relu", "'relu' is no"),
        ("64.5 relu", "'64.5 relu'"),
        ("[/]", "'[/]'"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, message: str) -> None:
    """In one line, with the piece."""
    with pytest.raises(DesignError) as error:
        NetworkDesign.from_text(text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "conv"}, "unknown layer 'conv'"),
        ({"kind": "dense"}, "units must be"),
        ({"units": 3, "activation": "foo"}, "unknown activation 'foo'"),
        ({"units": 3, "initializer": "foo"}, "unknown initializer 'foo'"),
        ({"units": 3, "rate": 0.1}, "takes no rate"),
        ({"kind": "dropout", "rate": 0.1, "units": 3}, "takes no units"),
        ({"kind": "activation"}, "name of an activation"),
    ],
)
def test_fields_that_do_not_fit_are_refused(fields: dict[str, object], message: str) -> None:
    """Also where no text is read: from an experiment file."""
    with pytest.raises(DesignError, match=message):
        LayerDesign(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cost": "loss"}, "unknown cost 'loss'"),
        ({"label_smoothing": 1.0}, "label smoothing"),
        ({"focal_gamma": -1.0}, "focal gamma"),
        ({"huber_delta": 0.0}, "huber delta"),
        ({"quantile": 1.0}, "quantile"),
        ({"layers": (LayerDesign("dense", 1),) * 257}, "at most 256"),
    ],
)
def test_options_out_of_range_are_refused(fields: dict[str, object], message: str) -> None:
    """With the name of the option."""
    with pytest.raises(DesignError, match=message):
        NetworkDesign(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("outputs", [Outputs("binary"), Outputs("multiclass", 3), Outputs("number")])
def test_a_cost_judges_its_kinds_alone(name: str, outputs: Outputs) -> None:
    """The others are refused with the names of fitting ones."""
    design = NetworkDesign(cost=name)
    if outputs.kind in COSTS[name].kinds:
        assert design.cost_for(outputs) == name
        Network(design, 2, outputs)
    else:
        with pytest.raises(DesignError, match=f"cost '{name}' can't judge"):
            Network(design, 2, outputs)


def test_everything_that_can_be_chosen_is_explained() -> None:
    """Each entry knows its name and has a line for learners; every kind of layer can be built."""
    for registry in (ACTIVATIONS, INITIALIZERS, COSTS, LAYER_KINDS):
        for name, entry in registry.items():
            assert entry.name == name
            assert len(entry.summary) > 15
            assert name == name.lower()
    text = "4, dropout 0.1, batch norm, layer norm, input scale, residual 3, relu"
    kinds = [layer.kind for layer in build_layers(NetworkDesign.from_text(text), 2, Outputs("number"))]
    assert set(kinds) == set(LAYER_KINDS)


@pytest.mark.parametrize(("kind", "units"), [("multiclass", 1), ("binary", 2), ("number", 3), ("foo", 1)])
def test_outputs_that_cannot_be(kind: str, units: int) -> None:
    """Refused where they are made."""
    with pytest.raises(ValueError, match="outputs"):
        Outputs(kind, units)  # type: ignore[arg-type]


def test_outputs_follow_from_the_number_of_classes() -> None:
    """They tell as many apart as were asked for; a single class is nothing to tell."""
    assert [Outputs.telling(count) for count in (0, 2, 3)] == [
        Outputs("number"),
        Outputs("binary"),
        Outputs("multiclass", 3),
    ]
    assert [Outputs.telling(count).classes for count in (0, 2, 5)] == [0, 2, 5]
    with pytest.raises(ValueError, match="at least two"):
        Outputs.telling(1)

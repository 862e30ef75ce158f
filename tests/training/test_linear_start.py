"""A network that begins as a linear model: what it answers before the first step, and where its layers can't."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.linear_start import obstacle, passed_share
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict
from ann_tui.training.examples import Examples
from ann_tui.training.linear_start import begin_as_linear_model, linear_model

KINDS = [Outputs("binary"), Outputs("multiclass", 4), Outputs("number")]
LAYERS = [
    "",
    "8 relu",
    "input scale, 12 relu, dropout 0.5, 9 relu",
    "16 leaky relu, 8 silu, 10 gelu",
    "8 prelu, residual 5 tanh, 8 linear",
    "residual 3, 8 relu",
]


def examples(outputs: Outputs, rows: int = 90, features: int = 3) -> Examples:
    """Rows of which a line tells most."""
    generator = np.random.default_rng(4)
    x = generator.normal(size=(rows, features)).astype(np.float32)
    line = x @ np.arange(1, features + 1) / 3 + generator.normal(0, 0.5, rows)
    if outputs.kind == "number":
        return Examples(x, line.astype(np.float32))
    edges = np.quantile(line, np.linspace(0, 1, outputs.classes + 1)[1:-1])
    return Examples(x, np.digitize(line, edges).astype(np.int32))


def begun(outputs: Outputs, layers: str, found: Examples, members: int = 1) -> Network:
    """A fresh network that begins as the linear model."""
    design = NetworkDesign(NetworkDesign.from_text(layers).layers, members=members)
    network = Network(design, found.x.shape[1], outputs, seed=2)
    begin_as_linear_model(network, found)
    return network


@pytest.mark.parametrize("outputs", KINDS, ids=lambda outputs: outputs.kind)
@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("members", [1, 3])
def test_it_answers_like_scikit_learns_linear_model(outputs: Outputs, layers: str, members: int) -> None:
    found = examples(outputs)
    answers = predict(begun(outputs, layers, found, members), found.x)
    if outputs.kind == "number":
        # Half the sum of squares over the rows is the penalty of half a unit of Ridge.
        wanted = Ridge(alpha=0.5).fit(found.x, found.y).predict(found.x)
    else:
        wanted = LogisticRegression(max_iter=5_000, tol=1e-8).fit(found.x, found.y).predict_proba(found.x)
    np.testing.assert_allclose(answers, wanted, atol=2e-3)


def test_weights_of_the_rows_count() -> None:
    found = examples(KINDS[2])
    weight = np.where(found.y > 0, 5.0, 0.2)
    weights, bias = linear_model(
        Network(NetworkDesign.from_text("8 relu"), 3, KINDS[2]), Examples(found.x, found.y, weight)
    )
    model = Ridge(alpha=0.5).fit(found.x, found.y, sample_weight=weight / weight.mean())
    np.testing.assert_allclose(weights[:, 0], model.coef_, atol=1e-3)
    np.testing.assert_allclose(bias, model.intercept_, atol=1e-3)


def test_bins_begin_silent() -> None:
    found = examples(KINDS[0])
    edges = np.array([-1.0, 0.0, 1.0], np.float32)
    bins = InputBins(list(enumerate([edges] * 3)))
    design = NetworkDesign.from_text("8 relu, 6 relu")
    with_bins, without = (Network(design, 3, KINDS[0], seed=2, bins=each) for each in (bins, None))
    for network in (with_bins, without):
        begin_as_linear_model(network, found)
    np.testing.assert_allclose(predict(with_bins, found.x), predict(without, found.x), rtol=1e-5)


def test_units_beside_the_line_are_as_drawn_and_unheard() -> None:
    found = examples(KINDS[0])
    network = begun(KINDS[0], "6 relu", found)
    drawn = Network(network.design, 3, KINDS[0], seed=2).parameters
    own = network.parameters
    np.testing.assert_array_equal(own["dense_1.weights"][:, 2:], drawn["dense_1.weights"][:, 2:])
    assert (own["output.weights"][2:] == 0).all()


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        ("8 tanh", "tanh would bend it"),
        ("8 relu, batch norm", "batch norm 1 would bend it"),
        ("8 relu, 7 relu", "7 units are too few to pass 4 lines: it takes two for each"),
    ],
)
def test_layers_that_pass_no_line_stay_as_they_are(layers: str, why: str) -> None:
    outputs, found = KINDS[1], examples(KINDS[1])
    network = begun(outputs, layers, found)
    assert obstacle(network.layers[:-1], outputs.units) == why
    np.testing.assert_array_equal(network.weights, Network(network.design, 3, outputs, seed=2).weights)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_two_units_pass_a_line_where_it_is_said(name: str) -> None:
    share = passed_share(name)
    entry = ACTIVATIONS[name]
    z = np.concatenate([z := np.linspace(0.01, 40, 500), -z])[None, :]
    learnt = () if entry.slope is None else (np.full(1, entry.slope), np.zeros(1))
    bent = z.copy()
    entry.bind(bent, *learnt)[0]()
    found = (bent[0, :500] - bent[0, 500:]) / z[0, :500]
    assert (np.ptp(found) < 1e-9 and found[0] > 0) == (share is not None)
    if share is not None:
        np.testing.assert_allclose(found, share, rtol=1e-9)

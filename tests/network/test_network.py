"""The network as a whole."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from ann_tui.network.costs import COSTS
from ann_tui.network.design import DesignError, NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict

KINDS = [Outputs("binary"), Outputs("multiclass", 3), Outputs("number")]
EVERYTHING = "input scale, 6 prelu, batch norm, dropout 0.5, residual 4 gelu, layer norm, 5 linear, tanh"


def network(outputs: Outputs = KINDS[1], layers: str = EVERYTHING, seed: int = 0, inputs: int = 4) -> Network:
    return Network(NetworkDesign.from_text(layers), inputs, outputs, seed=seed)


def rows(count: int, inputs: int = 4) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(count, inputs)).astype(np.float32)


@pytest.mark.parametrize("outputs", KINDS)
@pytest.mark.parametrize("count", [0, 1, 5, 70_000])
def test_predictions_have_their_shape_and_range(outputs: Outputs, count: int) -> None:
    """Probabilities that add up to 1, or numbers."""
    found = predict(network(outputs), rows(count))
    assert found.dtype == np.float32
    if outputs.kind == "number":
        assert found.shape == (count,)
    else:
        assert found.shape == (count, outputs.classes)
        np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
        assert ((found >= 0) & (found <= 1)).all()


def test_the_forward_pass_is_the_lessons() -> None:
    """Written out with the named parameters."""
    model = network(layers="6 relu, 5 tanh")
    x, p = rows(9), model.parameters
    h = np.maximum(x @ p["dense_1.weights"] + p["dense_1.bias"], 0)
    h = np.tanh(h @ p["dense_2.weights"] + p["dense_2.bias"])
    z = h @ p["output.weights"] + p["output.bias"]
    np.testing.assert_allclose(predict(model, x), np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), rtol=1e-5)


def test_a_row_is_predicted_alike_in_any_company() -> None:
    """Prediction doesn't drop, and doesn't look at the other rows."""
    model, x = network(), rows(300)
    whole = predict(model, x)
    assert (np.concatenate([predict(model, x[i : i + 7]) for i in range(0, 300, 7)]) == whole).all()
    assert (predict(model, x) == whole).all()


def test_the_same_seed_draws_the_same_weights() -> None:
    """And no global state is touched."""
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    assert (
        network(seed=5).weights.tobytes()
        == network(seed=5).weights.tobytes()
        != network(seed=6).weights.tobytes()
    )
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


@pytest.mark.parametrize(("name", "kind"), [(e.name, kind) for e in COSTS.values() for kind in e.kinds])
def test_counts_alone_begin_near_their_mean(name: str, kind: str) -> None:
    """By the rows' weights; no other cost begins elsewhere than it was drawn."""
    outputs = next(each for each in KINDS if each.kind == kind)
    design = NetworkDesign(NetworkDesign.from_text("5 tanh").layers, cost=name)
    drawn, near = (Network(design, 4, outputs, seed=3) for _ in range(2))
    near.begin_near(np.array([0, 1, 2] * 9), np.array([1.0, 1.0, 3.0] * 9))
    same = near.weights == drawn.weights
    assert same[:-1].all() and same[-1] == (name != "poisson")
    if name == "poisson":
        assert np.exp(near.parameters["output.bias"]) == pytest.approx(7 / 5)
        drawn.begin_near(np.zeros(4), np.ones(4))
        assert not drawn.parameters["output.bias"].any()


def test_parameters_out_and_in() -> None:
    """All of them, also what batch norm measured; then both networks predict the same bits."""
    first, second, x = network(seed=1), network(seed=2), rows(20)
    first.statistics[:] += 0.5
    assert predict(first, x).tobytes() != predict(second, x).tobytes()
    second.set_parameters({name: value.copy() for name, value in first.parameters.items()})
    assert predict(first, x).tobytes() == predict(second, x).tobytes()
    learnt = {name for name in first.parameters if not name.endswith((".mean", ".variance"))}
    assert sum(first.parameters[name].size for name in learnt) == first.parameter_count


def test_parameters_that_do_not_fit_change_nothing() -> None:
    """The message names the first of them."""
    model = network()
    before = model.weights.copy()
    values = {name: np.zeros_like(value) for name, value in model.parameters.items()}
    with pytest.raises(DesignError, match=r"dense_1\.bias"):
        model.set_parameters({**values, "dense_1.bias": np.zeros(7)})
    missing = dict(values)
    del missing["output.bias"]
    with pytest.raises(DesignError, match=r"output\.bias"):
        model.set_parameters(missing)
    with pytest.raises(DesignError, match="more"):
        model.set_parameters({**values, "more": np.zeros(1)})
    assert (model.weights == before).all()


def test_several_threads_predict_at_once() -> None:
    """Each gets what one alone gets."""
    model = network(layers="32 relu, 32 relu")
    parts = [rows(500) * factor for factor in range(1, 9)]
    alone = [predict(model, part).tobytes() for part in parts]
    with ThreadPoolExecutor(4) as pool:
        assert [found.tobytes() for found in pool.map(partial(predict, model), parts)] == alone


def test_a_copy_is_independent() -> None:
    """By copy and by pickle."""
    model, x = network(), rows(5)
    before = predict(model, x).tobytes()
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert predict(other, x).tobytes() == before
        other.weights[:] = 0
    assert predict(model, x).tobytes() == before


def test_no_hidden_layer() -> None:
    """A straight line."""
    model = network(Outputs("number"), "")
    assert set(model.parameters) == {"output.weights", "output.bias"}
    x = rows(6)
    np.testing.assert_allclose(
        predict(model, x), x @ model.parameters["output.weights"][:, 0], rtol=1e-5, atol=1e-6
    )


def test_rows_that_do_not_fit_are_refused() -> None:
    """With both numbers."""
    with pytest.raises(DesignError, match=r"takes 4 features.*\(3, 5\)"):
        predict(network(), np.zeros((3, 5)))
    with pytest.raises(DesignError, match="no input"):
        network(inputs=0)


def test_dropout_drops_its_share_in_training_alone() -> None:
    """What is kept grows, so that the mean stays."""
    model = network(Outputs("number"), "dropout 0.3", inputs=200)
    x = np.ones((500, 200), np.float32)
    passes = model.bind(500, generator=np.random.default_rng(0))
    kept = passes.forwards[0](x.T)[:200]
    assert set(np.unique(kept)) == {np.float32(0), np.float32(1 / 0.7)}
    assert (kept == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert kept.mean() == pytest.approx(1.0, abs=0.01)
    assert (model.bind(500).forwards[0](x.T)[:200] == 1).all()


def test_batch_norm_measures_the_spread_of_all_rows_not_of_the_batch() -> None:
    """The running variance divides by one less than the rows, as an estimate for rows unseen; prediction uses it."""
    model = network(Outputs("number"), "batch norm", inputs=3)
    x = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    passes = model.bind(4, generator=np.random.default_rng(0))
    for _ in range(300):
        passes.forwards[0](x.T)
    np.testing.assert_allclose(model.parameters["batch_norm_1.variance"], x.var(axis=0, ddof=1), rtol=1e-4)
    normal = model.bind(4).forwards[0](x.T)[:3].T
    np.testing.assert_allclose(normal, (x - x.mean(axis=0)) / x.std(axis=0, ddof=1), rtol=1e-3, atol=1e-4)


def test_batch_norm_centres_each_unit_in_training() -> None:
    """And its running figures go towards the batch's."""
    model = network(Outputs("number"), "batch norm", inputs=3)
    x = np.random.default_rng(0).normal([1, -5, 30], [1, 4, 0.1], (400, 3)).astype(np.float32)
    passes = model.bind(400, generator=np.random.default_rng(0))
    for _ in range(100):
        normal = passes.forwards[0](x.T)[:3]
    np.testing.assert_allclose(normal.mean(axis=1), 0, atol=1e-3)
    np.testing.assert_allclose(normal.std(axis=1), 1, atol=1e-2)
    np.testing.assert_allclose(model.parameters["batch_norm_1.mean"], x.mean(axis=0), rtol=1e-3)
    np.testing.assert_allclose(model.parameters["batch_norm_1.variance"], x.var(axis=0, ddof=1), rtol=1e-2)

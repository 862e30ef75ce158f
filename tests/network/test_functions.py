"""Activations, costs and initializers: laws, and the far ends of the numbers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import hinge_loss, log_loss, mean_pinball_loss, mean_poisson_deviance

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS, Cost
from ann_tui.network.design import NetworkDesign
from ann_tui.network.initializers import INITIALIZERS
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs

FAR = np.array([[-1e38, -1e4, -100.0, -1.0, 0.0, 1.0, 100.0, 1e4, 1e38]], np.float32)

BETWEEN = {
    "sigmoid": (0, 1), "hard sigmoid": (0, 1), "tanh": (-1, 1), "step": (0, 1), "softmax": (0, 1), "relu": (0, 4e38),
    "softplus": (0, 4e38), "elu": (-1, 4e38), "selu": (-1.7581, 4e38), "silu": (-0.2785, 4e38), "mish": (-0.3088, 4e38),
    "gelu": (-0.1701, 4e38),
}  # fmt: skip


def apply(name: str, z: np.ndarray) -> np.ndarray:
    z = z.copy()
    learnt = (
        () if ACTIVATIONS[name].slope is None else (np.full(len(z), 0.25, z.dtype), np.zeros(len(z), z.dtype))
    )
    forward, _ = ACTIVATIONS[name].bind(z, *learnt)
    forward()
    return z


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_stays_finite_and_in_its_range(name: str) -> None:
    """At the ends of float32 too."""
    with np.errstate(all="ignore"):
        h = apply(name, FAR).astype(np.float64)
    assert np.isfinite(h).all()
    low, high = BETWEEN.get(name, (-4e38, 4e38))
    assert low - 1e-4 <= h.min()
    assert h.max() <= high
    if name not in ("gelu", "silu", "mish", "softmax"):
        assert (np.diff(h[0]) >= 0).all()


def test_softmax_gives_shares() -> None:
    """They add up to 1, and adding a number to all units changes nothing."""
    z = np.random.default_rng(0).normal(size=(4, 9))
    h = apply("softmax", z)
    np.testing.assert_allclose(h.sum(axis=0), 1)
    np.testing.assert_allclose(apply("softmax", z + 700), h)


def make_cost(name: str, kind: str, **options: float) -> Cost:
    outputs = Outputs("multiclass", 3) if kind == "multiclass" else Outputs(kind)
    design = NetworkDesign(cost=name, **options)  # type: ignore[arg-type]
    return COSTS[name].classes[kind](outputs, design, np.dtype(np.float64))


ALL_COSTS = [(name, kind) for name, entry in COSTS.items() for kind in entry.kinds]


@pytest.mark.parametrize(("name", "kind"), ALL_COSTS)
@pytest.mark.parametrize("size", [0.0, 1.0, 50.0, 1e4])
def test_a_cost_is_finite_and_not_negative(name: str, kind: str, size: float) -> None:
    """However wrong or right the scores are; so is its gradient."""
    if name == "poisson":
        size = min(size, 50.0)
    cost = make_cost(name, kind)
    generator = np.random.default_rng(0)
    y = generator.integers(0, cost.outputs.classes or 4, 60)
    z = size * generator.choice([-1.0, 1.0], (cost.outputs.units, 60))
    targets = cost.targets(y if kind != "number" else y.astype(float))
    values = cost.values(z, targets)
    delta = cost.bind(60)(z, targets, np.array(cost.factor))
    assert values.shape == (60,)
    assert delta.shape == z.shape
    assert np.isfinite(values).all()
    assert (values >= -1e-9).all()
    assert np.isfinite(delta).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_costs_as_scikit_learn_has_them(seed: int) -> None:
    """Cross-entropy, hinge, pinball, Poisson deviance."""
    generator = np.random.default_rng(seed)
    y = np.r_[0, 1, 2, generator.integers(0, 3, 20)]
    z = generator.normal(0, 2, (3, 23))
    cost = make_cost("cross-entropy", "multiclass")
    assert cost.values(z, cost.targets(y)).mean() == pytest.approx(log_loss(y, cost.predictions(z)))
    binary, y2 = make_cost("cross-entropy", "binary"), (y > 0).astype(int)
    assert binary.values(z[:1], binary.targets(y2)).mean() == pytest.approx(
        log_loss(y2, binary.predictions(z[:1]))
    )
    hinge = make_cost("hinge", "binary")
    assert hinge.values(z[:1], hinge.targets(y2)).mean() == pytest.approx(hinge_loss(y2, z[0]))
    quantile, numbers = make_cost("quantile", "number", quantile=0.8), generator.normal(size=23)
    expected = mean_pinball_loss(numbers, z[0], alpha=0.8)
    assert quantile.values(z[:1], quantile.targets(numbers)).mean() == pytest.approx(expected)
    poisson, counts = make_cost("poisson", "number"), generator.poisson(3, 23)
    expected = mean_poisson_deviance(counts, poisson.predictions(z[:1])) / 2
    assert poisson.values(z[:1], poisson.targets(counts)).mean() == pytest.approx(expected)


@pytest.mark.parametrize("count", [1, 3, 200, 20_000, 5_000_000])
def test_the_cost_of_a_large_count_near_its_truth_is_exact(count: int) -> None:
    """In float32 as in float64, a few standard deviations around it."""
    t = np.full(41, float(count), np.float32)
    z = np.log(count + np.sqrt(count) * np.linspace(-0.9, 4, 41)).astype(np.float32)
    narrow = COSTS["poisson"].classes["number"](
        Outputs("number"), NetworkDesign(cost="poisson"), np.dtype(np.float32)
    )
    found = narrow.values(z[None, :], t[None, :])
    expected = [mean_poisson_deviance([count], [rate]) / 2 for rate in np.exp(z.astype(np.float64))]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0.02, atol=1e-3)


def test_a_predicted_count_is_finite_whatever_the_score() -> None:
    """Also in float32, for rows that lie far out."""
    narrow = COSTS["poisson"].classes["number"](
        Outputs("number"), NetworkDesign(cost="poisson"), np.dtype(np.float32)
    )
    found = narrow.predictions(np.array([[-1e6, 0.0, 1e6]], np.float32))
    assert found.dtype == np.float32 and np.isfinite(found).all() and found[0] == 0 and found[1] == 1


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_focal_without_its_gamma_is_cross_entropy(kind: str) -> None:
    """And with it, what is told well counts less, what is told badly almost the same."""
    plain, none, focal = (make_cost(name, kind, **options) for name, options in (
        ("cross-entropy", {}), ("focal", {"focal_gamma": 0.0}), ("focal", {"focal_gamma": 2.0}),
    ))  # fmt: skip
    y = np.array([1, 0])
    z = np.array([[8.0, 8.0]]) if kind == "binary" else np.array([[0.0, 0], [8, 8], [0, 0]])
    values = [cost.values(z, cost.targets(y)) for cost in (plain, none, focal)]
    np.testing.assert_allclose(values[0], values[1], rtol=1e-9)
    assert values[2][0] < 1e-5 * values[0][0]
    assert values[2][1] == pytest.approx(values[0][1], rel=1e-2)


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_label_smoothing_wants_no_certainty(kind: str) -> None:
    """The gradient is 0 where the predicted share is the softened one."""
    cost = make_cost("cross-entropy", kind, label_smoothing=0.3)
    if kind == "binary":
        z, y = np.log([[0.85 / 0.15]]), np.array([1])
    else:
        z, y = np.log([[0.1], [0.8], [0.1]]), np.array([1])
    delta = cost.bind(1)(z, cost.targets(y), np.array(cost.factor))
    np.testing.assert_allclose(delta, 0, atol=1e-12)


DEVIATIONS = {
    "glorot uniform": np.sqrt(2 / 700), "glorot normal": np.sqrt(2 / 700), "he uniform": np.sqrt(2 / 400),
    "he normal": np.sqrt(2 / 400), "lecun uniform": np.sqrt(1 / 400), "lecun normal": np.sqrt(1 / 400), "normal": 0.05,
    "uniform": 0.05 / np.sqrt(3), "zeros": 0.0, "orthogonal": np.sqrt(1 / 400),
}  # fmt: skip


@pytest.mark.parametrize("name", INITIALIZERS)
def test_an_initializer_has_its_mean_and_spread(name: str) -> None:
    """Of 400 inputs and 300 units; a uniform one has no draw beyond its bound."""
    weights = INITIALIZERS[name].fill(np.random.default_rng(0), 400, 300)
    assert weights.shape == (400, 300)
    assert weights.std() == pytest.approx(DEVIATIONS[name], rel=0.02)
    assert abs(weights.mean()) <= 0.02 * DEVIATIONS[name]
    if "uniform" in name:
        assert np.abs(weights).max() == pytest.approx(DEVIATIONS[name] * np.sqrt(3), rel=1e-3)


@pytest.mark.parametrize(("inputs", "units"), [(7, 7), (9, 4), (4, 9), (1, 5)])
def test_orthogonal_is_orthogonal(inputs: int, units: int) -> None:
    """Rows or columns, whichever are fewer."""
    weights = INITIALIZERS["orthogonal"].fill(np.random.default_rng(0), inputs, units)
    product = weights.T @ weights if inputs >= units else weights @ weights.T
    np.testing.assert_allclose(product, np.eye(min(inputs, units)), atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_activation_has_an_initializer_that_exists(name: str) -> None:
    """The right one for its kind."""
    assert ACTIVATIONS[name].initializer in INITIALIZERS


@pytest.mark.bits
@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name, entry in COSTS.items() for kind in entry.kinds]
)
def test_the_cost_of_a_row_does_not_depend_on_its_neighbours(name: str, kind: str) -> None:
    """To the bit: a training that rests within an epoch sums up other rows together than one that does not."""
    outputs = Outputs(kind, 10) if kind == "multiclass" else Outputs(kind)
    cost = Network(replace(NetworkDesign.from_text(""), cost=name), 2, outputs).cost
    generator = np.random.default_rng(0)
    z = generator.normal(0, 3, (outputs.units, 183)).astype(np.float32)
    y = generator.integers(0, 10 if kind == "multiclass" else 2, 183)
    targets = cost.targets(y if kind != "number" else y.astype(np.float32))
    whole = cost.values(z, targets)
    for begin in range(0, 183, 8):
        for rows in (1, 7, 23, 55, 160):
            part = slice(begin, begin + rows)
            found = cost.values(np.ascontiguousarray(z[:, part]), targets[:, part])
            np.testing.assert_array_equal(found, whole[part])

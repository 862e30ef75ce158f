"""Muon's step against the published pseudo-code, matrix by matrix in float64."""

from dataclasses import replace

import numpy as np
import pytest
from training.problems import OUTPUTS

from ann_tui.network.design import NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.network import Network
from ann_tui.training.matrices import HiddenMatrices
from ann_tui.training.muon import bind_orthogonal
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.update import Vectors, bind_update, learning_mask, penalized_mask

LAYERS = "7 prelu, layer norm, residual 3 tanh, 1 tanh, 5 relu"
HIDDEN = {"dense_1.weights", "residual_1.weights_inner", "residual_1.weights_outer"}
"""Of the network of these layers; that of one unit, and the one over it, are vectors."""


def orthogonal(g: np.ndarray) -> np.ndarray:
    """`zeropower_via_newtonschulz5` of https://kellerjordan.github.io/posts/muon, for (units, inputs)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (np.linalg.norm(g) + 1e-7)
    if g.shape[0] > g.shape[1]:
        x = x.T
    for _ in range(5):
        product = x @ x.T
        x = a * x + (b * product + c * product @ product) @ x
    return x.T if g.shape[0] > g.shape[1] else x


class Plain:
    """The optimizer of one network, array by array."""

    def __init__(self, plan: TrainingPlan, decay: float) -> None:
        self.plan, self.decay = plan, decay
        self.moments: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def step(self, name: str, w: np.ndarray, g: np.ndarray, rate: float, count: int) -> np.ndarray:
        """The weights after a step; matrices as they stand in the network, (inputs, units)."""
        plan = self.plan
        if "weights" in name:
            w = w * (1 - rate * self.decay)
        m, v = self.moments.get(name, (np.zeros_like(g), np.zeros_like(g)))
        if name in HIDDEN:
            m = plan.momentum * m + (1 - plan.momentum) * g
            ahead = (1 - plan.momentum) * g + plan.momentum * m
            w = w - rate * 0.2 * np.sqrt(max(g.shape)) * orthogonal(ahead.T).T
        else:
            m = plan.beta_1 * m + (1 - plan.beta_1) * g
            v = plan.beta_2 * v + (1 - plan.beta_2) * g**2
            corrected = v / (1 - plan.beta_2**count)
            w = w - rate * m / (1 - plan.beta_1**count) / (np.sqrt(corrected) + plan.epsilon)
        self.moments[name] = m, v
        return w


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_muon_as_published(members: int, decay: float) -> None:
    """Hidden matrices by Muon, all else by AdamW; each member as it would be alone."""
    design = replace(NetworkDesign.from_text(LAYERS), members=members)
    network = Network(design, 4, OUTPUTS["multiclass"], seed=1, dtype=np.float64)
    plan = TrainingPlan(optimizer="muon", momentum=0.8, weight_decay=decay)
    size = network.weights.size
    vectors = Vectors(
        network.weights,
        np.zeros((2, size)),
        np.zeros((OPTIMIZERS["muon"].moments, size)),
        penalized_mask(network),
        learning_mask(network, plan),
        members,
        HiddenMatrices(network),
    )
    step = bind_update(vectors, plan)
    apart = [network.member(number) for number in range(members)]
    expected = [{name: view.copy() for name, view in each.views(each.weights).items()} for each in apart]
    plain = [Plain(plan, decay or 0.2) for _ in apart]
    generator = np.random.default_rng(0)
    for count, rate in enumerate((0.01, 0.03, 0.02, 0.01), start=1):
        gradient = generator.normal(size=size)
        vectors.workspace[0] = gradient
        step(rate, count)
        np.testing.assert_array_equal(vectors.workspace[0], gradient)
        for each, own, law, slopes in zip(apart, expected, plain, np.split(gradient, members), strict=True):
            for name, g in each.views(slopes).items():
                own[name] = law.step(name, own[name], g, rate, count)
    for each, own in zip(apart, expected, strict=True):
        for name, view in each.views(each.weights).items():
            np.testing.assert_allclose(view, own[name], rtol=1e-9, atol=1e-12, err_msg=name)


def test_every_number_is_in_a_hidden_matrix_or_beside_them() -> None:
    """Just once, in every member."""
    design = replace(NetworkDesign.from_text(LAYERS), members=2)
    network = Network(design, 4, OUTPUTS["binary"])
    hidden, seen = HiddenMatrices(network), np.zeros(network.weights.size)
    for number, view in enumerate([*hidden.of(seen), *hidden.beside(seen)]):
        view += 1 + (number < len(HIDDEN))
    assert set(seen) == {1.0, 2.0}
    assert {name for name, view in network.views(seen).items() if (view == 2).all()} == HIDDEN
    assert {name for name, view in network.views(seen).items() if (view == 1).all()} == set(
        network.views(seen)
    ) - HIDDEN


def test_what_embeds_bins_is_not_hidden() -> None:
    """Nor is the only hidden layer, then; what lies above stays hidden."""
    bins = InputBins([(0, np.array([0.0, 1.0, 2.0], np.float32))])
    for layers, shapes in (("input scale, 5 relu, 6 relu", [(5, 6)]), ("5 relu", []), ("", [])):
        network = Network(NetworkDesign.from_text(layers), 2, OUTPUTS["multiclass"], bins=bins)
        assert [view.shape for view in HiddenMatrices(network).of(network.weights)] == shapes


@pytest.mark.parametrize("shape", [(30, 8), (8, 30), (12, 12), (2, 3, 9, 4)])
def test_all_singular_values_come_near_one(shape: tuple[int, ...]) -> None:
    """And the singular vectors stay, whatever the size of the gradient."""
    matrix = np.random.default_rng(3).normal(size=shape) + 3 * np.eye(*shape[-2:])
    u, sizes, v = np.linalg.svd(matrix * 1e-3, full_matrices=False)
    assert (sizes.max(axis=-1) / sizes.min(axis=-1)).max() > 1.5
    found = bind_orthogonal(own := matrix * 1e-3)()
    assert found.shape == own.shape
    kept = np.swapaxes(u, -1, -2) @ found @ np.swapaxes(v, -1, -2)
    near_one = np.diagonal(kept, axis1=-2, axis2=-1)
    assert near_one.min() > 0.65 and near_one.max() < 1.25
    np.testing.assert_allclose(kept, near_one[..., None] * np.eye(len(near_one.T)), atol=1e-9)


def test_no_gradient_is_no_step() -> None:
    """Instead of a division by zero."""
    assert not bind_orthogonal(np.zeros((5, 3), np.float32))().any()

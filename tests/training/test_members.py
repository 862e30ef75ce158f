"""Several members learn as so many networks do that are trained apart, and answer with their mean."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.problems import OUTPUTS, draw

from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.scoring import Scorer, predict
from ann_tui.training.examples import Examples, TrainingError
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

LAYERS = (
    "",
    "5 relu",
    "7 prelu, 4 tanh",
    "input scale, 6 silu, 3 softmax",
    "batch norm, 5 relu, layer norm, residual 3 gelu",
    "layer norm, 4 linear, selu",
)
PLANS = (
    TrainingPlan(batch=16),
    TrainingPlan(batch=16, optimizer="sgd", learning_rate=0.1, clip_norm=0.2, l2=0.01),
    TrainingPlan(batch=7, optimizer="nadam", average="ema", max_norm=0.5, weight_decay=0.1),
    TrainingPlan(batch=50, optimizer="rmsprop", l1=0.001, clip_value=0.01, average="swa"),
    TrainingPlan(batch=16, optimizer="muon", learning_rate=0.02),
    TrainingPlan(batch=16, optimizer="schedule-free", max_norm=0.5),
)


@settings(max_examples=40, deadline=None)
@given(
    layers=st.sampled_from(LAYERS),
    kind=st.sampled_from(sorted(OUTPUTS)),
    plan=st.sampled_from(PLANS),
    members=st.integers(2, 4),
    weighted=st.booleans(),
    inputs=st.sampled_from([3, 260]),
)
def test_members_are_networks_that_are_trained_apart(layers, kind, plan, members, weighted, inputs):
    """To the last digits of float64: products over several members may add up in another order."""
    outputs, rows = OUTPUTS[kind], draw(kind, 61, inputs, weighted=weighted)
    design = replace(NetworkDesign.from_text(layers), members=members)
    fresh = Network(design, inputs, outputs, seed=plan.seed, dtype=np.float64)
    together = Network(design, inputs, outputs, seed=plan.seed, dtype=np.float64)
    newest(together, rows, plan)
    for number in range(members):
        alone = Network(NetworkDesign.from_text(layers), inputs, outputs, dtype=np.float64)
        alone.weights[:] = fresh.member(number).weights
        newest(alone, rows, plan)
        np.testing.assert_allclose(together.member(number).weights, alone.weights, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(together.member(number).statistics, alone.statistics, rtol=1e-7, atol=1e-9)


def newest(network: Network, rows: Examples, plan: TrainingPlan) -> None:
    """Train for three epochs and leave the newest weights in the network, whichever were best."""
    trainer = Trainer(network, rows, None, replace(plan, epochs=3, monitor="training cost"))
    trainer.run()
    assert trainer.newest is not None
    network.weights[:], network.statistics[:] = trainer.newest


@pytest.mark.parametrize("kind", sorted(OUTPUTS))
def test_large_batches_too(kind):
    """Two threads share their rows."""
    outputs, rows, plan = OUTPUTS[kind], draw(kind, 2300), TrainingPlan(batch=1100, seed=3)
    design = replace(NetworkDesign.from_text("6 relu, 4 tanh"), members=3)
    together, fresh = (Network(design, 4, outputs, seed=3, dtype=np.float64) for _ in range(2))
    newest(together, rows, plan)
    for number in range(3):
        alone = Network(replace(design, members=1), 4, outputs, dtype=np.float64)
        alone.weights[:] = fresh.member(number).weights
        newest(alone, rows, plan)
        np.testing.assert_allclose(together.member(number).weights, alone.weights, rtol=1e-8, atol=1e-11)


def test_frozen_layers_stay_in_every_member():
    design = replace(NetworkDesign.from_text("6 relu, 4 tanh"), members=3)
    network = Network(design, 4, OUTPUTS["number"])
    before = {name: view.copy() for name, view in network.parameters.items()}
    newest(network, draw("number", 40), TrainingPlan(batch=8, frozen_layers=1))
    for name, view in network.parameters.items():
        assert np.array_equal(view, before[name]) == name.startswith("dense_1"), name


@pytest.mark.parametrize(
    ("cost", "kind"), [(name, kind) for name, entry in COSTS.items() for kind in entry.classes]
)
def test_their_answer_is_the_mean_of_their_answers(cost, kind):
    """Of probabilities, or numbers; of margins for hinge, whose probabilities mean nothing."""
    outputs = OUTPUTS[kind]
    design = NetworkDesign(NetworkDesign.from_text("5 tanh").layers, cost, members=3)
    network = Network(design, 4, outputs, seed=1, dtype=np.float64)
    network.weights *= 3
    x = np.random.default_rng(0).normal(size=(33, 4))
    apart = [network.member(number) for number in range(3)]
    expected = np.mean([predict(each, x) for each in apart], axis=0)
    if cost == "hinge":
        expected = network.cost.predictions(np.mean([Scorer(each).scores(x) for each in apart], axis=0))
    np.testing.assert_allclose(predict(network, x), expected, rtol=1e-6)


def test_certain_members_stay_finite():
    """Where each probability rounds to 0 or 1, the joint one is still in between."""
    for kind in ("binary", "multiclass"):
        design = NetworkDesign((), members=2)
        network = Network(design, 1, OUTPUTS[kind])
        sums = np.full((2, OUTPUTS[kind].units, 1), -90, np.float32)
        sums[0, 0], sums[1, 0] = 80.0, 100.0
        joint = network.joint(sums)
        assert np.isfinite(joint).all()
        assert np.isfinite(network.cost.values(joint, network.cost.targets(np.array([1])))).all()


def test_members_begin_apart_and_the_first_like_a_network_alone():
    design = NetworkDesign.from_text("5 relu")
    several = Network(replace(design, members=3), 4, OUTPUTS["binary"], seed=7)
    assert np.array_equal(several.member(0).weights, Network(design, 4, OUTPUTS["binary"], seed=7).weights)
    assert len({several.member(number).weights.tobytes() for number in range(3)}) == 3


def test_a_search_needs_one_network():
    network = Network(NetworkDesign((), members=2), 4, OUTPUTS["number"])
    with pytest.raises(TrainingError, match="choose 1 member"):
        Trainer(network, draw("number", 20), None, TrainingPlan(optimizer="l-bfgs"))

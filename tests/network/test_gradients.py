"""Every gradient against central differences, in float64, for weights, biases and inputs."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.update import Vectors, gradient_adjustments, learning_mask, penalized_mask, penalty

STEP = 1e-5
TOLERANCE = 1e-6

SMOOTH_ENOUGH = [name for name in ACTIVATIONS if name != "step"]
COSTS_AND_OUTPUTS = [(name, kind) for name, entry in COSTS.items() for kind in entry.kinds]
LAYERS = ["dropout 0.4", "batch norm", "layer norm", "input scale", "residual 3 {}", "4 {}", "{}"]

quick = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
shapes = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(0, 2**32 - 1))


def vectors(network: Network, workspace: np.ndarray) -> Vectors:
    return Vectors(
        network.weights,
        workspace,
        network.weights[None],
        penalized_mask(network),
        learning_mask(network, TrainingPlan()),
    )


class Problem:
    """A network, a batch, and what is minimized on it."""

    def __init__(
        self, network: Network, plan: TrainingPlan, x: np.ndarray, y: np.ndarray, scale: np.ndarray
    ) -> None:
        self.network, self.plan, self.x, self.scale = network, plan, x, scale
        self.targets = network.cost.targets(y)
        self.gradient = np.full_like(network.weights, np.nan)
        self.generator = np.random.default_rng(len(x))
        self.chance = self.generator.bit_generator.state
        self.bound = network.bind(len(x), self.gradient, self.generator, input_delta=True)

    def forward(self) -> np.ndarray:
        """The scores, with the same masks each time."""
        self.generator.bit_generator.state = self.chance
        columns = self.network.input_columns(len(self.x))
        columns[:, : self.network.inputs] = self.x
        a = columns.T
        for forward in self.bound.forwards:
            a = forward(a)
        return a

    def cost(self) -> float:
        """What is minimized."""
        values = self.network.cost.values(self.forward(), self.targets)
        return float((values * self.scale).sum()) + penalty(vectors(self.network, self.gradient), self.plan)

    def backward(self) -> np.ndarray:
        """The derivative by the inputs; fills the gradient."""
        delta = self.bound.cost_gradient(
            self.forward(), self.targets, self.network.cost.factor * self.scale[None, :]
        )
        for backward in self.bound.backwards:
            delta = backward(delta)
        return delta.T.copy()


def make(
    layers: str, outputs: Outputs, cost: str, shape: tuple[int, int, int], plan: TrainingPlan
) -> Problem:
    inputs, rows, seed = shape
    generator = np.random.default_rng(seed)
    design = NetworkDesign(
        NetworkDesign.from_text(layers).layers,
        cost,
        label_smoothing=0.1 if cost == "cross-entropy" else 0.0,
        huber_delta=0.7,
        quantile=0.3,
        focal_gamma=1.5,
    )
    network = Network(design, inputs, outputs, seed=seed % 1000, dtype=np.float64)
    network.weights += generator.normal(0, 0.3, network.weights.shape)
    y = (
        generator.normal(size=rows)
        if outputs.kind == "number"
        else generator.integers(0, outputs.classes, rows)
    )
    if cost == "poisson":
        y = generator.poisson(2.0, rows).astype(float)
    return Problem(
        network, plan, generator.normal(size=(rows, inputs)), y, generator.uniform(0.1, 2, rows) / rows
    )


def differences(problem: Problem, values: np.ndarray) -> np.ndarray:
    """The derivative by each of `values`, which the problem reads, from steps to both sides."""
    found = np.empty(values.shape)
    for place in np.ndindex(values.shape):
        kept = values[place]
        slopes = []
        for step in (STEP, STEP / 2):
            values[place] = kept + step
            high = problem.cost()
            values[place] = kept - step
            slopes.append((high - problem.cost()) / (2 * step))
        values[place] = kept
        # Two steps disagree where a kink lies between them; there is no derivative to compare with.
        assume(abs(slopes[0] - slopes[1]) < 1e-5 * max(1.0, abs(slopes[0])))
        # Richardson's extrapolation: what the step's square adds to the error falls out.
        found[place] = (4 * slopes[1] - slopes[0]) / 3
    return found


def assert_gradients(problem: Problem) -> None:
    network = problem.network
    by_inputs = problem.backward()
    workspace = np.stack([problem.gradient, problem.gradient])
    for adjust in gradient_adjustments(vectors(network, workspace), problem.plan):
        adjust(0.0)
    numeric = differences(problem, network.weights)
    for (name, ours), theirs in zip(
        network.views(workspace[0]).items(), network.views(numeric).values(), strict=True
    ):
        assert error(ours, theirs) < TOLERANCE, name
    assert error(by_inputs, differences(problem, problem.x)) < TOLERANCE, "inputs"


def error(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.abs(ours - theirs).max() / max(1e-2, np.abs(theirs).max()))


@pytest.mark.parametrize("activation", SMOOTH_ENOUGH)
@pytest.mark.parametrize("layer", LAYERS)
@settings(quick, max_examples=3)
@given(shape=shapes)
def test_each_layer_with_each_activation(layer: str, activation: str, shape: tuple[int, int, int]) -> None:
    """Between two dense layers, so that its input's delta matters too."""
    problem = make(
        f"3 {activation}, {layer.format(activation)}, 2 tanh",
        Outputs("multiclass", 3),
        "auto",
        shape,
        TrainingPlan(),
    )
    assert_gradients(problem)


@pytest.mark.parametrize("layer", LAYERS)
@settings(quick, max_examples=6)
@given(shape=shapes)
def test_each_layer_as_the_first(layer: str, shape: tuple[int, int, int]) -> None:
    """Straight on the inputs."""
    assert_gradients(make(layer.format("tanh"), Outputs("number"), "auto", shape, TrainingPlan()))


@pytest.mark.parametrize(("cost", "kind"), COSTS_AND_OUTPUTS)
@quick
@given(shape=shapes, classes=st.integers(2, 4))
def test_each_cost(cost: str, kind: str, shape: tuple[int, int, int], classes: int) -> None:
    """With sample weights, over each kind of outputs that it judges."""
    outputs = Outputs("multiclass", classes) if kind == "multiclass" else Outputs(kind)
    assert_gradients(make("4 tanh", outputs, cost, shape, TrainingPlan()))


@settings(quick, max_examples=60)
@given(
    shape=shapes,
    layers=st.lists(st.sampled_from(LAYERS), max_size=3),
    activations=st.lists(st.sampled_from(SMOOTH_ENOUGH), min_size=3, max_size=3),
    cost=st.sampled_from(COSTS_AND_OUTPUTS),
    l1=st.sampled_from([0.0, 0.1]),
    l2=st.sampled_from([0.0, 0.3]),
)
def test_all_together(
    shape: tuple[int, int, int],
    layers: list[str],
    activations: list[str],
    cost: tuple[str, str],
    l1: float,
    l2: float,
) -> None:
    """Any layers, activations, cost and penalties."""
    name, kind = cost
    text = ", ".join(layer.format(activation) for layer, activation in zip(layers, activations, strict=False))
    outputs = Outputs("multiclass", 3) if kind == "multiclass" else Outputs(kind)
    assert_gradients(make(text, outputs, name, shape, TrainingPlan(l1=l1, l2=l2)))


@settings(quick, max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_wide_layer_with_its_own_bias(seed: int) -> None:
    """From many inputs on, the bias is not a row of the weights."""
    problem = make("3 tanh", Outputs("binary"), "auto", (300, 4, seed), TrainingPlan())
    assert not problem.network.layers[0].constant
    assert_gradients(problem)


def test_step_learns_straight_through() -> None:
    """The step's gradient is the one of the line between z = -1 and 1, as its help says."""
    z = np.array([[-2.0, -0.5, 0.0, 0.5, 2.0]])
    forward, backward = ACTIVATIONS["step"].bind(z)
    forward()
    assert z.tolist() == [[0, 0, 0, 1, 1]]
    delta = np.full((1, 5), 3.0)
    backward(delta)
    assert delta.tolist() == [[0, 3, 3, 3, 0]]


def test_prediction_of_batch_norm_has_its_own_gradient() -> None:
    """Without chance, batch norm uses its running mean and variance, and drops nothing."""
    design = NetworkDesign((LayerDesign("dense", 4, "tanh"), LayerDesign("batch norm")))
    network = Network(design, 3, Outputs("number"), seed=1, dtype=np.float64)
    network.statistics[:] = np.random.default_rng(0).uniform(0.5, 2, network.statistics.shape)
    x = np.random.default_rng(1).normal(size=(5, 3))
    gradient = np.zeros_like(network.weights)
    passes = network.bind(5, gradient)
    a = np.c_[x, np.ones(5)].T
    for forward in passes.forwards:
        a = forward(a)
    delta = passes.cost_gradient(
        a, network.cost.targets(np.zeros(5)), np.full((1, 5), network.cost.factor / 5)
    )
    for backward in passes.backwards:
        delta = backward(delta)
    numeric = np.empty_like(gradient)
    for place in range(len(gradient)):
        kept, costs = network.weights[place], []
        for step in (STEP, -STEP):
            network.weights[place] = kept + step
            costs.append(np.square(predict(network, x)).mean())
        network.weights[place] = kept
        numeric[place] = (costs[0] - costs[1]) / (2 * STEP)
    assert error(gradient, numeric) < TOLERANCE

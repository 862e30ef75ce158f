"""A step as numbers, against the engine's passes and against trainings that make the same step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from insight.plain_network import EVERY_LAYERS, KINDS, OUTPUTS, made, rows_for, seen, targets_for

from ann_tui.insight.passes import input_room
from ann_tui.insight.plain_activations import BENDS, PRELU, SOFTMAX
from ann_tui.insight.plain_costs import FORMULAS
from ann_tui.insight.signals import signals
from ann_tui.insight.step_trace import StepTrace, largest_terms, trace_step
from ann_tui.insight.step_update import StepMemory
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.arrays import length
from ann_tui.network.costs import COSTS
from ann_tui.network.design import DesignError
from ann_tui.network.layers.input_scale import InputScale
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict
from ann_tui.training.examples import Examples
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

CLOSE = 1e-6
PLAIN = TrainingPlan(optimizer="sgd")
COSTS_AND_OUTPUTS = [
    (name, outputs) for name, entry in COSTS.items() for outputs in OUTPUTS if outputs.kind in entry.kinds
]
ADDITIONS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "penalties": {"l1": 0.02, "l2": 0.3},
    "decay": {"weight_decay": 0.4},
    "clipped numbers": {"clip_value": 0.05, "l2": 0.1},
    "clipped length": {"clip_norm": 0.1, "clip_value": 0.2},
    "max-norm": {"max_norm": 0.7},
    "frozen": {"frozen_layers": 1, "weight_decay": 0.4, "l2": 0.1},
    "ema": {"average": "ema", "ema_decay": 0.2},
    "swa": {"average": "swa"},
}
NETWORKS: dict[str, dict[str, Any]] = {
    "members": {"members": 3},
    "bins": {"binned": 2},
    "residual": {"layers": "4 tanh, residual 3 prelu, layer norm, input scale"},
}


def close(found: Any, wanted: Any, about: str = "") -> None:
    """As near as rounding lets them be, beside the largest of them."""
    wanted = np.asarray(wanted)
    largest = float(np.abs(wanted).max(initial=0.0))
    np.testing.assert_allclose(found, wanted, CLOSE, CLOSE * largest, err_msg=about)


def traced(network: Network, rows: int, weighted: bool = False, plan: TrainingPlan = PLAIN) -> StepTrace:
    """The first step of a training by this plan."""
    x, y = rows_for(network, rows), targets_for(network, rows)
    weight = np.linspace(0.2, 1.7, rows) if weighted else None
    return trace_step(network, x, y, weight, plan, StepMemory.fresh(network, plan), 0.05)


def assert_as_the_engine(network: Network, rows: int, weighted: bool = False) -> None:
    """Sums, outputs, costs, deltas and gradients of a float64 network, by its own bound passes."""
    x, y = rows_for(network, rows), targets_for(network, rows)
    weight = np.linspace(0.2, 1.7, rows) if weighted else np.ones(rows)
    found = traced(network, rows, weighted)

    for ours, theirs in zip(found.layers, signals(network, x), strict=True):
        assert (ours.name, ours.kind, ours.units) == (theirs.name, theirs.kind, theirs.units)
        close(ours.outputs, theirs.outputs, ours.name)
        assert (ours.sums is None) == (theirs.sums is None)
        if ours.sums is not None:
            close(ours.sums, theirs.sums, ours.name)
    close(found.layers[0].inputs, [seen(network, row) for row in x.tolist()])
    close(found.answers, predict(network, x))

    gradient = np.full_like(network.weights, np.nan)
    passes = network.bind(rows, gradient, input_delta=True)
    flowing = input_room(network, x).T
    for forward in passes.forwards:
        flowing = forward(flowing)
    targets = network.cost.targets(y)
    costs = network.cost.values(flowing, targets)
    close(found.row_costs, costs)
    assert found.cost == pytest.approx(float(costs @ weight) / rows, rel=CLOSE)
    flowing = passes.cost_gradient(flowing, targets, network.cost.factor * weight[None] / rows)
    for trace, backward in zip(reversed(found.layers), passes.backwards, strict=True):
        close(trace.outputs_delta, flowing.T, trace.name)
        flowing = backward(flowing)
        close(trace.inputs_delta, flowing.T, trace.name)
    for name, wanted in network.views(gradient).items():
        close(found.parameters[name].gradient, wanted, name)
    for trace in (each for layer in found.layers for each in (layer, *layer.inside)):
        if trace.weights is not None:
            bias = found.parameters[trace.weights.replace(".weights", ".bias")].gradient
            close(trace.sums_delta.sum(axis=0), bias, trace.name)
            close(trace.inputs.T @ trace.sums_delta, found.parameters[trace.weights].gradient, trace.name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_layer_with_each_activation(kind: str, activation: str) -> None:
    """Between others, for one row, whose biases' gradients are the deltas themselves, and for several."""
    network = made(f"4 {activation}, {kind.format(activation)}, 3 tanh", OUTPUTS[2])
    assert_as_the_engine(network, 1)
    assert_as_the_engine(network, 7)


@pytest.mark.parametrize("layers", EVERY_LAYERS)
@pytest.mark.parametrize("binned", [0, 2])
def test_every_kind_of_layer(layers: str, binned: int) -> None:
    """On the inputs, with bins too, between others, and none at all."""
    for outputs in OUTPUTS:
        assert_as_the_engine(made(layers, outputs, binned=binned), 5)


@pytest.mark.parametrize(("cost", "outputs"), COSTS_AND_OUTPUTS)
@pytest.mark.parametrize("weighted", [False, True])
def test_each_cost_with_each_kind_of_outputs(cost: str, outputs: Outputs, weighted: bool) -> None:
    """With its options away from where they make no difference."""
    network = made("4 tanh", outputs, cost=cost)
    design = replace(network.design, label_smoothing=0.2, focal_gamma=1.5, huber_delta=0.4, quantile=0.3)
    other = Network(design, network.features, outputs, dtype=np.float64)
    other.set_parameters(network.parameters)
    assert_as_the_engine(other, 1, weighted)
    assert_as_the_engine(other, 40, weighted)


def test_a_wide_layer() -> None:
    """Whose bias is no row of its weights."""
    assert_as_the_engine(made("3 relu", OUTPUTS[0], 300), 3)


def test_nothing_that_the_engine_has_is_left_to_it() -> None:
    """All that it has is written here too; what a person adds to it is taken from there."""
    assert {*BENDS, PRELU, SOFTMAX} == set(ACTIVATIONS)
    assert set(FORMULAS) == {(name, outputs.kind) for name, outputs in COSTS_AND_OUTPUTS}


def trained(network: Network, plan: TrainingPlan, weighted: bool = False) -> Trainer:
    """A training of this network whose batches are all of its rows."""
    x, y = rows_for(network, 24), targets_for(network, 24)
    examples = Examples(x, y, np.linspace(0.2, 1.7, 24) if weighted else None)
    return Trainer(network, examples, None, plan)


def member_views(network: Network, member: int, vectors: np.ndarray) -> dict[str, np.ndarray]:
    """One member's views by name of vectors of all, (…, weights)."""
    size = network.weights.size // network.members
    own = vectors.reshape(*vectors.shape[:-1], network.members, size)[..., member, :]
    return network.member(member).views(own)


def assert_as_trained(network: Network, plan: TrainingPlan, weighted: bool = False) -> None:
    """The last member's first step of a training, and its third one."""
    trainer, member = trained(network, plan, weighted), network.members - 1
    rows, entry = trainer.training, OPTIMIZERS[plan.optimizer]
    for epoch in (0, 2):
        if epoch:
            trainer.run(until=epoch)
        state, rate = trainer.state(), trainer.loop.current_rate
        now, memory = network.copy(), StepMemory.of_state(state)
        now.weights[:] = state["network.weights"]
        found = trace_step(now, rows.x, rows.y, rows.weight, plan, memory, rate, member=member)
        trainer.run(until=epoch + 1)
        then = trainer.state()
        assert found.count == epoch + 1 and found.rate == rate

        before, after, moments, given = (
            member_views(network, member, vectors)
            for vectors in (
                state["network.weights"],
                then["network.weights"],
                then["optimizer.moments"],
                trainer.loop.probe.workspace[0],
            )
        )
        farthest = max(float(np.abs(after[name] - before[name]).max()) for name in before)
        assert farthest > 0
        for name, step in found.parameters.items():
            assert (step.before == before[name]).all()
            wanted = after[name] - before[name]
            np.testing.assert_allclose(step.change, wanted, CLOSE, CLOSE * farthest, err_msg=name)
            parts = step.before + step.decay + step.step + step.bound
            np.testing.assert_allclose(parts, step.after, 1e-12, 1e-12)
            assert step.moments_after.shape == (entry.moments, *step.before.shape)
            # The first number of a third one is the whole network's.
            close(step.moments_after[:2], moments[name][:2], name)
            assert (step.mean_after is None) == ("average.weights" not in then)
            if plan.average == "swa" and not entry.averages:
                assert (step.mean_after == step.mean_before).all()
            elif step.mean_after is not None:
                close(step.mean_after, member_views(network, member, then["average.weights"])[name], name)
            if not entry.searches:
                close(step.given, given[name], name)
        cost = cost_of(now, member, rows, then["network.weights"])
        assert found.cost_after == pytest.approx(cost, rel=CLOSE)


def cost_of(network: Network, member: int, rows: Examples, weights: np.ndarray) -> float:
    """The cost of rows for one member of other weights, by the engine."""
    other = network.copy()
    other.weights[:] = weights
    sums = signals(other.member(member), rows.x)[-1].outputs.T
    counts = np.ones(len(rows)) if rows.weight is None else rows.weight
    return float(other.cost.values(np.ascontiguousarray(sums), other.cost.targets(rows.y)) @ counts) / len(
        rows
    )


def plan_of(optimizer: str, **more: Any) -> TrainingPlan:
    return TrainingPlan(
        **{
            "optimizer": optimizer,
            "learning_rate": 0.02,
            "batch": 24,
            "epochs": 8,
            "early_stopping": False,
            **more,
        }
    )


@pytest.mark.parametrize("addition", ADDITIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_with_each_addition(optimizer: str, addition: str) -> None:
    """Penalties, decay, bounds, freezing and averages, as in a training from its first step on, and later."""
    assert_as_trained(made("5 tanh, 4 relu", OUTPUTS[2]), plan_of(optimizer, **ADDITIONS[addition]))


@pytest.mark.parametrize(
    ("optimizer", "kind"),
    [
        (name, kind)
        for name, entry in OPTIMIZERS.items()
        for kind in NETWORKS
        if kind != "members" or not entry.searches
    ],
)
def test_each_optimizer_with_each_kind_of_network(optimizer: str, kind: str) -> None:
    """Of several members, which no search has, each has a step of its own; and rows have weights."""
    given = {"layers": "5 tanh, 4 relu", **NETWORKS[kind]}
    plan = plan_of(optimizer, clip_norm=0.2, max_norm=1.5)
    assert_as_trained(made(given.pop("layers"), OUTPUTS[1], **given), plan, weighted=True)


def test_additions_leave_their_marks() -> None:
    """Each part of a move is there where something causes it, and 0 elsewhere."""
    network = made("5 tanh, 4 relu", OUTPUTS[2])

    def parts(**more: Any) -> dict[str, float]:
        steps = traced(network, 9, plan=plan_of("sgd", **more)).parameters
        names = ("penalty", "decay", "bound")
        return {
            name: max(float(np.abs(getattr(step, name)).max()) for step in steps.values()) for name in names
        }

    assert parts() == {"penalty": 0.0, "decay": 0.0, "bound": 0.0}
    assert parts(l1=0.1)["penalty"] > 0 and parts(l2=0.1)["penalty"] > 0
    assert parts(weight_decay=0.1)["decay"] > 0
    assert parts(max_norm=0.1)["bound"] > 0
    frozen = traced(network, 9, plan=plan_of("adamw", frozen_layers=1, weight_decay=0.5)).parameters
    for name, step in frozen.items():
        assert (step.change == 0).all() == name.startswith("dense_1.")
        assert (step.gradient != 0).any()
    clipped = traced(network, 9, plan=plan_of("sgd", clip_norm=0.01)).parameters.values()
    assert length(np.concatenate([step.given.ravel() for step in clipped])) == pytest.approx(0.01)


def test_a_small_step_lowers_the_cost_as_its_slope_says() -> None:
    """The cost afterwards is the one before plus gradient times change, but for what the change's square adds."""
    network, plan = made("4 tanh, residual 3 silu", OUTPUTS[2]), plan_of("sgd", l2=0.2)
    x, y = rows_for(network, 6), targets_for(network, 6)
    found = trace_step(network, x, y, None, plan, StepMemory.fresh(network, plan), 1e-5)
    steps = found.parameters.values()
    whole = sum(float((step.gradient + step.penalty).ravel() @ step.change.ravel()) for step in steps)
    change = found.cost_after + found.penalty_after - found.cost - found.penalty
    assert whole < 0 and change == pytest.approx(whole, rel=1e-3)
    assert found.penalty == pytest.approx(
        0.1
        * sum(np.square(step.before).sum() for name, step in found.parameters.items() if "weights" in name)
    )
    assert not np.allclose(found.answers, found.answers_after, 1e-9, 1e-9)


def test_the_largest_terms_of_a_unit() -> None:
    """With the rest and the bias they are its sum; the largest stand first."""
    network = made("6 relu, residual 5 tanh", OUTPUTS[2], 4, binned=2)
    found = traced(network, 3)
    for weights in (
        "dense_1.weights",
        "residual_1.weights_inner",
        "residual_1.weights_outer",
        "output.weights",
    ):
        matrix = network.parameters[weights]
        layer = found.dense(weights)
        for most in (0, 1, 3, len(matrix), 99):
            terms, rest, others, bias, total = largest_terms(found, weights, 1, 2, most)
            assert len(terms) == min(most, len(matrix)) and len(terms) + others == len(matrix)
            sizes = [abs(term.product) for term in terms]
            assert sizes == sorted(sizes, reverse=True)
            assert all(term.weight == matrix[term.place, 1] for term in terms)
            assert all(term.value == layer.inputs[2, term.place] for term in terms)
            assert sum(term.product for term in terms) + rest + bias == pytest.approx(total)
            assert (
                total == layer.sums[2, 1]
                and bias == network.parameters[weights.replace("weights", "bias")][1]
            )
            shown = {term.place for term in terms}
            left = [
                abs(layer.inputs[2, place] * matrix[place, 1])
                for place in range(len(matrix))
                if place not in shown
            ]
            assert not sizes or not left or max(left) <= sizes[-1]
            assert others or rest == 0.0
    with pytest.raises(KeyError):
        largest_terms(found, "dense_2.weights", 0, 0, 3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_was_given_stays(optimizer: str) -> None:
    """Network, statistics, memory and rows; and so a second trace is the same."""
    for dtype in (np.float64, np.float32):
        network = made("4 relu, batch norm, dropout 0.5, 3 prelu", OUTPUTS[1], dtype=dtype)
        plan, size = plan_of(optimizer, max_norm=0.4, clip_norm=0.3, average="ema"), network.weights.size
        moments = (
            np.random.default_rng(0).uniform(0.1, 1, (OPTIMIZERS[optimizer].moments, size)).astype(dtype)
        )
        memory = StepMemory(moments, 5, network.weights * dtype(0.9))
        x, y, weight = rows_for(network, 4), targets_for(network, 4), np.ones(4, dtype)
        own = network.weights, network.statistics, moments, memory.mean, x, y, weight
        kept, layers, cost = [each.copy() for each in own], list(network.layers), network.cost
        first, second = (trace_step(network, x, y, weight, plan, memory, 0.1) for _ in range(2))
        assert all((each == copy).all() for each, copy in zip(own, kept, strict=True))
        assert network.dtype == dtype and network.layers == layers and network.cost is cost
        for name, step in first.parameters.items():
            assert step.after.dtype == np.float64
            assert (step.after == second.parameters[name].after).all() and (step.change != 0).any()


def test_a_float32_network_is_traced_with_all_digits() -> None:
    """As its copy in float64 is."""
    small = made("4 relu, batch norm", OUTPUTS[2], binned=2, dtype=np.float32)
    large = made("4 relu, batch norm", OUTPUTS[2], binned=2)
    large.weights[:], large.statistics[:] = small.weights, small.statistics
    x, y, memory = rows_for(small, 5), targets_for(small, 5), StepMemory.fresh(small, PLAIN)
    ours, theirs = (trace_step(each, x, y, None, PLAIN, memory, 0.1) for each in (small, large))
    assert ours.cost == theirs.cost and ours.cost_after == theirs.cost_after
    for name, step in theirs.parameters.items():
        assert (ours.parameters[name].after == step.after).all()


def test_what_a_person_adds_to_the_engine_is_traced_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An activation, with a learnt slope or without, a cost, and a kind of layer."""
    for name in ("tanh", "prelu"):
        monkeypatch.setitem(ACTIVATIONS, f"new {name}", replace(ACTIVATIONS[name], name=f"new {name}"))
        assert_as_the_engine(made(f"3 new {name}, residual 2 new {name}, new {name}", OUTPUTS[2]), 6)
    for outputs, name in zip(OUTPUTS, ("cross-entropy", "huber", "cross-entropy"), strict=True):
        monkeypatch.setitem(COSTS, "new", replace(COSTS[name], name="new"))
        assert_as_the_engine(made("3 tanh", outputs, cost="new"), 6, weighted=True)

    class NewScale(InputScale):
        """Another class of layer."""

    network = made("3 tanh, input scale", OUTPUTS[2])
    network.layers[1] = NewScale("input_scale_1", 3)
    assert_as_the_engine(network, 6)


def test_rows_that_do_not_fit_and_none() -> None:
    """One line says what is wrong."""
    network = made("3 tanh", OUTPUTS[0])
    x, y, memory = rows_for(network, 4), targets_for(network, 4), StepMemory.fresh(network, PLAIN)
    for wrong, error in (((x[:, :2], y, None), DesignError), ((x[:0], y[:0], None), ValueError)):
        with pytest.raises(error):
            trace_step(network, *wrong, PLAIN, memory, 0.1)
    with pytest.raises(ValueError, match=r"targets have shape \(3,\), but there are 4 rows"):
        trace_step(network, x, y[:3], None, PLAIN, memory, 0.1)
    with pytest.raises(ValueError, match="weights have shape"):
        trace_step(network, x, y, np.ones(5), PLAIN, memory, 0.1)
    with pytest.raises(
        ValueError, match=r"adam remembers vectors of shape \(2, 16\), the memory has \(0, 16\)"
    ):
        trace_step(network, x, y, None, plan_of("adam"), memory, 0.1)

"""The gradient norms of the history: the gradient's own, whole and by layer, whatever a step makes of it."""

import math

import numpy as np
import pytest
from training.problems import OUTPUTS, StopAtLook, draw, make_trainer

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.training.optimizers import OPTIMIZERS

LAYERS = "8 tanh, layer norm, dropout 0, 5 prelu"
PLANS: dict[str, dict[str, object]] = {
    "plain": {},
    "clipped": {"clip_norm": 0.01},
    "clipped by number": {"clip_value": 0.001},
    "penalties": {"l1": 0.5, "l2": 0.5},
    "decay and bounds": {"weight_decay": 0.5, "max_norm": 0.1},
    "averaged": {"average": "ema"},
}


def by_finite_differences(kind: str, layers: str, rows: int, weighted: bool) -> dict[str, float]:
    """The gradient's length by layer, of the mean cost of all rows at the first weights."""
    network = Network(NetworkDesign.from_text(layers), 4, OUTPUTS[kind], seed=3)
    exact = Network(NetworkDesign.from_text(layers), 4, OUTPUTS[kind], seed=3, dtype=np.float64)
    exact.weights[:] = network.weights
    data = draw(kind, rows, weighted=weighted)
    weight = np.ones(rows) if data.weight is None else data.weight / data.weight.mean()
    forwards, inputs = exact.bind(rows).forwards, exact.input_columns(rows)
    inputs[:, :4] = data.x

    def cost() -> float:
        a = inputs.T
        for forward in forwards:
            a = forward(a)
        return float((exact.cost.values(a, exact.cost.targets(data.y)) * weight).mean())

    gradient = np.empty_like(exact.weights)
    for place in range(gradient.size):
        before = exact.weights[place]
        exact.weights[place] = before + 1e-6
        high = cost()
        exact.weights[place] = before - 1e-6
        gradient[place] = (high - cost()) / 2e-6
        exact.weights[place] = before
    parts = zip(exact.layers, exact.parts(gradient), strict=True)
    return {layer.name: float(np.linalg.norm(part)) for layer, part in parts if part.size}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("kind", OUTPUTS)
def test_it_is_that_of_the_cost_before_penalties_and_clipping(kind: str, plan: str) -> None:
    """One batch of all rows, so that it is taken at the first weights."""
    trainer = make_trainer(kind, LAYERS, batch=90, epochs=1, weighted=True, **PLANS[plan])
    row = trainer.run().history[0]
    wanted = by_finite_differences(kind, LAYERS, 90, weighted=True)
    np.testing.assert_allclose(row.layer_gradient_norms, list(wanted.values()), rtol=2e-3, atol=1e-5)
    assert row.gradient_norm == pytest.approx(math.hypot(*wanted.values()), rel=1e-3)


@pytest.mark.parametrize("clip", [None, 0.01])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_optimizer_changes_what_is_measured(optimizer: str, clip: float | None) -> None:
    """Also one that searches, and whose steps evaluate the gradient elsewhere."""
    trainer = make_trainer("multiclass", "6 tanh", batch=90, epochs=1, optimizer=optimizer, clip_norm=clip)
    wanted = by_finite_differences("multiclass", "6 tanh", 90, weighted=False)
    np.testing.assert_allclose(
        trainer.run().history[0].layer_gradient_norms, list(wanted.values()), rtol=2e-3
    )


def test_shared_batches_measure_it_too() -> None:
    """Two threads, with and without clipping."""
    wanted = by_finite_differences("binary", "6 tanh", 2500, weighted=False)
    for clip in (None, 0.01):
        trainer = make_trainer("binary", "6 tanh", rows=2500, batch=2500, epochs=1, clip_norm=clip)
        np.testing.assert_allclose(
            trainer.run().history[0].layer_gradient_norms, list(wanted.values()), rtol=2e-3
        )


@pytest.mark.parametrize("plan", [{}, {"clip_norm": 0.01}, {"l2": 0.1, "optimizer": "momentum"}])
def test_it_is_that_of_the_last_batch(plan: dict[str, object]) -> None:
    """With a rate of 0 nothing moves: the last batch of the epoch, alone, has the same. Stopped and resumed as well."""
    still = {"learning_rate": 0.0, "schedule": "constant", "batch": 40, "epochs": 1, **plan}
    trainer = make_trainer(**still)
    order = make_trainer(**still).loop.position
    order.begin_epoch()
    row = trainer.run().history[0]
    data = draw("multiclass", 90)
    last = order.order[80:]
    alone = make_trainer(**{**still, "batch": 10}, rows=10)
    object.__setattr__(alone.training, "x", data.x[last])
    object.__setattr__(alone.training, "y", data.y[last].astype(np.int32))
    np.testing.assert_allclose(
        alone.run().history[0].layer_gradient_norms, row.layer_gradient_norms, rtol=1e-4
    )
    stopped = make_trainer(**still, control=StopAtLook(4))
    assert stopped.run().state == "stopped" and stopped.snapshot.batch
    resumed = make_trainer(**still)
    resumed.load_state(stopped.state())
    assert resumed.run().history[0].layer_gradient_norms == row.layer_gradient_norms

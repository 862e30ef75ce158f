"""Schedule-free AdamW against its paper, and the mean that it keeps."""

import numpy as np
import pytest
from training.problems import StopAfter, draw, make_trainer

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.update import Vectors, bind_update, learning_mask, penalized_mask

FREE: dict[str, object] = {"optimizer": "schedule-free", "schedule": "constant", "early_stopping": False}


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_schedule_free_as_its_paper_has_it(decay: float) -> None:
    """Algorithm 1 of arXiv 2405.15682 with a rate that warms up; decay at the plain rate, as everywhere here."""
    network = Network(NetworkDesign.from_text("3 prelu"), 2, Outputs("binary"), seed=1, dtype=np.float64)
    plan = TrainingPlan(optimizer="schedule-free", weight_decay=decay, beta_1=0.8)
    size, mean = network.weights.size, network.weights.copy()
    vectors = Vectors(
        network.weights,
        np.zeros((2, size)),
        np.zeros((3, size)),
        penalized_mask(network),
        learning_mask(network, plan),
        mean=mean,
    )
    step = bind_update(vectors, plan)
    x, z, v, total = mean.copy(), mean.copy(), np.zeros(size), 0.0
    generator = np.random.default_rng(0)
    for t, rate in enumerate((0.0, 0.01, 0.03, 0.03, 0.02), start=1):
        g = generator.normal(size=size)
        vectors.workspace[0] = g
        step(rate, t)
        np.testing.assert_array_equal(vectors.workspace[0], g)
        y = (1 - 0.8) * z + 0.8 * x
        v = 0.999 * v + 0.001 * g**2
        length = rate * np.sqrt(1 - 0.999**t)
        z = z - length * g / (np.sqrt(v) + 1e-8) - rate * (decay or 0.2) * vectors.penalized * y
        total += length**2
        c = length**2 / total if total else 0.0
        x = (1 - c) * x + c * z
        np.testing.assert_allclose(mean, x, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(network.weights, 0.2 * z + 0.8 * x, rtol=1e-9, atol=1e-12)


def test_the_mean_is_what_is_measured_and_kept() -> None:
    """The validation cost of the best epoch is the one of the network that is kept; no other mean is made."""
    trainer = make_trainer(layers="8 linear, batch norm, relu", epochs=12, average="swa", **FREE)
    final = trainer.run()
    held_out = draw("multiclass", 40, seed=1)
    shares = predict(trainer.network, held_out.x)
    best = final.history[final.best_epoch - 1]
    assert -np.log(shares[np.arange(40), held_out.y]).mean() == pytest.approx(best.validation_cost, rel=1e-5)
    kept, newest = trainer.loop.averages.weights, trainer.state()["network.weights"]
    assert np.abs(kept - newest).max() > 1e-4
    plain = make_trainer(layers="8 linear, batch norm, relu", epochs=12, **FREE)
    plain.run()
    assert plain.loop.averages.weights.tobytes() == kept.tobytes()


def test_frozen_layers_are_frozen_in_the_mean() -> None:
    """To the bit, whatever decays."""
    trainer = make_trainer(layers="8 relu, 6 tanh", frozen_layers=1, weight_decay=0.5, **FREE)
    before = trainer.network.parameters["dense_1.weights"].copy()
    trainer.run()
    assert trainer.network.parameters["dense_1.weights"].tobytes() == before.tobytes()
    assert (
        trainer.network.views(trainer.loop.averages.weights)["dense_1.weights"].tobytes() == before.tobytes()
    )


@pytest.mark.parametrize("average", ["none", "ema"])
def test_its_mean_begins_where_another_optimizer_stopped(average: str) -> None:
    """At the newest weights, whatever was averaged before; and another one goes on from its weights."""
    first = make_trainer(average=average, schedule="constant", control=StopAfter(2))
    first.run()
    newest = first.state()["network.weights"]
    later = make_trainer(average=average, **FREE)
    later.load_state(first.state())
    assert later.loop.averages.weights.tobytes() == newest.tobytes()
    later.control = StopAfter(2)
    assert later.run().state == "stopped"
    back = make_trainer(average=average, schedule="constant")
    back.load_state(later.state())
    assert back.state()["network.weights"].tobytes() == later.state()["network.weights"].tobytes()
    assert back.run().epoch == 6

"""What surrounds the optimizer's step, and the averages that follow it."""

import numpy as np
import pytest
from training.problems import draw, make_trainer

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict
from ann_tui.training.averaging import Averages
from ann_tui.training.examples import Examples
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer
from ann_tui.training.update import Vectors, bind_update, bounds, learning_mask, penalized_mask, surround


def stepped(gradient: np.ndarray, **plan: float) -> tuple[np.ndarray, np.ndarray]:
    """A network's weights before and after one step of plain SGD with rate 1."""
    network = Network(NetworkDesign.from_text("3 prelu"), 2, Outputs("binary"), seed=1, dtype=np.float64)
    network.parameters["dense_1.bias"][:] = 5.0
    chosen = TrainingPlan(optimizer="sgd", **plan)  # type: ignore[arg-type]
    workspace = np.zeros((2, network.weights.size))
    vectors = Vectors(
        network.weights,
        workspace,
        np.zeros((0, network.weights.size)),
        penalized_mask(network),
        learning_mask(network, chosen),
    )
    step = surround(bind_update(vectors, chosen), [], bounds(network, chosen))
    before = network.weights.copy()
    workspace[0] = gradient
    step(1.0, 1)
    return before, network.weights


def test_what_is_penalized() -> None:
    """Weights; not biases, PReLU's slopes, or what normalizes."""
    network = Network(
        NetworkDesign.from_text("3 prelu, batch norm, residual 2 relu, input scale"), 2, Outputs("number")
    )
    views = network.views(penalized_mask(network))
    assert {name for name, view in views.items() if view.all()} == {
        "dense_1.weights", "residual_1.weights_inner", "residual_1.weights_outer", "output.weights",
    }  # fmt: skip
    assert {float(view.max()) for view in views.values()} == {0.0, 1.0}


@pytest.mark.parametrize(
    ("plan", "change"),
    [
        ({}, lambda w: 0 * w),
        ({"l2": 0.25}, lambda w: -0.25 * w),
        ({"l1": 0.125}, lambda w: -0.125 * np.sign(w)),
        ({"weight_decay": 0.5}, lambda w: -0.5 * w),
    ],
)
def test_penalties_pull_the_weights_and_leave_the_biases(plan: dict[str, float], change: object) -> None:
    """With no gradient, the penalty's own remains."""
    before, after = stepped(np.zeros(16), **plan)
    network = Network(NetworkDesign.from_text("3 prelu"), 2, Outputs("binary"), dtype=np.float64)
    mask = penalized_mask(network)
    np.testing.assert_allclose(after - before, change(before) * mask, atol=1e-15)  # type: ignore[operator]


def test_clipping_bounds_each_number() -> None:
    """From both sides."""
    gradient = np.linspace(-2, 2, 16)
    before, after = stepped(gradient, clip_value=0.5)
    np.testing.assert_allclose(before - after, np.clip(gradient, -0.5, 0.5))


@pytest.mark.parametrize("size", [0.1, 1.0, 1e200])
def test_clipping_bounds_the_length_and_keeps_the_direction(size: float) -> None:
    """Also where the squares overflow; a short gradient stays as it is."""
    gradient = np.random.default_rng(0).normal(size=16)
    gradient *= size / np.linalg.norm(gradient)
    with np.errstate(over="ignore"):
        before, after = stepped(gradient, clip_norm=0.5)
    np.testing.assert_allclose(before - after, gradient / size * min(size, 0.5), rtol=1e-7)


def test_max_norm_bounds_the_weights_of_each_unit() -> None:
    """Long ones are shortened to the bound, short ones stay; biases are free."""
    gradient = np.zeros(16)
    gradient[0] = -10.0
    before, after = stepped(gradient, max_norm=2.0)
    network = Network(NetworkDesign.from_text("3 prelu"), 2, Outputs("binary"), dtype=np.float64)
    old, new = network.views(before), network.views(after)
    assert np.linalg.norm(new["dense_1.weights"][:, 0]) == pytest.approx(2.0)
    np.testing.assert_array_equal(new["dense_1.weights"][:, 1:], old["dense_1.weights"][:, 1:])
    np.testing.assert_array_equal(new["dense_1.bias"], old["dense_1.bias"])


def test_swa_is_the_mean_of_the_last_quarter() -> None:
    """What the network holds at the end, if the last epoch is the best."""
    plan = {"average": "swa", "epochs": 8, "schedule": "constant", "early_stopping": False}
    seen: dict[int, np.ndarray] = {}

    class Watched(Averages):
        def end_epoch(self, epoch: int) -> None:
            seen[epoch] = self.network.weights.copy()
            super().end_epoch(epoch)

    trainer = make_trainer(**plan)
    trainer.loop.averages.__class__ = Watched
    trainer.run()
    np.testing.assert_allclose(trainer.loop.averages.weights, (seen[7] + seen[8]) / 2, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("average", ["ema", "swa"])
def test_what_is_averaged_is_what_is_measured(average: str) -> None:
    """The validation cost of the best epoch is the one of the network that is kept."""
    trainer = make_trainer(layers="8 linear, batch norm, relu", average=average, epochs=12)
    final = trainer.run()
    held_out = draw("multiclass", 40, seed=1)
    shares = predict(trainer.network, held_out.x)
    best = final.history[final.best_epoch - 1]
    assert -np.log(shares[np.arange(40), held_out.y]).mean() == pytest.approx(best.validation_cost, rel=1e-5)
    assert not np.allclose(trainer.network.parameters["batch_norm_1.mean"], 0, atol=1e-3)


def test_nadam_as_its_paper_and_pytorch_have_it() -> None:
    """Dozat's schedule of momentums, written out number by number."""
    plan = TrainingPlan(optimizer="nadam")
    weights, workspace, moments = np.ones(1), np.zeros((2, 1)), np.zeros((3, 1))
    step = OPTIMIZERS["nadam"].bind(weights, workspace, moments, plan)
    w, m, v, product = 1.0, 0.0, 0.0, 1.0
    for count, gradient in enumerate([0.3, -0.2, 0.5, 0.1], start=1):
        workspace[0] = gradient
        step(0.01, count)
        now, coming = (0.9 * (1 - 0.5 * 0.96 ** (0.004 * t)) for t in (count, count + 1))
        product *= now
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        ahead = coming * m / (1 - product * coming) + (1 - now) * gradient / (1 - product)
        w -= 0.01 * ahead / (np.sqrt(v / (1 - 0.999**count)) + 1e-8)
        assert weights[0] == pytest.approx(w, rel=1e-12)


def test_gradient_descent_takes_the_whole_data_at_once() -> None:
    """One step an epoch, by hand for a line through the origin and its bias."""
    data = draw("number", 50, inputs=1)
    network = Network(NetworkDesign(()), 1, Outputs("number"), seed=1, dtype=np.float64)
    slope, offset = network.weights.copy()
    x, y = data.x[:, 0].astype(np.float64), data.y.astype(np.float64)
    plan = TrainingPlan(
        optimizer="gradient descent", learning_rate=0.1, schedule="constant", epochs=5, batch=3
    )
    final = Trainer(network, Examples(data.x.astype(np.float64), y), None, plan).run()
    assert final.batches == 1
    for _ in range(5):
        error = slope * x + offset - y
        slope, offset = slope - 0.1 * 2 * (error * x).mean(), offset - 0.1 * 2 * error.mean()
    np.testing.assert_allclose(network.weights, [slope, offset], rtol=1e-10)

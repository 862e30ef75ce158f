"""The same weights and batches give what PyTorch gives."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.averaging import Averages
from ann_tui.training.control import TrainingControl
from ann_tui.training.epoch import SmallBatches
from ann_tui.training.examples import Examples, checked
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.schedules import SCHEDULES
from ann_tui.training.update import Vectors, bind_update, penalized_mask

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
pytestmark = pytest.mark.reference

STEPS = 50
BATCH = 16
INPUTS = 5
TOLERANCE = 1e-5

OPTIMIZER_TWINS: dict[str, Callable[[Any], Any]] = {
    "sgd": lambda groups: torch.optim.SGD(groups, 0.05),
    "momentum": lambda groups: torch.optim.SGD(groups, 0.02, momentum=0.9),
    "nesterov": lambda groups: torch.optim.SGD(groups, 0.02, momentum=0.9, nesterov=True),
    "rmsprop": lambda groups: torch.optim.RMSprop(groups, 0.003, alpha=0.9, eps=1e-8),
    "adagrad": lambda groups: torch.optim.Adagrad(groups, 0.05, eps=1e-8),
    "adam": lambda groups: torch.optim.Adam(groups, 0.01),
    "adamw": lambda groups: torch.optim.AdamW(groups, 0.01, weight_decay=0.01),
    "nadam": lambda groups: torch.optim.NAdam(groups, 0.01),
}
RATES = {"sgd": 0.05, "momentum": 0.02, "nesterov": 0.02, "rmsprop": 0.003, "adagrad": 0.05}

ACTIVATION_TWINS: dict[str, Callable[[], Any]] = {
    "relu": torch.nn.ReLU,
    "linear": torch.nn.Identity,
    "sigmoid": torch.nn.Sigmoid,
    "hard sigmoid": torch.nn.Hardsigmoid,
    "tanh": torch.nn.Tanh,
    "leaky relu": torch.nn.LeakyReLU,
    "prelu": lambda: torch.nn.PReLU(7),
    "elu": torch.nn.ELU,
    "selu": torch.nn.SELU,
    "gelu": lambda: torch.nn.GELU("tanh"),
    "silu": torch.nn.SiLU,
    "mish": torch.nn.Mish,
    "softplus": torch.nn.Softplus,
    "softmax": lambda: torch.nn.Softmax(dim=1),
}


def data(kind: str, rows: int = BATCH * STEPS) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(rows, INPUTS)).astype(np.float32)
    if kind == "number":
        return x, np.sin(x[:, 0] * 2).astype(np.float32)
    return x, np.digitize(x[:, 0] * x[:, 1], [0.0] if kind == "binary" else [-0.5, 0.5]).astype(np.int64)


def twin(network: Network, activation: str = "tanh") -> Any:
    """A PyTorch model with the same weights; the layers must be dense ones with this activation."""
    modules = []
    for layer in network.layers:
        linear = torch.nn.Linear(layer.inputs, layer.units)
        parameters = network.parameters
        with torch.no_grad():
            linear.weight[:] = torch.tensor(parameters[f"{layer.name}.weights"].T.copy())
            linear.bias[:] = torch.tensor(parameters[f"{layer.name}.bias"].copy())
        modules += [linear, ACTIVATION_TWINS[activation]()]
    return torch.nn.Sequential(*modules[:-1])


def assert_same(network: Network, model: Any, tolerance: float = TOLERANCE) -> None:
    linears = [module for module in model if isinstance(module, torch.nn.Linear)]
    for layer, linear in zip(network.layers, linears, strict=True):
        for name, tensor in (("weights", linear.weight.T), ("bias", linear.bias)):
            ours, theirs = network.parameters[f"{layer.name}.{name}"], tensor.detach().numpy()
            np.testing.assert_allclose(
                ours, theirs, rtol=tolerance, atol=tolerance, err_msg=f"{layer.name}.{name}"
            )


def network_for(kind: str, layers: str = "7 tanh", **design: Any) -> Network:
    outputs = Outputs("multiclass", 3) if kind == "multiclass" else Outputs(kind)
    return Network(NetworkDesign(NetworkDesign.from_text(layers).layers, **design), INPUTS, outputs, seed=4)


def train_ours(
    network: Network, plan: TrainingPlan, rates: list[float], kind: str, averages: Averages | None = None
) -> None:
    """One epoch of 50 batches in the rows' own order."""
    x, y = data(kind)
    workspace = np.zeros((2, network.weights.size), np.float32)
    entry = OPTIMIZERS[plan.optimizer]
    moments = np.zeros((entry.moments, network.weights.size), np.float32)
    step = bind_update(Vectors(network.weights, workspace, moments, penalized_mask(network)), plan)
    if averages is not None:
        step = averages.follow(step)
    examples = checked(Examples(x, y), network, "training")
    batches = SmallBatches(network, examples, BATCH, workspace[0], np.random.default_rng(0))
    done = 0
    while done < STEPS:
        loaded = batches.load(np.arange(len(x)), done)
        batches.train(0, rates[done : done + loaded], done, step, TrainingControl())
        done += loaded


def train_theirs(
    model: Any, make_optimizer: Callable[[Any], Any], rates: list[float] | None, kind: str, l2: float = 0.0,
    l1: float = 0.0, clip: Callable[[Any], None] = lambda parameters: None, after: Callable[[], None] = lambda: None,
) -> None:  # fmt: skip
    x, y = (torch.from_numpy(part) for part in data(kind))
    cost: Any = torch.nn.CrossEntropyLoss()
    if kind != "multiclass":
        cost = torch.nn.MSELoss() if kind == "number" else torch.nn.BCEWithLogitsLoss()
        y = y.float()[:, None]
    weights = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    biases = [parameter for parameter in model.parameters() if parameter.ndim == 1]
    optimizer = make_optimizer([{"params": weights}, {"params": biases, "weight_decay": 0.0}])
    for number in range(STEPS):
        place = slice(number * BATCH, (number + 1) * BATCH)
        if rates is not None:
            for group in optimizer.param_groups:
                group["lr"] = rates[number]
        optimizer.zero_grad()
        total = cost(model(x[place]), y[place])
        for weight in weights:
            total = total + l1 * weight.abs().sum() + l2 / 2 * weight.square().sum()
        total.backward()
        clip(model.parameters())
        optimizer.step()
        after()


@pytest.mark.parametrize("kind", ["binary", "multiclass", "number"])
@pytest.mark.parametrize("optimizer", OPTIMIZER_TWINS)
def test_each_optimizer_over_fifty_steps(optimizer: str, kind: str) -> None:
    """Weights and biases agree to 1e-5 after 50 batches."""
    network = network_for(kind)
    model = twin(network)
    rate = RATES.get(optimizer, 0.01)
    decay = 0.01 if optimizer == "adamw" else 0.0
    plan = TrainingPlan(optimizer=optimizer, learning_rate=rate, weight_decay=decay)
    train_ours(network, plan, [rate] * STEPS, kind)
    train_theirs(model, OPTIMIZER_TWINS[optimizer], None, kind)
    assert_same(network, model)


def test_every_optimizer_has_a_twin_or_a_reason() -> None:
    """Lion is compared with its paper below; whole-data ones are compared elsewhere."""
    assert set(OPTIMIZERS) - set(OPTIMIZER_TWINS) == {"gradient descent", "lion", "l-bfgs"}


def test_lion_as_in_its_paper() -> None:
    """Algorithm 2 of Chen et al. 2023, written with tensors."""

    class Lion(torch.optim.Optimizer):  # type: ignore[misc, name-defined]
        def __init__(self, groups: Any) -> None:
            super().__init__(groups, {"lr": 0.001, "weight_decay": 0.0})

        @torch.no_grad()
        def step(self) -> None:
            for group in self.param_groups:
                for parameter in group["params"]:
                    m = self.state[parameter].setdefault("m", torch.zeros_like(parameter))
                    parameter -= group["lr"] * torch.sign(0.9 * m + 0.1 * parameter.grad)
                    m.mul_(0.99).add_(parameter.grad, alpha=0.01)

    network = network_for("multiclass")
    model = twin(network)
    train_ours(network, TrainingPlan(optimizer="lion", beta_2=0.99), [0.001] * STEPS, "multiclass")
    train_theirs(model, Lion, None, "multiclass")
    assert_same(network, model)


SCHEDULE_TWINS: dict[str, Callable[[Any], Any]] = {
    "constant": lambda optimizer: torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0),
    "cosine": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS),
    "cosine restarts": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 12.5),
    "linear": lambda optimizer: torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 1e-12, STEPS),
    "exponential": lambda optimizer: torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.01 ** (1 / STEPS)),
    "step": lambda optimizer: torch.optim.lr_scheduler.MultiStepLR(optimizer, [17, 34], 0.1),
    "one cycle": lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.01, total_steps=STEPS + 1, pct_start=(0.3 * STEPS + 1) / (STEPS + 1), final_div_factor=1e4,
        cycle_momentum=False,
    ),
    "coslog4": lambda optimizer: torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: 0.5 * (1 - np.cos(2 * np.pi * np.log2(1 + 15 * step / STEPS)))
    ),
}  # fmt: skip


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("schedule", SCHEDULE_TWINS)
def test_each_schedule_over_fifty_steps(schedule: str, optimizer: str) -> None:
    """The same learning rates as PyTorch's scheduler, and the same weights at the end."""
    if schedule == "cosine restarts":
        pytest.skip("PyTorch's restarts need whole steps; the next test compares them")
    probe = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.01)
    scheduler = SCHEDULE_TWINS[schedule](probe)
    theirs = []
    for _ in range(STEPS):
        theirs.append(probe.param_groups[0]["lr"])
        probe.step()
        scheduler.step()
    ours = [0.01 * SCHEDULES[schedule].factor(step / STEPS) for step in range(STEPS)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)

    network = network_for("multiclass")
    model = twin(network)
    train_ours(network, TrainingPlan(optimizer=optimizer), ours, "multiclass")
    train_theirs(model, OPTIMIZER_TWINS[optimizer], theirs, "multiclass")
    assert_same(network, model)


def test_cosine_restarts() -> None:
    """Four cycles of 12 steps."""
    probe = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(probe, 12)
    for step in range(48):
        assert SCHEDULES["cosine restarts"].factor(step / 48) == pytest.approx(
            probe.param_groups[0]["lr"], abs=1e-9
        )
        probe.step()
        scheduler.step()


@pytest.mark.parametrize(
    ("choice", "twin_choice"),
    [
        ({"l2": 0.1}, {"l2": 0.1}),
        ({"l1": 0.01}, {"l1": 0.01}),
        ({"clip_norm": 0.1}, {"clip": lambda parameters: torch.nn.utils.clip_grad_norm_(parameters, 0.1)}),
        (
            {"clip_value": 0.01},
            {"clip": lambda parameters: torch.nn.utils.clip_grad_value_(parameters, 0.01)},
        ),
    ],
)
def test_penalties_and_clipping(choice: dict[str, float], twin_choice: dict[str, Any]) -> None:
    """L1, L2, clipping by length and by value."""
    network = network_for("multiclass")
    model = twin(network)
    train_ours(network, TrainingPlan(optimizer="sgd", **choice), [0.05] * STEPS, "multiclass")  # type: ignore[arg-type]
    train_theirs(model, OPTIMIZER_TWINS["sgd"], None, "multiclass", **twin_choice)
    assert_same(network, model)


def test_the_exponential_average() -> None:
    """PyTorch's averaged model, with the same share at each step."""
    network = network_for("number")
    model = twin(network)
    plan = TrainingPlan(optimizer="sgd", average="ema", ema_decay=0.9)
    averages = Averages(network, plan)
    count = 0

    def follow(old: Any, new: Any, _: Any) -> Any:
        decay = min(0.9, count / (count + 9))
        return decay * old + (1 - decay) * new

    mean = torch.optim.swa_utils.AveragedModel(model, avg_fn=follow)
    mean.n_averaged += 1

    def after() -> None:
        nonlocal count
        count += 1
        mean.update_parameters(model)

    train_ours(network, plan, [0.05] * STEPS, "number", averages)
    train_theirs(model, OPTIMIZER_TWINS["sgd"], None, "number", after=after)
    network.weights[:] = averages.weights
    assert_same(network, mean.module)


@pytest.mark.parametrize("activation", ACTIVATION_TWINS)
def test_each_activation(activation: str) -> None:
    """Value and derivative, also far out; but for z = 0, where some have none."""
    z = (
        np.concatenate([np.linspace(-6, 6, 694), [-50, 50, -1e4, 1e4, 1e-6, -1e-6]])
        .astype(np.float32)
        .reshape(7, 100)
    )
    tensor = torch.tensor(z.T.copy(), requires_grad=True)
    result = ACTIVATION_TWINS[activation]()(tensor)
    outer = np.random.default_rng(0).normal(size=z.shape).astype(np.float32)
    result.backward(torch.tensor(outer.T.copy()))
    slope, slope_gradient = np.full(7, 0.25, np.float32), np.zeros(7, np.float32)
    learnt = (slope, slope_gradient) if activation == "prelu" else ()
    forward, backward = ACTIVATIONS[activation].bind(z, *learnt)
    forward()
    np.testing.assert_allclose(z, result.detach().numpy().T, rtol=2e-5, atol=2e-6)
    backward(outer)
    np.testing.assert_allclose(outer, tensor.grad.numpy().T, rtol=2e-4, atol=2e-5)


def test_every_activation_has_a_twin_or_a_reason() -> None:
    """PyTorch knows no step."""
    assert set(ACTIVATIONS) - set(ACTIVATION_TWINS) == {"step"}


COST_TWINS: dict[tuple[str, str], tuple[dict[str, float], Callable[[Any, Any], Any]]] = {
    ("cross-entropy", "multiclass"): (
        {},
        lambda z, y: torch.nn.functional.cross_entropy(z, y, reduction="none"),
    ),
    ("cross-entropy", "multiclass smoothed"): (
        {"label_smoothing": 0.2},
        lambda z, y: torch.nn.functional.cross_entropy(z, y, reduction="none", label_smoothing=0.2),
    ),
    ("cross-entropy", "binary"): (
        {},
        lambda z, y: torch.nn.functional.binary_cross_entropy_with_logits(
            z[:, 0], y.float(), reduction="none"
        ),
    ),
    ("focal", "multiclass"): (
        {"focal_gamma": 1.5},
        lambda z, y: (1 - z.softmax(1)[range(len(y)), y]) ** 1.5 * -z.log_softmax(1)[range(len(y)), y],
    ),
    ("focal", "binary"): (
        {"focal_gamma": 1.5},
        lambda z, y: (
            (1 - (z[:, 0] * (2 * y - 1)).sigmoid()) ** 1.5
            * -torch.nn.functional.logsigmoid(z[:, 0] * (2 * y - 1))
        ),
    ),
    ("hinge", "multiclass"): ({}, lambda z, y: torch.nn.functional.multi_margin_loss(z, y, reduction="none")),
    ("hinge", "binary"): ({}, lambda z, y: (1 - z[:, 0] * (2 * y - 1)).clamp(min=0)),
    ("squared error", "number"): (
        {},
        lambda z, y: torch.nn.functional.mse_loss(z[:, 0], y, reduction="none"),
    ),
    ("absolute error", "number"): (
        {},
        lambda z, y: torch.nn.functional.l1_loss(z[:, 0], y, reduction="none"),
    ),
    ("huber", "number"): (
        {"huber_delta": 0.7},
        lambda z, y: torch.nn.functional.huber_loss(z[:, 0], y, reduction="none", delta=0.7),
    ),
    ("log-cosh", "number"): ({}, lambda z, y: (z[:, 0] - y).cosh().log()),
    ("quantile", "number"): (
        {"quantile": 0.2},
        lambda z, y: torch.maximum(0.2 * (y - z[:, 0]), -0.8 * (y - z[:, 0])),
    ),
    ("poisson", "number"): (
        {},
        lambda z, y: (
            torch.nn.functional.poisson_nll_loss(z[:, 0], y, reduction="none") - y + torch.xlogy(y, y)
        ),
    ),
}


@pytest.mark.parametrize(("name", "kind"), COST_TWINS)
def test_each_cost(name: str, kind: str) -> None:
    """Value and gradient of each example."""
    options, theirs = COST_TWINS[name, kind]
    kind = kind.split()[0]
    network = network_for(kind, cost=name, **options)
    generator = np.random.default_rng(0)
    units = network.outputs.units
    z = (3 * generator.normal(size=(units, 200))).astype(np.float32)
    y = generator.integers(0, max(network.outputs.classes, 1), 200)
    if kind == "number":
        y = (
            generator.poisson(2.0, 200).astype(np.float32)
            if name == "poisson"
            else generator.normal(size=200)
        )
        y = y.astype(np.float32)
    tensor = torch.tensor(z.T.copy(), requires_grad=True)
    values = theirs(tensor, torch.tensor(y))
    values.sum().backward()
    targets = network.cost.targets(y)
    np.testing.assert_allclose(network.cost.values(z, targets), values.detach().numpy(), rtol=1e-5, atol=1e-5)
    delta = network.cost.bind(200)(z, targets, np.array(network.cost.factor, np.float32))
    np.testing.assert_allclose(delta.T, tensor.grad.numpy(), rtol=1e-5, atol=1e-5)


def test_every_cost_has_a_twin() -> None:
    """Nothing is left out."""
    assert {(name, kind.split()[0]) for name, kind in COST_TWINS} == {
        (name, kind) for name, entry in COSTS.items() for kind in entry.kinds
    }


@pytest.mark.parametrize("layer", ["batch norm", "layer norm"])
def test_normalizations(layer: str) -> None:
    """Values, gradients and, for batch norm, the running mean and variance."""
    network = network_for("number", layer)
    module = torch.nn.BatchNorm1d(INPUTS) if layer == "batch norm" else torch.nn.LayerNorm(INPUTS)
    generator = np.random.default_rng(0)
    scale, shift = generator.normal(size=(2, INPUTS)).astype(np.float32)
    name = f"{layer.replace(' ', '_')}_1"
    network.parameters[f"{name}.scale"][:], network.parameters[f"{name}.shift"][:] = scale, shift
    with torch.no_grad():
        module.weight[:], module.bias[:] = torch.tensor(scale), torch.tensor(shift)
    x = generator.normal(2, 3, (20, INPUTS)).astype(np.float32)
    outer = generator.normal(size=x.shape).astype(np.float32)
    tensor = torch.tensor(x, requires_grad=True)
    result = module(tensor)
    result.backward(torch.tensor(outer))

    gradient = np.zeros_like(network.weights)
    passes = network.bind(20, gradient, np.random.default_rng(0), input_delta=True)
    np.testing.assert_allclose(
        passes.forwards[0](x.T)[:INPUTS].T, result.detach().numpy(), rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(
        passes.backwards[1](outer.T.copy()).T, tensor.grad.numpy(), rtol=1e-4, atol=1e-5
    )
    views = network.views(gradient)
    np.testing.assert_allclose(views[f"{name}.scale"], module.weight.grad.numpy(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(views[f"{name}.shift"], module.bias.grad.numpy(), rtol=1e-4, atol=1e-5)
    if layer == "batch norm":
        np.testing.assert_allclose(network.parameters[f"{name}.mean"], module.running_mean.numpy(), rtol=1e-5)
        np.testing.assert_allclose(
            network.parameters[f"{name}.variance"], module.running_var.numpy(), rtol=1e-5
        )


def test_reduce_on_plateau() -> None:
    """The learning rate falls in the same epochs as with PyTorch's scheduler."""
    from ann_tui.training.trainer import Trainer

    network = network_for("multiclass", "32 relu")
    x, y = data("multiclass", 200)
    plan = TrainingPlan(
        schedule="plateau", plateau_patience=3, learning_rate=0.05, epochs=60, early_stopping=False
    )
    history = Trainer(network, Examples(x[:120], y[:120]), Examples(x[120:], y[120:]), plan).run().history
    probe = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.05)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(probe, factor=0.5, patience=2, threshold=0.0)
    theirs = []
    for row in history:
        theirs.append(probe.param_groups[0]["lr"])
        scheduler.step(row.validation_cost)
    assert len(set(theirs)) > 3
    np.testing.assert_allclose([row.learning_rate for row in history], theirs)

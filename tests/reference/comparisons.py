"""All that is compared with PyTorch: how PyTorch gets its figures, how we get ours, how far they may differ.

Inputs come from `RandomState`, whose numbers no version of NumPy changes, so that figures can be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.activations import ACTIVATIONS
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
from ann_tui.training.update import Vectors, bind_update, learning_mask, penalized_mask

STEPS = 50
BATCH = 16
INPUTS = 5
KINDS = ("binary", "multiclass", "number")

Figures = dict[str, NDArray[Any]]
Torch = Any
"""The module `torch`; nothing here imports it."""


class Tolerance(NamedTuple):
    """How far two figures may lie apart: relative + absolute."""

    relative: float
    absolute: float


@dataclass(frozen=True)
class Comparison:
    """Figures by name that PyTorch and we must agree on, each within its tolerance."""

    name: str
    theirs: Callable[[Torch], Figures]
    ours: Callable[[], Figures]
    tolerances: Mapping[str, Tolerance]


def inputs(seed: int = 0) -> np.random.RandomState:
    """A source of numbers that stay the same for good."""
    return np.random.RandomState(seed)


def data(kind: str, rows: int = BATCH * STEPS) -> tuple[NDArray[Any], NDArray[Any]]:
    """Features and targets."""
    x = inputs().normal(size=(rows, INPUTS)).astype(np.float32)
    if kind == "number":
        return x, np.sin(x[:, 0] * 2).astype(np.float32)
    return x, np.digitize(x[:, 0] * x[:, 1], [0.0] if kind == "binary" else [-0.5, 0.5]).astype(np.int64)


def network_for(kind: str, layers: str = "7 tanh", **design: Any) -> Network:
    """A network with drawn weights and biases."""
    outputs = Outputs("multiclass", 3) if kind == "multiclass" else Outputs(kind)  # type: ignore[arg-type]
    network = Network(NetworkDesign(NetworkDesign.from_text(layers).layers, **design), INPUTS, outputs)
    network.weights[:] = inputs(4).normal(0, 0.4, network.weights.size)
    return network


# ---------------------------------------------------------------- training runs

MakeOptimizer = Callable[[Torch, Any, TrainingPlan], Any]

OPTIMIZER_TWINS: dict[str, MakeOptimizer] = {
    "sgd": lambda torch, groups, plan: torch.optim.SGD(groups, plan.learning_rate),
    "momentum": lambda torch, groups, plan: torch.optim.SGD(groups, plan.learning_rate, momentum=0.9),
    "nesterov": lambda torch, groups, plan: torch.optim.SGD(
        groups, plan.learning_rate, momentum=0.9, nesterov=True
    ),
    "rmsprop": lambda torch, groups, plan: torch.optim.RMSprop(
        groups, plan.learning_rate, alpha=0.9, eps=1e-8
    ),
    "adagrad": lambda torch, groups, plan: torch.optim.Adagrad(groups, plan.learning_rate, eps=1e-8),
    "adam": lambda torch, groups, plan: torch.optim.Adam(groups, plan.learning_rate),
    "adamw": lambda torch, groups, plan: torch.optim.AdamW(
        groups, plan.learning_rate, weight_decay=plan.weight_decay
    ),
    "nadam": lambda torch, groups, plan: torch.optim.NAdam(groups, plan.learning_rate),
}
RATES = {"sgd": 0.05, "momentum": 0.02, "nesterov": 0.02, "rmsprop": 0.003, "adagrad": 0.05}

SCHEDULE_TWINS: dict[str, Callable[[Torch, Any], Any]] = {
    "constant": lambda torch, optimizer: torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0),
    "cosine": lambda torch, optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS),
    "linear": lambda torch, optimizer: torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 1e-12, STEPS),
    "exponential": lambda torch, optimizer: torch.optim.lr_scheduler.ExponentialLR(
        optimizer, 0.01 ** (1 / STEPS)
    ),
    "step": lambda torch, optimizer: torch.optim.lr_scheduler.MultiStepLR(optimizer, [17, 34], 0.1),
    "one cycle": lambda torch, optimizer: torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.01, total_steps=STEPS + 1, pct_start=(0.3 * STEPS + 1) / (STEPS + 1), final_div_factor=1e4,
        cycle_momentum=False,
    ),
    "coslog4": lambda torch, optimizer: torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: 0.5 * (1 - np.cos(2 * np.pi * np.log2(1 + 15 * step / STEPS)))
    ),
}  # fmt: skip


def lion(torch: Torch, groups: Any, plan: TrainingPlan) -> Any:
    """Algorithm 2 of Chen et al. 2023, written with tensors: PyTorch has none."""

    class Lion(torch.optim.Optimizer):  # type: ignore[misc, name-defined]
        @torch.no_grad()
        def step(self) -> None:
            for group in self.param_groups:
                for parameter in group["params"]:
                    m = self.state[parameter].setdefault("m", torch.zeros_like(parameter))
                    parameter -= group["lr"] * torch.sign(0.9 * m + 0.1 * parameter.grad)
                    m.mul_(0.99).add_(parameter.grad, alpha=0.01)

    return Lion(groups, {"lr": plan.learning_rate, "weight_decay": 0.0})


def training(
    name: str, kind: str, plan: TrainingPlan, make_optimizer: MakeOptimizer | None = None
) -> Comparison:
    """50 batches in the rows' own order: the learning rates, and the weights (of their average, if any) at the end."""
    make = make_optimizer or OPTIMIZER_TWINS[plan.optimizer]
    return Comparison(
        name,
        lambda torch: train_theirs(torch, kind, plan, make),
        lambda: train_ours(kind, plan),
        {"rates": Tolerance(1e-6, 1e-9), "weights": Tolerance(1e-5, 1e-5)},
    )


def train_ours(kind: str, plan: TrainingPlan) -> Figures:
    """One epoch of small batches."""
    network = network_for(kind)
    factor = SCHEDULES[plan.schedule].factor
    rates = [plan.learning_rate * factor(step / STEPS) for step in range(STEPS)]
    x, y = data(kind)
    workspace = np.zeros((2, network.weights.size), np.float32)
    moments = np.zeros((OPTIMIZERS[plan.optimizer].moments, network.weights.size), np.float32)
    averages = Averages(network, plan)
    vectors = Vectors(
        network.weights, workspace, moments, penalized_mask(network), learning_mask(network, plan)
    )
    step = averages.follow(bind_update(vectors, plan))
    examples = checked(Examples(x, y), network, "training")
    batches = SmallBatches(network, examples, BATCH, workspace[0], np.random.default_rng(0))
    done = 0
    while done < STEPS:
        loaded = batches.load(np.arange(len(x)), done)
        batches.train(0, rates[done : done + loaded], done, step, TrainingControl())
        done += loaded
    views = network.views(averages.weights)
    parts = [views[f"{layer.name}.{part}"] for layer in network.layers for part in ("weights", "bias")]
    return {"rates": np.array(rates), "weights": np.concatenate([part.ravel() for part in parts])}


def train_theirs(torch: Torch, kind: str, plan: TrainingPlan, make_optimizer: MakeOptimizer) -> Figures:
    """The same with PyTorch's layers, cost, gradients, optimizer, scheduler and averaged model."""
    network = network_for(kind)
    modules: list[Any] = []
    for layer in network.layers:
        linear = torch.nn.Linear(layer.inputs, layer.units)
        with torch.no_grad():
            linear.weight[:] = torch.tensor(network.parameters[f"{layer.name}.weights"].T.copy())
            linear.bias[:] = torch.tensor(network.parameters[f"{layer.name}.bias"].copy())
        modules += [linear, torch.nn.Tanh()]
    model = torch.nn.Sequential(*modules[:-1])

    x, y = (torch.from_numpy(part) for part in data(kind))
    cost: Any = torch.nn.CrossEntropyLoss()
    if kind != "multiclass":
        cost = torch.nn.MSELoss() if kind == "number" else torch.nn.BCEWithLogitsLoss()
        y = y.float()[:, None]
    weights = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    biases = [parameter for parameter in model.parameters() if parameter.ndim == 1]
    optimizer = make_optimizer(torch, [{"params": weights}, {"params": biases, "weight_decay": 0.0}], plan)
    scheduler = SCHEDULE_TWINS[plan.schedule](torch, optimizer)

    def follow(old: Any, new: Any, count: Any) -> Any:
        decay = min(plan.ema_decay, count / (count + 9))
        return decay * old + (1 - decay) * new

    mean = torch.optim.swa_utils.AveragedModel(model, avg_fn=follow)
    mean.n_averaged += 1
    rates = []
    for number in range(STEPS):
        place = slice(number * BATCH, (number + 1) * BATCH)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        total = cost(model(x[place]), y[place])
        for weight in weights:
            total = total + plan.l1 * weight.abs().sum() + plan.l2 / 2 * weight.square().sum()
        total.backward()
        if plan.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), plan.clip_norm)
        if plan.clip_value is not None:
            torch.nn.utils.clip_grad_value_(model.parameters(), plan.clip_value)
        optimizer.step()
        scheduler.step()
        mean.update_parameters(model)
    kept = mean.module if plan.average == "ema" else model
    parts = [part.detach().numpy().T.ravel() for part in kept.parameters()]
    return {"rates": np.array(rates), "weights": np.concatenate(parts)}


def trainings() -> list[Comparison]:
    """Each optimizer with each kind of output, each schedule, the penalties, the clippings, the averages."""
    found = []
    for optimizer in OPTIMIZER_TWINS:
        decay = 0.01 if optimizer == "adamw" else 0.0
        plan = TrainingPlan(optimizer, RATES.get(optimizer, 0.01), "constant", weight_decay=decay)
        found += [training(f"{optimizer}, {kind}", kind, plan) for kind in KINDS]
    found.append(
        training(
            "adamw with its own decay", "multiclass", TrainingPlan("adamw", 0.01, "constant"),
            lambda torch, groups, plan: torch.optim.AdamW(groups, plan.learning_rate, weight_decay=0.2),
        )
    )  # fmt: skip
    found.append(training("lion", "multiclass", TrainingPlan("lion", 0.001, "constant", beta_2=0.99), lion))
    for schedule in SCHEDULE_TWINS:
        for optimizer in ("sgd", "adam"):
            plan = TrainingPlan(optimizer, 0.01, schedule)
            found.append(training(f"{schedule}, {optimizer}", "multiclass", plan))
    for choice, value in (("l2", 0.1), ("l1", 0.01), ("clip_norm", 0.1), ("clip_value", 0.01)):
        plan = TrainingPlan("sgd", 0.05, "constant", **{choice: value})  # type: ignore[arg-type]
        found.append(training(choice, "multiclass", plan))
    for decay in (0.9, 0.6):
        plan = TrainingPlan("sgd", 0.05, "constant", average="ema", ema_decay=decay)
        found.append(training(f"ema {decay}", "number", plan))
    return found


# ------------------------------------------------------------ schedules apart


def cosine_restarts() -> Comparison:
    """Four cycles of 12 steps: PyTorch's restarts need whole ones."""

    def theirs(torch: Torch) -> Figures:
        probe = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(probe, 12)
        rates = []
        for _ in range(48):
            rates.append(probe.param_groups[0]["lr"])
            probe.step()
            scheduler.step()
        return {"rates": np.array(rates)}

    def ours() -> Figures:
        return {"rates": np.array([SCHEDULES["cosine restarts"].factor(step / 48) for step in range(48)])}

    return Comparison("cosine restarts", theirs, ours, {"rates": Tolerance(1e-6, 1e-9)})


def plateau() -> Comparison:
    """The learning rate falls in the same epochs as with PyTorch's scheduler, which sees our validation costs.

    No cost is within 0.05 % of the best one before it, so that rounding does not decide which is better.
    """

    def history() -> tuple[Any, ...]:
        from ann_tui.training.trainer import Trainer

        network = network_for("multiclass", "32 relu")
        x, y = data("multiclass", 200)
        plan = TrainingPlan(
            "adamw", 0.25, "plateau", plateau_patience=3, batch=120, epochs=60, early_stopping=False
        )
        return Trainer(network, Examples(x[:120], y[:120]), Examples(x[120:], y[120:]), plan).run().history

    def theirs(torch: Torch) -> Figures:
        probe = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.25)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(probe, factor=0.5, patience=2, threshold=0.0)
        rates = []
        for row in history():
            rates.append(probe.param_groups[0]["lr"])
            scheduler.step(row.validation_cost)
        return {"rates": np.array(rates)}

    def ours() -> Figures:
        return {"rates": np.array([row.learning_rate for row in history()])}

    return Comparison("plateau", theirs, ours, {"rates": Tolerance(1e-7, 0)})


# ---------------------------------------------------------------- activations

ACTIVATION_TWINS: dict[str, Callable[[Torch], Any]] = {
    "relu": lambda torch: torch.nn.ReLU(),
    "linear": lambda torch: torch.nn.Identity(),
    "sigmoid": lambda torch: torch.nn.Sigmoid(),
    "hard sigmoid": lambda torch: torch.nn.Hardsigmoid(),
    "tanh": lambda torch: torch.nn.Tanh(),
    "leaky relu": lambda torch: torch.nn.LeakyReLU(),
    "prelu": lambda torch: torch.nn.PReLU(7),
    "elu": lambda torch: torch.nn.ELU(),
    "selu": lambda torch: torch.nn.SELU(),
    "gelu": lambda torch: torch.nn.GELU("tanh"),
    "silu": lambda torch: torch.nn.SiLU(),
    "mish": lambda torch: torch.nn.Mish(),
    "softplus": lambda torch: torch.nn.Softplus(),
    "softmax": lambda torch: torch.nn.Softmax(dim=1),
}


def activation(name: str) -> Comparison:
    """Value and derivative, also far out; but for z = 0, where some have none."""
    far = [-50, 50, -1e4, 1e4, 1e-6, -1e-6]
    z = np.concatenate([np.linspace(-6, 6, 694), far]).astype(np.float32).reshape(7, 100)
    above = inputs().normal(size=z.shape).astype(np.float32)
    learns = ACTIVATIONS[name].slope is not None

    def theirs(torch: Torch) -> Figures:
        module = ACTIVATION_TWINS[name](torch)
        tensor = torch.tensor(z.T.copy(), requires_grad=True)
        result = module(tensor)
        result.backward(torch.tensor(above.T.copy()))
        found = {"values": result.detach().numpy().T, "gradient": tensor.grad.numpy().T}
        return found | ({"slope gradient": module.weight.grad.numpy()} if learns else {})

    def ours() -> Figures:
        values, gradient = z.copy(), above.copy()
        slope, slope_gradient = np.full(7, 0.25, np.float32), np.zeros(7, np.float32)
        forward, backward = ACTIVATIONS[name].bind(values, *((slope, slope_gradient) if learns else ()))
        forward()
        kept = values.copy()
        backward(gradient)
        found = {"values": kept, "gradient": gradient}
        return found | ({"slope gradient": slope_gradient} if learns else {})

    tolerances = {"values": Tolerance(2e-5, 2e-6), "gradient": Tolerance(2e-4, 2e-5)}
    return Comparison(
        name, theirs, ours, tolerances | ({"slope gradient": Tolerance(1e-5, 0)} if learns else {})
    )


# ---------------------------------------------------------------------- costs


class CostTwin(NamedTuple):
    """A cost, the kind of outputs, the design's options, and PyTorch's cost of each example."""

    cost: str
    kind: str
    options: dict[str, float]
    values: Callable[[Torch, Any, Any], Any]


COST_TWINS = [
    CostTwin(
        "cross-entropy",
        "multiclass",
        {},
        lambda torch, z, y: torch.nn.functional.cross_entropy(z, y, reduction="none"),
    ),
    CostTwin(
        "cross-entropy",
        "multiclass",
        {"label_smoothing": 0.2},
        lambda torch, z, y: torch.nn.functional.cross_entropy(z, y, reduction="none", label_smoothing=0.2),
    ),
    CostTwin(
        "cross-entropy",
        "binary",
        {},
        lambda torch, z, y: torch.nn.functional.binary_cross_entropy_with_logits(
            z[:, 0], y.float(), reduction="none"
        ),
    ),
    CostTwin(
        "focal",
        "multiclass",
        {"focal_gamma": 1.5},
        lambda torch, z, y: (1 - z.softmax(1)[range(len(y)), y]) ** 1.5 * -z.log_softmax(1)[range(len(y)), y],
    ),
    CostTwin(
        "focal",
        "binary",
        {"focal_gamma": 1.5},
        lambda torch, z, y: (
            (1 - (z[:, 0] * (2 * y - 1)).sigmoid()) ** 1.5
            * -torch.nn.functional.logsigmoid(z[:, 0] * (2 * y - 1))
        ),
    ),
    CostTwin(
        "hinge",
        "multiclass",
        {},
        lambda torch, z, y: torch.nn.functional.multi_margin_loss(z, y, reduction="none"),
    ),
    CostTwin("hinge", "binary", {}, lambda torch, z, y: (1 - z[:, 0] * (2 * y - 1)).clamp(min=0)),
    CostTwin(
        "squared error",
        "number",
        {},
        lambda torch, z, y: torch.nn.functional.mse_loss(z[:, 0], y, reduction="none"),
    ),
    CostTwin(
        "absolute error",
        "number",
        {},
        lambda torch, z, y: torch.nn.functional.l1_loss(z[:, 0], y, reduction="none"),
    ),
    CostTwin(
        "huber",
        "number",
        {"huber_delta": 0.7},
        lambda torch, z, y: torch.nn.functional.huber_loss(z[:, 0], y, reduction="none", delta=0.7),
    ),
    CostTwin("log-cosh", "number", {}, lambda torch, z, y: (z[:, 0] - y).cosh().log()),
    CostTwin(
        "quantile",
        "number",
        {"quantile": 0.2},
        lambda torch, z, y: torch.maximum(0.2 * (y - z[:, 0]), -0.8 * (y - z[:, 0])),
    ),
    CostTwin(
        "poisson",
        "number",
        {},
        lambda torch, z, y: (
            torch.nn.functional.poisson_nll_loss(z[:, 0], y, reduction="none") - y + torch.xlogy(y, y)
        ),
    ),
]


def cost(twin: CostTwin) -> Comparison:
    """Value and gradient of each example."""
    network = network_for(twin.kind, cost=twin.cost, **twin.options)
    draw = inputs()
    z = (3 * draw.normal(size=(network.outputs.units, 200))).astype(np.float32)
    y: NDArray[Any] = draw.randint(0, max(network.outputs.classes, 1), 200).astype(np.int64)
    if twin.kind == "number":
        y = draw.poisson(2.0, 200) if twin.cost == "poisson" else draw.normal(size=200)
        y = y.astype(np.float32)

    def theirs(torch: Torch) -> Figures:
        tensor = torch.tensor(z.T.copy(), requires_grad=True)
        values = twin.values(torch, tensor, torch.tensor(y))
        values.sum().backward()
        return {"values": values.detach().numpy(), "gradient": tensor.grad.numpy()}

    def ours() -> Figures:
        targets = network.cost.targets(y)
        delta = network.cost.bind(200)(z, targets, np.array(network.cost.factor, np.float32))
        return {"values": network.cost.values(z, targets), "gradient": delta.T}

    options = "".join(f", {name} {value}" for name, value in twin.options.items())
    tolerance = Tolerance(1e-5, 1e-5)
    return Comparison(
        f"{twin.cost}, {twin.kind}{options}", theirs, ours, {"values": tolerance, "gradient": tolerance}
    )


# --------------------------------------------------------------------- layers


def normalization(layer: str) -> Comparison:
    """Values, gradients and, for batch norm, the running mean and variance and what prediction makes of them."""
    draw = inputs()
    scale, shift = draw.normal(size=(2, INPUTS)).astype(np.float32)
    x = draw.normal(2, 3, (20, INPUTS)).astype(np.float32)
    above = draw.normal(size=x.shape).astype(np.float32)
    measures = layer == "batch norm"

    def theirs(torch: Torch) -> Figures:
        module = torch.nn.BatchNorm1d(INPUTS) if measures else torch.nn.LayerNorm(INPUTS)
        with torch.no_grad():
            module.weight[:], module.bias[:] = torch.tensor(scale), torch.tensor(shift)
        tensor = torch.tensor(x, requires_grad=True)
        result = module(tensor)
        result.backward(torch.tensor(above))
        found = {
            "values": result,
            "input gradient": tensor.grad,
            "scale gradient": module.weight.grad,
            "shift gradient": module.bias.grad,
        }
        if measures:
            found |= {"mean": module.running_mean, "variance": module.running_var}
            found["predicted values"] = module.eval()(tensor)
        return {name: figure.detach().numpy() for name, figure in found.items()}

    def ours() -> Figures:
        network = network_for("number", layer)
        name = f"{layer.replace(' ', '_')}_1"
        network.parameters[f"{name}.scale"][:] = scale
        network.parameters[f"{name}.shift"][:] = shift
        gradient = np.zeros_like(network.weights)
        passes = network.bind(20, gradient, np.random.default_rng(0), input_delta=True)
        values = passes.forwards[0](x.T)[:INPUTS].T
        views = network.views(gradient)
        found = {
            "values": values,
            "input gradient": passes.backwards[1](above.T.copy()).T,
            "scale gradient": views[f"{name}.scale"],
            "shift gradient": views[f"{name}.shift"],
        }
        if measures:
            found |= {part: network.parameters[f"{name}.{part}"] for part in ("mean", "variance")}
            found["predicted values"] = network.bind(20).forwards[0](x.T)[:INPUTS].T
        return found

    tolerances = {
        "values": Tolerance(1e-5, 1e-5),
        "input gradient": Tolerance(1e-4, 1e-5),
        "scale gradient": Tolerance(1e-4, 1e-5),
        "shift gradient": Tolerance(1e-4, 1e-5),
    }
    if measures:
        tolerances |= dict.fromkeys(("mean", "variance"), Tolerance(1e-5, 0))
        tolerances["predicted values"] = Tolerance(1e-5, 1e-5)
    return Comparison(layer, theirs, ours, tolerances)


COMPARISONS = [
    *trainings(),
    cosine_restarts(),
    plateau(),
    *map(activation, ACTIVATION_TWINS),
    *map(cost, COST_TWINS),
    *map(normalization, ("batch norm", "layer norm")),
]

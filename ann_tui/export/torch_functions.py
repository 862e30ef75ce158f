"""Activations, initializers, layers, costs and optimizers as PyTorch has them, or written out where it has none."""

from __future__ import annotations

from collections.abc import Mapping

from ann_tui.export.code_text import Helper

FUNCTIONS, LAYERS = 1, 2
"""The sections in which functions and layers stand."""

ACTIVATIONS: Mapping[str, str] = {
    "relu": "nn.ReLU()",
    "linear": "",
    "sigmoid": "nn.Sigmoid()",
    "hard sigmoid": "nn.Hardsigmoid()",
    "tanh": "nn.Tanh()",
    "leaky relu": "nn.LeakyReLU(0.01)",
    "prelu": "nn.PReLU({units}, init=0.25)",
    "elu": "nn.ELU()",
    "selu": "nn.SELU()",
    "gelu": 'nn.GELU(approximate="tanh")',
    "silu": "nn.SiLU()",
    "mish": "nn.Mish()",
    "softplus": "nn.Softplus()",
    "step": "Step()",
    "softmax": "nn.Softmax(dim=-1)",
}
"""The module that bends what a layer of so many units gives; no code for none."""

INITIALIZERS: Mapping[str, str] = {
    "glorot uniform": "nn.init.xavier_uniform_",
    "glorot normal": "nn.init.xavier_normal_",
    "he uniform": "he_uniform",
    "he normal": "he_normal",
    "lecun uniform": "lecun_uniform",
    "lecun normal": "lecun_normal",
    "orthogonal": "nn.init.orthogonal_",
    "normal": "small_normal",
    "uniform": "small_uniform",
    "zeros": "nn.init.zeros_",
}
"""The function that fills a matrix of weights."""

COSTS: Mapping[tuple[str, str], str] = {
    ("cross-entropy", "multiclass"): 'F.cross_entropy(z, y, reduction="none"{smoothing})',
    ("cross-entropy", "binary"): 'F.binary_cross_entropy_with_logits(z[:, 0], {target}, reduction="none")',
    ("focal", "multiclass"): 'focal(F.cross_entropy(z, y, reduction="none"), gamma={gamma})',
    ("focal", "binary"): (
        'focal(F.binary_cross_entropy_with_logits(z[:, 0], y, reduction="none"), gamma={gamma})'
    ),
    ("hinge", "multiclass"): "hinge(z, y)",
    ("hinge", "binary"): "F.relu(1 - (2 * y - 1) * z[:, 0])",
    ("squared error", "number"): "(z[:, 0] - y) ** 2",
    ("absolute error", "number"): "(z[:, 0] - y).abs()",
    ("huber", "number"): 'F.huber_loss(z[:, 0], y, reduction="none", delta={delta})',
    ("log-cosh", "number"): "log_cosh(z[:, 0] - y)",
    ("quantile", "number"): "pinball(z[:, 0] - y, {quantile})",
    ("poisson", "number"): 'F.poisson_nll_loss(z[:, 0], y, reduction="none")',
}
"""What a row costs by the raw outputs z, (rows, units), for each cost and kind of outputs."""

ANSWERS: Mapping[str, str] = {
    "multiclass": "z.softmax(dim=-1)",
    "binary": "torch.stack([z[:, 0].neg().sigmoid(), z[:, 0].sigmoid()], dim=1)",
    "number": "z[:, 0]",
    "poisson": "z[:, 0].clamp(max=88).exp()",
}
"""What one network answers by its raw outputs z (rows, units); see `network_functions.answer_code`."""

JOINT: Mapping[str, str] = {
    "mean": "z.mean(dim=0)",
    "binary": "F.logsigmoid(z).logsumexp(dim=0) - F.logsigmoid(-z).logsumexp(dim=0)",
    "multiclass": "z.log_softmax(dim=-1).logsumexp(dim=0) - math.log(len(z))",
    "poisson": "z.logsumexp(dim=0) - math.log(len(z))",
}
"""The raw outputs of all members together, of z (members, rows, units); see `network_functions.joint_code`."""

BETAS = "betas=({beta_1}, {beta_2}), eps={epsilon}"
OPTIMIZERS: Mapping[str, str] = {
    "adamw": "torch.optim.AdamW(groups, lr={rate}, " + BETAS + ")",
    "adam": "torch.optim.Adam(model.parameters(), lr={rate}, " + BETAS + ")",
    "sgd": "torch.optim.SGD(model.parameters(), lr={rate})",
    "gradient descent": "torch.optim.SGD(model.parameters(), lr={rate})",
    "momentum": "torch.optim.SGD(model.parameters(), lr={rate}, momentum={momentum})",
    "nesterov": "torch.optim.SGD(model.parameters(), lr={rate}, momentum={momentum}, nesterov=True)",
    "rmsprop": "torch.optim.RMSprop(model.parameters(), lr={rate}, alpha={rho}, eps={epsilon})",
    "adagrad": "torch.optim.Adagrad(model.parameters(), lr={rate}, eps={epsilon})",
    "nadam": "torch.optim.NAdam(model.parameters(), lr={rate}, " + BETAS + ")",
    "lion": "Lion(model.parameters(), lr={rate}, betas=({beta_1}, {beta_2}))",
    "l-bfgs": 'torch.optim.LBFGS(model.parameters(), max_iter=20, line_search_fn="strong_wolfe")',
}
"""What moves the weights; `groups` are the weights with their decay, and all other parameters."""

USUAL: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("adamw", "adam", "nadam"), ("betas=(0.9, 0.999)", "eps=1e-08")),
    "rmsprop": ("eps=1e-08",),
}
"""What PyTorch takes by itself, by the optimizer."""

SCHEDULES: Mapping[str, str] = {
    "cosine": "CosineAnnealingLR(optimizer, steps)",
    "exponential": "ExponentialLR(optimizer, 0.01 ** (1 / steps))",
    "linear": "PolynomialLR(optimizer, steps)",
}
"""Schedules of PyTorch's own; others are a function of the progress."""

REFUSED_OPTIMIZERS: Mapping[str, str] = {
    "schedule-free": "it is in no release of PyTorch (the package schedulefree has it): adamw with average ema is near",
    "muon": "PyTorch has it from 2.9 on, for hidden matrices alone: adamw is near",
}
"""What is not written, and why."""

IMPORTS: dict[str, str] = {
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "AveragedModel": "from torch.optim.swa_utils import AveragedModel",
    "load_torch": "from safetensors.torch import load_file as load_torch",
}

HELPERS: dict[str, Helper] = {
    "he_uniform": Helper(
        FUNCTIONS,
        '''
def he_uniform(weight):
    """Even draws within ±√(6 / inputs), for ReLU and its relatives."""
    nn.init.kaiming_uniform_(weight, nonlinearity="relu")
''',
    ),
    "he_normal": Helper(
        FUNCTIONS,
        '''
def he_normal(weight):
    """A bell curve of variance 2 / inputs."""
    nn.init.kaiming_normal_(weight, nonlinearity="relu")
''',
    ),
    "lecun_uniform": Helper(
        FUNCTIONS,
        '''
def lecun_uniform(weight):
    """Even draws within ±√(3 / inputs)."""
    nn.init.kaiming_uniform_(weight, nonlinearity="linear")
''',
    ),
    "lecun_normal": Helper(
        FUNCTIONS,
        '''
def lecun_normal(weight):
    """A bell curve of variance 1 / inputs."""
    nn.init.kaiming_normal_(weight, nonlinearity="linear")
''',
    ),
    "small_normal": Helper(
        FUNCTIONS,
        '''
def small_normal(weight):
    """A bell curve of deviation 0.05."""
    nn.init.normal_(weight, std=0.05)
''',
    ),
    "small_uniform": Helper(
        FUNCTIONS,
        '''
def small_uniform(weight):
    """Even draws within ±0.05."""
    nn.init.uniform_(weight, -0.05, 0.05)
''',
    ),
    "focal": Helper(
        FUNCTIONS,
        '''
def focal(surprise, gamma):
    """Cross-entropy that cares less for what is already told well (Lin et al. 2017)."""
    surprise = surprise.clamp(min=1e-30)
    return (-torch.expm1(-surprise)) ** gamma * surprise
''',
    ),
    "hinge": Helper(
        FUNCTIONS,
        '''
def hinge(z, y):
    """The mean over the classes of max(0, 1 - z_true + z_other) (Weston & Watkins 1999)."""
    margins = F.relu(1 - z.gather(1, y[:, None]) + z).scatter(1, y[:, None], 0)
    return margins.mean(dim=1)
''',
    ),
    "log_cosh": Helper(
        FUNCTIONS,
        '''
def log_cosh(error):
    """The logarithm of the hyperbolic cosine, which can't overflow."""
    return error.abs() + F.softplus(-2 * error.abs()) - math.log(2)
''',
    ),
    "pinball": Helper(
        FUNCTIONS,
        '''
def pinball(error, quantile):
    """Too high and too low cost differently (Koenker & Bassett 1978)."""
    return torch.maximum((1 - quantile) * error, -quantile * error)
''',
    ),
    "Lion": Helper(
        FUNCTIONS,
        '''
class Lion(torch.optim.Optimizer):
    """Steps of one size, by the sign of the mean gradient (Chen et al. 2023)."""

    def __init__(self, parameters, lr, betas):
        super().__init__(parameters, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta_1, beta_2 = group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                mean = self.state[weight].setdefault("mean", torch.zeros_like(weight))
                weight.sub_(group["lr"] * torch.sign(mean.lerp(weight.grad, 1 - beta_1)))
                mean.lerp_(weight.grad, 1 - beta_2)
''',
    ),
    "Step": Helper(
        FUNCTIONS,
        '''
class Step(nn.Module):
    """1 where z > 0, else 0; the gradient passes straight through between -1 and 1 (Bengio et al. 2013)."""

    def forward(self, z):
        through = z.clamp(-1, 1)
        return (z > 0).to(z.dtype) + through - through.detach()
''',
    ),
    "dense": Helper(
        LAYERS,
        '''
def dense(inputs, units, initialize, silent=0):
    """A linear layer; the weights of the last `silent` inputs begin at 0."""
    layer = nn.Linear(inputs, units)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    with torch.no_grad():
        initialize(layer.weight[:, : inputs - silent])
    return layer
''',
    ),
    "InputScale": Helper(
        LAYERS,
        '''
class InputScale(nn.Module):
    """One learnt factor for each input, so that what is useless can fade out."""

    def __init__(self, inputs):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(inputs))

    def forward(self, x):
        return self.scale * x
''',
    ),
    "Residual": Helper(
        LAYERS,
        '''
class Residual(nn.Module):
    """x + what two layers add to it (He et al. 2016)."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)
''',
    ),
    "Members": Helper(
        LAYERS,
        '''
class Members(nn.Module):
    """Several networks that learn side by side and answer together: (members, rows, units)."""

    def __init__(self, networks):
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, x):
        return torch.stack([network(x) for network in self.networks])
''',
    ),
}

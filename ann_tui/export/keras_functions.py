"""Activations, initializers, layers, costs and optimizers as Keras has them, or written out where it has none."""

from __future__ import annotations

from collections.abc import Mapping

from ann_tui.export.code_text import Helper

FUNCTIONS, LAYERS, FIT = 1, 2, 3
"""The sections in which definitions stand."""

NAMED_ACTIVATIONS: Mapping[str, str] = {
    "relu": "relu",
    "linear": "",
    "sigmoid": "sigmoid",
    "hard sigmoid": "hard_sigmoid",
    "tanh": "tanh",
    "elu": "elu",
    "selu": "selu",
    "silu": "silu",
    "mish": "mish",
    "softplus": "softplus",
    "softmax": "softmax",
}
"""Those that Keras knows by a name."""

ACTIVATION_LAYERS: Mapping[str, str] = {
    "leaky relu": "layers.LeakyReLU(negative_slope=0.01)",
    "prelu": "layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25))",
    "gelu": "layers.Activation(gelu)",
    "step": "layers.Activation(step)",
}
"""Those that are layers, or functions of their own."""

INITIALIZERS: Mapping[str, str] = {
    "glorot uniform": '"glorot_uniform"',
    "glorot normal": '"glorot_normal"',
    "he uniform": '"he_uniform"',
    "he normal": '"he_normal"',
    "lecun uniform": '"lecun_uniform"',
    "lecun normal": '"lecun_normal"',
    "orthogonal": '"orthogonal"',
    "normal": "keras.initializers.RandomNormal(stddev=0.05)",
    "uniform": "keras.initializers.RandomUniform(-0.05, 0.05)",
    "zeros": '"zeros"',
}

COSTS: Mapping[tuple[str, str], str] = {
    ("cross-entropy", "multiclass"): "ops.categorical_crossentropy({one_hot}, z, from_logits=True)",
    ("cross-entropy", "binary"): "ops.binary_crossentropy({target}, z, from_logits=True)[:, 0]",
    ("focal", "multiclass"): (
        "focal(ops.categorical_crossentropy(ops.one_hot(y[:, 0], z.shape[-1]), z, from_logits=True), gamma={gamma})"
    ),
    ("focal", "binary"): "focal(ops.binary_crossentropy(y, z, from_logits=True)[:, 0], gamma={gamma})",
    ("hinge", "multiclass"): "hinge(ops.one_hot(y[:, 0], z.shape[-1]), z)",
    ("hinge", "binary"): "ops.relu(1 - (2 * y - 1) * z)[:, 0]",
    ("squared error", "number"): "ops.square(z - y)[:, 0]",
    ("absolute error", "number"): "ops.abs(z - y)[:, 0]",
    ("huber", "number"): "keras.losses.huber(y, z, delta={delta})",
    ("log-cosh", "number"): "keras.losses.log_cosh(y, z)",
    ("quantile", "number"): "ops.maximum((1 - {quantile}) * (z - y), -{quantile} * (z - y))[:, 0]",
    ("poisson", "number"): "(ops.exp(z) - y * z)[:, 0]",
}
"""What a row costs by the raw outputs z (rows, units) and y (rows, 1)."""

BUILT_IN: Mapping[tuple[str, str], str] = {
    ("cross-entropy", "multiclass"): "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    ("cross-entropy", "binary"): "keras.losses.BinaryCrossentropy(from_logits=True)",
    ("squared error", "number"): "keras.losses.MeanSquaredError()",
    ("absolute error", "number"): "keras.losses.MeanAbsoluteError()",
    ("huber", "number"): "keras.losses.Huber(delta={delta})",
    ("log-cosh", "number"): "keras.losses.LogCosh()",
}
"""Losses of Keras's own, where nothing else is asked for."""

ANSWERS: Mapping[str, str] = {
    "multiclass": "ops.softmax(z)",
    "binary": "ops.concatenate([ops.sigmoid(-z), ops.sigmoid(z)], axis=-1)",
    "number": "z[:, 0]",
    "poisson": "ops.exp(ops.minimum(z[:, 0], 88))",
}
"""What one network answers by its raw outputs z (rows, units); see `network_functions.answer_code`."""

JOINT: Mapping[str, str] = {
    "mean": "ops.mean(z, axis=1)",
    "binary": "ops.logsumexp(ops.log_sigmoid(z), axis=1) - ops.logsumexp(ops.log_sigmoid(-z), axis=1)",
    "multiclass": "ops.logsumexp(ops.log_softmax(z), axis=1) - math.log(z.shape[1])",
    "poisson": "ops.logsumexp(z, axis=1) - math.log(z.shape[1])",
}
"""The raw outputs of all members together, of z (rows, members, units); see `network_functions.joint_code`."""

BETAS = "beta_1={beta_1}, beta_2={beta_2}"
OPTIMIZERS: Mapping[str, str] = {
    "adamw": "keras.optimizers.AdamW({rate}, " + BETAS + ", epsilon={epsilon}{more})",
    "adam": "keras.optimizers.Adam({rate}, " + BETAS + ", epsilon={epsilon}{more})",
    "sgd": "keras.optimizers.SGD({rate}{more})",
    "gradient descent": "keras.optimizers.SGD({rate}{more})",
    "momentum": "keras.optimizers.SGD({rate}, momentum={momentum}{more})",
    "nesterov": "keras.optimizers.SGD({rate}, momentum={momentum}, nesterov=True{more})",
    "rmsprop": "keras.optimizers.RMSprop({rate}, rho={rho}, epsilon={squared}{more})",
    "adagrad": "keras.optimizers.Adagrad({rate}, initial_accumulator_value=0.0, epsilon={squared}{more})",
    "nadam": "keras.optimizers.Nadam({rate}, " + BETAS + ", epsilon={epsilon}{more})",
    "lion": "keras.optimizers.Lion({rate}, " + BETAS + "{more})",
}
"""What moves the weights; epsilon is `squared` where Keras adds it under the root."""

USUAL: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("adamw", "adam", "nadam"), ("beta_1=0.9", "beta_2=0.999")),
    "lion": ("beta_1=0.9", "beta_2=0.99"),
    "rmsprop": ("rho=0.9",),
}
"""What Keras takes by itself, by the optimizer."""

REFUSED_OPTIMIZERS: Mapping[str, str] = {
    "l-bfgs": "Keras takes steps by batches alone; --to pytorch and --to sklearn have it",
    "schedule-free": "Keras has none; adamw with average ema is near",
    "muon": "Keras's own differs for the first layer; adamw is near",
}

SCHEDULES: Mapping[str, str] = {
    "cosine": "keras.optimizers.schedules.CosineDecay({rate}, steps)",
    "exponential": "keras.optimizers.schedules.ExponentialDecay({rate}, steps, 0.01)",
    "linear": "keras.optimizers.schedules.PolynomialDecay({rate}, steps, 0.0)",
}
"""Schedules of Keras's own; others are a callback."""

IMPORTS: dict[str, str] = {
    "keras": "import keras",
    "layers": "from keras import layers",
    "ops": "from keras import ops",
}

HELPERS: dict[str, Helper] = {
    name: Helper(section, code)
    for name, section, code in (
        (
            "gelu",
            FUNCTIONS,
            '''
def gelu(z):
    """z times about the normal distribution's share below z."""
    return keras.activations.gelu(z, approximate=True)
''',
        ),
        (
            "step",
            FUNCTIONS,
            '''
def step(z):
    """1 where z > 0, else 0; the gradient passes straight through between -1 and 1 (Bengio et al. 2013)."""
    through = ops.clip(z, -1, 1)
    return ops.cast(z > 0, z.dtype) + through - ops.stop_gradient(through)
''',
        ),
        (
            "focal",
            FUNCTIONS,
            '''
def focal(surprise, gamma):
    """Cross-entropy that cares less for what is already told well (Lin et al. 2017)."""
    surprise = ops.maximum(surprise, 1e-30)
    return (-ops.expm1(-surprise)) ** gamma * surprise
''',
        ),
        (
            "hinge",
            FUNCTIONS,
            '''
def hinge(true, z):
    """The mean over the classes of max(0, 1 - z_true + z_other) (Weston & Watkins 1999)."""
    margins = 1 - ops.sum(true * z, axis=-1, keepdims=True) + z
    return ops.mean(ops.relu(margins) * (1 - true), axis=-1)
''',
        ),
        (
            "Silent",
            LAYERS,
            '''
class Silent(keras.initializers.Initializer):
    """An initializer of all weights but those of the last inputs, which begin at 0."""

    def __init__(self, initializer, inputs):
        self.initializer, self.inputs = keras.initializers.get(initializer), inputs

    def __call__(self, shape, dtype=None):
        heard = self.initializer((shape[0] - self.inputs, shape[1]), dtype=dtype)
        return ops.concatenate([heard, ops.zeros((self.inputs, shape[1]), dtype=dtype)])
''',
        ),
        (
            "InputScale",
            LAYERS,
            '''
class InputScale(layers.Layer):
    """One learnt factor for each input, so that what is useless can fade out."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones", name="scale")

    def call(self, x):
        return self.scale * x
''',
        ),
        (
            "Residual",
            LAYERS,
            '''
class Residual(layers.Layer):
    """x + what some layers add to it (He et al. 2016)."""

    def __init__(self, *block):
        super().__init__()
        self.block = keras.Sequential(block)

    def build(self, shape):
        self.block.build(shape)

    def call(self, x):
        return x + self.block(x)
''',
        ),
        (
            "Members",
            LAYERS,
            '''
class Members(keras.Model):
    """Several networks that learn side by side and answer together: (rows, members, units)."""

    def __init__(self, networks):
        super().__init__()
        self.networks = networks

    def call(self, x):
        return ops.stack([network(x) for network in self.networks], axis=1)
''',
        ),
        (
            "Average",
            FIT,
            '''
class Average(keras.callbacks.Callback):
    """A running mean of the weights is what is judged and kept; unlike use_ema it follows faster while it is young."""

    def __init__(self, decay):
        super().__init__()
        self.decay = decay

    def on_train_begin(self, logs=None):
        self.mean, self.own, self.count = self.model.get_weights(), None, 0

    def on_epoch_begin(self, epoch, logs=None):
        if self.own is not None:
            self.model.set_weights(self.own)
            self.own = None

    def on_train_batch_end(self, batch, logs=None):
        self.count += 1
        share = 1 - min(self.decay, self.count / (self.count + 9))
        self.mean = [m + share * (w - m) for m, w in zip(self.mean, self.model.get_weights())]

    def on_test_begin(self, logs=None):
        self.show()

    def on_epoch_end(self, epoch, logs=None):
        self.show()

    def show(self):
        if self.own is None:
            self.own = self.model.get_weights()
            self.model.set_weights(self.mean)
''',
        ),
        (
            "LastQuarter",
            FIT,
            '''
class LastQuarter(keras.callbacks.Callback):
    """The mean of the weights at the end of each epoch of the last quarter is what is judged and kept (SWA)."""

    def __init__(self, first):
        super().__init__()
        self.first = first

    def on_train_begin(self, logs=None):
        self.mean, self.own, self.count = None, None, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch + 1
        if self.own is not None:
            self.model.set_weights(self.own)
            self.own = None

    def on_test_begin(self, logs=None):
        self.show()

    def on_epoch_end(self, epoch, logs=None):
        self.show()

    def show(self):
        if self.own is None and self.epoch > self.first:
            self.own, self.count = self.model.get_weights(), self.count + 1
            means = self.own if self.mean is None else self.mean
            self.mean = [m + (w - m) / self.count for m, w in zip(means, self.own)]
            self.model.set_weights(self.mean)
''',
        ),
        (
            "Rate",
            FIT,
            '''
class Rate(keras.callbacks.Callback):
    """The learning rate of each batch."""

    def __init__(self, rate, steps):
        super().__init__()
        self.rate, self.steps, self.step = rate, steps, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = self.rate * rate_factor(self.step / self.steps)
        self.step += 1
''',
        ),
    )
}

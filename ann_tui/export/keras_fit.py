"""Step 4 of a Keras script: compile, and fit with the callbacks that the plan asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.export.export_error import ExportError
from ann_tui.export.fit_pieces import FIT_DOC, fit_calls, optimizer_call
from ann_tui.export.keras_functions import OPTIMIZERS, REFUSED_OPTIMIZERS, SCHEDULES, USUAL
from ann_tui.export.keras_layers import KerasLayer
from ann_tui.export.network_functions import network_call
from ann_tui.export.schedule_code import rate_factor
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.residual import Residual
from ann_tui.network.linear_start import passed_share

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep


def keras_fit_code(facts: Facts, step: FirstStep, found: list[KerasLayer]) -> str:
    """`fit(x, y, epochs, held_out)`, its calls, and `answers(x)`. Raises ExportError for what can't be written."""
    plan, members = facts.plan, facts.design.members
    if members > 1 and plan.clip_norm is not None:
        raise ExportError(
            "clip gradient (clip_norm) of several members can't be written for Keras: choose one"
        )
    rate, before = _rate(facts)
    monitor, mode = _monitor(facts)
    weighed = ", sample_weight=class_weights[y]" if step.weights else ""
    size = plan.batch if facts.batch else "len(x)"
    lines = [
        "keras.utils.set_random_seed(SEED)",
        f"model = {network_call(members)}",
        *(["model.build((None, inputs))"] if members > 1 else []),
        *_start(facts),
        *_frozen(facts, found),
        *before,
        f"optimizer = {_optimizer(facts, rate)}",
    ]
    if facts.decay:
        lines.append(
            'optimizer.exclude_from_weight_decay(var_names=["bias", "scale", "gamma", "beta", "alpha"])'
        )
    loss = "cost_of_each" if members > 1 else "cost"
    metrics = _metrics(facts, monitor)
    lines.append(f"model.compile(optimizer, loss={loss}{metrics})")
    callbacks = []
    if not facts.searches and rate == "callback":
        callbacks.append(f"Rate({plan.learning_rate}, steps)")
    if plan.average == "ema":
        callbacks.append(f"Average({plan.ema_decay})")
    elif plan.average == "swa":
        callbacks.append(f"LastQuarter({0.75 * plan.epochs:g})")
    judged, pad = plan.monitor != "newest", "    " if facts.validation else ""
    lines.append(f"callbacks = [{', '.join(callbacks)}]")
    if judged:
        patience = plan.patience if plan.early_stopping else plan.epochs
        watch = f'monitor="{monitor}", mode="{mode}"'
        change = f", min_delta={plan.smallest_change}" if plan.smallest_change and plan.early_stopping else ""
        lines += ["if held_out is not None:"] if facts.validation else []
        lines += [
            f"{pad}best = keras.callbacks.EarlyStopping(\n"
            f"{pad}    {watch}, patience={patience}{change}, restore_best_weights=True\n{pad})",
            f"{pad}callbacks.append(best)",
        ]
        if plan.schedule == "plateau":
            lines.append(
                f"{pad}halved = keras.callbacks.ReduceLROnPlateau(\n{pad}    {watch}, factor=0.5, "
                f"patience={plan.plateau_patience}, min_delta={plan.smallest_change}\n{pad})\n"
                f"{pad}callbacks.append(halved)"
            )
    validation = ", validation_data=held_out" if facts.validation else ""
    lines.append(
        f"model.fit(\n    x, y, batch_size={size}, epochs=epochs{validation}{weighed},\n"
        "    callbacks=callbacks, verbose=0,\n)"
    )
    if judged:
        lines += ["if held_out is not None:"] if facts.validation else []
        lines.append(f"{pad}epochs = best.best_epoch + 1")
    lines.append("return model, epochs")
    body = "\n".join("    " + line if line else "" for text in lines for line in text.split("\n"))
    held = "(x_valid, y_valid, class_weights[y_valid])" if step.weights else "(x_valid, y_valid)"
    pieces = []
    if facts.begins_linear:
        pieces.append(_linear_start(facts, step))
    parameter = ", held_out=None" if facts.validation else ""
    pieces.append(f"def fit(x, y, epochs{parameter}):\n    {FIT_DOC}\n{body}\n")
    calls = fit_calls(facts, held if facts.validation else "", "np.concatenate")
    z = "joint(z)" if members > 1 else "z"
    answers = (
        'def answers(x):\n    """What the network says of prepared rows."""\n'
        "    z = ops.convert_to_tensor(model.predict(x, verbose=0))\n"
        f"    return ops.convert_to_numpy(answer({z}))\n"
    )
    return "\n\n".join([*pieces, calls, "", answers])


def _rate(facts: Facts) -> tuple[str, list[str]]:
    """The learning rate as code, "callback" where one sets it; and the lines before."""
    plan = facts.plan
    if not rate_factor(plan):
        return str(plan.learning_rate), []
    size = plan.batch if facts.batch else "len(x)"
    steps = f"steps = {plan.epochs} * math.ceil(len(x) / {size})"
    if plan.schedule in SCHEDULES and not plan.warm_up:
        return "rate", [steps, f"rate = {SCHEDULES[plan.schedule].format(rate=plan.learning_rate)}"]
    return "callback", [steps]


def _optimizer(facts: Facts, rate: str) -> str:
    plan = facts.plan
    if plan.optimizer not in OPTIMIZERS:
        why = REFUSED_OPTIMIZERS.get(plan.optimizer, "Keras has none of that name")
        raise ExportError(f"optimizer {plan.optimizer!r} can't be written for Keras: {why}")
    more = ""
    if facts.decay:
        more += f", weight_decay={facts.decay}"
    if plan.clip_norm is not None:
        more += f", global_clipnorm={plan.clip_norm}"
    if plan.clip_value is not None:
        if plan.clip_norm is not None:
            raise ExportError("clip_norm and clip_value together can't be written for Keras: choose one")
        more += f", clipvalue={plan.clip_value}"
    code = optimizer_call(
        plan,
        OPTIMIZERS,
        USUAL.get(plan.optimizer, ()),
        rate=plan.learning_rate if rate == "callback" else rate,
        squared=f"{plan.epsilon**2:g}",
        more=more,
    )
    if len(code) < 80:
        return code
    name, _, arguments = code.partition("(")
    return f"{name}(\n    {arguments[:-1]}\n)"


def _monitor(facts: Facts) -> tuple[str, str]:
    """What Keras calls what makes an epoch the best, and which way is better."""
    plan = facts.plan
    held = "val_" if plan.monitor.startswith("validation") and facts.validation else ""
    if plan.monitor.endswith("metric"):
        return (f"{held}mse", "min") if facts.outputs.kind == "number" else (f"{held}accuracy", "max")
    if facts.design.members > 1:
        return f"{held}joint_cost", "min"
    return f"{held}{'plain_cost' if plan.l1 or plan.l2 else 'loss'}", "min"


def _metrics(facts: Facts, monitor: str) -> str:
    name = monitor.removeprefix("val_")
    if name == "loss":
        return ""
    if name == "plain_cost":
        return ', metrics=[keras.metrics.MeanMetricWrapper(cost, name="plain_cost")]'
    if name == "joint_cost":
        return ", metrics=[joint_cost]"
    if facts.design.members > 1:
        raise ExportError(f"several members judged by the {facts.plan.monitor} can't be written for Keras")
    if name == "mse":
        return ', metrics=["mse"]'
    if facts.outputs.kind == "binary":
        return ', metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)]'
    return ', metrics=["accuracy"]'


def _frozen(facts: Facts, found: list[KerasLayer]) -> list[str]:
    if not facts.plan.frozen_layers:
        return []
    names = list(dict.fromkeys(each.layer for each in found))[: facts.plan.frozen_layers]
    count = sum(each.layer in names for each in found)
    if facts.design.members > 1:
        raise ExportError("frozen layers of several members can't be written for Keras")
    return [
        f"for each in model.layers[:{count}]:",
        "    each.trainable = False  # frozen layers keep their weights",
    ]


def _start(facts: Facts) -> list[str]:
    lines = []
    several = facts.design.members > 1
    over = ["for each in model.networks:"] if several else []
    pad, name = ("    ", "each") if several else ("", "model")
    if facts.cost == "poisson":
        lines.append(f"{pad}{name}.layers[-1].bias.assign([math.log(y.mean())])")
    if facts.begins_linear:
        lines.append(f"{pad}begin_as_linear_model({name}, x, y)")
    return [*over, *lines] if lines else []


def _linear_start(facts: Facts, step: FirstStep) -> str:
    """`begin_as_linear_model(network, x, y)`, by scikit-learn's linear models."""
    if facts.cost not in ("cross-entropy", "squared error") or facts.design.label_smoothing:
        raise ExportError(
            f"a start as a linear model with the cost {facts.cost!r} can't be written for Keras: choose "
            "start = random, or --to pytorch"
        )
    features = "inputs - bins" if step.bins else "inputs"
    weighed = ", class_weights[y]" if step.weights else ""
    linear = (
        "Ridge(alpha=0.5)"
        if facts.outputs.kind == "number"
        else "LogisticRegression(tol=1e-6, max_iter=1000)"
    )
    hidden = [layer for layer in facts.layers[:-1] if isinstance(layer, Dense)]
    shares = [passed_share(layer.activation_name) or 1.0 for layer in hidden]
    plain = all(share == 1.0 for share in shares)
    over = "for layer in hidden" if plain else f"for layer, share in zip(hidden, {shares})"
    one = "1" if plain else "1 / share"
    lines = [
        '"""Let a fresh network answer like the linear model of its rows, which it then leaves.',
        "",
        "Two units pass a line on whole, as relu(z) - relu(-z) = z; the others stay random, and are not heard yet.",
        '"""',
        f"line = {linear}.fit(x[:, : {features}], y{weighed})",
        "taken, shift = np.atleast_2d(line.coef_).T, np.atleast_1d(line.intercept_)",
        "lines = np.arange(len(shift))",
    ]
    if any(isinstance(layer, Residual) for layer in facts.layers):
        lines += [
            "for block in (each for each in network.layers if isinstance(each, Residual)):",
            "    block.block.layers[-1].kernel.assign(ops.zeros_like(block.block.layers[-1].kernel))",
        ]
    lines += [
        "*hidden, last = (each for each in network.layers if isinstance(each, layers.Dense))",
        f"{over}:",
        "    kernel, bias = layer.get_weights()",
        "    kernel[:, : 2 * len(lines)] = 0",
        "    kernel[: len(taken), 2 * lines], bias[2 * lines] = taken, shift",
        "    kernel[: len(taken), 2 * lines + 1], bias[2 * lines + 1] = -taken, -shift",
        "    layer.set_weights([kernel, bias])",
        "    taken, shift = np.zeros((2 * len(lines), len(lines))), np.zeros(len(lines))",
        f"    taken[2 * lines, lines], taken[2 * lines + 1, lines] = {one}, -{one}",
        "kernel = np.zeros(last.kernel.shape)",
        "kernel[: len(taken)] = taken",
        "last.set_weights([kernel, shift])",
    ]
    body = "\n".join("    " + line if line else "" for line in lines)
    return f"def begin_as_linear_model(network, x, y):\n{body}\n"

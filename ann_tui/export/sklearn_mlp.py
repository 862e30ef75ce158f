"""An experiment or a trained model as a script for scikit-learn's MLPClassifier or MLPRegressor, as far as they go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.export.answers_code import evaluation_code, prediction_code
from ann_tui.export.code_text import assembled, written
from ann_tui.export.export_error import ExportError, UnsayableError
from ann_tui.export.fit_pieces import (
    FIT_DOC,
    NOTHING_JUDGES,
    best_begun,
    best_lines,
    fit_calls,
    optimizer_call,
)
from ann_tui.export.model_script import NetworkPart
from ann_tui.export.network_functions import cost_title
from ann_tui.export.preparation_helpers import HELPERS, IMPORTS
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.network.linear_start import LINEAR

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep
    from ann_tui.model.trained_model import TrainedModel

ACTIVATIONS: Mapping[str, str] = {
    "relu": "relu",
    "linear": "identity",
    "sigmoid": "logistic",
    "tanh": "tanh",
}
"""What scikit-learn calls those that it has."""

OPTIMIZERS: Mapping[str, str] = {
    "adam": 'solver="adam", beta_1={beta_1}, beta_2={beta_2}, epsilon={epsilon}',
    "sgd": 'solver="sgd", momentum=0.0',
    "gradient descent": 'solver="sgd", momentum=0.0',
    "momentum": 'solver="sgd", momentum={momentum}, nesterovs_momentum=False',
    "nesterov": 'solver="sgd", momentum={momentum}, nesterovs_momentum=True',
    "l-bfgs": 'solver="lbfgs", max_iter=20, warm_start=True',
}
"""Its solvers; one of L-BFGS takes 20 iterations an epoch."""

USUAL = ("beta_1=0.9", "beta_2=0.999", "epsilon=1e-08", "momentum=0.9", "nesterovs_momentum=True")
"""What it takes by itself."""

OWN_WEIGHTS = "It begins with weights that scikit-learn draws in its own way"
OF_BINS = ",\nthose of bins too, which begin at 0 in ann-tui: its scores may spread otherwise."
"""What can't be said to it, and is no refusal."""

COSTS = ("cross-entropy", "squared error")


def sklearn_script(facts: Facts, step: FirstStep) -> str:
    """The whole script. Raises ExportError that names all that scikit-learn can't say."""
    if found := _obstacles(facts):
        name = _class(facts.outputs.kind)
        raise UnsayableError(f"scikit-learn's {name} can't say", found)
    return assembled(
        facts.doc(step, "scikit-learn", "scikit-learn pandas", OWN_WEIGHTS + (OF_BINS if step.bins else ".")),
        [
            ("1. Preprocess: all that is fitted is fitted on the training rows", step.code),
            ("2. Functions", _cost(facts)),
            ("3. Layers", _network(facts)),
            ("4. Fit", _fit(facts, step)),
            ("Evaluate, on rows that the network has never seen", evaluation_code(facts, step)),
            ("Predict", prediction_code(facts, step)),
        ],
        HELPERS,
        IMPORTS,
        step.before,
    )


def _class(kind: str) -> str:
    return "MLPRegressor" if kind == "number" else "MLPClassifier"


def _obstacles(facts: Facts) -> dict[str, str]:
    """What scikit-learn can't say of an experiment, each with the setting in place of it."""
    design, plan = facts.design, facts.plan
    found = dict.fromkeys(_odd_layers(design, fresh=True), f"network.layers={_plain_layers(design)}")
    if facts.cost not in COSTS:
        found[f"cost {facts.cost}"] = "network.cost=auto"
    if design.label_smoothing and facts.cost == "cross-entropy":
        found["label smoothing"] = "network.label_smoothing=0"
    if facts.begins_linear and design.start == LINEAR:
        found["start as a linear model"] = "network.start=random"
    if design.members > 1:
        found[f"{design.members} members"] = "network.members=1"
    if plan.optimizer not in OPTIMIZERS:
        found[f"optimizer {plan.optimizer}"] = "training.optimizer=adam"
    if plan.weight_decay and not facts.searches:
        found["weight decay"] = "training.weight_decay=0"
    if plan.schedule != "constant" and not facts.searches:
        found[f"schedule {plan.schedule}"] = "training.schedule=constant"
    for name, value, setting in (
        ("warm-up", plan.warm_up and not facts.searches, "warm_up=0"),
        ("L1", plan.l1, "l1=0"),
        ("max-norm", plan.max_norm, "max_norm=none"),
        ("clip gradient", plan.clip_norm, "clip_norm=none"),
        ("clip each slope", plan.clip_value, "clip_value=none"),
        ("frozen layers", plan.frozen_layers, "frozen_layers=0"),
        (f"average weights {plan.average}", plan.average != "none", "average=none"),
    ):
        if value:
            found[name] = f"training.{setting}"
    return found


def _plain_layers(design: NetworkDesign) -> str:
    """The dense layers of a design, with an activation that scikit-learn has."""
    layers = _dense(design)
    bends = next((layer.bends for layer in layers if layer.bends in ACTIVATIONS), "relu")
    return ", ".join(f"{layer.units} {bends}" for layer in layers)


def _odd_layers(design: NetworkDesign, *, fresh: bool) -> list[str]:
    """The layers that are not dense with one activation; of a trained network an input scale in front is fine."""
    found, activations = [], set()
    for place, layer in enumerate(design.layers):
        if layer.kind == "input scale" and not fresh and place == 0:
            continue
        if layer.kind == "dropout" and not fresh:
            continue
        if layer.kind != "dense":
            found.append(layer.kind)
        elif layer.bends not in ACTIVATIONS:
            found.append(f"activation {layer.bends}")
        else:
            activations.add(layer.bends)
        if fresh and layer.initializer not in (None, "glorot uniform"):
            found.append(f"initializer {layer.initializer}")
    if len(activations) > 1:
        found.append("another activation for each layer")
    return list(dict.fromkeys(found))


def _dense(design: NetworkDesign) -> list[LayerDesign]:
    return [layer for layer in design.layers if layer.kind == "dense"]


def _sizes(design: NetworkDesign) -> str:
    layers = _dense(design)
    sizes = written(tuple(layer.units for layer in layers))
    bends = ACTIVATIONS[layers[0].bends] if layers else "identity"
    return f'hidden_layer_sizes={sizes}, activation="{bends}"'


def _network(facts: Facts) -> str:
    plan = facts.plan
    solver = optimizer_call(plan, OPTIMIZERS, USUAL)
    few = len(facts.prepared.training.rows)
    rows = plan.batch if facts.batch is not None and facts.batch <= few else "len(x)"
    alpha = f"{plan.l2} * {rows}" if plan.l2 else "0.0"
    size = "" if facts.searches else f", learning_rate_init={plan.learning_rate}, batch_size={rows}"
    note = "  # scikit-learn divides it by the rows of a batch" if plan.l2 else ""
    given = "x" if "len(x)" in f"{alpha}{size}" else ""
    return (
        f'def network({given}):\n    """A fresh network{" for these rows" if given else ""}."""\n'
        f"    return {_class(facts.outputs.kind)}(\n        {_sizes(facts.design)},\n"
        f"        {solver}{size},\n        alpha={alpha},{note}\n        random_state=SEED,\n    )\n"
    )


def _cost(facts: Facts) -> str:
    """The cost that judges; the network's own is fixed by its class."""
    if facts.plan.monitor.endswith("metric"):
        code = (
            "-r2_score(y, model.predict(x))"
            if facts.outputs.kind == "number"
            else "-accuracy_score(y, model.predict(x))"
        )
        return f'def judged(model, x, y):\n    """What is to be small."""\n    return {code}\n'
    code = (
        "np.mean((model.predict(x) - y) ** 2)"
        if facts.outputs.kind == "number"
        else "log_loss(y, model.predict_proba(x), labels=model.classes_)"
    )
    return (
        f'def judged(model, x, y):\n    """{cost_title(facts)}, which is to be small."""\n    return {code}\n'
    )


def _fit(facts: Facts, step: FirstStep) -> str:
    plan = facts.plan
    held = plan.monitor.startswith("validation") and facts.validation
    judge = plan.monitor != "newest"
    weighed = ", sample_weight=class_weights[y]" if step.weights else ""
    classes = "" if facts.outputs.kind == "number" or facts.searches else ", classes=range(len(classes))"
    one = "fit" if facts.searches else "partial_fit"
    call = f"model.{one}(x, y{'' if facts.searches else classes}{weighed})"
    lines = ["model = network(x)" if "def network(x)" in _network(facts) else "model = network()"]
    lines += [best_begun(plan)] if judge else []
    lines += ["for epoch in range(1, epochs + 1):", f"    {call}"]
    waits = judge and (held or facts.refits)
    if judge:
        lines += [f"    {line}" for line in (NOTHING_JUDGES if waits else [])]
        lines.append(f"    value = judged(model, {'*held_out' if held else 'x, y'})")
        lines += [f"    {line}" for line in best_lines(plan, "copy.deepcopy(model)")]
        lines.append("return (best or model), best_epoch")
    else:
        lines.append("return model, epochs")
    body = "\n".join("    " + line for line in lines)
    code = (
        f"def fit(x, y, epochs{', held_out=None' if waits else ''}):\n    {FIT_DOC}\n{body}\n\n\n"
        + fit_calls(facts, "(x_valid, y_valid)" if waits else "", "np.concatenate")
    )
    answers = "model.predict(x)" if facts.outputs.kind == "number" else "model.predict_proba(x)"
    return f'{code}\n\ndef answers(x):\n    """What the network says of prepared rows."""\n    return {answers}\n'


def sklearn_network(model: TrainedModel) -> NetworkPart:
    """A trained network in scikit-learn. Raises ExportError that names all that it can't say."""
    network = model.network
    kind, cost = network.outputs.kind, network.design.cost_for(network.outputs)
    found = _odd_layers(network.design, fresh=False)
    if network.members > 1 and cost == "hinge":
        found.append("members that answer by the mean of their margins")
    if found:
        raise ExportError(f"scikit-learn's {_class(kind)} can't say: {', '.join(found)}; --to pytorch can")
    arrays = {}
    for number in range(network.members):
        own = network.member(number)
        names = [layer.name for layer in own.layers if layer.kind == "dense"]
        for place, name in enumerate(names):
            weights = np.asarray(own.parameters[f"{name}.weights"], np.float64)
            if place == 0 and "input_scale_1.scale" in own.parameters:
                weights = weights * np.asarray(own.parameters["input_scale_1.scale"], np.float64)[:, None]
            arrays[f"{number}.coefs.{place}"] = np.ascontiguousarray(weights)
            arrays[f"{number}.intercepts.{place}"] = np.asarray(
                own.parameters[f"{name}.bias"], np.float64
            ).copy()
    layers = len(_dense(network.design)) + 1
    classes = len(model.classes)
    begin = (
        "made.partial_fit(np.zeros((1, inputs)), [0.0])"
        if kind == "number"
        else f"made.partial_fit(np.zeros((1, inputs)), [0], classes=range({classes}))"
    )
    folded = any(layer.kind == "input scale" for layer in network.design.layers)
    note = "; the scale of the inputs is in the first of them" if folded else ""
    layers_code = (
        f"inputs = {network.inputs}\n\n\n"
        f'def network(weights, number):\n    """One network with its trained weights{note}."""\n'
        f"    made = {_class(kind)}({_sizes(network.design)})\n    {begin}\n"
        f'    made.coefs_ = [weights[f"{{number}}.coefs.{{place}}"] for place in range({layers})]\n'
        f'    made.intercepts_ = [weights[f"{{number}}.intercepts.{{place}}"] for place in range({layers})]\n'
        "    return made\n"
    )
    asked = "predict" if kind == "number" else "predict_proba"
    one = f"each.{asked}(x)"
    if cost == "poisson":
        one = f"np.exp(np.minimum({one}, 88))"
    answer = (
        f"np.mean([{one} for each in networks], axis=0)"
        if network.members > 1
        else one.replace("each", "model")
    )
    made = (
        f"networks = [network(weights, number) for number in range({network.members})]"
        if network.members > 1
        else "model = network(weights, 0)"
    )
    weights_code = (
        f"weights = load_file(WEIGHTS)\n{made}\n\n\n"
        f'def answers(x):\n    """What the network says of prepared rows."""\n'
        f"    x = x.astype(float)\n    return {answer}\n"
    )
    words = "The cost and the output's activation belong to the class of the network."
    return NetworkPart(
        "scikit-learn",
        "scikit-learn pandas safetensors",
        f"# {words}",
        layers_code,
        weights_code,
        arrays,
    )

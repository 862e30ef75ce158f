"""An experiment as a script for Keras 3 that trains it anew, and a trained model as one that answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.export import keras_functions
from ann_tui.export.answers_code import evaluation_code, prediction_code
from ann_tui.export.code_text import assembled
from ann_tui.export.export_error import ExportError
from ann_tui.export.keras_fit import keras_fit_code
from ann_tui.export.keras_layers import Extra, keras_layers, keras_network_code, ordered
from ann_tui.export.model_script import NetworkPart
from ann_tui.export.preparation_helpers import HELPERS, IMPORTS
from ann_tui.export.schedule_code import rate_factor

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep
    from ann_tui.model.trained_model import TrainedModel
    from ann_tui.network.outputs import Outputs

EARLY = (
    'os.environ.setdefault("KERAS_BACKEND", "torch")  # what Keras computes with: torch, jax or tensorflow'
)


def keras_script(facts: Facts, step: FirstStep) -> str:
    """The whole script. Raises ExportError for an option that can't be written."""
    plan = facts.plan
    penalty = f"keras.regularizers.L1L2(l1={plan.l1}, l2={plan.l2 / 2})"
    extra = Extra(
        True,
        (f", kernel_regularizer={penalty}" if plan.l1 or plan.l2 else "")
        + (
            f", kernel_constraint=keras.constraints.MaxNorm({plan.max_norm}, axis=0)" if plan.max_norm else ""
        ),
    )
    found = keras_layers(
        facts.design,
        facts.inputs,
        facts.outputs,
        dropout=plan.dropout,
        extra=extra,
        silent="bins" if step.bins else "",
    )
    sizes = "inputs = x_train.shape[1]\n"
    if step.bins:
        sizes += f"bins = {step.bins}  # the last inputs, whose weights begin at 0\n"
    return assembled(
        facts.doc(step, "Keras 3", "keras torch pandas scikit-learn"),
        [
            ("1. Preprocess: all that is fitted is fitted on the training rows", step.code),
            ("2. Functions", _functions(facts)),
            ("3. Layers", f"{sizes}\n\n{keras_network_code(found)}"),
            ("4. Fit", keras_fit_code(facts, step, found)),
            ("Evaluate, on rows that the network has never seen", evaluation_code(facts, step)),
            ("Predict", prediction_code(facts, step)),
        ],
        {**HELPERS, **keras_functions.HELPERS},
        {**IMPORTS, **keras_functions.IMPORTS},
        step.before,
        EARLY,
    )


def _functions(facts: Facts) -> str:
    pieces = []
    if own_cost(facts):
        pieces.append(_cost(facts))
    else:
        pieces.append(f"cost = {built_in(facts)}\n")
    pieces.append(keras_answer(facts.outputs, facts.cost))
    if facts.design.members > 1:
        pieces.append(keras_joint(facts.outputs, facts.cost))
        pieces.append(
            'def joint_cost(y, z):\n    """What each row costs by what the members say together."""\n'
            "    return cost(y, joint(z))\n"
        )
        pieces.append(
            'def cost_of_each(y, z):\n    """What each row costs all members: each learns as if it were alone."""\n'
            f"    return sum(cost(y, z[:, member]) for member in range({facts.design.members}))\n"
        )
    if facts.plan.schedule not in keras_functions.SCHEDULES or facts.plan.warm_up:
        pieces.append(rate_factor(facts.plan))
    return "\n\n".join(piece for piece in pieces if piece)


def own_cost(facts: Facts) -> bool:
    """Whether the cost is written out, rather than one of Keras's losses."""
    smooth = facts.design.label_smoothing and facts.outputs.kind == "multiclass"
    known = (facts.cost, facts.outputs.kind) in keras_functions.BUILT_IN
    return bool(smooth) or not known or facts.design.members > 1


def built_in(facts: Facts) -> str:
    """One of Keras's losses."""
    code = keras_functions.BUILT_IN[facts.cost, facts.outputs.kind].format(delta=facts.design.huber_delta)
    smoothing = facts.design.label_smoothing
    return (
        code[:-1] + f", label_smoothing={smoothing})"
        if smoothing and facts.outputs.kind == "binary"
        else code
    )


def _cost(facts: Facts) -> str:
    design, units = facts.design, facts.outputs.units
    code = keras_functions.COSTS.get((facts.cost, facts.outputs.kind))
    if code is None:
        raise ExportError(f"cost {facts.cost!r} can't be written for Keras")
    smoothing = design.label_smoothing
    one_hot = f"ops.one_hot(y[:, 0], {units})"
    if smoothing:
        one_hot = f"{1 - smoothing:.6g} * {one_hot} + {smoothing / units:.6g}"
    code = code.format(
        one_hot=one_hot,
        target=f"y * {1 - smoothing:.6g} + {smoothing / 2:.6g}" if smoothing else "y",
        gamma=design.focal_gamma,
        delta=design.huber_delta,
        quantile=design.quantile,
    ).replace("z.shape[-1]", str(units))
    name = facts.cost[0].upper() + facts.cost[1:]
    kind = '"int32"' if facts.outputs.kind == "multiclass" else "z.dtype"
    return (
        f'def cost(y, z):\n    """{name}: what each row costs, by the raw outputs z."""\n'
        f"    y = ops.cast(ops.reshape(y, (-1, 1)), {kind})\n    return {code}\n"
    )


def keras_answer(outputs: Outputs, cost: str) -> str:
    """`answer(z)`: probabilities (rows, classes), or numbers as they are learned (rows,)."""
    code = {
        "multiclass": "ops.softmax(z)",
        "binary": "ops.concatenate([ops.sigmoid(-z), ops.sigmoid(z)], axis=-1)",
        "number": "ops.exp(ops.minimum(z[:, 0], 88))" if cost == "poisson" else "z[:, 0]",
    }[outputs.kind]
    told = "The number as it is learned" if outputs.kind == "number" else "The probability of each class"
    return f'def answer(z):\n    """{told}."""\n    return {code}\n'


def keras_joint(outputs: Outputs, cost: str) -> str:
    """`joint(z)`: of (rows, members, units) the raw outputs that stand for the mean of the members' answers."""
    if cost == "hinge" or (outputs.kind == "number" and cost != "poisson"):
        code = "ops.mean(z, axis=1)"
    elif outputs.kind == "binary":
        code = "ops.logsumexp(ops.log_sigmoid(z), axis=1) - ops.logsumexp(ops.log_sigmoid(-z), axis=1)"
    else:
        lines = "ops.log_softmax(z)" if outputs.kind == "multiclass" else "z"
        code = f"ops.logsumexp({lines}, axis=1) - math.log(z.shape[1])"
    doc = "The raw outputs that stand for the mean of the members' answers."
    return f'def joint(z):\n    """{doc}"""\n    return {code}\n'


def keras_network(model: TrainedModel) -> NetworkPart:
    """A trained network in Keras. Raises ExportError for a layer that can't be written."""
    network = model.network
    single, members = replace(network.design, members=1), network.members
    found = keras_layers(single, network.inputs, network.outputs, dropout=None, extra=Extra(False))
    cost = network.design.cost_for(network.outputs)
    functions = [keras_answer(network.outputs, cost)]
    if members > 1:
        functions.append(keras_joint(network.outputs, cost))
    z = "joint(z)" if members > 1 else "z"
    weights = (
        f"model = {keras_model(members)}\n"
        + ("model.build((None, inputs))\n" if members > 1 else "")
        + "weights = load_file(WEIGHTS)\n"
        "model.set_weights([weights[name] for name in sorted(weights)])\n\n\n"
        'def answers(x):\n    """What the network says of prepared rows."""\n'
        "    z = ops.convert_to_tensor(model.predict(x, verbose=0))\n"
        f"    return ops.convert_to_numpy(answer({z}))\n"
    )
    return NetworkPart(
        "Keras 3",
        "keras torch pandas safetensors scikit-learn",
        "\n\n".join(functions),
        f"inputs = {network.inputs}\n\n\n{keras_network_code(found)}",
        weights,
        ordered(network, found),
        keras_functions.HELPERS,
        keras_functions.IMPORTS,
        EARLY,
    )


def keras_model(members: int) -> str:
    """The whole network as code."""
    return f"Members([network() for _ in range({members})])" if members > 1 else "network()"
